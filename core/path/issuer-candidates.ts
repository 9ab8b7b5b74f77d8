/**
 * Which certificates may have issued another one, the likeliest first (RFC 4158 §3.5).
 *
 * @module
 */

import { equalBytes } from "../bytes/bytes.ts";
import { BaseError } from "../base-error.ts";
import type { Certificate } from "../x509/certificate.ts";

/**
 * The certificates of the pool whose subject is the child's issuer (RFC 5280 §7.1); those whose key identifier is the
 * one that the child names come first, those with another one last. Identifiers are hints and exclude nobody.
 */
export function issuerCandidates(child: Certificate, pool: readonly Certificate[]): readonly Certificate[] {
  const named = pool.filter((certificate) => isNamed(child, certificate));
  if (named.length < 2) return named;
  const wanted = hint(() => child.authorityKeyIdentifier?.keyIdentifier);
  const rank = (certificate: Certificate): number => {
    const found = hint(() => certificate.subjectKeyIdentifier);
    return wanted === undefined || found === undefined ? 1 : equalBytes(wanted, found) ? 0 : 2;
  };
  return named.map((certificate) => ({ certificate, rank: rank(certificate) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ certificate }) => certificate);
}

/** The pool without certificates that are there a second time. */
export function distinctCertificates(pool: readonly Certificate[]): readonly Certificate[] {
  return pool.filter((certificate, index) => {
    for (let i = 0; i < index; i++) if (equalBytes(pool[i]!.der, certificate.der)) return false;
    return true;
  });
}

/** Whether both have the same subject and the same key: on one path they would be a loop. */
export function sameEntity(a: Certificate, b: Certificate): boolean {
  return equalBytes(a.spki, b.spki) && (equalBytes(a.subject.der, b.subject.der) || a.subject.equals(b.subject));
}

/** Whether subject and issuer are the same name (RFC 5280 §6.1). */
export function isSelfIssued(certificate: Certificate): boolean {
  return isNamed(certificate, certificate);
}

/** Octets that are equal are equal names, unless the text is malformed, which equals nothing. */
function isNamed(child: Certificate, issuer: Certificate): boolean {
  return child.issuer.equals(issuer.subject);
}

/** A malformed identifier is no hint; that it is malformed is found out when its certificate is checked. */
function hint<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof BaseError) return undefined;
    throw error;
  }
}
