/**
 * The signing protocol, version 1: how a program asks another one, which holds a private key, for signatures.
 *
 * What crosses is the public key, messages and signatures. The private key, its PIN and its password never do, and
 * there is no request that would return them.
 *
 * ## Documents
 *
 * Documents are JSON objects (RFC 8259) in UTF-8. Octets are base64 (RFC 4648 §4) with padding and without white space.
 * Members that a reader does not know are ignored.
 *
 * **Key document**
 *
 *     version        number. 1.
 *     algorithm      text. What the key signs with; see below.
 *     publicKey      octets. SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), DER.
 *     certificates   OPTIONAL. Array of octets: certificates, DER, that of the key first, then those that lead
 *                    upwards from it.
 *
 * **Sign document**
 *
 *     algorithm      text. What the client expects the key to sign with. Another than the key's is refused.
 *     key            text. SHA-256 of the SubjectPublicKeyInfo that the client expects, 64 lower-case hexadecimal
 *                    digits. A key that was replaced meanwhile is refused, instead of signing what nobody can verify.
 *     message        octets. The message itself and not a digest of it: whoever holds the key sees what it signs.
 *
 * **Signature document**
 *
 *     signature      octets. The signature in its X.509 encoding: RSA as RFC 8017 §8.2.1 writes it, ECDSA as the DER of
 *                    RFC 3279 §2.2.3, ML-DSA as FIPS 204 writes it.
 *
 * **Error document**
 *
 *     error          object:
 *       code               text. One of the codes below, or one that this version does not know.
 *       message            text, for people. Never a secret.
 *       retryAfterSeconds  OPTIONAL number. When it is worth another try.
 *
 * **Algorithms**: `rsa-pkcs1-sha256`, `rsa-pkcs1-sha384`, `rsa-pkcs1-sha512` (RFC 8017 §8.2), `ecdsa-sha256`,
 * `ecdsa-sha384`, `ecdsa-sha512` (FIPS 186-5 §6, on the key's curve), `ed25519` (RFC 8032 §5.1), `ml-dsa-44`,
 * `ml-dsa-65`, `ml-dsa-87` (FIPS 204 §5.2, empty context).
 *
 * **Codes**, with the HTTP status that goes with each: `Malformed` 400, `Unauthorized` 401, `HostNotAllowed` 403,
 * `BrowserNotAllowed` 403, `AlgorithmNotAllowed` 403, `MessageNotAllowed` 403, `GrantExpired` 403, `GrantExhausted` 403,
 * `NotFound` 404, `MethodNotAllowed` 405, `BodyTimeout` 408, `KeyMismatch` 409, `BodyTooLarge` 413, `RateExceeded` 429,
 * `SignerFailed` 502, `AuditFailed` 503.
 *
 * ## Over HTTP
 *
 * HTTP/1.1 over TLS on a loopback address, or over a Unix socket. Bodies are `application/json`.
 *
 *     GET  /v1/key    answers 200 and the key document
 *     POST /v1/sign   takes the sign document, answers 200 and the signature document
 *
 * `Authorization: Bearer` and the token of the grant (RFC 6750 §2.1) stand in every request, unless the socket itself is
 * the grant. Every other status than 200 comes with the error document; 429 with `Retry-After`, 401 with
 * `WWW-Authenticate: Bearer`.
 *
 * ## Over standard input and output
 *
 * A program that holds a key is started by its client and reads one document a line from standard input and writes one a
 * line to standard output; standard error is for people. Lines end with LF. The program ends when its input does.
 *
 *     {"hello":1}                          the version of the client; once, first. Answered with the key document, or
 *                                          with an error document
 *     {"id":1,"sign":{ sign document }}    answered with {"id":1,"signature":"…"} or {"id":1,"error":{…}}
 *
 * `id` is a number that the client chooses and uses once. Several requests may be under way; answers come in any order.
 *
 * @module
 */

import { decodeBase64, encodeBase64 } from "../bytes/base64.ts";
import type { Bytes } from "../bytes/bytes.ts";
import { encodeHex } from "../bytes/hex.ts";
import { portableSha256 } from "../crypto/sha256.ts";
import {
  ECDSA_SHA256,
  ECDSA_SHA384,
  ECDSA_SHA512,
  ED25519,
  ML_DSA_44,
  ML_DSA_65,
  ML_DSA_87,
  RSA_PKCS1_SHA256,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
  type SignatureAlgorithm,
} from "../crypto/signature-algorithm.ts";

/** The version of the protocol that is spoken here. */
export const SIGNING_PROTOCOL_VERSION = 1;

/** Longest document that a client reads, in octets: a key document with a chain of ML-DSA certificates is below 100 kB. */
export const MAX_SIGNING_ANSWER_LENGTH = 262_144;

/** Why a request was refused. */
export type RefusalCode =
  | "Malformed"
  | "Unauthorized"
  | "HostNotAllowed"
  | "BrowserNotAllowed"
  | "AlgorithmNotAllowed"
  | "MessageNotAllowed"
  | "GrantExpired"
  | "GrantExhausted"
  | "NotFound"
  | "MethodNotAllowed"
  | "BodyTimeout"
  | "KeyMismatch"
  | "BodyTooLarge"
  | "RateExceeded"
  | "SignerFailed"
  | "AuditFailed";

/** The HTTP status of each refusal. */
export const REFUSAL_STATUS: Readonly<Record<RefusalCode, number>> = {
  Malformed: 400,
  Unauthorized: 401,
  HostNotAllowed: 403,
  BrowserNotAllowed: 403,
  AlgorithmNotAllowed: 403,
  MessageNotAllowed: 403,
  GrantExpired: 403,
  GrantExhausted: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  BodyTimeout: 408,
  KeyMismatch: 409,
  BodyTooLarge: 413,
  RateExceeded: 429,
  SignerFailed: 502,
  AuditFailed: 503,
};

/** The key that signatures are asked of. */
export interface KeyDocument {
  /** What it signs with. */
  readonly algorithm: SignatureAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes;
  /** Certificates, DER: the key's own first. Empty when they are not known there. */
  readonly certificates: readonly Bytes[];
}

/** A message to sign, and what the client takes for granted. */
export interface SignDocument {
  /** Name of the algorithm. */
  readonly algorithm: string;
  /** SHA-256 of the key, as {@link keyDigest} writes it. */
  readonly key: string;
  /** The message. */
  readonly message: Bytes;
}

/** A refusal. */
export interface ErrorDocument {
  /** A {@linkcode RefusalCode}, or a code of a later version. */
  readonly code: string;
  /** For people. */
  readonly message: string;
  /** When it is worth another try, in seconds. */
  readonly retryAfterSeconds?: number;
}

/** The protocol's name of an algorithm; undefined: it has none. */
export function signingAlgorithmName({ oid }: SignatureAlgorithm): string | undefined {
  return Object.keys(ALGORITHMS).find((name) => ALGORITHMS[name]!.oid === oid);
}

/** How a key is named in a request: SHA-256 of its SubjectPublicKeyInfo, in hexadecimal. */
export function keyDigest(publicKey: Bytes): string {
  return encodeHex(portableSha256.digest(publicKey));
}

/** Writes a key document. @throws {TypeError} when the protocol has no name for the algorithm */
export function writeKeyDocument({ algorithm, publicKey, certificates }: KeyDocument): string {
  const name = signingAlgorithmName(algorithm);
  if (name === undefined) throw new TypeError(`"algorithm" has no name in the signing protocol: ${algorithm.name}`);
  return JSON.stringify({
    version: SIGNING_PROTOCOL_VERSION,
    algorithm: name,
    publicKey: encodeBase64(publicKey),
    ...(certificates.length === 0 ? {} : { certificates: certificates.map(encodeBase64) }),
  });
}

/** Reads a key document. Text in place of it says what is wrong. */
export function readKeyDocument(document: Readonly<Record<string, unknown>>): KeyDocument | string {
  const { version, algorithm: name, certificates: given = [] } = document;
  if (version !== SIGNING_PROTOCOL_VERSION) return `its version of the protocol is not ${SIGNING_PROTOCOL_VERSION}`;
  const algorithm = typeof name === "string" && Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined;
  if (algorithm === undefined) return "its algorithm has a name that is not known here";
  const publicKey = readOctets(document["publicKey"]);
  if (publicKey === undefined || publicKey.length === 0) return "its publicKey is missing or not base64";
  if (!Array.isArray(given)) return "its certificates are no array";
  const certificates = given.map(readOctets).filter((octets) => octets !== undefined);
  if (certificates.length < given.length) return "one of its certificates is not base64";
  return { algorithm, publicKey, certificates };
}

/** Writes a sign document. */
export function writeSignDocument({ algorithm, key, message }: SignDocument): string {
  return JSON.stringify({ algorithm, key, message: encodeBase64(message) });
}

/** Reads a sign document. Text in place of it says what is wrong. */
export function readSignDocument(document: Readonly<Record<string, unknown>>): SignDocument | string {
  const { algorithm, key } = document;
  if (typeof algorithm !== "string") return "algorithm is missing or no text";
  if (typeof key !== "string" || !/^[0-9a-f]{64}$/.test(key)) return "key is no SHA-256 in lower-case hexadecimal";
  const message = readOctets(document["message"]);
  return message === undefined ? "message is missing or not base64" : { algorithm, key, message };
}

/** Reads the signature of a signature document; undefined: it is none. */
export function readSignature(document: Readonly<Record<string, unknown>>): Bytes | undefined {
  const signature = readOctets(document["signature"]);
  return signature === undefined || signature.length === 0 ? undefined : signature;
}

/** Reads an error document; undefined: it is none. */
export function readErrorDocument(document: Readonly<Record<string, unknown>>): ErrorDocument | undefined {
  const { error } = document;
  if (typeof error !== "object" || error === null) return undefined;
  const { code, message, retryAfterSeconds } = error as Readonly<Record<string, unknown>>;
  if (typeof code !== "string") return undefined;
  return {
    code,
    message: typeof message === "string" ? message : "",
    ...(typeof retryAfterSeconds === "number" && retryAfterSeconds >= 0 ? { retryAfterSeconds } : {}),
  };
}

/** Reads a JSON object; undefined: it is none. */
export function readJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Readonly<Record<string, unknown>>
    : undefined;
}

function readOctets(value: unknown): Bytes | undefined {
  return typeof value === "string" ? decodeBase64(value) : undefined;
}

const ALGORITHMS: Readonly<Record<string, SignatureAlgorithm>> = {
  "rsa-pkcs1-sha256": RSA_PKCS1_SHA256,
  "rsa-pkcs1-sha384": RSA_PKCS1_SHA384,
  "rsa-pkcs1-sha512": RSA_PKCS1_SHA512,
  "ecdsa-sha256": ECDSA_SHA256,
  "ecdsa-sha384": ECDSA_SHA384,
  "ecdsa-sha512": ECDSA_SHA512,
  "ed25519": ED25519,
  "ml-dsa-44": ML_DSA_44,
  "ml-dsa-65": ML_DSA_65,
  "ml-dsa-87": ML_DSA_87,
};
