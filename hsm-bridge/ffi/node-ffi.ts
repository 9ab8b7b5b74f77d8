/**
 * Foreign functions by `node:ffi`, which Node has from version 26 on; on the thread of JavaScript alone.
 *
 * `node:ffi` calls exported symbols, and no addresses: of a function list it calls what the library exports under the
 * same name and address. Modules that export their list alone (NSS, p11-kit) need koffi.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { HsmError } from "../hsm-error.ts";
import type { CArgument, CType, ForeignFunctions } from "./foreign-functions.ts";
import { loaderError } from "./loader-error.ts";
import { foreignPlatform, type NodeProcess } from "./platform.ts";

/** The part of `node:ffi` that is used. */
export interface NodeForeign {
  /** A library, loaded. */
  readonly DynamicLibrary: new (path: string) => NodeLibrary;
  /** The address of memory of ours. */
  getRawPointer(memory: Bytes): bigint;
  /** A copy of memory at an address. */
  toArrayBuffer(address: bigint, length: number, copy: true): ArrayBuffer;
}

/** A library as Node has it. */
export interface NodeLibrary {
  /** The address of a symbol; throws when there is none. */
  getSymbol(name: string): bigint;
  /** The function of a symbol. */
  getFunction(
    name: string,
    signature: { readonly arguments: readonly string[]; readonly return: string },
  ): (...args: CArgument[]) => CArgument;
  /** Unloads it. */
  close(): void;
}

/** Foreign functions by Node itself. */
export function nodeFunctions(node: NodeForeign, process: NodeProcess): ForeignFunctions {
  const opened = new Set<NodeLibrary>();
  return {
    name: "node:ffi",
    platform: foreignPlatform(process.platform, process.arch),
    open: (path) => {
      const library = load(node, path);
      opened.add(library);
      return {
        symbol: (name) => symbolOf(library, name),
        close: () => {
          opened.delete(library);
          library.close();
        },
      };
    },
    functionAt: (address, signature, name) => {
      const library = [...opened].find((candidate) => symbolOf(candidate, name) === address);
      if (library === undefined) {
        throw new HsmError(
          "ERR_HSM_FFI_UNAVAILABLE",
          `Cannot call ${name}: the module does not export it, and node:ffi calls exported functions alone; ` +
            "install koffi (npm install koffi)",
          { operation: name },
        );
      }
      const native = library.getFunction(name, {
        arguments: signature.parameters.map((type) => TYPES[type]),
        return: TYPES[signature.result],
      });
      const wide = signature.parameters.map((type) => type === "u64" || type === "pointer");
      return { call: (...args) => Number(native(...args.map((value, i) => wide[i] ? BigInt(value) : Number(value)))) };
    },
    addressOf: (memory) => node.getRawPointer(memory),
    read: (address, length) => new Uint8Array(node.toArrayBuffer(address, length, true)),
  };
}

const TYPES: Readonly<Record<CType, string>> = { u8: "uint8", u32: "uint32", u64: "uint64", pointer: "uint64" };

function load(node: NodeForeign, path: string): NodeLibrary {
  try {
    return new node.DynamicLibrary(path);
  } catch (error) {
    throw loaderError(path, error);
  }
}

function symbolOf(library: NodeLibrary, name: string): bigint | undefined {
  try {
    return library.getSymbol(name);
  } catch {
    // There is no such symbol.
    return undefined;
  }
}
