/**
 * How commands reach a TPM: the contract of transports, and what all of them check of an answer.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { TpmError } from "./tpm-error.ts";

/** A way to a TPM. */
export interface TpmTransport {
  /** For messages: the path of the device, the address of the socket. */
  readonly name: string;
  /**
   * Opens the way for one operation, which is a few commands.
   *
   * @throws {TpmError} `ERR_TPM_NOT_FOUND`, `ERR_TPM_ACCESS`, `ERR_TPM_BUSY`, `ERR_TPM_CONNECTION`
   */
  open(): Promise<TpmConnection>;
}

/** An open way to a TPM; its user sends one command at a time. */
export interface TpmConnection {
  /**
   * Sends a command and answers the response, whole.
   *
   * Secret: a command may carry a password, when the caller chose that.
   *
   * @throws {TpmError} `ERR_TPM_TIMEOUT`, `ERR_TPM_CONNECTION`, `ERR_TPM_RESPONSE`
   */
  transmit(command: Bytes): Promise<Bytes>;
  /** Closes it; a transport that is closed already stays so. */
  close(): Promise<void>;
}

/** How long a TPM may take for one command, in milliseconds: a discrete one makes an RSA key in tens of seconds. */
export const DEFAULT_TPM_TIMEOUT_MS = 90_000;

/** Octets of a response that are accepted; the platform profile sets the limit of TPMs to 4096. */
export const MAX_RESPONSE_OCTETS = 4096;

/** Octets of the header of commands and responses: tag, size, code. */
export const HEADER_OCTETS = 10;

/** Puts the pieces of one response together. */
export class ResponseCollector {
  readonly #from: string;
  readonly #pieces: Bytes[] = [];
  #length: number = 0;

  /** Begins one response; `from` is the transport's name. */
  constructor(from: string) {
    this.#from = from;
  }

  /**
   * Takes the next piece, and answers the response when it is whole.
   *
   * @throws {TpmError} `ERR_TPM_RESPONSE` when it says a size that no response has, or is longer than it says
   */
  take(piece: Bytes): Bytes | undefined {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length < HEADER_OCTETS) return undefined;
    const response = concatBytes(this.#pieces);
    const size = (response[2]! << 24 | response[3]! << 16 | response[4]! << 8 | response[5]!) >>> 0;
    if (size < HEADER_OCTETS || size > MAX_RESPONSE_OCTETS) this.#fail(`it says that it has ${size} octets`);
    if (this.#length > size) this.#fail(`it has ${this.#length} octets and says ${size}`);
    return this.#length === size ? response : undefined;
  }

  /** The error of a response that ends here. */
  ended(): TpmError {
    const state = this.#length === 0 ? "it ended without one" : `it ended after ${this.#length} octets of one`;
    return new TpmError("ERR_TPM_CONNECTION", "a response", `Cannot read response from ${this.#from}: ${state}`);
  }

  #fail(state: string): never {
    const message = `Cannot read response from ${this.#from}: ${state}; is it a TPM?`;
    throw new TpmError("ERR_TPM_RESPONSE", "a response", message, { offset: 2 });
  }
}

/**
 * Waits for the work, no longer than the limit.
 *
 * @param stop ends what the work is waiting for
 * @throws {TpmError} `ERR_TPM_TIMEOUT`
 */
export async function withinTimeLimit<T>(
  work: Promise<T>,
  timeoutMs: number,
  from: string,
  stop: () => void,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new TpmError(
          "ERR_TPM_TIMEOUT",
          "a response",
          `Cannot read response from ${from}: none came within ${timeoutMs} ms; ` +
            "another program may be using the TPM",
        ),
      );
      stop();
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    // When the limit was reached nobody waits for the work any more.
    work.catch(() => {});
  }
}

/** The coded error of a system call that failed. */
export function systemFailure(error: unknown, action: string): TpmError {
  const { code = "", name = "", message = "" } = error as { code?: string; name?: string; message?: string };
  const [kind, state] = SYSTEM_FAILURES[code] ?? SYSTEM_FAILURES[name] ?? ["ERR_TPM_CONNECTION", message] as const;
  return new TpmError(kind, action, `Cannot ${action}: ${state}`, { cause: error });
}

const NOT_ALLOWED = ["ERR_TPM_ACCESS", "this process may not open it; join the group of the device (tss)"] as const;
const NOBODY = ["ERR_TPM_NOT_FOUND", "nothing answers there; is the TPM or its emulator running?"] as const;

const SYSTEM_FAILURES: Readonly<
  Record<string, readonly ["ERR_TPM_ACCESS" | "ERR_TPM_NOT_FOUND" | "ERR_TPM_BUSY", string]>
> = {
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  NotCapable: [
    "ERR_TPM_ACCESS",
    "Deno was not given the permission; run it with --allow-all, or with --allow-net for a socket",
  ],
  ENOENT: ["ERR_TPM_NOT_FOUND", "there is no such device; is the TPM enabled in the firmware settings?"],
  ENXIO: NOBODY,
  ENODEV: NOBODY,
  ECONNREFUSED: NOBODY,
  EBUSY: ["ERR_TPM_BUSY", "another program has it open; use the kernel's resource manager, /dev/tpmrm0"],
};
