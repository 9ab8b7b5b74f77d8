/**
 * What a grant gives: signatures of one key, of one kind of messages, so often, so many, so long.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeHex } from "../../core/bytes/hex.ts";
import { portableSha256 } from "../../core/crypto/sha256.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import type { Now } from "../../core/ports.ts";
import {
  type ErrorDocument,
  keyDigest,
  type RefusalCode,
  type SignDocument,
  signingAlgorithmName,
  writeKeyDocument,
} from "../../core/sign/signing-protocol.ts";
import { MAX_MESSAGE_LENGTH, messageObjection, type MessageRule } from "./message-rule.ts";
import type { KeepRecord, SigningRecord } from "./signing-record.ts";
import { type Rate, TokenBucket } from "./token-bucket.ts";

/** As often as the service takes CreateSession from one account. */
export const DEFAULT_SIGNING_RATE: Rate = { perSecond: 10, burst: 20 };

/** One key for one client. */
export interface SigningGrant {
  /** For the records. */
  readonly name: string;
  /** Signs with the key. */
  readonly signer: Signer;
  /** Certificates, DER, that of the key first. Default: none are told. */
  readonly certificates?: readonly Bytes[];
  /** What may be signed. */
  readonly messages: MessageRule;
  /** How often it may be asked to sign; default {@linkcode DEFAULT_SIGNING_RATE}. */
  readonly rate?: Rate;
  /** How many signatures there are in all; default: no end. */
  readonly maxSignatures?: number;
  /** When it ends, in milliseconds since the epoch; default: never. */
  readonly expiresAtMs?: number;
}

/** What grants need of the world. */
export interface GrantPorts {
  /** The clock: of the rate, the end, and the times in what is signed. */
  readonly now: Now;
  /** Keeps the records. */
  readonly keepRecord: KeepRecord;
  /** Is told why a signature or a record failed, for whoever runs the service: clients are not told all of it. */
  readonly onError: (error: unknown) => void;
}

/** A refusal, as the protocol writes it. */
export interface Refusal extends ErrorDocument {
  /** Why. */
  readonly code: RefusalCode;
}

/** The signature, or why there is none. */
export type Signed = { readonly signature: Bytes } | { readonly refusal: Refusal };

/** Longest sign document that can hold a message of the rule, in octets: base64, and room for the other members. */
export function maxDocumentLength(rule: MessageRule): number {
  return Math.ceil(MAX_MESSAGE_LENGTH[rule] / 3) * 4 + 512;
}

/** A grant at work. */
export class GrantedSigner {
  /** The grant. */
  readonly grant: SigningGrant;
  /** The key document. */
  readonly keyDocument: string;
  /** The protocol's name of the algorithm. */
  readonly algorithm: string;
  readonly #key: string;
  readonly #bucket: TokenBucket;
  readonly #ports: GrantPorts;
  #left: number;

  /**
   * Takes the grant.
   *
   * @throws {TypeError} for an option that does not exist, or an algorithm that the protocol does not have
   * @throws {RangeError} for a limit that is none
   */
  constructor(grant: SigningGrant, ports: GrantPorts) {
    const { name, signer, certificates = [], messages, rate, maxSignatures, expiresAtMs, ...unknown } = grant;
    if (name === "") throw new TypeError(`"name" of a signing grant is empty`);
    // A misspelt limit would be none.
    for (const option of Object.keys(unknown)) throw new TypeError(`a signing grant has no option "${option}"`);
    if (!Object.hasOwn(MAX_MESSAGE_LENGTH, messages)) {
      throw new TypeError(`"messages" must be roles-anywhere or any-message: ${messages}`);
    }
    if (maxSignatures !== undefined && !(maxSignatures >= 1)) {
      throw new RangeError(`"maxSignatures" must be at least 1: ${maxSignatures}`);
    }
    if (expiresAtMs !== undefined && !Number.isFinite(expiresAtMs)) {
      throw new RangeError(`"expiresAtMs" must be a time: ${expiresAtMs}`);
    }
    const { algorithm, publicKey } = signer;
    if (messages === "roles-anywhere" && algorithm.sigv4 === undefined) {
      throw new TypeError(`"signer" signs ${algorithm.name}, which IAM Roles Anywhere does not take`);
    }
    this.grant = grant;
    this.keyDocument = writeKeyDocument({ algorithm, publicKey, certificates });
    this.algorithm = signingAlgorithmName(algorithm)!;
    this.#key = keyDigest(publicKey);
    this.#bucket = new TokenBucket(rate ?? DEFAULT_SIGNING_RATE, ports.now);
    this.#ports = ports;
    this.#left = maxSignatures ?? Infinity;
  }

  /** The refusal of a grant that is over; undefined: it is not. */
  expired(): Refusal | undefined {
    const { expiresAtMs = Infinity } = this.grant;
    return this.#ports.now() < expiresAtMs ? undefined : { code: "GrantExpired", message: "the grant is over" };
  }

  /**
   * Signs what the grant allows, and keeps a record of it before it answers.
   *
   * Public: what is refused, and why. Of a failure of the signer its message is told, which holds no secret.
   */
  async sign(document: SignDocument, peer: string): Promise<Signed> {
    const signed = await this.#sign(document);
    const outcome = "refusal" in signed ? signed.refusal.code : "answered";
    const kept = await this.record("sign", outcome, peer, document.message);
    return kept ?? signed;
  }

  /** Keeps a record; answers the refusal of one that could not be kept. */
  async record(
    operation: "key" | "sign",
    outcome: SigningRecord["outcome"],
    peer: string,
    message?: Bytes,
  ): Promise<{ readonly refusal: Refusal } | undefined> {
    const messageDigest = message === undefined ? undefined : encodeHex(portableSha256.digest(message));
    const { now, keepRecord, onError } = this.#ports;
    try {
      const { algorithm, grant: { name: grant } } = this;
      await keepRecord({ timeMs: now(), operation, grant, algorithm, messageDigest, peer, outcome });
      return undefined;
    } catch (error) {
      onError(error);
      return { refusal: { code: "AuditFailed", message: "no record of it could be kept, so it is not answered" } };
    }
  }

  async #sign({ algorithm, key, message }: SignDocument): Promise<Signed> {
    const refuse = (code: RefusalCode, text: string, more: { readonly retryAfterSeconds?: number } = {}): Signed => ({
      refusal: { code, message: text, ...more },
    });
    const over = this.expired();
    if (over !== undefined) return { refusal: over };
    const waitMs = this.#bucket.take();
    if (waitMs > 0) {
      const retryAfterSeconds = Math.ceil(waitMs / 1000);
      return refuse("RateExceeded", "more requests than the grant allows in this time", { retryAfterSeconds });
    }
    if (algorithm !== this.algorithm) {
      return refuse("AlgorithmNotAllowed", `the grant is for ${this.algorithm}`);
    }
    if (key !== this.#key) return refuse("KeyMismatch", "the grant is for another key, perhaps a new one");
    const { grant, grant: { signer } } = this;
    const objection = messageObjection(grant.messages, signer.algorithm, message, this.#ports.now());
    if (objection !== undefined) return refuse("MessageNotAllowed", objection);
    if (this.#left < 1) return refuse("GrantExhausted", "the grant has no signatures left");
    this.#left--;
    try {
      return { signature: await signer.sign(message) };
    } catch (error) {
      this.#ports.onError(error);
      const { code } = error as { readonly code?: unknown };
      return refuse("SignerFailed", typeof code === "string" ? `the key could not be used: ${code}` : "the key failed");
    }
  }
}
