/**
 * The `credential_process` line of flags.
 *
 * @module
 */

import { BaseError } from "../../core/base-error.ts";
import type { Host } from "../host.ts";
import { CREDENTIAL_PROCESS } from "./commands/credential-process.ts";
import { joinConfigLine } from "./config-line.ts";
import { isAbsolute, isRelative } from "./doctor-line.ts";
import type { Flag, FlagValues } from "./flags.ts";

/**
 * - `ERR_INIT_SECRET`: a flag with a secret, which does not belong into a config file
 * - `ERR_INIT_RELATIVE_PATH`: a path of which nobody can say where it begins
 */
export type InitErrorCode = "ERR_INIT_SECRET" | "ERR_INIT_RELATIVE_PATH";

/** Flags that cannot become a line of a config file. */
export class InitError extends BaseError<InitErrorCode> {
  override readonly name: string = "InitError";
}

/**
 * The line: the program, and every flag of `credential-process` that is given, paths whole.
 *
 * @throws {InitError} for a secret, or a path that cannot be made whole
 * @throws {ConfigLineError} for a word that no line can hold
 */
export function lineOfFlags(host: Host, program: string, values: FlagValues): string {
  const given = CREDENTIAL_PROCESS.flags.filter(({ name }) => values.mentioned.has(name));
  return joinConfigLine(
    [program, "credential-process", ...given.flatMap((flag) => wordsOf(host, flag, values))],
    host.platform,
  );
}

function wordsOf(host: Host, flag: Flag, values: FlagValues): readonly string[] {
  const { name, type, secret, repeatable } = flag;
  if (SECRET_PLACE.test(name)) return [`--${name}`, secretPlace(host, name, values.text(name) ?? "")];
  if (secret === true && type === "string") {
    throw new InitError(
      "ERR_INIT_SECRET",
      `Cannot write --${name} into the config file: it is a secret; keep the key in a file of mode 0600 without a ` +
        "password, or on a device",
    );
  }
  if (type === "boolean") return [values.boolean(name) ? `--${name}` : `--${name}=false`];
  if (type === "integer") return [`--${name}`, String(values.integer(name))];
  const texts = repeatable === true ? values.texts(name) : [values.text(name) ?? ""];
  return texts.filter((text) => text !== "").flatMap((text) => [`--${name}`, wholeValue(host, name, text)]);
}

/** Flags of devices whose value says where a secret is. */
const SECRET_PLACE = /^(?:pkcs11-pin|tpm-key-password|tpm-parent-password)-(?:file|env)$/;

/** Flags whose value is a path. */
const PATH_FLAG = /^(?:certificate|private-key|intermediates|cert-directory|pkcs11-lib|.*-file)$/;

function wholeValue(host: Host, name: string, text: string): string {
  if (name === "cert-selector" && text.startsWith("file://")) return `file://${wholePath(host, name, text.slice(7))}`;
  if (!PATH_FLAG.test(name) || !isRelative(name, text, host.platform)) return text;
  return text.startsWith("sql:") ? `sql:${wholePath(host, name, text.slice(4))}` : wholePath(host, name, text);
}

/** Where a PIN or password is to be read from; what is no such place may be the secret itself, and is not shown. */
function secretPlace(host: Host, name: string, text: string): string {
  const place = name.endsWith("-env") ? host.environment(text) !== undefined : isAbsolute(text, host.platform);
  if (place) return text;
  const wanted = name.endsWith("-env") ? "there is no environment variable of this name" : "it is no whole path";
  throw new InitError("ERR_INIT_SECRET", `Cannot write --${name} into the config file: ${wanted}`);
}

/** A shell says in `PWD` where it stands; that it is right shows in the file, which must be the same. */
function wholePath(host: Host, name: string, path: string): string {
  if (isAbsolute(path, host.platform)) return path;
  const directory = host.environment("PWD") ?? "";
  const whole = `${directory.replace(/\/+$/, "")}/${path.replace(/^(?:\.\/+)+/, "")}`;
  try {
    if (isAbsolute(directory, host.platform) && host.fileStamp(path) === host.fileStamp(whole)) return whole;
  } catch {
    // It is not there, or no file: then nothing shows that the path is right.
  }
  throw new InitError(
    "ERR_INIT_RELATIVE_PATH",
    `Cannot write --${name} ${path} into the config file: it is relative and cannot be followed; give the whole path of ` +
      "what is there",
  );
}
