/**
 * Whether a certificate is one of the server that was asked for (RFC 9525 §6): not a part of path validation, and of
 * no use without it.
 *
 * @module
 */

import { equalBytes } from "../../bytes/bytes.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { endsInNumber, isDnsName, parseDnsName } from "./dns-name.ts";
import { parseAddress } from "./ip-range.ts";

/**
 * Whether a dNSName or iPAddress of the subject alternative name is this server. The common name does not count. A
 * wildcard is a whole first label, stands for exactly one label, and two labels follow it.
 *
 * Public: variable time.
 *
 * @param certificate of a path that has been verified
 * @param server a DNS name in ASCII (a trailing dot is ignored), an IPv4 or an IPv6 address
 */
export function matchesServer(certificate: Certificate, server: string): boolean {
  const names = certificate.subjectAlternativeName ?? [];
  const address = parseAddress(server);
  if (address !== undefined) return names.some((name) => name.form === "iPAddress" && equalBytes(name.value, address));
  const host = server.toLowerCase().replace(/\.$/, "");
  if (!isDnsName(host) || endsInNumber(host)) return false;
  return names.some((name) => name.form === "dNSName" && matchesHost(name.value, host));
}

function matchesHost(presented: string, host: string): boolean {
  const name = parseDnsName(presented);
  if (name === undefined) return false;
  const first = host.indexOf(".");
  return name.dotted === (name.wildcard ? (first < 0 ? undefined : host.slice(first)) : `.${host}`);
}
