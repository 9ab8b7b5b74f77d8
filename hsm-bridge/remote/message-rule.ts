/**
 * What a grant may have signed.
 *
 * A key that signs whatever it is asked to is an oracle: it would sign a certificate, a TLS handshake or a request to a
 * service that nobody thought of. What CreateSession needs is one text of four lines, and nothing else looks like it.
 *
 * @see {@link https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-sign-process.html | Signing
 * process for IAM Roles Anywhere authentication}
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { decodeLatin1 } from "../../core/bytes/text.ts";
import type { SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";

/**
 * - `roles-anywhere`: strings to sign of requests to IAM Roles Anywhere, at most {@link MAX_CLOCK_DIFFERENCE_MS} away
 *   from the clock, so that no signatures can be laid by for later
 * - `any-message`: everything. Whoever has the grant can do whatever the key can do
 */
export type MessageRule = "roles-anywhere" | "any-message";

/** How far from the clock the time in a string to sign may be, in milliseconds: as far as the service accepts it. */
export const MAX_CLOCK_DIFFERENCE_MS = 900_000;

/** Longest message of each rule, in octets: a string to sign has less than 200, and nothing bigger than a CRL is signed. */
export const MAX_MESSAGE_LENGTH: Readonly<Record<MessageRule, number>> = {
  "roles-anywhere": 512,
  "any-message": 131_072,
};

/** Why the message may not be signed; undefined: it may. */
export function messageObjection(
  rule: MessageRule,
  algorithm: SignatureAlgorithm,
  message: Bytes,
  timeMs: number,
): string | undefined {
  if (message.length > MAX_MESSAGE_LENGTH[rule]) {
    return `the message has ${message.length} octets, at most ${MAX_MESSAGE_LENGTH[rule]} are signed`;
  }
  if (rule === "any-message") return undefined;
  const match = STRING_TO_SIGN.exec(decodeLatin1(message));
  if (match === null) return "the message is no string to sign of a request to IAM Roles Anywhere";
  const [, token, date, time, scopeDate] = match;
  if (token !== algorithm.sigv4) return `the message says ${token}, and the key signs ${algorithm.name}`;
  if (scopeDate !== date) return "the message has two dates";
  const day = date!.replace(/(....)(..)(..)/, "$1-$2-$3");
  const differenceMs = Math.abs(Date.parse(`${day}T${time!.replace(/(..)(..)(..)/, "$1:$2:$3")}Z`) - timeMs);
  // Of a time that does not exist it is no number.
  if (differenceMs <= MAX_CLOCK_DIFFERENCE_MS) return undefined;
  return `the message is for another time than this service's clock has, ${
    Math.round(differenceMs / 60_000)
  } minutes away`;
}

/** Algorithm, time, scope and the hash of the canonical request, each in its line, none behind the last. */
const STRING_TO_SIGN =
  /^(AWS4-X509-(?:RSA-SHA256|ECDSA-SHA256|MLDSA))\n(\d{8})T(\d{6})Z\n(\d{8})\/[a-z0-9-]{1,32}\/rolesanywhere\/aws4_request\n[0-9a-f]{64}$/;
