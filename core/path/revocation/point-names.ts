/**
 * Names of distribution points, as they are compared (RFC 5280 §6.3.3 (b) (2) (i)).
 *
 * @module
 */

import { encodeHex } from "../../bytes/hex.ts";
import type { DistributionPointName } from "../../x509/extensions/distribution-point.ts";
import type { GeneralName } from "../../x509/general-name.ts";
import { Name } from "../../x509/name.ts";

/** Names of a distribution point. @param issuer who completes a relative one */
export function pointNames(name: DistributionPointName, issuer: Name): ReadonlySet<string> {
  if ("fullName" in name) return comparableNames(name.fullName);
  const whole = new Name([...issuer.rdns, name.nameRelativeToCRLIssuer], new Uint8Array(0), 0, 0);
  return comparableNames([{ form: "directoryName", value: whole }]);
}

/** Text that is the same for names that are the same; names that equal none are left out. */
export function comparableNames(names: readonly GeneralName[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const name of names) {
    const key = comparableValue(name);
    if (key !== undefined) keys.add(`${name.form}:${key}`);
  }
  return keys;
}

function comparableValue(name: GeneralName): string | undefined {
  switch (name.form) {
    case "directoryName":
      return name.value.comparisonKey;
    case "dNSName":
      return name.value.toLowerCase();
    case "otherName":
      return `${name.oid}:${encodeHex(name.value)}`;
    case "ediPartyName":
      return JSON.stringify([name.nameAssigner, name.partyName]);
    default:
      return typeof name.value === "string" ? name.value : encodeHex(name.value);
  }
}
