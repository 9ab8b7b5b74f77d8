/**
 * Temporary credentials that describe themselves: the session token is the sealed session, and the secret access key
 * is derived from it, so that nothing of it has to be kept but the keys of the emulator.
 *
 * @module
 */

import { isCoded } from "../../../core/base-error.ts";
import { decodeBase64, encodeBase64 } from "../../../core/bytes/base64.ts";
import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../../core/bytes/text.ts";
import type { CryptoProvider } from "../../../core/crypto/provider.ts";
import type { Sha256 } from "../../../core/crypto/sha256.ts";
import type { Random } from "../../../core/ports.ts";
import type { CallerSession } from "./caller.ts";
import type { EmulatorStore } from "../store/emulator-store.ts";

/** Who holds the credentials. */
export interface VendedSession extends CallerSession {
  /** `ASIA` and 16 upper-case letters and digits. */
  readonly accessKeyId: string;
  /** `arn:aws:sts::{account}:assumed-role/{role}/{session}`. */
  readonly arn: string;
  /** `{role id}:{session}`. */
  readonly userId: string;
  /** Twelve digits. */
  readonly account: string;
}

/** Credentials as CreateSession answers them. Secret: all but the access key id. */
export interface VendedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Makes and recognises the credentials of one emulator. Secret: two keys, which its store keeps. */
export class CredentialVendor {
  readonly #crypto: CryptoProvider;
  readonly #sha256: Sha256;
  readonly #random: Random;
  readonly #store: EmulatorStore;
  /** Resolves when new keys are durable. */
  #kept: Promise<void> = Promise.resolve();

  /**
   * A vendor with the keys of the store, or with new ones from the first credentials on. Secret: the keys.
   *
   * @param store keeps the keys among its settings
   */
  constructor(crypto: CryptoProvider, sha256: Sha256, random: Random, store: EmulatorStore) {
    this.#crypto = crypto;
    this.#sha256 = sha256;
    this.#random = random;
    this.#store = store;
  }

  /** Makes credentials for a session. Secret: the result. */
  async issue(session: Omit<VendedSession, "accessKeyId">): Promise<VendedCredentials> {
    await this.#keepKeys();
    const accessKeyId = `ASIA${Array.from(this.#random(16), (octet) => BASE32[octet & 31]!).join("")}`;
    const iv = this.#random(12);
    const plaintext = encodeUtf8(JSON.stringify({ ...session, accessKeyId }));
    const sealed = await this.#crypto.seal(this.#key(SEALING_KEY)!, iv, plaintext);
    const sessionToken = encodeBase64(concatBytes([iv, sealed]));
    return { accessKeyId, secretAccessKey: this.secretAccessKey(sessionToken), sessionToken };
  }

  /**
   * The session of a token; undefined when this emulator did not make it. Expired or not is the caller's to check.
   *
   * Secret: the token.
   */
  async open(sessionToken: string): Promise<VendedSession | undefined> {
    const octets = decodeBase64(sessionToken);
    const key = this.#key(SEALING_KEY);
    if (octets === undefined || octets.length < 12 + 16 || key === undefined) return undefined;
    let plaintext: Bytes;
    try {
      const cipher = { name: "AES-GCM", iv: octets.slice(0, 12) } as const;
      plaintext = await this.#crypto.decipher(cipher, key, octets.slice(12));
    } catch (error) {
      if (isCoded(error) && error.code === "ERR_CRYPTO_DECIPHER") return undefined;
      throw error;
    }
    // What the tag proves to be ours has the form that issue() gave it.
    return JSON.parse(decodeUtf8(plaintext)!) as VendedSession;
  }

  /**
   * The secret access key that belongs to a token that was opened: 40 characters. Secret: the result.
   *
   * @throws {TypeError} before any credentials were made
   */
  secretAccessKey(sessionToken: string): string {
    const key = this.#key(SECRET_KEY);
    if (key === undefined) throw new TypeError("There are no credentials yet");
    return encodeBase64(this.#sha256.hmac(key).digest(sessionToken).subarray(0, 30));
  }

  /** Draws the keys when there are none yet; resolves when they are durable. */
  #keepKeys(): Promise<void> {
    if (this.#key(SEALING_KEY) === undefined) {
      this.#kept = this.#store.commit([SEALING_KEY, SECRET_KEY].map((key) => (
        { table: "settings", key, record: { value: encodeBase64(this.#random(32)) } }
      )));
    }
    return this.#kept;
  }

  /** Secret: the result. */
  #key(name: string): Bytes | undefined {
    const value = this.#store.get("settings", name)?.value;
    return typeof value === "string" ? decodeBase64(value) : undefined;
  }
}

/** Settings that hold the keys: 32 octets in base64. */
const SEALING_KEY = "credentials/sealing-key";
const SECRET_KEY = "credentials/secret-key";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
