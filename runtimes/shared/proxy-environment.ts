/**
 * Which proxy a request goes through, by the environment, as the Go libraries read it: `HTTPS_PROXY`, `HTTP_PROXY` and
 * `NO_PROXY`, in upper or lower case.
 *
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy
 * @module
 */

import { parseIpv6 } from "../../core/aws/ipv6.ts";
import { encodeBase64 } from "../../core/bytes/base64.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import { HostError } from "../host-error.ts";
import type { ProxyServer } from "../host.ts";

/** Reads a variable of the environment. */
export type Environment = (name: string) => string | undefined;

/** Whether a proxy is named at all: without one nothing else needs to be looked at. */
export function namesProxy(environment: Environment): boolean {
  return variable(environment, "HTTPS_PROXY") !== undefined || variable(environment, "HTTP_PROXY") !== undefined;
}

/**
 * The proxy for a request; undefined: there is none, and it goes to its server itself. Loopback addresses never go
 * through one.
 *
 * Secret: the user and password of a proxy's URL, which become its authorization.
 *
 * @throws {HostError} `ERR_PROXY_SETTING` when a variable holds no URL of an HTTP proxy
 */
export function proxyOf(environment: Environment, target: URL): ProxyServer | undefined {
  const name = target.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const text = variable(environment, name);
  if (text === undefined || isExempt(variable(environment, "NO_PROXY") ?? "", target)) return undefined;
  return proxyServer(name, text);
}

/** Upper case first, as in Go; empty is not set. */
function variable(environment: Environment, name: string): string | undefined {
  // A CGI program gets a client's Proxy header as HTTP_PROXY (CVE-2016-5388).
  if (name === "HTTP_PROXY" && environment("REQUEST_METHOD") !== undefined) return undefined;
  return [name, name.toLowerCase()].map(environment).find((value) => value !== undefined && value !== "");
}

function proxyServer(name: string, text: string): ProxyServer {
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  } catch {
    // The parser's own message would show the password.
    throw unusable(name, "it holds no URL");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw unusable(name, `${url.protocol.slice(0, -1)} is no kind of proxy that is supported; HTTP proxies are`);
  }
  const { username, password, protocol, hostname, port } = url;
  return {
    secure: protocol === "https:",
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
    ...(username === "" && password === "" ? {} : { authorization: basic(name, username, password) }),
  };
}

function basic(name: string, username: string, password: string): string {
  try {
    return `Basic ${encodeBase64(encodeUtf8(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`))}`;
  } catch {
    throw unusable(name, "its user or password is not percent-encoded");
  }
}

function unusable(name: string, state: string): HostError {
  return new HostError("ERR_PROXY_SETTING", `Cannot use the proxy of ${name}: ${state}`);
}

/** Whether `NO_PROXY` names the host: `*`, a domain, `.domain` for those below it, an address, a prefix; with a port. */
function isExempt(list: string, target: URL): boolean {
  const host = target.hostname.replace(/^\[(.*)\]$/, "$1").toLowerCase().replace(/\.$/, "");
  const port = target.port || (target.protocol === "https:" ? "443" : "80");
  const address = bitsOf(host);
  if (host === "localhost" || isLoopback(address)) return true;
  return list.split(",").map((entry) => entry.trim().toLowerCase()).some((entry) => {
    if (entry === "") return false;
    if (entry === "*") return true;
    const [prefix, length, ...rest] = entry.split("/");
    if (length !== undefined) return rest.length === 0 && isWithin(address, bitsOf(prefix!), length);
    const [name, wanted] = splitPort(entry);
    if (wanted !== undefined && wanted !== port) return false;
    const exact = bitsOf(name);
    if (exact !== undefined) return address === exact;
    const domain = name.replace(/^\*?\./, ".");
    return domain.startsWith(".") ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
  });
}

/** A name or address and the port behind it. */
function splitPort(entry: string): readonly [name: string, port: string | undefined] {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  return [bracketed ?? plain ?? entry, port];
}

/** The bits of an address as text of zeros and ones; undefined for anything else. */
function bitsOf(text: string): string | undefined {
  const octets = /^(?:\d{1,3}\.){3}\d{1,3}$/.test(text) ? text.split(".").map(Number) : undefined;
  if (octets !== undefined) return octets.some((octet) => octet > 255) ? undefined : binary(octets, 8);
  const groups = parseIpv6(text);
  return groups === undefined ? undefined : binary(groups, 16);
}

function binary(numbers: readonly number[], width: number): string {
  return numbers.map((number) => number.toString(2).padStart(width, "0")).join("");
}

function isLoopback(address: string | undefined): boolean {
  return address?.length === 32 ? address.startsWith("01111111") : address === "1".padStart(128, "0");
}

function isWithin(address: string | undefined, prefix: string | undefined, length: string): boolean {
  if (address === undefined || prefix?.length !== address.length || !/^\d{1,3}$/.test(length)) return false;
  const bits = Number(length);
  return bits <= address.length && address.slice(0, bits) === prefix.slice(0, bits);
}
