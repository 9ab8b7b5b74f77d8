/**
 * The certificates that a selector fits, listed as the AWS credential helper lists those of a store.
 *
 * @module
 */

import { encodeHex } from "../../core/bytes/hex.ts";
import { visibleText } from "../../core/bytes/visible-text.ts";
import { matchesSelector } from "../../core/selection/choose-certificate.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import { helperNameText } from "../../core/x509/helper-name-text.ts";
import type { Host } from "../host.ts";
import { type IdentityDirectory, readDirectory, readSelector } from "../shared/identity-directory.ts";
import { logLine } from "./log-line.ts";

/**
 * The text: `Matching identities` and each of them with its fingerprint, names in the canonical form of selectors, and
 * serial number; or `No matching identities`; or the same as `{ identities: [{ fingerprint, subject, issuer, serialNumber }] }`.
 * Files that are not used are told on standard error when `debug` is set.
 *
 * Secret: keys are read, to know which certificates have one, and let go.
 */
export async function listIdentities(
  host: Host,
  place: IdentityDirectory,
  { debug, json }: { readonly debug: boolean; readonly json: boolean },
): Promise<string> {
  const selector = readSelector(host, place.selector);
  const { candidates, unused } = await readDirectory(host, place);
  if (debug) { for (const each of unused) host.writeError(logLine(host.now(), `not used: ${visibleText(each)}`)); }
  const matching = candidates.filter(({ certificate }) => matchesSelector(certificate, selector));
  return await identityList(host, matching, json);
}

/** A certificate to list. */
export interface ListedIdentity {
  /** The certificate. */
  readonly certificate: Certificate;
  /** What leads to it; absent: it has none. */
  readonly uri?: string;
}

/** The list, as text or as JSON. */
export async function identityList(
  host: Host,
  identities: readonly ListedIdentity[],
  json: boolean,
): Promise<string> {
  const rows = await Promise.all(identities.map(async ({ certificate, uri }) => ({
    fingerprint: encodeHex(await host.crypto().digest("SHA-1", certificate.der)),
    subject: visibleText(helperNameText(certificate.subject)),
    issuer: visibleText(helperNameText(certificate.issuer)),
    serialNumber: certificate.serialNumberHex.toUpperCase(),
    ...(uri === undefined ? {} : { uri: visibleText(uri) }),
  })));
  if (json) return JSON.stringify({ identities: rows }) + "\n";
  if (rows.length === 0) return "No matching identities\n";
  const texts = rows.map(({ fingerprint, subject, issuer, serialNumber, uri }, index) =>
    `${index + 1}) Hex Fingerprint: ${fingerprint}\nSubject: ${subject}\nIssuer: ${issuer}\n` +
    `Serial Number: ${serialNumber}\n${uri === undefined ? "" : `URI: ${uri}\n`}\n`
  );
  return "Matching identities\n" + texts.join("");
}
