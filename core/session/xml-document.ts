/**
 * XML as the query protocol of AWS answers it: elements and text. Whatever else XML 1.0 knows (document types, CDATA,
 * comments, processing instructions, entities of one's own) is refused.
 *
 * @see XML 1.0 (Fifth Edition) §2
 * @module
 */

/** An element: its name without a prefix, the text directly in it, and the elements in it. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Elements may be nested this deep; the deepest answers of STS have four levels. */
const MAX_DEPTH = 16;

/**
 * Reads a document; undefined when it is not well-formed, or more than elements and text.
 *
 * Secret: the text may hold credentials; nothing of it goes anywhere but into the result.
 */
export function parseXml(text: string): XmlElement | undefined {
  const declaration = /^(?:\ufeff)?(?:<\?xml[ \t\r\n][^<>?]*\?>)?[ \t\r\n]*/.exec(text)![0];
  const open: { name: string; text: string; children: XmlElement[] }[] = [];
  const token = new RegExp(TOKEN.source, "y");
  let position = declaration.length;
  for (;;) {
    token.lastIndex = position;
    const match = token.exec(text);
    if (match === null) return undefined;
    position = token.lastIndex;
    const [, end, start, attributes, empty, characters] = match;
    if (characters !== undefined) {
      const decoded = decodeReferences(characters);
      // Behind and before the root there is white space alone, and it has been taken.
      if (decoded === undefined || open.length === 0) return undefined;
      open.at(-1)!.text += decoded;
      continue;
    }
    if (start !== undefined) {
      if (open.length === MAX_DEPTH || !hasUniqueNames(attributes!)) return undefined;
      open.push({ name: start, text: "", children: [] });
      if (empty === "") continue;
    }
    const element = open.pop();
    if (element === undefined || (end !== undefined && end !== element.name)) return undefined;
    const { name, text: within, children } = element;
    const closed = { name: name.slice(name.indexOf(":") + 1), text: within, children };
    if (open.length > 0) open.at(-1)!.children.push(closed);
    else return /^[ \t\r\n]*$/.test(text.slice(position)) ? closed : undefined;
  }
}

/** The text of the only element of this name in another, when nothing but text is in it. */
export function childText(parent: XmlElement | undefined, name: string): string | undefined {
  const found = child(parent, name);
  return found === undefined || found.children.length > 0 ? undefined : found.text;
}

/** The only element of this name in another. */
export function child(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  const found = parent?.children.filter((each) => each.name === name) ?? [];
  return found.length === 1 ? found[0] : undefined;
}

function hasUniqueNames(attributes: string): boolean {
  const names = Array.from(
    attributes.matchAll(/([^ \t\r\n=]+)[ \t\r\n]*=[ \t\r\n]*(?:"[^"]*"|'[^']*')/g),
    ([, name]) => name,
  );
  return new Set(names).size === names.length;
}

/** Text without its references (§4.1), line ends as §2.11 has them; undefined for what is no character or reference. */
function decodeReferences(text: string): string | undefined {
  // deno-lint-ignore no-control-regex
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\]\]>/.test(text)) return undefined;
  let valid = true;
  const decoded = text.replace(/\r\n?/g, "\n").replace(/&([^&;]*;?)/g, (_, reference: string) => {
    const character = REFERENCES.get(reference) ?? characterOf(reference);
    valid &&= character !== undefined;
    return character ?? "";
  });
  return valid ? decoded : undefined;
}

/** `#10;` or `#xA;`, of those that are characters of XML. */
function characterOf(reference: string): string | undefined {
  const match = /^#(?:([0-9]{1,7})|x([0-9a-fA-F]{1,6}));$/.exec(reference);
  if (match === null) return undefined;
  const code = match[1] === undefined ? parseInt(match[2]!, 16) : Number(match[1]);
  const isCharacter = code === 0x9 || code === 0xa || code === 0xd || (code >= 0x20 && code < 0xd800) ||
    (code >= 0xe000 && code < 0xfffe) || (code >= 0x10000 && code <= 0x10ffff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}

const REFERENCES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["lt;", "<"],
  ["gt;", ">"],
  ["amp;", "&"],
  ["quot;", '"'],
  ["apos;", "'"],
]);

/** An end tag, a start tag with its attributes and perhaps its end, or text; names in ASCII, as the service's are. */
const TOKEN: RegExp =
  /<\/([A-Za-z_][\w.:-]*)[ \t\r\n]*>|<([A-Za-z_][\w.:-]*)((?:[ \t\r\n]+[A-Za-z_][\w.:-]*[ \t\r\n]*=[ \t\r\n]*(?:"[^"<&]*"|'[^'<&]*'))*)[ \t\r\n]*(\/?)>|([^<]+)/;
