/**
 * The certificates that a selector fits, listed as the AWS credential helper lists those of a store.
 *
 * @module
 */

import { encodeHex } from "../../core/bytes/hex.ts";
import { visibleText } from "../../core/bytes/visible-text.ts";
import { matchesSelector } from "../../core/selection/choose-certificate.ts";
import { helperNameText } from "../../core/x509/helper-name-text.ts";
import type { Host } from "../host.ts";
import { type IdentityDirectory, readDirectory, readSelector } from "../shared/identity-directory.ts";
import { logLine } from "./log-line.ts";

/**
 * The text: `Matching identities` and each of them with its fingerprint, names in the canonical form of selectors, and
 * serial number; or `No matching identities`. Files that are not used are told on standard error when `debug` is set.
 *
 * Secret: keys are read, to know which certificates have one, and let go.
 */
export async function listIdentities(host: Host, place: IdentityDirectory, debug: boolean): Promise<string> {
  const selector = readSelector(host, place.selector);
  const { candidates, unused } = await readDirectory(host, place);
  if (debug) { for (const each of unused) host.writeError(logLine(host.now(), `not used: ${visibleText(each)}`)); }
  const matching = candidates.filter(({ certificate }) => matchesSelector(certificate, selector));
  if (matching.length === 0) return "No matching identities\n";
  let text = "Matching identities\n";
  for (const [index, { certificate }] of matching.entries()) {
    const { der, subject, issuer, serialNumberHex } = certificate;
    text += `${index + 1}) Hex Fingerprint: ${encodeHex(await host.crypto().digest("SHA-1", der))}\n` +
      `Subject: ${visibleText(helperNameText(subject))}\nIssuer: ${visibleText(helperNameText(issuer))}\n` +
      `Serial Number: ${serialNumberHex.toUpperCase()}\n\n`;
  }
  return text;
}
