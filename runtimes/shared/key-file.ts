/**
 * Private keys from files.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { wipe } from "../../core/bytes/wipe.ts";
import type { PrivateKey } from "../../core/crypto/private-key.ts";
import { isPkcs12 } from "../../core/keys/pkcs12-form.ts";
import { parsePrivateKey } from "../../core/keys/private-key.ts";
import type { Host } from "../host.ts";

/** A key file with certificates in it is still far below this, in octets. */
export const MAX_KEY_FILE_LENGTH = 1_048_576;

/** How often a wrong answer on the terminal may be mended. */
const MAX_QUESTIONS = 3;

/** Where the password of an encrypted key, or of a PKCS#12 file, comes from: known, or asked for on the terminal when it is needed. */
export type KeyPassword = { readonly password: string } | { readonly ask: "terminal" | "never" };

/**
 * Reads a private key file.
 *
 * Secret: the file's octets are wiped; the key's components live on in the record.
 *
 * @throws {KeyError} for what is no usable key, or a missing or wrong password
 * @throws {HostError} when the file cannot be read
 */
export async function readKeyFile(host: Host, path: string, password: KeyPassword): Promise<PrivateKey> {
  const octets = host.readFile(path, MAX_KEY_FILE_LENGTH);
  try {
    return await openKey(host, path, octets, password);
  } finally {
    wipe(octets);
  }
}

/**
 * Reads the private key in a file's octets: PKCS#8 (also encrypted), PKCS#1, SEC1, PEM or DER, certificates beside it
 * or not; or the first one of a PKCS#12 file.
 *
 * Secret: the octets stay as they are; the key's components live on in the record.
 *
 * @param path names the file in questions
 * @throws {KeyError} for what is no usable key, or a missing or wrong password
 */
export async function openKey(host: Host, path: string, octets: Bytes, password: KeyPassword): Promise<PrivateKey> {
  if (isPkcs12(octets)) {
    const { openPkcs12Key } = await import("./pkcs12-file.ts");
    return await openPkcs12Key(host, path, octets, password);
  }
  if (!("password" in password)) {
    const key = keyInTheClear(octets);
    if (key !== undefined) return key;
  }
  // What decrypts is loaded for encrypted keys alone.
  const { loadPrivateKey } = await import("../../core/keys/load-private-key.ts");
  const load = (answer: string | undefined) =>
    loadPrivateKey(octets, { crypto: host.crypto(), ...(answer === undefined ? {} : { password: answer }) });
  return "password" in password
    ? await load(password.password)
    : await askUntilRight(host, `private key ${path}`, password.ask, load);
}

/** The key, when it is not encrypted. */
function keyInTheClear(octets: Bytes): PrivateKey | undefined {
  try {
    return parsePrivateKey(octets);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_KEY_ENCRYPTED") return undefined;
    throw error;
  }
}

/**
 * Loads something, first without a password, and then with what is answered on the terminal.
 *
 * Secret: the answer.
 *
 * @param what in the question: `private key client.pem`
 * @param load throws `ERR_KEY_PASSWORD_MISSING` and `ERR_KEY_PASSWORD_WRONG`
 */
export async function askUntilRight<T>(
  host: Host,
  what: string,
  ask: "terminal" | "never",
  load: (answer: string | undefined) => Promise<T>,
): Promise<T> {
  let answer: string | undefined;
  for (let questions = 0;; questions++) {
    try {
      return await load(answer);
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      const again = code === "ERR_KEY_PASSWORD_WRONG" && questions > 0 && questions < MAX_QUESTIONS;
      if (ask === "never" || !(code === "ERR_KEY_PASSWORD_MISSING" || again)) throw error;
      try {
        answer = await host.askSecret(
          again ? `That password is wrong. Password of the ${what}:` : `Password of the ${what}:`,
        );
      } catch (unasked) {
        // Nobody can be asked: the missing password is the news, not the missing terminal.
        if ((unasked as { code?: unknown }).code !== "ERR_TERMINAL_UNAVAILABLE") throw unasked;
        throw error;
      }
    }
  }
}
