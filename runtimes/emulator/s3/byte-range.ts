/**
 * Which octets of an object a request asks for (RFC 9110 §14.1.2).
 *
 * @module
 */

/** From the first octet to behind the last. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range header. Undefined when all octets are meant: there is none, it asks for several ranges, or it cannot
 * be read, which a server ignores.
 *
 * @param length octets that there are
 * @returns `"unsatisfiable"` when none of the octets is there
 */
export function byteRange(header: string | undefined, length: number): ByteRange | "unsatisfiable" | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "");
  const [, first, last] = match ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") {
    const count = Math.min(Number(last), length);
    return count === 0 ? "unsatisfiable" : { start: length - count, end: length };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= length) return "unsatisfiable";
  return { start, end: last === "" ? length : Math.min(Number(last) + 1, length) };
}
