/**
 * Revocation by lists: CRL validation (RFC 5280 §6.3), with complete, delta, partitioned and indirect lists.
 *
 * @module
 */

import { equalBytes } from "../../bytes/bytes.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { CertificateRevocationList } from "../../x509/crl/certificate-revocation-list.ts";
import type { RevocationListIndex } from "../../x509/crl/revocation-list-index.ts";
import type { RevokedCertificate } from "../../x509/crl/revoked-certificate.ts";
import { CRL_DISTRIBUTION_POINTS } from "../../x509/extensions/crl-distribution-points.ts";
import type { DistributionPoint } from "../../x509/extensions/distribution-point.ts";
import { REASON_CODE } from "../../x509/extensions/reason-code.ts";
import type { Name } from "../../x509/name.ts";
import { hint } from "../path-member.ts";
import { type ExaminedList, HeldList } from "./examined-list.ts";
import { completes, type ListFacts } from "./list-facts.ts";
import { ALL_REASONS, coveredReasons, wantedNames } from "./list-scope.ts";
import { checkSigner } from "./list-signer.ts";
import type {
  CertificateIssuer,
  RevocationChecker,
  RevocationContext,
  RevocationStatus,
  RevokedStatus,
  UnknownStatus,
} from "./revocation-checker.ts";
import type { StreamedList } from "./streamed-list.ts";
import { moreUseful, noList, unknown, unreadable } from "./unknown-status.ts";

/** Which lists there are, and how they are used. */
export interface CrlCheckerOptions {
  /**
   * Lists of any issuers, in any order: in memory, with an index where many certificates are to be looked up
   * (`indexRevocationList`), or too large for that (`streamedList`).
   */
  readonly crls: readonly (CertificateRevocationList | RevocationListIndex | StreamedList)[];
  /** What becomes of a list after its nextUpdate: it settles nothing, or it is used all the same. */
  readonly expired: "enforce" | "ignore";
  /**
   * Whether a list that names a distribution point is used only for certificates that name it too (RFC 5280 §6.3.3
   * (b) (2) (i)). `ignore` unites the parts of a partitioned list: a certificate in none of them is good. Default
   * `enforce`.
   */
  readonly distributionPoints?: "enforce" | "ignore";
  /** Milliseconds after thisUpdate after which a list counts as expired, whatever its nextUpdate is. Default: none. */
  readonly maxAgeMs?: number;
}

/**
 * Makes a checker. It keeps what it finds out about lists in memory, for as long as it is kept itself.
 *
 * @throws {TypeError} for an unknown option, or one that is missing or has no such value
 */
export function crlChecker(options: CrlCheckerOptions): RevocationChecker {
  checkOptions(options);
  return new CrlChecker(options);
}

class CrlChecker implements RevocationChecker {
  readonly #options: CrlCheckerOptions;
  readonly #held: readonly HeldList[];
  readonly #streamed: readonly StreamedList[];

  constructor(options: CrlCheckerOptions) {
    this.#options = options;
    this.#held = options.crls.flatMap((list) => "read" in list ? [] : [new HeldList(list)]);
    this.#streamed = options.crls.flatMap((list) => "read" in list ? [list] : []);
  }

  async check(
    certificate: Certificate,
    issuer: CertificateIssuer,
    context: RevocationContext,
  ): Promise<RevocationStatus> {
    let points: readonly DistributionPoint[];
    try {
      points = [...certificate.decode(CRL_DISTRIBUTION_POINTS) ?? [], ISSUER_POINT];
      void certificate.basicConstraints;
    } catch (error) {
      const status = unreadable("what the certificate says about lists", error);
      if (status === undefined) throw error;
      return status;
    }
    const lists: ExaminedList[] = [];
    let reason = noList();
    for await (const list of this.#examined(certificate, issuer, points, context)) {
      if ("status" in list) reason = moreUseful(reason, list);
      else lists.push(list);
    }
    return await new OneCheck(this.#options, certificate, issuer, context, lists, reason).run(points);
  }

  async *#examined(
    certificate: Certificate,
    issuer: CertificateIssuer,
    points: readonly DistributionPoint[],
    context: RevocationContext,
  ): AsyncGenerator<ExaminedList | UnknownStatus, void, undefined> {
    const keys = new Set([
      certificate.issuer.comparisonKey,
      ...points.flatMap(({ cRLIssuer = [] }) =>
        cRLIssuer.map((name) => name.form === "directoryName" ? name.value.comparisonKey : undefined)
      ),
    ]);
    const asked = ({ comparisonKey }: Name): boolean => comparisonKey !== undefined && keys.has(comparisonKey);
    for (const held of this.#held) {
      context.spend("comparison");
      const { facts } = held;
      if ("status" in facts) {
        if (asked(held.issuer)) yield facts;
      } else if (asked(facts.fields.issuer)) {
        yield {
          facts,
          search: (serial, name) => held.search(serial, name),
          signedBy: (key) => held.signedBy(key, context),
        };
      }
    }
    for (const list of this.#streamed) {
      context.spend("comparison");
      yield await list.read(
        certificate,
        issuer,
        context,
        (start) => !asked(start.issuer) ? noList() : notYet(start.thisUpdate, context.time),
      );
    }
  }
}

/** The steps of RFC 5280 §6.3.3 for one certificate. */
class OneCheck {
  readonly #options: CrlCheckerOptions;
  readonly #certificate: Certificate;
  readonly #issuer: CertificateIssuer;
  readonly #context: RevocationContext;
  readonly #complete: readonly ExaminedList[];
  readonly #deltas: readonly ExaminedList[];
  /** What is known about lists that were tried on other distribution points. */
  readonly #believed = new Map<ExaminedList, UnknownStatus | undefined>();
  /** What they say, which is the same on every point. */
  readonly #consulted = new Map<ExaminedList, RevokedStatus | UnknownStatus | undefined>();
  #covered = 0;
  #reason: UnknownStatus;

  constructor(
    options: CrlCheckerOptions,
    certificate: Certificate,
    issuer: CertificateIssuer,
    context: RevocationContext,
    lists: readonly ExaminedList[],
    reason: UnknownStatus,
  ) {
    this.#options = options;
    this.#certificate = certificate;
    this.#issuer = issuer;
    this.#context = context;
    // Of several lists of one scope the newest is the one that holds.
    const newest = [...lists].sort((a, b) => b.facts.fields.thisUpdate - a.facts.fields.thisUpdate);
    this.#complete = newest.filter(({ facts }) => facts.baseNumber === undefined);
    this.#deltas = newest.filter(({ facts }) => facts.baseNumber !== undefined);
    this.#reason = reason;
  }

  async run(points: readonly DistributionPoint[]): Promise<RevocationStatus> {
    const unite = this.#options.distributionPoints === "ignore";
    // A certificate that names another issuer of lists is not good because its own issuer's lists do not name it.
    const delegated = points.some(({ cRLIssuer }) => cRLIssuer !== undefined);
    for (const point of points) {
      const counts = point !== ISSUER_POINT || !delegated;
      const wanted = unite ? undefined : wantedNames(this.#certificate, point);
      for (const list of this.#complete) {
        const steps = 1 + (list.facts.names?.size ?? 0) + (point.cRLIssuer?.length ?? 0);
        for (let step = 0; step < steps; step++) this.#context.spend("comparison");
        const reasons = coveredReasons(this.#certificate, point, list.facts, wanted);
        if (typeof reasons !== "number") this.#note(reasons);
        else if (unite || (reasons & ~this.#covered) !== 0) {
          if (!this.#consulted.has(list)) this.#consulted.set(list, await this.#consult(list));
          const status = this.#consulted.get(list);
          if (status?.status === "revoked") return status;
          if (status !== undefined) this.#note(status);
          else if (counts) this.#covered |= reasons;
        }
        if (this.#covered === ALL_REASONS && !unite) return { status: "good" };
      }
    }
    if (this.#covered === ALL_REASONS) return { status: "good" };
    if (this.#covered !== 0) {
      this.#note(unknown("reasons", "the lists do not cover every reason for which it may be revoked"));
    }
    if (this.#complete.length === 0 && this.#deltas.length > 0) {
      this.#note(unknown("no-base", "there is a delta list, and no complete list that it completes"));
    }
    return this.#reason;
  }

  /** What a complete list says, with the newest delta list that completes it; undefined: the certificate is good. */
  async #consult(list: ExaminedList): Promise<RevokedStatus | UnknownStatus | undefined> {
    const delta = await this.#deltaOf(list);
    const objection = (delta === undefined ? this.#outdated(list.facts) : undefined) ??
      notYet(list.facts.fields.thisUpdate, this.#context.time) ?? await this.#disbelief(list);
    if (objection !== undefined) return objection;
    // The delta list first: it says what has changed (§6.3.3 (i), (j)).
    for (const each of delta === undefined ? [list] : [delta, list]) {
      const entry = this.#entryIn(each);
      if (entry === undefined) continue;
      if ("status" in entry) return entry;
      // Whose entry says why in a way that cannot be read is revoked all the same.
      const reason = hint(() => entry.decode(REASON_CODE)) ?? "unspecified";
      return reason === "removeFromCRL" ? undefined : { status: "revoked", reason, date: entry.revocationDate };
    }
    return undefined;
  }

  async #deltaOf(list: ExaminedList): Promise<ExaminedList | undefined> {
    for (const delta of this.#deltas) {
      this.#context.spend("comparison");
      if (!completes(delta.facts, list.facts)) continue;
      const { thisUpdate } = delta.facts.fields;
      const objection = notYet(thisUpdate, this.#context.time) ?? this.#outdated(delta.facts) ??
        await this.#disbelief(delta);
      if (objection === undefined) return delta;
      this.#note(objection);
    }
    return undefined;
  }

  #entryIn(list: ExaminedList): RevokedCertificate | UnknownStatus | undefined {
    const { label, distribution } = list.facts;
    const found = list.search(this.#certificate.serialNumber, this.#certificate.issuer);
    if ("status" in found) return found;
    if (found.unprocessed !== undefined) {
      const why = `an entry of ${label} has the unsupported critical extension ${found.unprocessed}`;
      return unknown("critical-extension", why);
    }
    if (distribution?.indirectCRL === true) return found.indirectEntry;
    return found.namesIssuers
      ? unknown("critical-extension", `entries of ${label} name issuers, and it is not indirect`)
      : found.entry;
  }

  /** Why nobody has to believe the list. */
  async #disbelief(list: ExaminedList): Promise<UnknownStatus | undefined> {
    if (this.#believed.has(list)) return this.#believed.get(list);
    const context = { ...this.#context, validateSigner: (candidate: Certificate) => this.#trusts(candidate) };
    const objection = await checkSigner(list.facts, this.#issuer, context, (key) => list.signedBy(key, context));
    this.#believed.set(list, objection);
    return objection;
  }

  /**
   * Whether a signer is trusted. One whose certificate says that it issues the lists about itself is on the path that is
   * being validated (PKITS 4.14.30); a key that its issuer has for lists alone does not vouch for itself.
   */
  async #trusts(candidate: Certificate): Promise<boolean> {
    const { validateSigner } = this.#context;
    const isItself = equalBytes(candidate.der, this.#certificate.der) && !candidate.issuer.equals(candidate.subject);
    return validateSigner !== undefined && (isItself || await validateSigner(candidate));
  }

  #outdated({ label, fields: { thisUpdate, nextUpdate } }: ListFacts): UnknownStatus | undefined {
    const { expired, maxAgeMs } = this.#options;
    const { time } = this.#context;
    if (expired === "ignore") return undefined;
    // nextUpdate names a whole second.
    if (nextUpdate !== undefined && time >= nextUpdate + 1000) {
      return unknown("expired", `${label} was to be replaced by ${text(nextUpdate)}, the time is ${text(time)}`);
    }
    if (maxAgeMs !== undefined && time > thisUpdate + maxAgeMs) {
      return unknown("expired", `${label} is of ${text(thisUpdate)}, too old at ${text(time)}`);
    }
    return undefined;
  }

  #note(status: UnknownStatus): void {
    this.#reason = moreUseful(this.#reason, status);
  }
}

/** The point of certificates that name none, and the last of those that do: any list of the issuer (§6.3.3). */
const ISSUER_POINT: DistributionPoint = {};

function notYet(thisUpdate: number, time: number): UnknownStatus | undefined {
  if (time >= thisUpdate) return undefined;
  return unknown("not-yet-valid", `the list is of ${text(thisUpdate)}, the time is ${text(time)}`);
}

function text(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

function checkOptions(options: CrlCheckerOptions): void {
  const allowed: { readonly [name: string]: (value: unknown) => boolean } = {
    crls: (value) => Array.isArray(value),
    expired: (value) => value === "enforce" || value === "ignore",
    distributionPoints: (value) => value === undefined || value === "enforce" || value === "ignore",
    maxAgeMs: (value) => value === undefined || (typeof value === "number" && value >= 0),
  };
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(allowed, name)) throw new TypeError(`"${name}" is not an option of crlChecker()`);
  }
  for (const [name, check] of Object.entries(allowed)) {
    if (!check(options[name as keyof CrlCheckerOptions])) throw new TypeError(`"${name}" has no such value`);
  }
}
