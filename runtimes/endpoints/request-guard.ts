/**
 * Turns away requests that a browser or a proxy sends on behalf of somebody else (server-side request forgery, DNS
 * rebinding): before any token is looked at.
 *
 * @module
 */

import { parseIpv6 } from "../../core/aws/ipv6.ts";
import type { PlainAnswer, PlainRequest } from "../listeners.ts";
import { failureAnswer, textAnswer } from "./answers.ts";

/** What the original helper and EC2 answer. */
const FORWARDED = "unable to process requests with X-Forwarded-For header";

/** Headers that browsers set and programs do not. */
const BROWSER_HEADERS = ["origin", "sec-fetch-site"] as const;

/** Whom to answer. */
export interface RequestGuardOptions {
  /** The address that the server is bound to; undefined for a Unix socket or one that systemd opened. */
  readonly boundTo: string | undefined;
  /** Further names in `Host`, lower case, without a port. */
  readonly names: readonly string[];
}

/** Answers a request that must not be served; undefined for every other. */
export type RequestGuard = (request: PlainRequest) => PlainAnswer | undefined;

/**
 * Makes a guard. `Host` must be `localhost`, a loopback address, one of the metadata addresses of AWS (which may be
 * routed here), the bound address (any address when that is `0.0.0.0` or `::`), or one of the names. A name that an
 * attacker's DNS points here is none of these. Its port is not looked at: ports are forwarded.
 */
export function createRequestGuard({ boundTo, names }: RequestGuardOptions): RequestGuard {
  const known = new Set([...METADATA_HOSTS, ...names, ...boundTo === undefined ? [] : [hostText(boundTo)]]);
  const anyAddress = boundTo === "0.0.0.0" || boundTo === "::";
  // Almost every request has the same Host.
  let lastHost: string | undefined;

  const isOurs = (host: string): boolean => {
    const name = hostName(host);
    if (name === undefined) return false;
    return known.has(name) || isLoopback(name) || (anyAddress && isAddress(name));
  };

  return (request) => {
    const host = request.header("host");
    if (host === undefined || host !== lastHost) {
      if (host === undefined || !isOurs(host)) {
        return failureAnswer(403, "HostNotAllowed", "The Host of the request is not a name of this server");
      }
      lastHost = host;
    }
    for (const name of BROWSER_HEADERS) {
      if (request.header(name) !== undefined) {
        return failureAnswer(403, "BrowserNotAllowed", "Requests of browsers are not served");
      }
    }
    if (request.header("x-forwarded-for") || request.header("forwarded")) return textAnswer(400, FORWARDED);
    return undefined;
  };
}

/** An address as it stands in a URL. */
export function hostText(address: string): string {
  return address.includes(":") ? `[${address.toLowerCase()}]` : address.toLowerCase();
}

/** Whether it is an address of this machine alone, or its name. @param name as in a URL */
export function isLoopback(name: string): boolean {
  if (name === "localhost" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)) return true;
  const groups = name.startsWith("[") ? parseIpv6(name.slice(1, -1)) : undefined;
  return groups !== undefined && groups.every((group, i) => group === (i === 7 ? 1 : 0));
}

/** The host of a `Host` field, lower case, without its port; undefined when it is none. */
function hostName(host: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{0,5})?$/.exec(host.toLowerCase())?.[1];
}

function isAddress(name: string): boolean {
  return name.startsWith("[") ? parseIpv6(name.slice(1, -1)) !== undefined : /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
}

/** The addresses of EC2's, ECS's and EKS's endpoints. */
const METADATA_HOSTS: readonly string[] = [
  "169.254.169.254",
  "169.254.170.2",
  "169.254.170.23",
  "[fd00:ec2::254]",
  "[fd00:ec2::23]",
];
