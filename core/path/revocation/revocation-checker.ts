/**
 * What the path validator asks about each certificate of a path: whether its issuer took it back.
 *
 * @module
 */

import type { VerifyingProvider } from "../../crypto/provider.ts";
import type { PublicKey } from "../../crypto/public-key.ts";
import type { ReasonCode } from "../../x509/extensions/reason-code.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { Name } from "../../x509/name.ts";

/** Whoever issued a certificate, as the validator knows it: a certificate, or a trust anchor that is name and key. */
export interface CertificateIssuer {
  /** Its name. */
  readonly subject: Name;
  /** The key that signed the certificate. */
  readonly publicKey: PublicKey;
  /** Its certificate; absent: a trust anchor without one. */
  readonly certificate?: Certificate;
}

/** What a check of revocation may use. */
export interface RevocationContext {
  /** The time to check for, milliseconds since the epoch. */
  readonly time: number;
  /** Checks the signatures. */
  readonly crypto: VerifyingProvider;
  /** Pays for one step, a signature by its key; what it throws when the budget is spent ends the check. */
  readonly spend: (cost: "signature" | "comparison", key?: PublicKey) => void;
  /**
   * Certificates that may belong to whoever signs a list with another key than the certificate's issuer: after a
   * change of keys, with a key for lists alone, or for an indirect list (RFC 5280 §6.3.3 (f)). Intermediates and
   * anchors in any order. Default: none.
   */
  readonly signerCandidates?: readonly Certificate[];
  /**
   * Whether a candidate that has the right name and may sign lists is trusted: there is a valid path from it to the
   * anchor of the path being validated, its own revocation checked. Must not go in circles: a candidate whose
   * validation asks for itself is not trusted. Called before any of its signatures is believed. Absent: no candidate
   * is trusted.
   */
  readonly validateSigner?: ValidateSigner;
}

/** See {@link RevocationContext.validateSigner}. */
export type ValidateSigner = (candidate: Certificate) => Promise<boolean>;

/** Answers whether a certificate is revoked. */
export interface RevocationChecker {
  /**
   * The status of one certificate. Lists that cannot be used are no errors: they settle nothing.
   *
   * @throws what `context.spend` throws, and what the platform throws when it fails
   */
  check(
    certificate: Certificate,
    issuer: CertificateIssuer,
    context: RevocationContext,
  ): Promise<RevocationStatus>;
}

/** The status of one certificate. What `unknown` means is the relying party's decision. */
export type RevocationStatus = GoodStatus | RevokedStatus | UnknownStatus;

/** Every reason is covered by a usable list, and none names the certificate. */
export interface GoodStatus {
  /** Tells the statuses apart. */
  readonly status: "good";
}

/** A usable list names the certificate. */
export interface RevokedStatus {
  /** Tells the statuses apart. */
  readonly status: "revoked";
  /** Why; `unspecified` when the entry does not say, or not in a way that can be read. */
  readonly reason: ReasonCode;
  /** Since when, milliseconds since the epoch, as the list says; may lie after the time that was asked for. */
  readonly date: number;
}

/** No list settles it. */
export interface UnknownStatus {
  /** Tells the statuses apart. */
  readonly status: "unknown";
  /** What is missing, of several things the most specific. */
  readonly code: UnknownStatusCode;
  /** The same for people, completing "the revocation status is not known: …". */
  readonly why: string;
}

/**
 * - `no-list`: there is no list of this issuer
 * - `scope`: the lists of this issuer are about other certificates or distribution points
 * - `no-base`: there is a delta list, and no complete list that it completes
 * - `signer`: nobody who is trusted could have signed the list
 * - `signature`: the signature of the list is wrong
 * - `unsupported-algorithm`: the provider cannot check it
 * - `malformed`: the list, or what the certificate says about lists, cannot be read
 * - `critical-extension`: the list has a critical extension that is not processed
 * - `reasons`: the lists do not cover all reasons
 * - `not-yet-valid`, `expired`: the time is before thisUpdate, or after nextUpdate
 * - `limit`: the list is larger than is accepted
 */
export type UnknownStatusCode =
  | "no-list"
  | "scope"
  | "no-base"
  | "signer"
  | "signature"
  | "unsupported-algorithm"
  | "malformed"
  | "critical-extension"
  | "reasons"
  | "not-yet-valid"
  | "expired"
  | "limit";
