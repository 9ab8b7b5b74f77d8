/**
 * Temporary credentials that describe themselves: the session token is the sealed session, and the secret access key
 * is derived from it, so that nothing has to be kept.
 *
 * @module
 */

import { isCoded } from "../../core/base-error.ts";
import { decodeBase64, encodeBase64 } from "../../core/bytes/base64.ts";
import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../core/bytes/text.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import type { Sha256 } from "../../core/crypto/sha256.ts";
import type { Random } from "../../core/ports.ts";
import type { CallerSession } from "./caller.ts";

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

/** Makes and recognises the credentials of one emulator. Secret: two keys, in its memory alone. */
export class CredentialVendor {
  readonly #crypto: CryptoProvider;
  readonly #sha256: Sha256;
  readonly #random: Random;
  readonly #sealingKey: Bytes;
  readonly #secretKey: Bytes;

  /** A vendor with keys of its own. Secret: the keys stay in its memory. */
  constructor(crypto: CryptoProvider, sha256: Sha256, random: Random) {
    this.#crypto = crypto;
    this.#sha256 = sha256;
    this.#random = random;
    this.#sealingKey = random(32);
    this.#secretKey = random(32);
  }

  /** Makes credentials for a session. Secret: the result. */
  async issue(session: Omit<VendedSession, "accessKeyId">): Promise<VendedCredentials> {
    const accessKeyId = `ASIA${Array.from(this.#random(16), (octet) => BASE32[octet & 31]!).join("")}`;
    const iv = this.#random(12);
    const plaintext = encodeUtf8(JSON.stringify({ ...session, accessKeyId }));
    const sealed = await this.#crypto.seal(this.#sealingKey, iv, plaintext);
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
    if (octets === undefined || octets.length < 12 + 16) return undefined;
    let plaintext: Bytes;
    try {
      const cipher = { name: "AES-GCM", iv: octets.slice(0, 12) } as const;
      plaintext = await this.#crypto.decipher(cipher, this.#sealingKey, octets.slice(12));
    } catch (error) {
      if (isCoded(error) && error.code === "ERR_CRYPTO_DECIPHER") return undefined;
      throw error;
    }
    // What the tag proves to be ours has the form that issue() gave it.
    return JSON.parse(decodeUtf8(plaintext)!) as VendedSession;
  }

  /** The secret access key that belongs to a token: 40 characters. Secret: the result. */
  secretAccessKey(sessionToken: string): string {
    return encodeBase64(this.#sha256.hmac(this.#secretKey).digest(sessionToken).subarray(0, 30));
  }
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
