/**
 * Finding the private keys in what a file holds: PEM in any mixture, or one key in DER.
 *
 * @module
 */

import { decodeBase64 } from "../bytes/base64.ts";
import type { Bytes } from "../bytes/bytes.ts";
import { openSequence } from "../der/reader.ts";
import { TAG } from "../der/tag.ts";
import { readPem } from "../pem/pem.ts";
import { KeyError, readingKey, unsupportedKey } from "./key-error.ts";

/** How the octets of a private key are laid out. */
export type KeyForm = "pkcs8" | "pkcs1" | "sec1" | "encrypted-pkcs8";

/** One private key of a file, not yet read. */
export interface KeyEntry {
  /** The layout of the octets, after decryption where `dekInfo` is there. */
  readonly form: KeyForm;
  /** Secret unless encrypted. A copy that the reader of the entry overwrites. */
  readonly octets: Bytes;
  /** Encrypted as RFC 1421 §4.6.1.3 and OpenSSL do it: the DEK-Info field; empty when the file lacks it. */
  readonly dekInfo?: string;
}

/** Larger files are refused; a private key with a long chain takes a few dozen kilobytes. */
export const MAX_KEY_FILE_LENGTH = 1_048_576;
/** Larger keys are refused; ML-DSA-87 in its longest form takes 5 kB, 16384-bit RSA 10 kB. */
export const MAX_KEY_OCTETS = 65_536;

/**
 * The private keys of a file in order, encrypted ones included; at least one.
 *
 * Text is PEM, or DER in base64. Octets are DER, or PEM text.
 *
 * Secret: the input and the octets of the entries; text that is made of them on the way cannot be wiped.
 *
 * @throws {KeyError} `ERR_KEY_MISSING`, `ERR_KEY_UNSUPPORTED` when all it holds are keys of forms that are not read,
 * `ERR_KEY_MALFORMED` when what could be a key is damaged, `ERR_KEY_LIMIT`
 */
export function findPrivateKeys(input: string | Bytes): KeyEntry[] {
  if (typeof input !== "string" && !(input instanceof Uint8Array)) {
    throw new TypeError('"input" must be a string or a Uint8Array');
  }
  if (input.length > MAX_KEY_FILE_LENGTH) {
    const state = `the input is ${input.length} octets long, at most ${MAX_KEY_FILE_LENGTH} are accepted`;
    throw new KeyError("ERR_KEY_LIMIT", "private key", state);
  }
  const der = typeof input === "string" ? base64Der(input) : looksLikeDer(input) ? new Uint8Array(input) : undefined;
  const keys = der === undefined
    ? fromPem(input)
    : [{ form: readingKey("private key", () => derForm(der)), octets: der }];
  for (const { octets } of keys) {
    if (octets.length > MAX_KEY_OCTETS) {
      const state = `the key is ${octets.length} octets long, at most ${MAX_KEY_OCTETS} are accepted`;
      throw new KeyError("ERR_KEY_LIMIT", "private key", state);
    }
  }
  return keys;
}

function fromPem(input: string | Bytes): KeyEntry[] {
  const { blocks, damaged } = readPem(input, MAX_KEY_FILE_LENGTH);
  const keys: KeyEntry[] = [];
  for (const { label, headers, octets } of blocks) {
    const form = FORMS[label];
    if (typeof form !== "string") continue;
    const encrypted = /^4\s*,\s*ENCRYPTED$/.test(headers.get("Proc-Type") ?? "");
    keys.push(encrypted ? { form, octets, dekInfo: headers.get("DEK-Info") ?? "" } : { form, octets });
  }
  if (keys.length > 0) return keys;
  // A damaged block may have been the key, unless its label says otherwise.
  const cause = damaged.find(({ label }) => label === undefined || label.endsWith("PRIVATE KEY"));
  if (cause !== undefined) {
    const state = cause.message.replace(/^Cannot read PEM: /, "");
    throw new KeyError("ERR_KEY_MALFORMED", "private key", state, { cause });
  }
  const labels = [...new Set(blocks.map(({ label }) => label))].slice(0, 8);
  const other = labels.find((label) => label.endsWith("PRIVATE KEY"));
  if (other !== undefined) throw unsupportedKey("private key", `the form ${other}`);
  const found = labels.length === 0 ? undefined : labels.join(", ");
  throw new KeyError(
    "ERR_KEY_MISSING",
    "private key",
    input.length === 0
      ? "the input is empty"
      : `the input holds ${found === undefined ? "neither PEM nor DER" : `no private key, only ${found}`}`,
    found === undefined ? undefined : { found },
  );
}

/** The octets of DER that was written down as base64; undefined for any other text. */
function base64Der(text: string): Bytes | undefined {
  if (text.includes("-----")) return undefined;
  const octets = decodeBase64(text.replace(/[ \t\r\n]+/g, ""));
  return octets !== undefined && looksLikeDer(octets) ? octets : undefined;
}

/** Whether octets begin as a SEQUENCE whose length text could not have, or that is their own. */
function looksLikeDer(octets: Bytes): boolean {
  return octets[0] === TAG.sequence && octets.length > 1 && (octets[1]! >= 0x80 || octets[1]! + 2 === octets.length);
}

/** The layout of DER, which the first two elements of its SEQUENCE tell apart. */
function derForm(der: Bytes): KeyForm {
  const reader = openSequence(der, "the private key");
  const first = reader.peek();
  reader.skip("the private key");
  const second = reader.peek();
  if (first === TAG.integer && second === TAG.sequence) return "pkcs8";
  if (first === TAG.integer && second === TAG.integer) return "pkcs1";
  if (first === TAG.integer && second === TAG.octetString) return "sec1";
  if (first === TAG.sequence && second === TAG.octetString) return "encrypted-pkcs8";
  throw new KeyError("ERR_KEY_MISSING", "private key", "the input is DER, but not of a private key", {
    found: "DER",
  });
}

const FORMS: Readonly<Record<string, KeyForm>> = {
  "PRIVATE KEY": "pkcs8",
  "RSA PRIVATE KEY": "pkcs1",
  "EC PRIVATE KEY": "sec1",
  "ENCRYPTED PRIVATE KEY": "encrypted-pkcs8",
};
