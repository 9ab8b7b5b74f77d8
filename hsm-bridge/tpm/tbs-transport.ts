/**
 * A TPM through the TPM Base Services of Windows (`tbs.dll`), called by a foreign function interface.
 *
 * Written from the documented layout and calls, and run in wine over a library that stands in for Windows' own
 * (`test/interop/windows/tbs.c`); never yet on a Windows.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { CArgument, CSignature, ForeignFunctions, ForeignLibrary } from "../ffi/foreign-functions.ts";
import { TpmError, type TpmErrorCode } from "./tpm-error.ts";
import {
  DEFAULT_TPM_TIMEOUT_MS,
  MAX_RESPONSE_OCTETS,
  ResponseCollector,
  type TpmConnection,
  type TpmTransport,
  withinTimeLimit,
} from "./transport.ts";

/**
 * Makes the transport of the TPM Base Services. They manage the TPM's memory as the kernel's resource manager does
 * elsewhere; one context is open for one operation.
 *
 * @param ffi calls the library; a backend without asynchronous calls blocks the thread for as long as the TPM takes
 * @param timeoutMs time for one command; default {@linkcode DEFAULT_TPM_TIMEOUT_MS}
 * @throws {TpmError} by `open()`: `ERR_TPM_NOT_FOUND`, `ERR_TPM_ACCESS`, `ERR_TPM_BUSY`
 */
export function tbsTransport(ffi: ForeignFunctions, timeoutMs: number = DEFAULT_TPM_TIMEOUT_MS): TpmTransport {
  return {
    name: NAME,
    open: async () => {
      const library = ffi.open("tbs.dll");
      try {
        const call = caller(ffi, library);
        // TBS_CONTEXT_PARAMS2: the version 2, and the bit includeTpm20.
        const parameters = nativeBytes(8, Uint8Array.of(2, 0, 0, 0, 4, 0, 0, 0));
        const result = nativeBytes(8);
        await call("Tbsi_Context_Create", ["pointer", "pointer"], [ffi.addressOf(parameters), ffi.addressOf(result)], [
          parameters,
          result,
        ]);
        const context = new DataView(result.buffer).getBigUint64(0, true);
        return connection(ffi, library, call, context, timeoutMs);
      } catch (error) {
        library.close();
        throw error;
      }
    },
  };
}

type Call = (
  name: string,
  types: CSignature["parameters"],
  args: readonly CArgument[],
  memory: readonly Bytes[],
) => Promise<void>;

function connection(
  ffi: ForeignFunctions,
  library: ForeignLibrary,
  call: Call,
  context: bigint,
  timeoutMs: number,
): TpmConnection {
  let running: Promise<unknown> = Promise.resolve();
  const submit = async (given: Bytes): Promise<Bytes> => {
    const command = nativeBytes(given.length, given);
    const response = nativeBytes(MAX_RESPONSE_OCTETS);
    const length = nativeBytes(4);
    const size = new DataView(length.buffer);
    size.setUint32(0, response.length, true);
    await call(
      "Tbsip_Submit_Command",
      ["pointer", "u32", "u32", "pointer", "u32", "pointer", "pointer"],
      [
        context,
        0,
        PRIORITY_NORMAL,
        ffi.addressOf(command),
        command.length,
        ffi.addressOf(response),
        ffi.addressOf(length),
      ],
      [command, response, length],
    );
    const collector = new ResponseCollector(NAME);
    const whole = collector.take(response.slice(0, size.getUint32(0, true)));
    if (whole === undefined) throw collector.ended();
    return whole;
  };
  return {
    transmit: (command) => {
      const answer = submit(command);
      running = answer.catch(() => {});
      return withinTimeLimit(answer, timeoutMs, NAME, () => {});
    },
    close: async () => {
      // A call that nobody waits for any more still uses the context.
      const closed = running.then(async () => {
        try {
          await call("Tbsip_Context_Close", ["pointer"], [context], []);
        } finally {
          library.close();
        }
      });
      await withinTimeLimit(closed, timeoutMs, NAME, () => {});
    },
  };
}

/** An ArrayBuffer of its own: engines move short typed arrays that have none. */
function nativeBytes(length: number, contents: Bytes = new Uint8Array(0)): Bytes {
  const bytes = new Uint8Array(new ArrayBuffer(length));
  bytes.set(contents);
  return bytes;
}

/** Calls functions of the library by name; `memory` is what their arguments point to. */
function caller(ffi: ForeignFunctions, library: ForeignLibrary): Call {
  return async (name, parameters, args, memory) => {
    const address = library.symbol(name);
    if (address === undefined) throw failure(name, "ERR_TPM_NOT_FOUND", "this Windows does not have it");
    const { call, callAsync } = ffi.functionAt(address, { parameters, result: "u32" }, name);
    const result = await (callAsync ?? call)(...args);
    // Read here, so that the memory is reachable until now.
    if (memory.some(({ byteLength }) => byteLength === 0)) throw new TypeError("memory was detached");
    if (result === 0) return;
    const [code, state] = RESULTS[result >>> 0] ?? ["ERR_TPM_CONNECTION", "an error that is not listed"] as const;
    throw failure(name, code, `${state} (0x${(result >>> 0).toString(16)})`);
  };
}

function failure(name: string, code: TpmErrorCode, state: string): TpmError {
  return new TpmError(code, name, `Cannot call ${name} of the TPM Base Services: ${state}`);
}

const NAME = "the TPM Base Services";

/** TBS_COMMAND_PRIORITY_NORMAL. */
const PRIORITY_NORMAL = 200;

/** TBS_RESULT: those that say more than that it failed. */
const RESULTS: Readonly<Record<number, readonly [TpmErrorCode, string]>> = {
  0x80284004: ["ERR_TPM_CONNECTION", "the context is not valid"],
  0x80284005: ["ERR_TPM_RESPONSE", "the response is longer than 4096 octets"],
  0x80284006: ["ERR_TPM_CONNECTION", "the TPM cannot be reached"],
  0x80284008: ["ERR_TPM_NOT_FOUND", "the service does not run; start the service TBS"],
  0x80284009: ["ERR_TPM_BUSY", "too many programs use the TPM"],
  0x8028400b: ["ERR_TPM_BUSY", "the service is starting"],
  0x8028400d: ["ERR_TPM_CONNECTION", "the command was cancelled"],
  0x8028400f: ["ERR_TPM_NOT_FOUND", "there is no TPM 2.0; is it enabled in the firmware settings?"],
  0x80284010: ["ERR_TPM_NOT_FOUND", "the service is disabled"],
  0x80284012: ["ERR_TPM_ACCESS", "the user may not use the TPM"],
  0x80280400: ["ERR_TPM_ACCESS", "the command is blocked; an administrator can allow it"],
};
