/**
 * Whether a certificate is one of the server that was asked for (RFC 9525 §6): not a part of path validation, and of
 * no use without it.
 *
 * @module
 */

import { equalBytes } from "../../bytes/bytes.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { endsInNumber, isDnsName, parseDnsName } from "./dns-name.ts";

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

/** The octets of an address in its usual textual form (RFC 4291 §2.2 for IPv6, without a zone); undefined: it is none. */
function parseAddress(text: string): Uint8Array | undefined {
  if (!text.includes(":")) return parseIpv4(text);
  // The last 32 bits may be written as an IPv4 address.
  const dotted = /^(.*:)([0-9.]+)$/.exec(text);
  let groupsText = text;
  if (dotted !== null && dotted[2]!.includes(".")) {
    const tail = parseIpv4(dotted[2]!);
    if (tail === undefined) return undefined;
    const group = (at: number): string => ((tail[at]! << 8) | tail[at + 1]!).toString(16);
    groupsText = `${dotted[1]}${group(0)}:${group(2)}`;
  }
  const halves = groupsText.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => half === "" ? [] : half.split(":"));
  const missing = 8 - head!.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head!, ...Array<string>(tail === undefined ? 0 : missing).fill("0"), ...(tail ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return Uint8Array.from({ length: 16 }, (_, i) => {
    const group = parseInt(groups[i >> 1]!, 16);
    return i % 2 === 0 ? group >> 8 : group & 0xff;
  });
}

function parseIpv4(text: string): Uint8Array | undefined {
  if (!/^(?:(?:0|[1-9][0-9]{0,2})(?:\.(?!$)|$)){4}$/.test(text)) return undefined;
  const octets = text.split(".").map(Number);
  return octets.every((octet) => octet < 256) ? Uint8Array.from(octets) : undefined;
}
