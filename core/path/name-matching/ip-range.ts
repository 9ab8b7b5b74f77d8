/**
 * iPAddress constraints (RFC 5280 §4.2.1.10): an address and a mask of the same length; and addresses as text.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";

/** Addresses that agree with a base in the first bits. */
export interface IpRange {
  /** The base, 4 or 16 octets, bits beyond the mask included. */
  readonly base: Uint8Array;
  /** The mask, as long: ones, then zeros. */
  readonly mask: Uint8Array;
}

/** Reads address and mask, 8 or 32 octets; undefined when ones follow a zero in the mask, which is no prefix (RFC 4632). */
export function parseIpRange(octets: Uint8Array): IpRange | undefined {
  const size = octets.length / 2;
  const mask = octets.subarray(size);
  let ended = false;
  for (const octet of mask) {
    if (ended ? octet !== 0 : !isPrefix(octet)) return undefined;
    if (octet !== 0xff) ended = true;
  }
  return { base: octets.subarray(0, size), mask };
}

/** Whether the address lies in the range; addresses of another length never do. */
export function coversAddress({ base, mask }: IpRange, address: Uint8Array): boolean {
  if (address.length !== base.length) return false;
  for (let i = 0; i < mask.length; i++) if (((address[i]! ^ base[i]!) & mask[i]!) !== 0) return false;
  return true;
}

/** The same, for exclusion: an IPv4 address written as an IPv6 one (RFC 4291 §2.5.5.2) is that address too. */
export function excludesAddress(range: IpRange, address: Uint8Array): boolean {
  return coversAddress(range, address) ||
    (isMapped(address) && range.base.length === 4 && coversAddress(range, address.subarray(12)));
}

/** The octets of an address in its usual textual form (RFC 4291 §2.2 for IPv6, without a zone); undefined: it is none. */
export function parseAddress(text: string): Bytes | undefined {
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

/** An address as people write it, for messages. */
export function addressText(address: Uint8Array): string {
  if (address.length === 4) return address.join(".");
  const groups: string[] = [];
  for (let i = 0; i < address.length; i += 2) groups.push(((address[i]! << 8) | address[i + 1]!).toString(16));
  return groups.join(":");
}

function isMapped(address: Uint8Array): boolean {
  return address.length === 16 && address[10] === 0xff && address[11] === 0xff &&
    address.subarray(0, 10).every((octet) => octet === 0);
}

/** Whether an octet is ones, then zeros. */
function isPrefix(octet: number): boolean {
  const inverted = ~octet & 0xff;
  return (inverted & (inverted + 1)) === 0;
}

function parseIpv4(text: string): Bytes | undefined {
  if (!/^(?:(?:0|[1-9][0-9]{0,2})(?:\.(?!$)|$)){4}$/.test(text)) return undefined;
  const octets = text.split(".").map(Number);
  return octets.every((octet) => octet < 256) ? Uint8Array.from(octets) : undefined;
}
