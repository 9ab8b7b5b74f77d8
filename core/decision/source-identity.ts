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

/** The common names of a subject in order; undefined for one whose characters cannot be read. */
export function commonNames(subject: Name): readonly (string | undefined)[] {
  return subject.rdns.flatMap((rdn) => rdn.filter(({ oid }) => oid === COMMON_NAME).map(({ text }) => text));
}

/**
 * `CN=` and the common name; the common name alone when it has 62 to 64 characters; `ID=` and the serial number in
 * hexadecimal when there is none. Several common names are joined with `/`, which is an assumption.
 *
 * Undefined when the common name is longer than 64 characters, or its characters cannot be read: the service's
 * answer is not known, and the decision refuses.
 */
export function sourceIdentity(
  names: readonly (string | undefined)[],
  serialNumber: Uint8Array,
): string | undefined {
  if (names.length === 0) return `ID=${serialSessionName(serialNumber)}`;
  if (names.includes(undefined)) return undefined;
  const name = names.join("/");
  if (name.length > LONGEST) return undefined;
  return name.length > LONGEST - "CN=".length ? name : `CN=${name}`;
}
