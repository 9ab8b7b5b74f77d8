/**
 * IPv4 and IPv6 addresses and ranges of conditions, in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3).
 *
 * An address without a prefix length is the range of itself. Bits behind the prefix are ignored. The two families never
 * contain each other, nor does an IPv4 range contain an IPv4-mapped IPv6 address.
 *
 * @see IAM user guide, "IAM JSON policy elements: Condition operators", IP address condition operators
 * @module
 */

import { parseIpv6 } from "../aws/ipv6.ts";

/** Addresses of one prefix. */
export interface IpRange {
  /** Four or eight numbers: octets of an IPv4 address, groups of an IPv6 address. */
  readonly parts: readonly number[];
  /** How many bits count, from the front. */
  readonly prefixLength: number;
}

/** Reads a range, or an address alone; undefined for anything else. */
export function parseIpRange(text: string, form: "range" | "address"): IpRange | undefined {
  const [address, length, ...rest] = text.split("/");
  if (rest.length > 0 || (form === "address" && length !== undefined)) return undefined;
  const parts = parseIpv4(address!) ?? parseIpv6(address!);
  if (parts === undefined) return undefined;
  const bits = parts.length === 4 ? 32 : 128;
  if (length !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefixLength = Number(length ?? bits);
  return prefixLength > bits ? undefined : { parts, prefixLength };
}

/** Whether the address of the second is in the first. */
export function rangeContains(range: IpRange, address: IpRange): boolean {
  if (range.parts.length !== address.parts.length) return false;
  const width = range.parts.length === 4 ? 8 : 16;
  return range.parts.every((part, i) => {
    const ignored = width - Math.min(width, Math.max(0, range.prefixLength - i * width));
    return part >> ignored === address.parts[i]! >> ignored;
  });
}

function parseIpv4(text: string): readonly number[] | undefined {
  if (!/^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(text)) return undefined;
  const octets = text.split(".").map(Number);
  return octets.some((octet) => octet > 255) ? undefined : octets;
}
