// runtimes: node20 node deno bun
import { type NodeForeign, nodeFunctions } from "../../../hsm-bridge/ffi/node-ffi.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/ffi/node-ffi");

const PROCESS = { platform: "linux", arch: "x64", versions: {} };

/** `node:ffi` over one library, `m.so`, with one symbol, `f`, which takes its arguments as they are declared. */
const NODE: NodeForeign = {
  DynamicLibrary: class {
    constructor(path: string) {
      if (path !== "m.so") throw new Error(`dlopen failed: ${path}: invalid ELF header`);
    }
    getSymbol(name: string): bigint {
      if (name !== "f") throw new Error(`dlsym failed: undefined symbol: ${name}`);
      return 0x1000n;
    }
    getFunction(_name: string, { arguments: types }: { readonly arguments: readonly string[] }) {
      return (...args: (number | bigint)[]): bigint => {
        args.forEach((value, i) => {
          const wanted = types[i] === "uint64" ? "bigint" : "number";
          const isBigInt = typeof value === "bigint";
          if (isBigInt !== (wanted === "bigint")) throw new TypeError(`argument ${i} is no ${wanted}`);
        });
        return BigInt(args[0]!) + BigInt(args[1]!);
      };
    }
    close(): void {}
  },
  getRawPointer: () => 0x2000n,
  toArrayBuffer: (_address, length) => new Uint8Array(length).fill(5).buffer,
};

test("nodeFunctions() calls what the library exports at that address", () => {
  const foreign = nodeFunctions(NODE, PROCESS);
  const library = foreign.open("m.so");
  assert.is(library.symbol("g"), undefined);
  const add = foreign.functionAt(0x1000n, { parameters: ["pointer", "u8"], result: "u64" }, "f");
  assert.is(add.call(40, 2n), 42);
  assert.is(add.callAsync, undefined);
});

test("nodeFunctions() says what to install for a function that is not exported", () => {
  const foreign = nodeFunctions(NODE, PROCESS);
  foreign.open("m.so");
  for (const [address, name] of [[0x1001n, "f"], [0x1000n, "g"]] as const) {
    const at = () => foreign.functionAt(address, { parameters: [], result: "u64" }, name);
    assert.match(assertThrows(at, "ERR_HSM_FFI_UNAVAILABLE").message, /install koffi/);
  }
});

test("nodeFunctions() refuses what is no library, and forgets one that was closed", () => {
  const foreign = nodeFunctions(NODE, PROCESS);
  assertThrows(() => foreign.open("text.so"), "ERR_HSM_MODULE_NOT_LOADABLE");
  foreign.open("m.so").close();
  const at = () => foreign.functionAt(0x1000n, { parameters: [], result: "u64" }, "f");
  assertThrows(at, "ERR_HSM_FFI_UNAVAILABLE");
});

test.run();
