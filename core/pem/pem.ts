/**
 * PEM, the textual encoding of keys and certificates (RFC 7468), read leniently and written strictly.
 *
 * A block begins at the start of a line; text between blocks, CRLF, a byte order mark, white space inside base64 and
 * header fields (RFC 1421 §4.4) are accepted. Every line is visited once, whatever the input is.
 *
 * @module
 */

import { decodeBase64, encodeBase64 } from "../bytes/base64.ts";
import type { Bytes } from "../bytes/bytes.ts";
import { decodeLatin1 } from "../bytes/text.ts";
import { PemError } from "./pem-error.ts";

/** One block. */
export interface PemBlock {
  /** What it says it holds: `CERTIFICATE`, `PRIVATE KEY`. */
  readonly label: string;
  /** Header fields by their names as written; RFC 1421 encryption of old private keys uses them. */
  readonly headers: ReadonlyMap<string, string>;
  /** What the base64 holds; not a copy of anything. Secret: the private key, when it is one. */
  readonly octets: Bytes;
  /** Where its BEGIN line starts, in octets or characters from the start of the input. */
  readonly offset: number;
}

/** Blocks of a text, and the reasons why others in it could not be read. */
export interface PemContents {
  /** The readable blocks in order. */
  readonly blocks: readonly PemBlock[];
  /** One error for each damaged block, in order, the first {@link MAX_DAMAGED} of them. */
  readonly damaged: readonly PemError[];
}

/** Inputs longer than this are refused unless the caller says otherwise: 16 MiB. */
export const DEFAULT_MAX_PEM_LENGTH = 16_777_216;

/** As many damaged blocks are reported; an input can hold a million of them. */
export const MAX_DAMAGED = 16;

/**
 * Reads every block; damaged ones are left out as long as one is readable (use {@link readPem} to see them).
 *
 * Secret: a block may be a private key. Its octets are the caller's to wipe; text that is made on the way cannot be.
 *
 * @param maxLength octets or characters accepted, default {@link DEFAULT_MAX_PEM_LENGTH}
 * @throws {PemError} when no block is readable, or the input is too large
 */
export function decodePem(input: string | Bytes, maxLength: number = DEFAULT_MAX_PEM_LENGTH): PemBlock[] {
  const { blocks, damaged } = readPem(input, maxLength);
  if (blocks.length === 0) throw damaged[0] ?? new PemError("ERR_PEM_MISSING", 0, describeOther(input));
  return [...blocks];
}

/**
 * Reads every block, and reports each damaged one.
 *
 * Secret: a block may be a private key; errors hold its label alone. As {@link decodePem}.
 *
 * @param maxLength octets or characters accepted, default {@link DEFAULT_MAX_PEM_LENGTH}
 * @throws {PemError} `ERR_PEM_SIZE` when the input is too large
 */
export function readPem(input: string | Bytes, maxLength: number = DEFAULT_MAX_PEM_LENGTH): PemContents {
  if (input.length > maxLength) {
    throw new PemError(
      "ERR_PEM_SIZE",
      0,
      `the input is ${input.length} octets long, at most ${maxLength} are accepted`,
    );
  }
  const text = typeof input === "string" ? input : decodeLatin1(input);
  const blocks: PemBlock[] = [];
  const damaged: PemError[] = [];
  const fail = (offset: number, state: string, label?: string) => {
    if (damaged.length === MAX_DAMAGED) return;
    damaged.push(new PemError("ERR_PEM_MALFORMED", offset, `${describe(label)} at offset ${offset} ${state}`, label));
  };
  let open: { readonly label: string; readonly offset: number; readonly bodyStart: number } | undefined;
  // The byte order mark of UTF-8 may stand before the first line, as one character or as three octets.
  const boundary = /^(?:\ufeff|\xef\xbb\xbf)?-----(BEGIN|END) ([^\r\n]*)/gm;
  for (let match = boundary.exec(text); match !== null; match = boundary.exec(text)) {
    const offset = text.indexOf("-", match.index);
    const label = /^([!-,.-~ ]{1,64})-----[ \t]*$/.exec(match[2]!)?.[1];
    if (match[1] === "BEGIN") {
      if (open !== undefined) fail(open.offset, "has no END line", open.label);
      open = undefined;
      if (label === undefined) {
        fail(
          offset,
          "begins with a line that does not end in five dashes; line breaks may be missing or written as \\n",
        );
      } else open = { label, offset, bodyStart: boundary.lastIndex };
    } else if (open !== undefined) {
      if (label !== open.label) fail(open.offset, `ends as ${describe(label)}`, open.label);
      else {
        const body = readBody(text.slice(open.bodyStart, match.index));
        if (body === undefined) fail(open.offset, "is not base64, or is cut off", label);
        else if (body.octets.length === 0) fail(open.offset, "is empty", label);
        else blocks.push({ label, ...body, offset: open.offset });
      }
      open = undefined;
    }
  }
  if (open !== undefined) fail(open.offset, "has no END line", open.label);
  return { blocks, damaged };
}

/**
 * Writes one block: base64 in lines of 64 characters, each ended by LF (RFC 7468 §3).
 *
 * Secret: the octets may be a private key; text cannot be wiped.
 */
export function encodePem(label: string, octets: Uint8Array): string {
  const lines = encodeBase64(octets).replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ${label}-----\n${lines}${lines === "" ? "" : "\n"}-----END ${label}-----\n`;
}

function describe(label: string | undefined): string {
  return label === undefined ? "a block" : `the ${label} block`;
}

/** Header fields up to the first line without a colon (RFC 1421 §4.4: a line that begins blank continues one). */
function readBody(text: string): { readonly headers: Map<string, string>; readonly octets: Bytes } | undefined {
  const headers = new Map<string, string>();
  const line = /[^\r\n]*(?:\r\n|\r|\n|$)/y;
  let start = 0;
  let name = "";
  // The body begins with what is left of the BEGIN line: an empty line, that is not yet the end of the headers.
  // Base64 knows no colon: almost every block has none, and no header fields.
  const end = text.includes(":") ? text.length : 0;
  for (let first = true; start < end; first = false) {
    line.lastIndex = start;
    const content = line.exec(text)![0];
    const field = /^([^\s:]{1,64}):[ \t]*/.exec(content);
    if (field !== null) headers.set(name = field[1]!, content.slice(field[0].length).trim());
    else if (name !== "" && /^[ \t]+[^\s]/.test(content)) headers.set(name, headers.get(name)! + content.trim());
    else if (!first) break;
    start = line.lastIndex;
  }
  const octets = decodeBase64(text.slice(start).replace(/[ \t\r\n]+/g, ""));
  return octets && { headers, octets };
}

/** What an input without blocks is, for the message. */
function describeOther(input: string | Bytes): string {
  if (input.length === 0) return "the input is empty";
  const text = typeof input === "string" ? input.slice(0, 64) : decodeLatin1(input.subarray(0, 64));
  if (/^(\xff\xfe|\xfe\xff|-\0|\0-)/.test(text)) return "the input is UTF-16 text; store it as UTF-8";
  if (text.includes("\0") || text.startsWith("0\x82")) return "the input is binary";
  return "no line of the input starts with -----BEGIN";
}
