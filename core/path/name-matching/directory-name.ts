/**
 * directoryName constraints (RFC 5280 §4.2.1.10): a subtree is every name that begins with the base, compared by §7.1,
 * but for string types that §7.1 tells apart: nobody leaves an excluded subtree by writing TeletexString.
 *
 * @module
 */

import { compareBytes } from "../../bytes/bytes.ts";
import { DerReader } from "../../der/reader.ts";
import { TAG } from "../../der/tag.ts";
import type { Name } from "../../x509/name.ts";

/**
 * A name in the form that subtrees are compared in; undefined for a name whose text breaks the rules of its string
 * type, or whose relative names are not in DER's order (X.690 §11.6): nothing can be said about those.
 */
export function directoryKey(name: Name): string | undefined {
  return isOrdered(name) ? name.subtreeKey : undefined;
}

/** Whether the name lies in the subtree; both are keys. Each relative name ends where the next begins. */
export function coversDirectoryName(base: string, name: string): boolean {
  return name.startsWith(base);
}

function isOrdered(name: Name): boolean {
  if (name.rdns.every((rdn) => rdn.length === 1)) return true;
  const sequence = new DerReader(name.der).sequence("Name");
  while (!sequence.done) {
    const set = sequence.open(TAG.set, "Name");
    let previous = set.raw(-1, "Name");
    while (!set.done) {
      const next = set.raw(-1, "Name");
      if (compareBytes(previous, next) > 0) return false;
      previous = next;
    }
  }
  return true;
}
