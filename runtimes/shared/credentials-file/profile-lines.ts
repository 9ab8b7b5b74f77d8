/**
 * The lines of an AWS credentials file: sections, properties, and what belongs to them.
 *
 * The grammar is the one of the "Shared config and credentials files" page of the AWS SDKs and Tools Reference Guide,
 * read as its readers do: a line that is indented deeper than the property above it continues that property; a comment
 * is a whole line, indented or not.
 *
 * @module
 */

/** One line. Its text and its ending joined are the line as it stands in the file. */
export interface ProfileLine {
  /** Everything before the line's end. */
  readonly text: string;
  /** `\n`, `\r\n`, or nothing in the last line. */
  readonly ending: string;
  /** What it is. Text that is nothing of the grammar is `other`. */
  readonly kind: "header" | "property" | "continuation" | "comment" | "blank" | "other";
  /**
   * Of a header what its brackets hold, white space included, as SDKs compare it; undefined without the second one. Of
   * a property, or a continuation that reads like one, its key in lower case.
   */
  readonly name?: string | undefined;
  /** Of a property, or a continuation that reads like one: whether its own line gives it a value. Secret: the value. */
  readonly hasValue?: boolean;
  /** What stands in front: white space, and in the first line perhaps a byte order mark. */
  readonly indent: string;
}

/**
 * Takes a file apart. Secret: its lines hold credentials.
 *
 * @param text one character an octet, so that nothing is lost whatever the encoding
 */
export function profileLines(text: string): readonly ProfileLine[] {
  const lines: ProfileLine[] = [];
  /** Columns before the property that a deeper line continues; undefined when the section has none yet. */
  let depth: number | undefined;
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline + 1;
    const ending = newline < 0 ? "" : newline > at && text[newline - 1] === "\r" ? "\r\n" : "\n";
    const mark = at === 0 && text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    const line = readLine(text.slice(at, end - ending.length), ending, mark, depth);
    if (line.kind === "header") depth = undefined;
    if (line.kind === "property") depth = line.indent.length - mark;
    lines.push(line);
    at = end;
  }
  return lines;
}

function readLine(text: string, ending: string, mark: number, depth: number | undefined): ProfileLine {
  let first = mark;
  while (text[first] === " " || text[first] === "\t") first++;
  const line = { text, ending, indent: text.slice(0, first) };
  const rest = text.slice(first);
  if (/^[\r\v\f]*$/.test(rest)) return { ...line, kind: "blank" };
  if (rest[0] === "#" || rest[0] === ";") return { ...line, kind: "comment" };
  const deeper = depth !== undefined && first - mark > depth;
  if (rest[0] === "[" && !deeper) {
    const close = rest.indexOf("]");
    return { ...line, kind: "header", name: close < 0 ? undefined : rest.slice(1, close) };
  }
  const separator = rest.search(/[=:]/);
  const property = separator <= 0 ? undefined : {
    name: rest.slice(0, separator).replace(/[ \t]+$/, "").toLowerCase(),
    hasValue: /[^ \t\r\v\f]/.test(rest.slice(separator + 1)),
  };
  if (deeper) return { ...line, kind: "continuation", ...property };
  return property === undefined ? { ...line, kind: "other" } : { ...line, kind: "property", ...property };
}

/** U+FEFF in UTF-8, as one character an octet. */
export const BYTE_ORDER_MARK = "\xef\xbb\xbf";
