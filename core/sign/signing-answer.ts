/**
 * What clients of every kind do with the answers of whoever holds the key: believe none of them.
 *
 * @module
 */

import { type Bytes, equalBytes } from "../bytes/bytes.ts";
import { visibleText } from "../bytes/visible-text.ts";
import { ecdsaSignatureFromDer } from "../crypto/ecdsa-signature.ts";
import { requireFit, signatureOctets } from "../crypto/key-fit.ts";
import type { VerifyingProvider } from "../crypto/provider.ts";
import { CURVE_OCTETS, type PublicKey } from "../crypto/public-key.ts";
import type { SignatureAlgorithm } from "../crypto/signature-algorithm.ts";
import type { Verifier } from "../crypto/signer.ts";
import { parseSubjectPublicKeyInfo } from "../keys/subject-public-key-info.ts";
import { RemoteSignerError, type RemoteSignerErrorCode } from "./remote-signer-error.ts";
import type { ErrorDocument, RefusalCode } from "./signing-protocol.ts";

/** Text of strangers is shown up to this length, in UTF-16 units. */
const MAX_SHOWN_LENGTH = 200;

/** The error of a refusal. */
export function refusalError(endpoint: string, { code, message, retryAfterSeconds }: ErrorDocument): RemoteSignerError {
  const reason = visibleText(code, 40);
  const shown = visibleText(message, MAX_SHOWN_LENGTH);
  const known = CODES[code as RefusalCode] ?? "ERR_REMOTE_SIGNER_REFUSED";
  return new RemoteSignerError(known, endpoint, shown === "" ? reason : `${reason}: ${shown}`, {
    reason,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** A key that somebody else holds, and what its signatures must be. */
export class RemoteKey {
  /** What it signs with. */
  readonly algorithm: SignatureAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes;
  readonly #endpoint: string;
  readonly #key: PublicKey;
  readonly #crypto: VerifyingProvider | undefined;
  #verifier: Verifier | undefined;

  /**
   * Takes a key as it was answered.
   *
   * @param expected the SubjectPublicKeyInfo that it must have; undefined: any
   * @param crypto checks every signature; undefined: their form alone is checked
   * @throws {RemoteSignerError} `ERR_REMOTE_SIGNER_KEY`, `ERR_REMOTE_SIGNER_PROTOCOL`
   */
  constructor(
    endpoint: string,
    answered: { readonly algorithm: SignatureAlgorithm; readonly publicKey: Bytes },
    expected: Bytes | undefined,
    crypto: VerifyingProvider | undefined,
  ) {
    const { algorithm, publicKey } = answered;
    if (expected !== undefined && !equalBytes(expected, publicKey)) {
      throw new RemoteSignerError("ERR_REMOTE_SIGNER_KEY", endpoint, "the key there is not the one that is expected");
    }
    try {
      this.#key = parseSubjectPublicKeyInfo(publicKey);
      requireFit(this.#key, algorithm);
    } catch (cause) {
      const state = "the key there cannot be used, or not with its algorithm";
      throw new RemoteSignerError("ERR_REMOTE_SIGNER_PROTOCOL", endpoint, state, { cause });
    }
    this.#endpoint = endpoint;
    this.algorithm = algorithm;
    this.publicKey = publicKey;
    this.#crypto = crypto;
  }

  /**
   * Answers the signature when it is one, as far as that can be seen here.
   *
   * @throws {RemoteSignerError} `ERR_REMOTE_SIGNER_SIGNATURE`
   */
  async check(message: Bytes, signature: Bytes): Promise<Bytes> {
    const refuse = (state: string, cause?: unknown) =>
      new RemoteSignerError("ERR_REMOTE_SIGNER_SIGNATURE", this.#endpoint, state, { cause });
    const length = signatureOctets(this.#key);
    if (length !== undefined && signature.length !== length) {
      throw refuse(`it answered ${signature.length} octets, signatures of the key have ${length}`);
    }
    if (this.#key.type === "ec") {
      try {
        ecdsaSignatureFromDer(signature, CURVE_OCTETS[this.#key.curve]);
      } catch (cause) {
        throw refuse("it answered what is no DER of an ECDSA signature", cause);
      }
    }
    if (this.#crypto !== undefined) {
      this.#verifier ??= await this.#crypto.importPublicKey(this.#key, this.algorithm);
      if (!await this.#verifier.verify(message, signature)) {
        throw refuse("it answered a signature that does not verify");
      }
    }
    return signature;
  }
}

/** What a refusal is to a caller; every other is `ERR_REMOTE_SIGNER_REFUSED`. */
const CODES: { readonly [code in RefusalCode]?: RemoteSignerErrorCode } = {
  Malformed: "ERR_REMOTE_SIGNER_PROTOCOL",
  NotFound: "ERR_REMOTE_SIGNER_PROTOCOL",
  MethodNotAllowed: "ERR_REMOTE_SIGNER_PROTOCOL",
  Unauthorized: "ERR_REMOTE_SIGNER_UNAUTHORIZED",
  BodyTimeout: "ERR_REMOTE_SIGNER_TIMEOUT",
  KeyMismatch: "ERR_REMOTE_SIGNER_KEY",
  RateExceeded: "ERR_REMOTE_SIGNER_THROTTLED",
  SignerFailed: "ERR_REMOTE_SIGNER_FAILED",
  AuditFailed: "ERR_REMOTE_SIGNER_FAILED",
};
