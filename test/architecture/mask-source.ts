/**
 * Blanks comments and the contents of strings, so that a pattern finds code and nothing that looks like it. Offsets
 * stay as they were.
 *
 * @module
 */

/** After one of these, a slash begins a regular expression and does not divide. */
const BEFORE_REGEXP = /(?:^|[=(,:;!&|?{}[\]+\-*%<>~^]|=>|\b(?:return|typeof|case|in|of|do|else|void|throw))\s*$/;

/** The text with comments as spaces, and with what is inside quotes (and regular expressions) as underscores. */
export function maskSource(text: string): string {
  const masked = text.split("");
  /** Depths of braces at which a template's `${` was opened. */
  const templates: number[] = [];
  let depth = 0;
  let at = 0;

  const blank = (from: number, to: number, by: string): void => {
    for (let i = from; i < to; i++) if (masked[i] !== "\n") masked[i] = by;
  };
  const template = (from: number): number => {
    let i = from;
    while (i < text.length && text[i] !== "`") {
      if (text[i] === "\\") i++;
      else if (text[i] === "$" && text[i + 1] === "{") {
        blank(from, i, "_");
        templates.push(depth++);
        return i + 2;
      }
      i++;
    }
    blank(from, i, "_");
    return i + 1;
  };

  while (at < text.length) {
    const character = text[at]!;
    const next = text[at + 1];
    if (character === "/" && next === "/") {
      const end = indexOr(text, "\n", at);
      blank(at, end, " ");
      at = end;
    } else if (character === "/" && next === "*") {
      const end = indexOr(text, "*/", at + 2) + 2;
      blank(at, end, " ");
      at = end;
    } else if (character === '"' || character === "'") {
      const end = closing(text, at, (c) => c === character);
      blank(at + 1, end, "_");
      at = end + 1;
    } else if (character === "`") {
      at = template(at + 1);
    } else if (character === "/" && BEFORE_REGEXP.test(masked.slice(Math.max(0, at - 20), at).join(""))) {
      let inClass = false;
      const end = closing(text, at, (c) => {
        if (c === "[") inClass = true;
        else if (c === "]") inClass = false;
        return c === "/" && !inClass;
      });
      blank(at + 1, end, "_");
      at = end + 1;
    } else {
      if (character === "{") depth++;
      if (character === "}") {
        depth--;
        if (templates.at(-1) === depth) {
          templates.pop();
          at = template(at + 1);
          continue;
        }
      }
      at++;
    }
  }
  return masked.join("");
}

/** Offset of the character that ends what begins at `from`; a backslash takes the next one with it. */
function closing(text: string, from: number, ends: (character: string) => boolean): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (ends(text[i]!) || text[i] === "\n") return i;
  }
  return text.length;
}

function indexOr(text: string, wanted: string, from: number): number {
  const found = text.indexOf(wanted, from);
  return found < 0 ? text.length : found;
}
