/**
 * Custom endpoints: absolute `http` and `https` URLs (RFC 3986 §4.3), read without `URL`, which some hosts of the core
 * lack.
 *
 * What the URL parsers of the platforms would rewrite is either rewritten here in the same way or refused, because the
 * signature names the host that the request is going to carry.
 *
 * @module
 */

import { EndpointError } from "./endpoint-error.ts";
import { formatIpv6, parseIpv6 } from "./ipv6.ts";

/** The parts of a custom endpoint. */
export interface CustomEndpoint {
  /** How to speak to it. */
  readonly scheme: "https" | "http";
  /** Host in lower case, with the port unless it is the scheme's own. */
  readonly host: string;
  /** Path prefix without its last slash; may be empty. */
  readonly path: string;
  /** All of it. */
  readonly url: string;
}

/**
 * Reads `scheme://host[:port][/path]`.
 *
 * @throws {EndpointError} ERR_ENDPOINT_SYNTAX, ERR_ENDPOINT_CREDENTIALS, ERR_ENDPOINT_QUERY
 */
export function parseCustomEndpoint(text: string): CustomEndpoint {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#\\]*)([^?#]*)(.*)$/s.exec(text);
  if (match === null) throw syntax("it is no absolute URL such as https://host:8443");
  const scheme = match[1]!.toLowerCase();
  if (scheme !== "http" && scheme !== "https") throw syntax("its scheme is neither http nor https");
  const authority = match[2]!;
  if (authority.includes("@")) {
    throw new EndpointError("ERR_ENDPOINT_CREDENTIALS", "the custom endpoint holds a user name or password; remove it");
  }
  if (match[4] !== "") {
    throw new EndpointError("ERR_ENDPOINT_QUERY", "the custom endpoint holds a query or a fragment; remove it");
  }
  const host = readAuthority(authority, scheme);
  const path = readPath(match[3]!);
  return { scheme, host, path, url: `${scheme}://${host}${path}` };
}

function readAuthority(authority: string, scheme: "http" | "https"): string {
  const match = /^(\[[^\]]*\]|[^:]*)(?::([0-9]*))?$/.exec(authority);
  if (match === null) throw syntax("its host or port is malformed");
  const host = readHost(match[1]!);
  if (match[2] === undefined || match[2] === "") return host;
  const port = Number(match[2]);
  if (port < 1 || port > 65535) throw syntax("its port is not one of 1 to 65535");
  // The platforms leave the scheme's own port out of the Host header.
  return port === (scheme === "https" ? 443 : 80) ? host : `${host}:${port}`;
}

function readHost(text: string): string {
  if (text.startsWith("[")) {
    const groups = parseIpv6(text.slice(1, -1));
    if (groups === undefined) throw syntax("its IPv6 address is malformed");
    return `[${formatIpv6(groups)}]`;
  }
  const host = text.toLowerCase();
  if (host === "") throw syntax("it names no host");
  const labels = host.split(".");
  if (host.endsWith(".")) labels.pop();
  if (host.length > 255 || labels.some((label) => !/^[a-z0-9_-]{1,63}$/.test(label))) {
    throw syntax("its host is malformed; write an international name in its xn-- form");
  }
  // A last label that is a number makes the whole an IPv4 address (WHATWG URL §3.5), in any notation but this one
  // rewritten.
  if (/^([0-9]+|0x[0-9a-f]*)$/.test(labels[labels.length - 1]!)) {
    const octets = /^(?:(?:0|[1-9][0-9]{0,2})(?:\.(?!$)|$)){4}$/.test(host) &&
      !labels.some((label) => Number(label) > 255);
    if (!octets) throw syntax("its IPv4 address is not four decimal numbers");
  }
  return host;
}

function readPath(text: string): string {
  if (!/^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/.test(text)) {
    throw syntax("its path holds a character that must be percent-encoded");
  }
  // Dot segments would be resolved on the way, so that another path than the one given would be asked.
  if (text.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))) {
    throw syntax('its path holds a "." or ".." segment');
  }
  return text.replace(/\/+$/, "");
}

function syntax(state: string): EndpointError {
  return new EndpointError("ERR_ENDPOINT_SYNTAX", `the custom endpoint cannot be used: ${state}`);
}
