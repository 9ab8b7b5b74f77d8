// runtimes: node20 node deno bun
import { type DenoForeign, denoFunctions } from "../../../hsm-bridge/ffi/deno.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/ffi/deno");

/** `Deno` over libraries with one symbol: `m.so` with `f`, and `openssl.so` with that which sets OpenSSL up. */
function fakeDeno(refused = false): { deno: DenoForeign; open: () => number; calls: unknown[] } {
  let open = 0;
  const calls: unknown[] = [];
  const deno: DenoForeign = {
    build: { os: "linux", arch: "x86_64" },
    dlopen: (path, symbols) => {
      const symbol = ({ "m.so": "f", "openssl.so": "OPENSSL_init_crypto" } as Record<string, string>)[path];
      if (symbol === undefined) throw new Error(`Could not open library: ${path}: file too short`);
      open++;
      const found = Object.keys(symbols).map((name) => [name, name === symbol ? { at: 0x1000n } : null]);
      return { symbols: Object.fromEntries(found), close: () => void open-- };
    },
    UnsafePointer: {
      of: () => ({ at: 0x2000n }),
      create: (address) => {
        if (refused) throw Object.assign(new Error("Requires ffi access"), { name: "NotCapable" });
        return { at: address };
      },
      value: (pointer) => (pointer as { at: bigint }).at,
    },
    UnsafeFnPointer: class {
      readonly #definition: { nonblocking?: boolean; parameters: readonly string[] };
      constructor(_pointer: unknown, definition: unknown) {
        this.#definition = definition as { nonblocking?: boolean; parameters: readonly string[] };
      }
      call(...args: (number | bigint)[]): unknown {
        assert.not(this.#definition.parameters.includes("pointer"));
        calls.push(args);
        const sum = BigInt(args[0]!) + BigInt(args[1]!);
        return this.#definition.nonblocking ? Promise.resolve(sum) : sum;
      }
    },
    UnsafePointerView: { getArrayBuffer: (_, length) => new Uint8Array(length).fill(5).buffer },
  };
  return { deno, open: () => open, calls };
}

test("denoFunctions() opens, looks up and closes", () => {
  const { deno, open } = fakeDeno();
  const library = denoFunctions(deno).open("m.so");
  assert.is(library.symbol("f"), 0x1000n);
  assert.is(library.symbol("g"), undefined);
  library.close();
  assert.is(open(), 0);
  assertThrows(() => denoFunctions(deno).open("text.so"), "ERR_HSM_MODULE_NOT_LOADABLE");
});

test("denoFunctions() keeps the OpenSSL of a library from cleaning up at the end, while threads still end", () => {
  const { deno, open, calls } = fakeDeno();
  denoFunctions(deno).open("m.so").close();
  assert.equal(calls, []);
  denoFunctions(deno).open("openssl.so").close();
  assert.equal(calls, [[0x80000, 0n]]);
  assert.is(open(), 0);
});

test("denoFunctions() calls on this thread and on another", async () => {
  const foreign = denoFunctions(fakeDeno().deno);
  const add = foreign.functionAt(0x1000n, { parameters: ["pointer", "u8"], result: "u64" }, "f");
  assert.is(add.call(40n, 2), 42);
  assert.is(await add.callAsync!(40n, 2), 42);
  assert.is(foreign.addressOf(new Uint8Array(8)), 0x2000n);
  assert.equal(foreign.read(0x1000n, 2), Uint8Array.of(5, 5));
});

test("denoFunctions() names the permission that is missing", () => {
  const error = assertThrows(() => denoFunctions(fakeDeno(true).deno).open("m.so"), "ERR_HSM_FFI_UNAVAILABLE");
  assert.match(error.message, /--allow-ffi/);
});

test.run();
