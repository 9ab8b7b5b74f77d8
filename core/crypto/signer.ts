/**
 * The two ends of a signature: who makes it and who checks it.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { SignatureAlgorithm } from "./signature-algorithm.ts";

/** A value now, or a promise of it: software signers may be synchronous, devices are not. */
export type Awaitable<T> = T | Promise<T>;

/** Makes signatures with one private key, wherever that key lives. */
export interface Signer {
  /** The algorithm it signs with. */
  readonly algorithm: SignatureAlgorithm;
  /** SubjectPublicKeyInfo octets of its key, DER. */
  readonly publicKey: Bytes;
  /**
   * Signs the message (not a digest of it) and answers the X.509 encoding of the signature: DER for ECDSA.
   *
   * Secret: the implementation states what it hides.
   */
  sign(message: Bytes): Awaitable<Bytes>;
}

/** Checks signatures of one public key. */
export interface Verifier {
  /** The algorithm it checks. */
  readonly algorithm: SignatureAlgorithm;
  /**
   * Whether the signature, in its X.509 encoding, is one of the message. False for every malformed signature;
   * throws only when the platform itself fails. Public: variable time.
   */
  verify(message: Bytes, signature: Bytes): Awaitable<boolean>;
}

/** Checks one signature of a message that comes in pieces, so that the message need never be in memory at once. */
export interface StreamVerifier {
  /** The algorithm it checks. */
  readonly algorithm: SignatureAlgorithm;
  /** Takes the next piece of the message; its octets may change when the call has returned. */
  update(piece: Bytes): void;
  /**
   * Whether the signature, in its X.509 encoding, is one of all the pieces. Ends the verifier. False for every
   * malformed signature; throws only when the platform itself fails. Public: variable time.
   */
  verify(signature: Bytes): Awaitable<boolean>;
}
