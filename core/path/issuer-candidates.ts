/**
 * Which certificates may have issued another one, the likeliest first (RFC 4158 §3.5).
 *
 * @module
 */

import { equalBytes } from "../bytes/bytes.ts";
import { decodeLatin1 } from "../bytes/text.ts";
import type { Certificate } from "../x509/certificate.ts";
import { hasReadableNames } from "./checks/readable.ts";
import { hint, PathMember } from "./path-member.ts";
import type { TrustAnchor } from "./trust-anchor.ts";

/** Certificates or anchors by subject, without those that are there a second time. */
export class CandidatePool {
  readonly #bySubject = new Map<string, PathMember[]>();
  readonly #ordered = new Set<string>();

  /** Makes a pool. Those whose names cannot be read are on no path and are left out. */
  constructor(position: "intermediate" | "anchor", given: readonly (Certificate | TrustAnchor)[]) {
    for (const one of given) {
      if ("der" in one && !hasReadableNames(one)) continue;
      const key = one.subject.comparisonKey;
      // A name with malformed text equals no name: nobody can have been issued under it.
      if (key === undefined) continue;
      const member = new PathMember(position, one);
      const others = this.#bySubject.get(key);
      if (others === undefined) this.#bySubject.set(key, [member]);
      else others.push(member);
    }
  }

  /**
   * Those whose subject is the child's issuer (RFC 5280 §7.1); the ones whose key identifier, or issuer and serial
   * number, the child names come first, those with another identifier last. These are hints and exclude nobody.
   */
  issuersOf(child: Certificate): readonly PathMember[] {
    const key = child.issuer.comparisonKey;
    const named = key === undefined ? undefined : this.#bySubject.get(key);
    if (named === undefined || named.length < 2) return named ?? [];
    const distinct = this.#ordered.has(key!) ? named : distinctMembers(named);
    this.#ordered.add(key!);
    this.#bySubject.set(key!, distinct);
    const authority = hint(() => child.authorityKeyIdentifier);
    if (authority === undefined) return distinct;
    const rank = (member: PathMember): number => {
      const { keyIdentifier: wanted, authorityCertSerialNumber: serialNumber } = authority;
      if (serialNumber !== undefined && member.certificate !== undefined) {
        if (equalBytes(member.certificate.serialNumber, serialNumber)) return 0;
      }
      const found = member.keyIdentifier;
      return wanted === undefined || found === undefined ? 1 : equalBytes(wanted, found) ? 0 : 2;
    };
    return distinct.map((member) => ({ member, rank: rank(member) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ member }) => member);
  }
}

function distinctMembers(members: readonly PathMember[]): PathMember[] {
  const seen = new Set<string>();
  return members.filter(({ certificate }) => {
    if (certificate === undefined) return true;
    const octets = decodeLatin1(certificate.der);
    if (seen.has(octets)) return false;
    seen.add(octets);
    return true;
  });
}
