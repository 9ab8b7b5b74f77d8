/**
 * Environment variables in the languages of shells and files: assignments and their removal, with values quoted so that
 * every character stands for itself.
 *
 * @module
 */

import { BaseError } from "../../core/base-error.ts";

/** A language that variables can be written in. */
export type EnvironmentFormat = "sh" | "fish" | "powershell" | "dotenv";

/** - `ERR_ENVIRONMENT_VALUE`: a value that the language cannot say */
export type EnvironmentTextErrorCode = "ERR_ENVIRONMENT_VALUE";

/** A variable that cannot be written. */
export class EnvironmentTextError extends BaseError<EnvironmentTextErrorCode> {
  override readonly name: string = "EnvironmentTextError";
}

/** A variable's name and its value; undefined removes it. Names are letters, digits and underscores. */
export type Variable = readonly [name: string, value: string | undefined];

/**
 * One line a variable.
 *
 * - `sh`: `export NAME='value'` of POSIX.1-2017 §2.2.2
 * - `fish`: `set -gx NAME 'value'`
 * - `powershell`: `$env:NAME = 'value'`; it takes the quotation marks of typography for its own as well
 * - `dotenv`: `NAME=value`, in single quotes when there is more in it than every reader takes without. Readers differ in
 *   escapes, so there are none: a value with a quote, a backslash or a line break is refused. To remove is to leave empty.
 *
 * Secret: values may be credentials.
 *
 * @throws {EnvironmentTextError} a value holds NUL, or what dotenv files cannot hold
 */
export function environmentText(format: EnvironmentFormat, variables: readonly Variable[]): string {
  return variables.map(([name, value]) => `${line(format, name, value)}\n`).join("");
}

/**
 * The lines of a GitHub Actions environment file. Secret: values may be credentials.
 *
 * @throws {EnvironmentTextError} a value holds a line break or NUL
 */
export function environmentFileText(variables: readonly Variable[]): string {
  return variables.map(([name, value = ""]) => `${name}=${without(/[\r\n\0]/, name, value)}\n`).join("");
}

/** The commands that make GitHub Actions hide values in its logs. Secret: their text. */
export function maskCommands(values: readonly string[]): string {
  return values.map((value) => `::add-mask::${value.replace(/[%\r\n]/g, encodeURIComponent)}\n`).join("");
}

function line(format: EnvironmentFormat, name: string, value: string | undefined): string {
  const text = without(/\0/, name, value ?? "");
  switch (format) {
    case "sh":
      return value === undefined ? `unset ${name}` : `export ${name}='${text.replaceAll("'", "'\\''")}'`;
    case "fish":
      return value === undefined ? `set -e ${name}` : `set -gx ${name} '${text.replace(/[\\']/g, "\\$&")}'`;
    case "powershell":
      return value === undefined
        ? `Remove-Item -ErrorAction Ignore Env:${name}`
        : `$env:${name} = '${text.replace(/['\u2018-\u201b]/g, "$&$&")}'`;
    case "dotenv":
      return `${name}=${/^[\w/+=:.@-]*$/.test(text) ? text : `'${without(/['\\\r\n]/, name, text)}'`}`;
  }
}

function without(refused: RegExp, name: string, value: string): string {
  if (!refused.test(value)) return value;
  throw new EnvironmentTextError(
    "ERR_ENVIRONMENT_VALUE",
    `Cannot write ${name}: its value has characters that this format cannot hold`,
  );
}
