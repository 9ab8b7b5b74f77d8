/**
 * A TPM that is open for use: one operation at a time, and nothing of it left behind in the TPM's memory.
 *
 * @module
 */

import { stat } from "node:fs/promises";
import type { Sleep } from "../../core/ports.ts";
import { foreignFunctions } from "../ffi/available-functions.ts";
import type { ForeignFunctions } from "../ffi/foreign-functions.ts";
import { nodeProcess } from "../ffi/platform.ts";
import { type CommandChannel, commandChannel } from "./command.ts";
import { checkFamily } from "./capability-commands.ts";
import { deviceTransport } from "./device-transport.ts";
import { flushContext } from "./object-commands.ts";
import { randomOctets } from "./session-cryptography.ts";
import { type SocketAddress, socketTransport } from "./socket-transport.ts";
import { tbsTransport } from "./tbs-transport.ts";
import { TpmError } from "./tpm-error.ts";
import { DEFAULT_TPM_TIMEOUT_MS, type TpmConnection, type TpmTransport } from "./transport.ts";

/** Which TPM. */
export interface TpmOptions {
  /**
   * A path (a character device, or a socket that is spoken to in plain commands), an address, or a transport of the
   * caller's. Default: `/dev/tpmrm0`, and `/dev/tpm0` where there is none; on Windows the TPM Base Services. Command lines
   * hand in `TPM_DEVICE` here.
   */
  readonly device?: string | SocketAddress | TpmTransport | undefined;
  /** Time for one command in milliseconds; default {@linkcode DEFAULT_TPM_TIMEOUT_MS}. */
  readonly timeoutMs?: number | undefined;
  /** Waits before a command is repeated; default the runtime's timers. */
  readonly sleep?: Sleep | undefined;
}

/** A TPM. */
export interface Tpm {
  /** For messages: the path of the device, the address of the socket. */
  readonly name: string;
  /**
   * Runs an operation; others wait until it is over. Objects and sessions that it leaves in the TPM's memory are
   * flushed, whether it succeeds or fails. When there is no room for them, the whole operation is repeated a few times:
   * it must be one that can be.
   *
   * @throws {TpmError}
   */
  run<T>(operation: (channel: CommandChannel) => Promise<T>): Promise<T>;
  /** Waits for the operation under way; later ones are refused. */
  close(): Promise<void>;
}

/** Devices in the order in which they are looked for but on Windows: the kernel's resource manager, the TPM itself. */
export const DEFAULT_TPM_DEVICES: readonly string[] = ["/dev/tpmrm0", "/dev/tpm0"];

/**
 * Opens a TPM, and demands that it answers as a TPM 2.0.
 *
 * @throws {TpmError} `ERR_TPM_NOT_FOUND`, `ERR_TPM_ACCESS`, `ERR_TPM_BUSY`, `ERR_TPM_VERSION`, …
 * @throws {TypeError} for an option that does not exist
 */
export async function openTpm(options: TpmOptions = {}): Promise<Tpm> {
  const { device, timeoutMs = DEFAULT_TPM_TIMEOUT_MS, sleep = timerSleep, ...unknown } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`openTpm() has no option "${name}"`);
  if (!(timeoutMs > 0)) throw new RangeError(`"timeoutMs" must be above 0`);
  const transport = await transportOf(device, timeoutMs);
  const tpm = tpmOver(transport, sleep);
  await tpm.run(checkFamily);
  return tpm;
}

async function transportOf(device: TpmOptions["device"], timeoutMs: number): Promise<TpmTransport> {
  if (typeof device === "object") return "open" in device ? device : socketTransport(device, timeoutMs);
  if (device !== undefined) return await pathTransport([device], timeoutMs);
  return await defaultTransport(nodeProcess()?.platform, foreignFunctions, timeoutMs);
}

/**
 * The way to the TPM of this machine.
 *
 * @param platform as Node spells it; on `win32` a path such as `/dev/tpm0` is one of the current drive, in whose root every
 *   user may make folders
 */
export async function defaultTransport(
  platform: string | undefined,
  foreign: () => Promise<ForeignFunctions>,
  timeoutMs: number,
): Promise<TpmTransport> {
  return platform === "win32"
    ? tbsTransport(await foreign(), timeoutMs)
    : await pathTransport(DEFAULT_TPM_DEVICES, timeoutMs);
}

async function pathTransport(candidates: readonly string[], timeoutMs: number): Promise<TpmTransport> {
  for (const path of candidates) {
    const found = await stat(path).catch((error: { readonly code?: string }) => {
      // Who may not look may not open either: opening says why.
      return error.code === "ENOENT" ? undefined : { isSocket: () => false };
    });
    if (found === undefined) continue;
    return found.isSocket() ? socketTransport({ path }, timeoutMs) : deviceTransport(path, timeoutMs);
  }
  throw new TpmError(
    "ERR_TPM_NOT_FOUND",
    "opening",
    `Cannot open TPM: there is no ${candidates.join(" and no ")}; ` +
      "is it enabled in the firmware settings, or is TPM_DEVICE wrong?",
  );
}

/** How often an operation is repeated when the TPM has no room, or another program has it open. */
const MAX_REPETITIONS = 4;

function tpmOver(transport: TpmTransport, sleep: Sleep): Tpm {
  let tail: Promise<unknown> = Promise.resolve();
  let closed = false;
  const run = async <T>(operation: (channel: CommandChannel) => Promise<T>): Promise<T> => {
    for (let repetition = 0;; repetition++) {
      try {
        return await runOnce(transport, sleep, operation);
      } catch (error) {
        const { code } = error as Partial<TpmError>;
        const passing = code === "ERR_TPM_MEMORY" ||
          (code === "ERR_TPM_BUSY" && (error as TpmError).response === undefined);
        if (!passing || repetition === MAX_REPETITIONS) throw error;
        // Not in step with another program that waits for the same.
        await sleep(20 + randomOctets(1)[0]!);
      }
    }
  };
  return {
    name: transport.name,
    run: (operation) => {
      if (closed) {
        return Promise.reject(new TpmError("ERR_TPM_CONNECTION", "an operation", "Cannot use TPM: it was closed"));
      }
      const result = tail.then(() => run(operation));
      tail = result.catch(() => {});
      return result;
    },
    close: async () => {
      closed = true;
      await tail;
    },
  };
}

async function runOnce<T>(
  transport: TpmTransport,
  sleep: Sleep,
  operation: (channel: CommandChannel) => Promise<T>,
): Promise<T> {
  const connection = await transport.open();
  try {
    return await flushedAfter(commandChannel(connection, sleep), operation);
  } finally {
    await closeQuietly(connection);
  }
}

/** An error of the operation is more telling than one of flushing after it. */
async function flushedAfter<T>(
  channel: CommandChannel,
  operation: (channel: CommandChannel) => Promise<T>,
): Promise<T> {
  let result: T;
  try {
    result = await operation(channel);
  } catch (error) {
    // Who did not answer in time would not answer now.
    if ((error as Partial<TpmError>).code !== "ERR_TPM_TIMEOUT") await flush(channel).catch(() => {});
    throw error;
  }
  await flush(channel);
  return result;
}

/** Flushes everything that is left, also when one of it fails; the first failure is thrown then. */
async function flush(channel: CommandChannel): Promise<void> {
  const failures: unknown[] = [];
  for (const handle of [...channel.left].reverse()) {
    await flushContext(channel, handle).catch((error) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function closeQuietly(connection: TpmConnection): Promise<void> {
  // What was answered counts; a descriptor that cannot be closed is not the caller's.
  await connection.close().catch(() => {});
}

const timerSleep: Sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
