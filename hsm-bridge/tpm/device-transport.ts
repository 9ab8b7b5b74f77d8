/**
 * A TPM as a character device: `/dev/tpmrm0`, the kernel's resource manager, or `/dev/tpm0`, the TPM itself.
 *
 * The device is open for one operation and closed after it, so that other programs have their turn; the resource
 * manager flushes what a file descriptor has left when it is closed. After a command without a whole answer nothing more
 * is sent over the same descriptor: what comes late would be taken for the next answer.
 *
 * @module
 */

import { open } from "node:fs/promises";
import type { Bytes } from "../../core/bytes/bytes.ts";
import { TpmError } from "./tpm-error.ts";
import {
  DEFAULT_TPM_TIMEOUT_MS,
  MAX_RESPONSE_OCTETS,
  ResponseCollector,
  systemFailure,
  type TpmTransport,
  withinTimeLimit,
} from "./transport.ts";

/**
 * Makes the transport of a device.
 *
 * A read that runs into the time limit goes on in the background, for nothing can end it: the process does not end
 * before the driver answers or gives up.
 *
 * @param timeoutMs time for one command; default {@linkcode DEFAULT_TPM_TIMEOUT_MS}
 */
export function deviceTransport(path: string, timeoutMs: number = DEFAULT_TPM_TIMEOUT_MS): TpmTransport {
  return {
    name: path,
    open: async () => {
      const file = await open(path, "r+").catch((error) => {
        throw systemFailure(error, `open TPM device ${path}`);
      });
      if ((await file.stat()).isFile()) {
        await file.close();
        throw noDevice(path);
      }
      let running: Promise<unknown> = Promise.resolve();
      let inStep = true;
      return {
        transmit: async (command) => {
          if (!inStep) throw outOfStep(path);
          inStep = false;
          const answer = exchange(path, file, command);
          running = answer.catch(() => {});
          const response = await withinTimeLimit(answer, timeoutMs, path, () => {});
          inStep = true;
          return response;
        },
        // A descriptor must not be closed below a read: the number may be another file's by then.
        close: async () => {
          const closed = running.then(() => file.close());
          let timer: ReturnType<typeof setTimeout> | undefined;
          const enough = new Promise<void>((resolve) => timer = setTimeout(resolve, CLOSING_MS));
          await Promise.race([closed, enough]).finally(() => clearTimeout(timer));
          // Nobody waits any more for a read that goes on.
          closed.catch(() => {});
        },
      };
    },
  };
}

/** Commands would be written over what the file holds. */
function noDevice(path: string): TpmError {
  const message =
    `Cannot open TPM device ${path}: it is a file that holds data; name the device or the socket of a TPM`;
  return new TpmError("ERR_TPM_NOT_FOUND", "opening", message);
}

function outOfStep(path: string): TpmError {
  const message =
    `Cannot send command to ${path}: the one before was not answered, and an answer may still be on its way`;
  return new TpmError("ERR_TPM_CONNECTION", "a command", message);
}

/** How long closing waits for a read that is under way. */
const CLOSING_MS = 50;

type DeviceFile = Awaited<ReturnType<typeof open>>;

async function exchange(path: string, file: DeviceFile, command: Bytes): Promise<Bytes> {
  const collector = new ResponseCollector(path);
  const io = async <T>(action: string, call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      throw systemFailure(error, `${action} TPM device ${path}`);
    }
  };
  // A driver takes a command in one write; a terminal (socat's stand-in for a device) may take a part.
  for (let at = 0; at < command.length;) {
    at += (await io("write to", file.write(command, at, command.length - at, null))).bytesWritten;
  }
  for (;;) {
    const buffer = new Uint8Array(MAX_RESPONSE_OCTETS);
    const { bytesRead } = await io("read from", file.read(buffer, 0, buffer.length, null));
    if (bytesRead === 0) throw collector.ended();
    const response = collector.take(buffer.subarray(0, bytesRead));
    if (response !== undefined) return response;
  }
}
