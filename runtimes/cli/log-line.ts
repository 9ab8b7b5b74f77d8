/**
 * The form of every diagnostic on standard error, the original helper's: `YYYY/MM/DD HH:MM:SS message`, local time.
 *
 * @module
 */

/** One line; line breaks inside the message become spaces. */
export function logLine(milliseconds: number, message: string): string {
  const time = new Date(milliseconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}/${two(time.getMonth() + 1)}/${two(time.getDate())}`;
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return `${date} ${clock} ${message.replace(/\s*[\r\n]+\s*/g, " ")}\n`;
}
