/**
 * IPv6 addresses as text (RFC 4291 §2.2), and their one canonical form (RFC 5952 §4), which URL parsers write.
 *
 * @module
 */

/** Reads an address into its eight 16-bit groups; undefined when it is none, or names a zone. */
export function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = readGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? readGroups(halves[1]!, true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** Writes eight groups: lower case, no leading zeros, the first longest run of two or more zeros as `::`. */
export function formatIpv6(groups: readonly number[]): string {
  let start = -1;
  let length = 1;
  for (let i = 0; i < groups.length; i++) {
    let run = 0;
    while (groups[i + run] === 0) run++;
    if (run > length) [start, length] = [i, run];
  }
  const digits = groups.map((group) => group.toString(16));
  if (start < 0) return digits.join(":");
  return `${digits.slice(0, start).join(":")}::${digits.slice(start + length).join(":")}`;
}

function readGroups(text: string, last: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    // The last 32 bits may be written as an IPv4 address.
    if (last && i === parts.length - 1 && part.includes(".")) {
      const match = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/.exec(part);
      const octets = match?.slice(1).map(Number);
      if (octets === undefined || octets.some((octet) => octet > 255)) return undefined;
      groups.push(octets[0]! * 256 + octets[1]!, octets[2]! * 256 + octets[3]!);
    } else {
      if (!/^[0-9A-Fa-f]{1,4}$/.test(part)) return undefined;
      groups.push(parseInt(part, 16));
    }
  }
  return groups;
}
