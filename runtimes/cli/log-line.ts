/**
 * The form of every diagnostic on standard error, the original helper's: `YYYY/MM/DD HH:MM:SS message`, local time.
 *
 * @module
 */

import { visibleText } from "../../core/bytes/visible-text.ts";

/** One line, safe for a terminal; line breaks inside the message become spaces. */
export function logLine(milliseconds: number, message: string): string {
  const time = new Date(milliseconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}/${two(time.getMonth() + 1)}/${two(time.getDate())}`;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  const oneLine = message.split(/[\r\n]+/).map((line) => line.trim()).join(" ");
  return `${date} ${clock} ${visibleText(oneLine)}\n`;
}
