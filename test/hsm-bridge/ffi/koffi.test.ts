// runtimes: node20 node deno bun
import { type Koffi, koffiFunctions } from "../../../hsm-bridge/ffi/koffi.ts";
import { assert, assertRejects, assertThrows, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/ffi/koffi");

const PROCESS = { platform: "linux", arch: "x64", versions: {} };

interface FakeKoffi {
  readonly koffi: Koffi;
  readonly protos: unknown[];
  unloaded(): number;
  decoded(): number;
  /** Most calls that were under way at one time. */
  most(): number;
}

/** koffi over one library, `m.so`, with one symbol, `f`, that adds. */
function fakeKoffi(isInUse = false): FakeKoffi {
  const protos: unknown[] = [];
  let unloaded = 0;
  let decoded = 0;
  let stackSize = 131_072;
  let running = 0;
  let most = 0;
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
    decode: () => {
      decoded++;
      return Object.assign((...args: (number | bigint)[]) => add(...args), {
        async: (...args: unknown[]): void => {
          const callback = args.pop() as (error: unknown, result: bigint) => void;
          const values = args as bigint[];
          most = Math.max(most, ++running);
          queueMicrotask(() => {
            running--;
            if (values[0] === 0n) callback(new Error("it does not run"), 0n);
            else callback(null, add(...values));
          });
        },
      });
    },
    address: () => 0x2000n,
    view: (_, length) => new Uint8Array(length).fill(5).buffer,
    config: (settings) => {
      if (settings !== undefined && isInUse) throw new Error("Cannot change Koffi configuration");
      stackSize = settings?.async_stack_size ?? stackSize;
      return { async_stack_size: stackSize };
    },
  };
  return { koffi, protos, unloaded: () => unloaded, decoded: () => decoded, most: () => most };
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
  assert.match(String(thrown), /it does not run/);
});

test("koffiFunctions() gives calls on other threads a stack", () => {
  const { koffi } = fakeKoffi();
  koffiFunctions(koffi, PROCESS);
  assert.is(koffi.config().async_stack_size, 2_097_152);
});

test("koffiFunctions() has no calls on other threads when their stack cannot be made larger", () => {
  const { koffi } = fakeKoffi(true);
  const add = koffiFunctions(koffi, PROCESS).functionAt(0x1000n, { parameters: ["u64", "u64"], result: "u64" }, "f");
  assert.is(add.callAsync, undefined);
  assert.is(add.call(1n, 2n), 3);
});

test("koffiFunctions() lets calls wait for their turn, after failures too", async () => {
  const { koffi, most } = fakeKoffi();
  const add = koffiFunctions(koffi, PROCESS).functionAt(0x1000n, { parameters: ["u64", "u64"], result: "u64" }, "f");
  const calls = Array.from({ length: 500 }, (_, i) => add.callAsync!(BigInt(i % 2), 1n).catch(() => -1));
  const results = await Promise.all(calls);
  assert.equal([results.filter((result) => result === 2).length, results.filter((each) => each === -1).length], [
    250,
    250,
  ]);
  assert.is(most(), 32);
});

test("koffiFunctions() makes each function once, however often the backend is made: koffi keeps them for ever", () => {
  const { koffi, protos, decoded } = fakeKoffi();
  for (let i = 0; i < 100; i++) {
    const foreign = koffiFunctions(koffi, PROCESS);
    for (const address of [0x1000n, 0x1010n]) {
      foreign.functionAt(address, { parameters: ["u64"], result: "u64" }, "f");
      foreign.functionAt(address, { parameters: ["u64", "pointer"], result: "u64" }, "f");
      foreign.functionAt(address, { parameters: ["u8"], result: "u32" }, "f");
    }
  }
  // An address is a number of 64 bits here.
  assert.is(protos.length, 3);
  assert.is(decoded(), 6);
});

test("koffiFunctions() counts calls on other threads in the whole process", async () => {
  const { koffi, most } = fakeKoffi();
  const calls = Array.from({ length: 20 }, (_, i) => {
    const foreign = koffiFunctions(koffi, PROCESS);
    const add = foreign.functionAt(0x1000n + BigInt(i), { parameters: ["u64", "u64"], result: "u64" }, "f");
    return Array.from({ length: 20 }, () => add.callAsync!(1n, 2n));
  });
  await Promise.all(calls.flat());
  assert.is(most(), 32);
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
