/**
 * Opening a PKCS#11 module.
 *
 * @module
 */

import { encodeUtf8 } from "../../core/bytes/text.ts";
import { foreignFunctions } from "../ffi/available-functions.ts";
import type { ForeignFunctions, ForeignLibrary } from "../ffi/foreign-functions.ts";
import { HsmError } from "../hsm-error.ts";
import { ulongType } from "../memory/c-layout.ts";
import { NativeMemory } from "../memory/native-memory.ts";
import { CKF_INITIALIZE } from "./constants.ts";
import type { Cryptoki } from "./cryptoki.ts";
import { FunctionList } from "./function-list.ts";
import { ModuleCaller, type ModuleSteps, oneCall, requireSuccess, returnValueError } from "./module-calls.ts";
import { ModuleCryptoki } from "./module-cryptoki.ts";
import { CKR } from "./return-values.ts";
import { type ModuleContext, moduleContext } from "./structures.ts";

/** How a module is opened. */
export interface OpenModuleOptions {
  /** Who calls C; default: `foreignFunctions()`, what this runtime has. */
  readonly foreign?: ForeignFunctions;
  /**
   * `asynchronous`: methods answer promises, and calls run on another thread where the backend can do that (koffi and
   * Deno can, `bun:ffi` and `node:ffi` cannot); `synchronous`: calls run on this thread, and methods answer values.
   * Default `asynchronous`.
   */
  readonly calls?: "asynchronous" | "synchronous";
  /** `pReserved` of `C_Initialize`: text for the module, such as the `configdir=…` of NSS. Default NULL. */
  readonly reserved?: string;
}

/** A module that is loaded, for all who have opened it in this process. */
interface LoadedModule {
  readonly library: ForeignLibrary;
  readonly list: FunctionList;
  readonly context: ModuleContext;
  readonly reserved: string | undefined;
  /** How many have it open. */
  holders: number;
  /** Settles when it is initialised: whether by us, and whether several threads may call it. */
  ready: Promise<Initialization>;
  /** The same, once it has settled well. */
  initialized?: Initialization;
}

interface Initialization {
  readonly byUs: boolean;
  readonly takesThreads: boolean;
}

/**
 * The modules that are open, by backend and address of the function list: one module has one such address, by
 * whatever path it was opened, and is initialised once a process.
 */
const MODULES: Map<string, LoadedModule> = /* @__PURE__ */ new Map();

/**
 * Loads and initialises a module (`C_Initialize` with `CKF_OS_LOCKING_OK`). Each success is to be followed by
 * `close()`: the last one finalises the module, unless other code of this process had initialised it before.
 *
 * Worker threads of one process share the module and know nothing of each other: the thread that opened it first must
 * close it last.
 *
 * @param path of the module, or a bare name that the system's loader looks for: `p11-kit-proxy.so`
 * @throws {HsmError} `ERR_HSM_FFI_UNAVAILABLE`, `ERR_HSM_MODULE_NOT_FOUND`, `ERR_HSM_MODULE_NOT_LOADABLE`,
 *   `ERR_HSM_NOT_A_MODULE`, `ERR_HSM_IN_USE`, or `ERR_HSM_RETURN_VALUE` of `C_Initialize`
 */
export async function openModule(path: string, options: OpenModuleOptions = {}): Promise<Cryptoki> {
  for (const key of Object.keys(options)) {
    if (!["foreign", "calls", "reserved"].includes(key)) throw new TypeError(`"${key}" is no option of openModule`);
  }
  const { foreign = await foreignFunctions(), calls = "asynchronous", reserved } = options;
  // From here to the entry in MODULES nothing waits, so that two who open one module meet in it.
  const library = foreign.open(path);
  let address: bigint;
  try {
    address = functionListAddress(foreign, library, path);
  } catch (error) {
    library.close();
    throw error;
  }
  const key = `${foreign.name} ${address}`;
  const known = MODULES.get(key);
  if (known !== undefined) library.close();
  if (known !== undefined && known.reserved !== reserved) {
    throw new HsmError(
      "ERR_HSM_IN_USE",
      `Cannot open ${path}: it is open with other parameters in this process; close it first`,
      { module: path },
    );
  }
  const loaded = known ?? load(foreign, library, path, address, reserved, calls === "synchronous");
  if (known !== undefined) revive(known);
  MODULES.set(key, loaded);
  loaded.holders++;
  try {
    loaded.initialized = await loaded.ready;
  } catch (error) {
    release(key, loaded);
    throw error;
  }
  const caller = new ModuleCaller(loaded.list, calls === "synchronous" || !loaded.initialized.takesThreads);
  return new ModuleCryptoki({ ...loaded.context, path }, caller, () => release(key, loaded));
}

/** Calls `C_GetFunctionList`, the one symbol that every module exports. */
function functionListAddress(foreign: ForeignFunctions, library: ForeignLibrary, path: string): bigint {
  const notAModule = (state: string): HsmError =>
    new HsmError("ERR_HSM_NOT_A_MODULE", `Cannot use ${path} as a PKCS#11 module: ${state}`, { module: path });
  const symbol = library.symbol("C_GetFunctionList");
  if (symbol === undefined) throw notAModule("the library has no C_GetFunctionList");
  const result = ulongType(foreign.platform) === "u32" ? "u32" : "u64";
  const getFunctionList = foreign.functionAt(symbol, { parameters: ["pointer"], result }, "C_GetFunctionList");
  const memory = new NativeMemory(foreign, 8);
  const at = memory.reserve(8);
  const returned = getFunctionList.call(memory.addressOf(at));
  if (returned !== CKR.OK) throw returnValueError(path, "C_GetFunctionList", returned);
  const address = memory.readPointer(at);
  if (address === 0n) throw notAModule("its function list is NULL");
  const { majorVersion } = new FunctionList(foreign, address);
  if (majorVersion !== 2 && majorVersion !== 3) {
    throw notAModule(`its function list is of Cryptoki ${majorVersion}, and not of 2 or 3`);
  }
  return address;
}

function load(
  foreign: ForeignFunctions,
  library: ForeignLibrary,
  path: string,
  address: bigint,
  reserved: string | undefined,
  synchronous: boolean,
): LoadedModule {
  const list = new FunctionList(foreign, address);
  const context = moduleContext(path, foreign);
  // Initialising may start daemons and read cards: on another thread, where that can be and is wanted.
  const ready = Promise.resolve(new ModuleCaller(list, synchronous).run(initialize(context, reserved)));
  return { library, list, context, reserved, holders: 0, ready };
}

/** Initialises a module again that other code of this process has finalised below its holders. */
function revive(loaded: LoadedModule): void {
  const { list, context, reserved, ready } = loaded;
  const revived = ready.then((before) => new ModuleCaller(list, false).run(initializeAgain(context, reserved, before)));
  loaded.ready = revived;
  revived.catch(() => {
    // Whoever opens it next tries again.
    if (loaded.ready === revived) loaded.ready = ready;
  });
}

function* initializeAgain(
  context: ModuleContext,
  reserved: string | undefined,
  before: Initialization,
): ModuleSteps<Initialization> {
  const memory = context.pool.borrow(context.structures.info.size + 64);
  try {
    const at = memory.reserve(context.structures.info.size + 64);
    const returned = yield { name: "C_GetInfo", args: [memory.addressOf(at)] };
    if (returned !== CKR.CRYPTOKI_NOT_INITIALIZED) return before;
  } finally {
    context.pool.giveBack(memory);
  }
  return yield* initialize(context, reserved);
}

function* initialize(context: ModuleContext, reserved: string | undefined): ModuleSteps<Initialization> {
  const { path, pool } = context;
  const { size, offsets } = context.structures.initializeArgs;
  const text = reserved === undefined ? undefined : encodeUtf8(reserved + "\0");
  const memory = pool.borrow(size + (text?.length ?? 0) + 32);
  try {
    const args = memory.reserve(size);
    if (text !== undefined) memory.writePointer(args + offsets.pReserved, memory.addressOf(memory.put(text)));
    memory.writeUlong(args + offsets.flags, CKF_INITIALIZE.OS_LOCKING_OK);
    const also = [CKR.CRYPTOKI_ALREADY_INITIALIZED, CKR.CANT_LOCK];
    const returned = requireSuccess(
      path,
      "C_Initialize",
      yield { name: "C_Initialize", args: [memory.addressOf(args)] },
      also,
    );
    if (returned !== CKR.CANT_LOCK) return { byUs: returned === CKR.OK, takesThreads: true };
    // A module without locks is used from this thread alone.
    memory.writeUlong(args + offsets.flags, 0);
    const again = requireSuccess(path, "C_Initialize", yield { name: "C_Initialize", args: [memory.addressOf(args)] }, [
      CKR.CRYPTOKI_ALREADY_INITIALIZED,
    ]);
    return { byUs: again === CKR.OK, takesThreads: false };
  } finally {
    pool.giveBack(memory);
  }
}

/**
 * One holder less; with the last one the module goes. At once and on this thread, so that whoever opens it anew finds
 * it either initialised and in MODULES, or neither.
 */
function release(key: string, loaded: LoadedModule): void {
  loaded.holders--;
  if (loaded.holders > 0) return;
  MODULES.delete(key);
  try {
    if (loaded.initialized?.byUs) {
      const { path } = loaded.context;
      new ModuleCaller(loaded.list, true).run(oneCall(path, "C_Finalize", [0n], [CKR.CRYPTOKI_NOT_INITIALIZED]));
    }
  } finally {
    loaded.library.close();
  }
}
