/**
 * What the extensions of a revocation list say about its use (RFC 5280 §5.2).
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import { equalBytes } from "../../bytes/bytes.ts";
import { AUTHORITY_KEY_IDENTIFIER } from "../../x509/extensions/authority-key-identifier.ts";
import { CRL_NUMBER } from "../../x509/extensions/crl-number.ts";
import { DELTA_CRL_INDICATOR } from "../../x509/extensions/delta-crl-indicator.ts";
import { type Extension, type ExtensionType, findExtension } from "../../x509/extensions/extension.ts";
import { FRESHEST_CRL } from "../../x509/extensions/freshest-crl.ts";
import { ISSUER_ALTERNATIVE_NAME } from "../../x509/extensions/issuer-alternative-name.ts";
import {
  ISSUING_DISTRIBUTION_POINT,
  type IssuingDistributionPoint,
} from "../../x509/extensions/issuing-distribution-point.ts";
import type { RevocationListFields } from "../../x509/crl/revocation-list-fields.ts";
import { nameText } from "../../x509/name-text.ts";
import { pointNames } from "./point-names.ts";
import type { UnknownStatus } from "./revocation-checker.ts";
import { unknown, unreadable } from "./unknown-status.ts";

/** The extensions of a list, decoded. */
export interface ListFacts {
  /** What the list says about itself. */
  readonly fields: RevocationListFields;
  /** For messages: the list's issuer. */
  readonly label: string;
  /** Which certificates and reasons it covers; undefined: all of its issuer. */
  readonly distribution: IssuingDistributionPoint | undefined;
  /** Comparable names of the distribution point that it is published at; undefined: it does not say. */
  readonly names: ReadonlySet<string> | undefined;
  /** Its number in the sequence of its issuer. */
  readonly number: bigint | undefined;
  /** The number of the list that it completes; undefined: it is complete itself. */
  readonly baseNumber: bigint | undefined;
  /** Which key signed it. */
  readonly keyIdentifier: Bytes | undefined;
}

/** Decodes them, or says why the list cannot be used. */
export function readListFacts(fields: RevocationListFields): ListFacts | UnknownStatus {
  let label = "the list";
  try {
    label = `the list of "${nameText(fields.issuer)}"`;
    for (const { oid, critical } of fields.extensions) {
      if (critical && !PROCESSED.includes(oid)) {
        return unknown("critical-extension", `${label} has the unsupported critical extension ${oid}`);
      }
    }
    const distribution = decode(fields, ISSUING_DISTRIBUTION_POINT);
    if (distribution !== undefined && kinds(distribution) > 1) {
      return unknown("malformed", `${label} says that it holds only certificates of two kinds at once`);
    }
    return {
      fields,
      label,
      distribution,
      names: distribution?.distributionPoint === undefined
        ? undefined
        : pointNames(distribution.distributionPoint, fields.issuer),
      number: decode(fields, CRL_NUMBER),
      baseNumber: decode(fields, DELTA_CRL_INDICATOR),
      keyIdentifier: decode(fields, AUTHORITY_KEY_IDENTIFIER)?.keyIdentifier,
    };
  } catch (error) {
    const status = unreadable(label, error);
    if (status === undefined) throw error;
    return status;
  }
}

/**
 * Whether a delta list completes a complete one: both are of one issuer, one scope and one key, and the numbers fit
 * (RFC 5280 §5.2.4, §6.3.3 (c)).
 */
export function completes(delta: ListFacts, base: ListFacts): boolean {
  return delta.fields.issuer.equals(base.fields.issuer) &&
    delta.baseNumber !== undefined && base.number !== undefined && delta.number !== undefined &&
    delta.baseNumber <= base.number && base.number < delta.number &&
    sameValue(delta, base, ISSUING_DISTRIBUTION_POINT.oid) && sameValue(delta, base, AUTHORITY_KEY_IDENTIFIER.oid);
}

function decode<T>(fields: RevocationListFields, type: ExtensionType<T>): T | undefined {
  return findExtension(fields.extensions, type.oid)?.decode(type);
}

/** RFC 5280 §5.2.5: at most one may be asserted. */
function kinds(distribution: IssuingDistributionPoint): number {
  return Number(distribution.onlyContainsUserCerts) + Number(distribution.onlyContainsCACerts) +
    Number(distribution.onlyContainsAttributeCerts);
}

/** Both lack the extension, or have it with the same octets. */
function sameValue(a: ListFacts, b: ListFacts, oid: string): boolean {
  const one: Extension | undefined = findExtension(a.fields.extensions, oid);
  const other = findExtension(b.fields.extensions, oid);
  return one === undefined || other === undefined ? one === other : equalBytes(one.value, other.value);
}

/** Extensions whose meaning is enforced, or that restrict nothing. */
const PROCESSED: readonly string[] = /* @__PURE__ */ [
  AUTHORITY_KEY_IDENTIFIER,
  ISSUER_ALTERNATIVE_NAME,
  CRL_NUMBER,
  DELTA_CRL_INDICATOR,
  ISSUING_DISTRIBUTION_POINT,
  FRESHEST_CRL,
].map((type) => type.oid);
