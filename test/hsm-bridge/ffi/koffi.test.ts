// runtimes: node20 node deno bun
import { type Koffi, koffiFunctions } from "../../../hsm-bridge/ffi/koffi.ts";
import { assert, assertRejects, assertThrows, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/ffi/koffi");

const PROCESS = { platform: "linux", arch: "x64", versions: {} };

/** koffi over one library, `m.so`, with one symbol, `f`, that adds. */
function fakeKoffi(): { koffi: Koffi; protos: unknown[]; unloaded: () => number } {
  const protos: unknown[] = [];
  let unloaded = 0;
  const add = (...args: (number | bigint)[]): bigint => args.map(BigInt).reduce((sum, value) => sum + value, 0n);
  const koffi: Koffi = {
    load: (path) => {
      if (path !== "m.so") throw new Error("Failed to load shared library: invalid ELF header");
      return {
        symbol: (name) => {
          if (name !== "f") throw new Error(`Cannot find symbol '${name}' in shared library`);
          return 0x1000n;
        },
        unload: () => void unloaded++,
      };
    },
    proto: (result, parameters) => {
      protos.push([result, ...parameters]);
      return "proto";
    },
    decode: () =>
      Object.assign(add, {
        async: (...args: unknown[]): void => {
          const callback = args.pop() as (error: unknown, result: bigint) => void;
          const values = args as bigint[];
          if (values[0] === 0n) callback(new Error("too many calls"), 0n);
          else callback(null, add(...values));
        },
      }),
    address: () => 0x2000n,
    view: (_, length) => new Uint8Array(length).fill(5).buffer,
  };
  return { koffi, protos, unloaded: () => unloaded };
}

test("koffiFunctions() opens, looks up and unloads", () => {
  const { koffi, unloaded } = fakeKoffi();
  const library = koffiFunctions(koffi, PROCESS).open("m.so");
  assert.is(library.symbol("f"), 0x1000n);
  assert.is(library.symbol("g"), undefined);
  library.close();
  assert.is(unloaded(), 1);
  assertThrows(() => koffiFunctions(koffi, PROCESS).open("x.so"), "ERR_HSM_MODULE_NOT_LOADABLE");
});

test("koffiFunctions() passes addresses as numbers and answers numbers", async () => {
  const { koffi, protos } = fakeKoffi();
  const foreign = koffiFunctions(koffi, PROCESS);
  const add = foreign.functionAt(0x1000n, { parameters: ["pointer", "u32", "u8", "u64"], result: "u64" }, "f");
  assert.equal(protos, [["uint64_t", "uint64_t", "uint32_t", "uint8_t", "uint64_t"]]);
  assert.is(add.call(1n, 2, 3, 4n), 10);
  assert.is(await add.callAsync!(1n, 2, 3, 4n), 10);
  let thrown: unknown;
  await add.callAsync!(0n).catch((error) => thrown = error);
  assert.match(String(thrown), /too many calls/);
});

test("koffiFunctions() copies foreign memory", () => {
  const { koffi } = fakeKoffi();
  assert.equal(koffiFunctions(koffi, PROCESS).read(0x1000n, 3), Uint8Array.of(5, 5, 5));
});

test("koffiFunctions() refuses 32 bits", async () => {
  const { koffi } = fakeKoffi();
  await assertRejects(
    async () => await Promise.resolve(koffiFunctions(koffi, { ...PROCESS, arch: "ia32" })),
    "ERR_HSM_FFI_UNAVAILABLE",
  );
});

test.run();
