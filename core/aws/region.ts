/**
 * Region names, and the pseudo-regions `fips-x` that old configurations use to ask for a FIPS endpoint.
 *
 * @module
 */

/** A region as it was written, and what it means. */
export interface Region {
  /** The plain name, which belongs into the signing scope: `us-east-1`. */
  readonly name: string;
  /** Whether the name as written asked for the FIPS endpoint. */
  readonly fips: boolean;
}

/** Whether the text can be a region: one host name label of lower-case letters, digits and hyphens. */
export function isRegion(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text);
}

/**
 * Reads a region: `fips-us-east-1`, `us-east-1-fips` and `us-fips-east-1` all mean the FIPS endpoint of `us-east-1`.
 * Undefined when it can be no region. Unknown regions are accepted: new ones appear more often than releases.
 */
export function parseRegion(text: string): Region | undefined {
  const name = text.replace(/-fips-/g, "-").replace(/fips-/g, "").replace(/-fips/g, "");
  return isRegion(name) ? { name, fips: name !== text } : undefined;
}
