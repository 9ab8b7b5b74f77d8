/**
 * DER with one element too many, for parsers that have to refuse it wherever it stands.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { DerReader } from "../../core/der/reader.ts";
import { derElement } from "../../core/der/writer.ts";

/** The element as often as it holds constructed ones, itself included: each time one of them ends in one more element. */
export function oneMoreElement(der: Bytes): Bytes[] {
  const reader = new DerReader(der);
  const tag = reader.peek();
  if ((tag & CONSTRUCTED) === 0) return [];
  const inner = reader.open(tag, "element");
  const parts: Bytes[] = [];
  while (!inner.done) parts.push(inner.raw(inner.peek(), "part"));
  const variants = parts.flatMap((part, i) =>
    oneMoreElement(part).map((changed) => derElement(tag, ...parts.map((other, k) => k === i ? changed : other)))
  );
  return [...variants, derElement(tag, ...parts, SURPLUS)];
}

const CONSTRUCTED = 0x20;

/** An empty element of the private class, which no structure knows. */
const SURPLUS = Uint8Array.of(0xc0, 0);
