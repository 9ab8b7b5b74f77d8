/**
 * Foreign functions by koffi, in Node and in Bun: prebuilt, no compiler, and calls on other threads.
 *
 * koffi is an optional peer dependency: whoever wants it installs it.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { HsmError } from "../hsm-error.ts";
import type {
  CArgument,
  CSignature,
  CType,
  ForeignFunction,
  ForeignFunctions,
  ForeignLibrary,
} from "./foreign-functions.ts";
import { loaderError } from "./loader-error.ts";
import { foreignPlatform, type NodeProcess } from "./platform.ts";

/** The part of koffi that is used. */
export interface Koffi {
  /** Loads a library. */
  load(path: string): KoffiLibrary;
  /** A function type. */
  proto(result: string, parameters: string[]): unknown;
  /** A function at an address, by its type. */
  decode(address: bigint, type: unknown): KoffiFunction;
  /** The address of memory of ours. */
  address(memory: Bytes): bigint;
  /** Memory at an address, not copied. */
  view(address: bigint, length: number): ArrayBuffer;
  /** Its settings; those given are set, which koffi refuses once it has loaded a library. */
  config(settings?: KoffiSettings): KoffiSettings;
}

/** The settings of koffi that count here. */
export interface KoffiSettings {
  /** Octets of stack that a call on another thread has. */
  readonly async_stack_size: number;
}

/** A library as koffi has it. */
export interface KoffiLibrary {
  /** The address of a symbol; throws when there is none. */
  symbol(name: string): bigint;
  /** Unloads it. */
  unload(): void;
}

/** A function as koffi has it. */
export interface KoffiFunction {
  (...args: CArgument[]): CArgument;
  async(...args: [...CArgument[], (error: unknown, result: CArgument) => void]): void;
}

/**
 * koffi as it is installed; undefined when it is not.
 *
 * @throws {HsmError} `ERR_HSM_FFI_UNAVAILABLE`: it is installed and does not load
 */
export async function loadKoffi(): Promise<Koffi | undefined> {
  try {
    // The type assertion keeps compilers and bundlers from looking for a package that need not be there.
    const module = await import("koffi" as string) as { readonly default: Koffi };
    return module.default;
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message?: string };
    if (/MODULE_NOT_FOUND$/.test(code ?? "") && /["']koffi["']/.test(message ?? "")) return undefined;
    throw new HsmError(
      "ERR_HSM_FFI_UNAVAILABLE",
      `Cannot load koffi: it is installed and does not start (${message}); install it again`,
      { cause: error },
    );
  }
}

/**
 * Foreign functions by koffi.
 *
 * Calls on other threads have 128 kB of stack by default, which crashes modules that need more; koffi can only be told so
 * before it loads its first library. Where other code of the process was faster, and left it at that, there are none.
 */
export function koffiFunctions(koffi: Koffi, process: NodeProcess): ForeignFunctions {
  const kept = BACKENDS.get(koffi) ?? { queue: callQueue(), types: new Map(), functions: new Map() };
  BACKENDS.set(koffi, kept);
  const queue = hasStack(koffi) ? kept.queue : undefined;
  return {
    name: "koffi",
    platform: foreignPlatform(process.platform, process.arch),
    open: (path) => openLibrary(koffi, path),
    functionAt: (address, signature) => foreignFunction(nativeFunction(koffi, kept, address, signature), queue),
    addressOf: (memory) => koffi.address(memory),
    read: (address, length) => new Uint8Array(koffi.view(address, length)).slice(),
  };
}

/** Addresses as numbers: koffi would look at a pointer's target. */
const TYPES: Readonly<Record<CType, string>> = {
  u8: "uint8_t",
  u32: "uint32_t",
  u64: "uint64_t",
  pointer: "uint64_t",
};

/** What all backends of one koffi share. */
interface KeptByKoffi {
  /** Calls on other threads: koffi counts those of the whole process. */
  readonly queue: CallQueue;
  /** Function types by their C types. */
  readonly types: Map<string, unknown>;
  /** Functions by address and C types. */
  readonly functions: Map<string, KoffiFunction>;
}

/** koffi gives neither types nor functions back: whoever opens a module again and again gets the same ones. */
const BACKENDS: WeakMap<Koffi, KeptByKoffi> = /* @__PURE__ */ new WeakMap();

function nativeFunction(
  koffi: Koffi,
  { types, functions }: KeptByKoffi,
  address: bigint,
  { parameters, result }: CSignature,
): KoffiFunction {
  const [answer, ...arguments_] = [result, ...parameters].map((type) => TYPES[type]);
  const type = [answer, ...arguments_].join();
  const known = functions.get(`${address} ${type}`);
  if (known !== undefined) return known;
  const proto = types.get(type) ?? koffi.proto(answer!, arguments_);
  types.set(type, proto);
  const made = koffi.decode(address, proto);
  functions.set(`${address} ${type}`, made);
  return made;
}

function openLibrary(koffi: Koffi, path: string): ForeignLibrary {
  let library: KoffiLibrary;
  try {
    library = koffi.load(path);
  } catch (error) {
    throw loaderError(path, error);
  }
  return {
    symbol: (name) => {
      try {
        return library.symbol(name);
      } catch {
        // koffi has one reason to throw here: there is no such symbol.
        return undefined;
      }
    },
    close: () => library.unload(),
  };
}

/** What calls on this thread have, too. */
const STACK_SIZE = 2_097_152;

function hasStack(koffi: Koffi): boolean {
  const settings = koffi.config();
  if (settings.async_stack_size >= STACK_SIZE) return true;
  try {
    koffi.config({ ...settings, async_stack_size: STACK_SIZE });
    return true;
  } catch {
    // koffi has one reason to throw here: a library is loaded already.
    return false;
  }
}

/** Calls on other threads at one time: each has its stack, koffi refuses the 257th, and Node has four such threads. */
const MAX_CALLS = 32;

/** Makes a call as soon as there are less than `MAX_CALLS`. */
type CallQueue = (call: () => Promise<number>) => Promise<number>;

function callQueue(): CallQueue {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (call) => {
    if (running < MAX_CALLS) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await call();
    } finally {
      // Whoever comes next takes this one's place.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}

function foreignFunction(native: KoffiFunction, queue: CallQueue | undefined): ForeignFunction {
  const call = (...args: CArgument[]): number => Number(native(...args));
  if (queue === undefined) return { call };
  const callAsync = (...args: CArgument[]): Promise<number> =>
    queue(() =>
      new Promise((resolve, reject) => {
        native.async(...args, (error, result) => error ? reject(error) : resolve(Number(result)));
      })
    );
  return { call, callAsync };
}
