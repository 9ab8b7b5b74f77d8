/**
 * How C lays structures out in memory, by platform.
 *
 * `unix` is LP64: `unsigned long` and pointers have 8 octets, each member lies at a multiple of its size, and so does
 * the end. `windows` is LLP64 as PKCS#11 wants it (v3.1 §2.1): `unsigned long` has 4 octets, pointers 8, and structures
 * are packed without gaps. Little-endian both.
 *
 * @module
 */

import type { CType, ForeignPlatform } from "../ffi/foreign-functions.ts";

/** A member: `unsigned long`, a pointer, a `CK_VERSION` (two octets), or so many octets. */
export type CMember = "ulong" | "pointer" | "version" | number;

/** Where the members of a structure lie. */
export interface CStructure<Name extends string = string> {
  /** Octets of the whole, with the gap at the end that an array of them needs. */
  readonly size: number;
  /** Octets from the start to each member. */
  readonly offsets: Readonly<Record<Name, number>>;
}

/** Octets of `unsigned long`. */
export function ulongSize(platform: ForeignPlatform): 4 | 8 {
  return platform === "windows" ? 4 : 8;
}

/** The type of an `unsigned long` parameter. */
export function ulongType(platform: ForeignPlatform): CType {
  return platform === "windows" ? "u32" : "u64";
}

/** Lays the members out in the order given. */
export function layOut<Name extends string>(
  platform: ForeignPlatform,
  members: Readonly<Record<Name, CMember>>,
): CStructure<Name> {
  const offsets = {} as Record<Name, number>;
  let at = 0;
  let widest = 1;
  for (const name of Object.keys(members) as Name[]) {
    const { size, alignment } = extentOf(platform, members[name]);
    at = roundUp(at, alignment);
    offsets[name] = at;
    at += size;
    widest = Math.max(widest, alignment);
  }
  return { size: roundUp(at, widest), offsets };
}

function extentOf(platform: ForeignPlatform, member: CMember): { size: number; alignment: number } {
  if (typeof member === "number") return { size: member, alignment: 1 };
  if (member === "version") return { size: 2, alignment: 1 };
  const size = member === "pointer" ? 8 : ulongSize(platform);
  return { size, alignment: platform === "windows" ? 1 : size };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
