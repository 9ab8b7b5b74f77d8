/**
 * Who may see and change what `/_emulator` shows: nobody through a browser that another site has sent here.
 *
 * A page of another site can make a browser send requests to this machine. What they answer it cannot read, as long as
 * it is another origin; so the name in the URL must be one that no other site can point here (DNS rebinding), and a
 * request that changes something must not come from a page of another origin.
 *
 * @see Fetch Standard, "CORS protocol"; Fetch Metadata Request Headers §2.1
 * @module
 */

import type { ServiceFailure } from "../protocols/service-error.ts";

/** Why a request to `/_emulator` is refused; undefined when it is not. @param hosts names besides those of loopback */
export function inspectionRefusal(request: Request, hosts: readonly string[]): ServiceFailure | undefined {
  const { hostname, origin } = new URL(request.url);
  if (!isLoopbackName(hostname) && !hosts.includes(hostname)) {
    return refusal(`The emulator does not show itself under the name ${hostname}: use 127.0.0.1 or localhost`);
  }
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  const from = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  if ((from !== null && from !== origin) || (site !== null && site !== "same-origin" && site !== "none")) {
    return refusal("The emulator takes no changes from pages of other origins");
  }
  return undefined;
}

/** Whether a host name can mean nothing but this machine (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export function isLoopbackName(hostname: string): boolean {
  return hostname === "[::1]" || hostname === "::1" || /^(?:[a-z0-9-]+\.)*localhost$/.test(hostname) ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}

function refusal(message: string): ServiceFailure {
  return { status: 403, code: "Forbidden", message };
}
