/**
 * Distinguished names in the canonical form of the AWS credential helper: what its selectors compare and its listings
 * print. Nine attribute types come in a fixed order, whatever the certificate's; the others follow as octets.
 *
 * @module
 */

import { encodeHex } from "../bytes/hex.ts";
import { isPrintable } from "../der/strings.ts";
import { derPrintableString, derUtf8String } from "../der/writer.ts";
import type { Name } from "./name.ts";

/** The name as the helper writes it; attributes that are no text are left out, and control characters stay. */
export function helperNameText(name: Name): string {
  const lists: { [keyword: string]: string[] } = {};
  const others: string[] = [];
  for (const { oid, text } of name.rdns.flat()) {
    if (text === undefined) continue;
    const keyword = KEYWORDS[oid];
    if (keyword === undefined) others.unshift(`${oid}=#${encodeHex(reencode(text))}`);
    else if (LAST_ONLY.includes(keyword)) lists[keyword] = text === "" ? [] : [text];
    else (lists[keyword] ??= []).push(text);
  }
  const known = Object.values(KEYWORDS)
    .map((keyword) => (lists[keyword] ?? []).map((text) => `${keyword}=${escapeText(text)}`).join("+"))
    .filter((element) => element !== "");
  return [...known, ...others].join(",");
}

/** The string type of the certificate is forgotten. */
function reencode(text: string): Uint8Array {
  return isPrintable(text) ? derPrintableString(text) : derUtf8String(text);
}

function escapeText(text: string): string {
  return text.replace(/[,+"\\<>;]|^[ #]| $/g, "\\$&");
}

/** In the order of the output. */
const KEYWORDS: { readonly [oid: string]: string } = {
  "2.5.4.5": "SERIALNUMBER",
  "2.5.4.3": "CN",
  "2.5.4.11": "OU",
  "2.5.4.10": "O",
  "2.5.4.17": "POSTALCODE",
  "2.5.4.9": "STREET",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.6": "C",
};

/** Of these only the last value counts. */
const LAST_ONLY = ["SERIALNUMBER", "CN"];
