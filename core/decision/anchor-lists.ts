/**
 * The revocation lists that count for a trust anchor, and what they say about a certificate, as the service is
 * believed to read them: the entries of all lists are united, and any of them refuses.
 *
 * Differences to RFC 5280 §6.3 are assumptions: distribution points need not match, a delta list counts without the
 * list that it completes, and an expired list may count.
 *
 * @see IAM Roles Anywhere user guide, "Revocation"
 * @module
 */

import { hint } from "../path/path-member.ts";
import { HeldList } from "../path/revocation/examined-list.ts";
import { crlChecker } from "../path/revocation/crl-checker.ts";
import type {
  CertificateIssuer,
  RevocationChecker,
  RevocationContext,
  RevocationStatus,
  RevokedStatus,
} from "../path/revocation/revocation-checker.ts";
import type { Certificate } from "../x509/certificate.ts";
import { REASON_CODE } from "../x509/extensions/reason-code.ts";
import type { DecisionPreset } from "./decision-options.ts";
import type { RevocationListState } from "./session-state.ts";

/** The enabled lists of one trust anchor. */
export interface AnchorLists {
  /** In the order of the state. */
  readonly lists: readonly RevocationListState[];
  /** What they say. */
  readonly checker: RevocationChecker;
}

/** Finds the lists of a trust anchor among those of the state. */
export function makeAnchorLists(
  crls: readonly RevocationListState[],
  trustAnchorArn: string,
  expired: DecisionPreset["expiredCrl"],
): AnchorLists {
  const lists = crls.filter((one) => one.enabled && one.trustAnchorArn === trustAnchorArn);
  return { lists, checker: new UnitedLists(lists, expired) };
}

/** Whether a list's nextUpdate has passed; it names a whole second. */
export function isExpired({ nextUpdate }: { readonly nextUpdate: number | undefined }, timeMs: number): boolean {
  return nextUpdate !== undefined && timeMs >= nextUpdate + 1000;
}

class UnitedLists implements RevocationChecker {
  readonly #checker: RevocationChecker;
  readonly #deltas: readonly HeldList[];
  readonly #expired: DecisionPreset["expiredCrl"];

  constructor(states: readonly RevocationListState[], expired: DecisionPreset["expiredCrl"]) {
    const lists = states.map(({ list }) => list);
    this.#expired = expired;
    this.#checker = crlChecker({
      crls: lists,
      expired: expired === "honour" ? "ignore" : "enforce",
      distributionPoints: "ignore",
    });
    this.#deltas = lists.map((list) => new HeldList(list)).filter(({ facts }) =>
      !("status" in facts) && facts.baseNumber !== undefined
    );
  }

  async check(
    certificate: Certificate,
    issuer: CertificateIssuer,
    context: RevocationContext,
  ): Promise<RevocationStatus> {
    const status = await this.#checker.check(certificate, issuer, context);
    if (status.status === "revoked") return status;
    for (const delta of this.#deltas) {
      const found = await this.#entryIn(delta, certificate, issuer, context);
      if (found !== undefined) return found;
    }
    return status;
  }

  /** What a delta list says on its own. */
  async #entryIn(
    delta: HeldList,
    certificate: Certificate,
    issuer: CertificateIssuer,
    context: RevocationContext,
  ): Promise<RevokedStatus | undefined> {
    context.spend("comparison");
    const { facts } = delta;
    if ("status" in facts || !delta.issuer.equals(certificate.issuer)) return undefined;
    if (this.#expired !== "honour" && isExpired(facts.fields, context.time)) return undefined;
    const found = delta.search(certificate.serialNumber, certificate.issuer);
    if ("status" in found || found.indirectEntry === undefined) return undefined;
    const { indirectEntry } = found;
    // Whose entry says why in a way that cannot be read is revoked all the same.
    const reason = hint(() => indirectEntry.decode(REASON_CODE)) ?? "unspecified";
    if (reason === "removeFromCRL" || await delta.signedBy(issuer.publicKey, context) !== "right") return undefined;
    return { status: "revoked", reason, date: indirectEntry.revocationDate };
  }
}
