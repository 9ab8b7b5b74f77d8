/**
 * Distinguished names as text (RFC 4514).
 *
 * @module
 */

import { encodeHex } from "../bytes/hex.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import { replaceInvisible } from "../bytes/visible-text.ts";
import { derElement } from "../der/writer.ts";
import type { Name, NameAttribute } from "./name.ts";

/**
 * A name as RFC 4514 §2 spells it: most specific first, `CN=edge-7,O=Example\, Inc.,C=US`. Types outside the table of
 * §3 are dotted and their values hexadecimal DER; so are values that are no text. Characters that are not seen, line breaks and terminal controls among them, are
 * escaped, so that the result can be shown whatever the certificate says.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4514#section-2
 */
export function nameText(name: Name): string {
  return name.rdns.map((rdn) => rdn.map(attributeText).join("+")).reverse().join(",");
}

function attributeText(attribute: NameAttribute): string {
  const keyword = KEYWORDS[attribute.oid];
  return keyword === undefined || attribute.text === undefined
    ? `${keyword ?? attribute.oid}=#${encodeHex(derElement(attribute.tag, attribute.value))}`
    : `${keyword}=${escapeText(attribute.text)}`;
}

/** RFC 4514 §2.4: what is special behind a backslash, what is not seen as pairs of hexadecimal digits. */
function escapeText(text: string): string {
  return replaceInvisible(
    text.replace(/["+,;<>\\]|^[ #]| $/g, "\\$&"),
    (character) => encodeHex(encodeUtf8(character)).toUpperCase().replace(/../g, "\\$&"),
  );
}

/** RFC 4514 §3. */
const KEYWORDS: { readonly [oid: string]: string } = {
  "2.5.4.3": "CN",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.6": "C",
  "2.5.4.9": "STREET",
  "0.9.2342.19200300.100.1.25": "DC",
  "0.9.2342.19200300.100.1.1": "UID",
};
