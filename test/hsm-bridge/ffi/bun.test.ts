// runtimes: node20 node deno bun
import { type BunForeign, bunFunctions } from "../../../hsm-bridge/ffi/bun.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/ffi/bun");

const PROCESS = { platform: "linux", arch: "x64", versions: { bun: "1.4.5" } };

/** `bun:ffi` over one library, `m.so`, with one symbol, `f`; an address above 2^53 would be a fault. */
function fakeBun(): { bun: BunForeign; open: () => number; definitions: unknown[] } {
  const definitions: unknown[] = [];
  let open = 0;
  const bun: BunForeign = {
    dlopen: (path, symbols) => {
      const [name] = Object.keys(symbols);
      if (!/(^|\/)m\.so$/.test(path)) {
        throw Object.assign(new Error(`Failed to open library "${path}": ${path}: file too short`), {
          code: "ERR_DLOPEN_FAILED",
        });
      }
      if (name !== "f") throw Object.assign(new TypeError("not found in"), { code: "ERR_INVALID_ARG_TYPE" });
      open++;
      return { symbols: { f: { ptr: 0x1000 } }, close: () => void open-- };
    },
    CFunction: class {
      constructor(definition: unknown) {
        definitions.push(definition);
        return (...args: (number | bigint)[]) => Number(args[0]) + Number(args[1]);
      }
    } as unknown as BunForeign["CFunction"],
    ptr: () => 0x2000,
    toArrayBuffer: (_address, _offset, length) => new Uint8Array(length).fill(5).buffer,
  };
  return { bun, open: () => open, definitions };
}

test("bunFunctions() tells a library without a symbol from a file that is none", () => {
  const { bun, open } = fakeBun();
  const foreign = bunFunctions(bun, PROCESS, () => false);
  const library = foreign.open("m.so");
  assert.is(library.symbol("f"), 0x1000n);
  assert.is(library.symbol("g"), undefined);
  library.close();
  assert.is(open(), 0);
  assertThrows(() => foreign.open("text.so"), "ERR_HSM_MODULE_NOT_LOADABLE");
});

test("bunFunctions() does not load a bare name from the working folder", () => {
  const { bun } = fakeBun();
  const error = assertThrows(() => bunFunctions(bun, PROCESS, () => true).open("m.so"), "ERR_HSM_MODULE_NOT_LOADABLE");
  assert.match(error.message, /full path/);
  bunFunctions(bun, PROCESS, () => true).open("/usr/lib/m.so");
});

test("bunFunctions() calls addresses on this thread alone", () => {
  const { bun, definitions } = fakeBun();
  const add = bunFunctions(bun, PROCESS, () => false)
    .functionAt(0x1000n, { parameters: ["pointer", "u8"], result: "u64" }, "f");
  assert.is(add.call(40n, 2), 42);
  assert.is(add.callAsync, undefined);
  assert.equal(definitions, [{ ptr: 0x1000, args: ["u64", "u8"], returns: "u64_fast" }]);
});

test("bunFunctions() copies foreign memory", () => {
  assert.equal(bunFunctions(fakeBun().bun, PROCESS, () => false).read(0x1000n, 2), Uint8Array.of(5, 5));
});

test.run();
