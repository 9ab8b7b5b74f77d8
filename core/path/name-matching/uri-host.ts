/**
 * uniformResourceIdentifier constraints (RFC 5280 §4.2.1.10), which are about the host of a URI.
 *
 * @module
 */

import { endsInNumber, isDnsName } from "./dns-name.ts";

/** Hosts that a constraint is about. */
export interface HostSubtree {
  /** A dot and the host or domain, in lower case. */
  readonly dotted: string;
  /** Whether the hosts below the domain are meant, and not the host itself. */
  readonly below: boolean;
}

/**
 * The host of a URI (RFC 3986 §3.2) after a dot, in lower case.
 *
 * @returns undefined when there is no authority, or its host is not a fully qualified name: such URIs are refused
 * under a constraint
 */
export function parseUriHost(uri: string): string | undefined {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri)?.[1];
  if (authority === undefined) return undefined;
  const host = /^(?:[\w.~!$&'()*+,;=:%-]*@)?([^@:[\]]*)(?::[0-9]*)?$/.exec(authority)?.[1]?.toLowerCase();
  return host !== undefined && isQualified(host) ? `.${host}` : undefined;
}

/** Reads a constraint: a host, or a domain after a dot; undefined when it is neither. */
export function parseHostSubtree(text: string): HostSubtree | undefined {
  const below = text.startsWith(".");
  const name = (below ? text.slice(1) : text).toLowerCase();
  return (below ? isDnsName(name) && !endsInNumber(name) : isQualified(name))
    ? { dotted: `.${name}`, below }
    : undefined;
}

/** Whether the host is one of those. */
export function coversHost(subtree: HostSubtree, host: string): boolean {
  return subtree.below ? host.length > subtree.dotted.length && host.endsWith(subtree.dotted) : host === subtree.dotted;
}

/** A name of more than one label that is no address. */
function isQualified(host: string): boolean {
  return host.includes(".") && isDnsName(host) && !endsInNumber(host);
}
