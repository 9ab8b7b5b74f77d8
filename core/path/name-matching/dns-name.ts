/**
 * dNSName constraints (RFC 5280 §4.2.1.10) and the names they are about, wildcards included.
 *
 * @module
 */

/** A DNS name of a certificate: in lower case, the leading `*.` of a wildcard taken off. */
export interface DnsName {
  /** Tells a wildcard, which stands for every name with one more label, from a plain name. */
  readonly wildcard: boolean;
  /** A dot and the name, so that a suffix ends where a label does. */
  readonly dotted: string;
}

/** A subtree of DNS names: the base and every name that has labels before it. */
export interface DnsSubtree {
  /** A dot and the base; a dot alone is the root. */
  readonly dotted: string;
  /** Whether it was written with a leading dot, which RFC 5280 does not know: the base itself is then no part of it. */
  readonly leadingDot: boolean;
}

/**
 * Reads a DNS name: labels of letters, digits, hyphens and underscores. A wildcard is the whole first label, and two
 * labels follow it.
 *
 * @returns undefined when it is none
 */
export function parseDnsName(text: string): DnsName | undefined {
  const lower = text.toLowerCase();
  const wildcard = lower.startsWith("*.");
  const name = wildcard ? lower.slice(2) : lower;
  if (!isDnsName(name) || (wildcard && !name.includes("."))) return undefined;
  return { wildcard, dotted: `.${name}` };
}

/** Reads the base of a subtree; undefined when it is no DNS name. The empty base is the root of all names. */
export function parseDnsSubtree(text: string): DnsSubtree | undefined {
  const lower = text.toLowerCase();
  const leadingDot = lower.startsWith(".");
  const name = leadingDot ? lower.slice(1) : lower;
  if (name === "" && !leadingDot) return { dotted: "", leadingDot };
  return isDnsName(name) ? { dotted: `.${name}`, leadingDot } : undefined;
}

/**
 * Whether everything that the name stands for lies in the subtree. An empty base permits nothing: by the letter of
 * RFC 5280 it permits every name, but nobody restricts a CA to everything on purpose, and Botan refuses it as well.
 */
export function permitsDnsName(subtree: DnsSubtree, name: DnsName): boolean {
  return subtree.dotted !== "" && covers(subtree, name);
}

/** Whether anything that the name stands for lies in the subtree. An empty base excludes everything. */
export function excludesDnsName(subtree: DnsSubtree, name: DnsName): boolean {
  if (covers(subtree, name)) return true;
  // *.example.com stands for the base foo.example.com too.
  return name.wildcard && !subtree.leadingDot && subtree.dotted.endsWith(name.dotted) &&
    subtree.dotted.lastIndexOf(".", subtree.dotted.length - name.dotted.length - 1) === 0;
}

function covers(subtree: DnsSubtree, name: DnsName): boolean {
  return name.dotted.endsWith(subtree.dotted) &&
    (name.wildcard || !subtree.leadingDot || name.dotted.length > subtree.dotted.length);
}

/** Whether text, in lower case, is labels of 1 to 63 letters, digits, hyphens and underscores, 253 characters at most. */
export function isDnsName(text: string): boolean {
  return text.length <= 253 &&
    /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/
      .test(text);
}

/**
 * Whether a host is an IPv4 address, or would be read as one: its last label is a number, decimal or hexadecimal
 * (WHATWG URL, "ends in a number").
 */
export function endsInNumber(host: string): boolean {
  return /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$/i.test(host);
}
