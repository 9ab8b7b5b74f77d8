/**
 * A line typed on a terminal in raw mode: what the terminal's own line editing would have done.
 *
 * @module
 */

import { decodeUtf8 } from "../../core/bytes/text.ts";
import { HostError } from "../host-error.ts";

const END_OF_TRANSMISSION = 0x04;
const INTERRUPT = 0x03;
const BACKSPACE = 0x08;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const KILL_LINE = 0x15;
const DELETE = 0x7f;

/** Longest answer, in octets. */
const MAX_LENGTH = 4096;

/**
 * Reads up to the end of the line.
 *
 * Secret: the answer; the octets are wiped, the text cannot be.
 *
 * @param read answers the next octets, undefined when the terminal is closed
 * @throws {HostError} `ERR_TERMINAL_UNAVAILABLE` when the answer is broken off, closed, too long or not UTF-8
 */
export async function readSecretLine(read: () => Promise<Uint8Array | undefined>): Promise<string> {
  const broken = (state: string) => new HostError("ERR_TERMINAL_UNAVAILABLE", `Cannot ask on the terminal: ${state}`);
  const octets = new Uint8Array(MAX_LENGTH);
  let length = 0;
  try {
    for (;;) {
      const chunk = await read();
      if (chunk === undefined) throw broken("it was closed");
      for (const octet of chunk) {
        switch (octet) {
          case LINE_FEED:
          case CARRIAGE_RETURN: {
            const answer = decodeUtf8(octets.subarray(0, length));
            if (answer === undefined) throw broken("the answer is not UTF-8");
            return answer;
          }
          case INTERRUPT:
          case END_OF_TRANSMISSION:
            throw broken("the answer was broken off");
          case KILL_LINE:
            length = 0;
            break;
          case BACKSPACE:
          case DELETE:
            // A UTF-8 character goes whole: continuation octets first, then the lead.
            while (length > 0 && (octets[--length]! & 0xc0) === 0x80);
            break;
          default:
            if (length === MAX_LENGTH) throw broken(`the answer is longer than ${MAX_LENGTH} octets`);
            octets[length++] = octet;
        }
      }
      chunk.fill(0);
    }
  } finally {
    octets.fill(0);
  }
}
