/**
 * Text of strangers, made safe to show: a terminal acts on control characters, and format characters turn the order of
 * what a person reads.
 *
 * @module
 */

/**
 * The text with `\u{…}` in place of every character that is not seen: controls, format characters, line and paragraph
 * separators, halves of surrogate pairs. For messages; the result is not meant to be read back.
 *
 * @param maxLength UTF-16 units of the text that are shown; default all
 */
export function visibleText(text: string, maxLength: number = Infinity): string {
  return replaceInvisible(text.slice(0, maxLength), (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** The text with every character that is not seen replaced. */
export function replaceInvisible(text: string, replacement: (character: string) => string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, replacement);
}
