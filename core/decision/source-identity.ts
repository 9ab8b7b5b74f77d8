/**
 * The source identity that the service sets on every session.
 *
 * @module
 */

import type { Name } from "../x509/name.ts";
import { serialSessionName } from "./session-name.ts";

/** Longest source identity of STS, in characters. */
const LONGEST = 64;

const COMMON_NAME = "2.5.4.3";

/**
 * `CN=` and the common name; the common name alone when it has 62 to 64 characters; `ID=` and the serial number in
 * hexadecimal when there is none. Several common names are joined with `/`, which is an assumption.
 *
 * Undefined when the common name is longer than 64 characters, or its characters cannot be read: the service's
 * answer is not known, and the decision refuses.
 */
export function sourceIdentity(subject: Name, serialNumber: Uint8Array): string | undefined {
  const names: (string | undefined)[] = [];
  for (const rdn of subject.rdns) {
    for (const attribute of rdn) if (attribute.oid === COMMON_NAME) names.push(attribute.text);
  }
  if (names.length === 0) return `ID=${serialSessionName(serialNumber)}`;
  if (names.includes(undefined)) return undefined;
  const name = names.join("/");
  if (name.length > LONGEST) return undefined;
  return name.length > LONGEST - "CN=".length ? name : `CN=${name}`;
}
