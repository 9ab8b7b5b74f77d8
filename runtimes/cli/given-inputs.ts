/**
 * Certificates, keys, policies and passwords that are in no file: on standard input, on a descriptor that the caller
 * hands over, or in the environment.
 *
 * @module
 */

import { decodeBase64 } from "../../core/bytes/base64.ts";
import type { Bytes } from "../../core/bytes/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../core/bytes/text.ts";
import { wipe } from "../../core/bytes/wipe.ts";
import { fileTooLarge, HostError } from "../host-error.ts";
import type { Host } from "../host.ts";
import { type FlagValues, invalid } from "./flags.ts";
import {
  ENVIRONMENT,
  hiddenFlags,
  type HiddenSecret,
  INPUT_FLAGS,
  isInput,
  STAND_INS,
  STANDARD_INPUT,
} from "./input-names.ts";

/** Passwords are below this, in octets. */
const MAX_PASSWORD_LENGTH = 4096;

/** A password that was given is one line of it. */
const LINE_END = /\r?\n/;

/**
 * A host that reads inputs in the place of the files that flags name, and flags with the password and the key that others
 * stand for. Each of standard input and the descriptors is read once, when it is first needed, and kept: certificate and key
 * may both be on one.
 *
 * Secret: what was read stays in memory; the password is in the result.
 *
 * @throws {HostError} the password cannot be read
 * @throws {UsageError} a descriptor is no number, or a password is empty
 */
export function givenInputs(host: Host, values: FlagValues): { readonly host: Host; readonly values: FlagValues } {
  const inputs = inputNames(values);
  const kept = new Map<number, Bytes>();
  const readFile: Host["readFile"] = (path, maxLength, pipes) => {
    if (!inputs.has(path)) return host.readFile(path, maxLength, pipes);
    if (path.startsWith(ENVIRONMENT)) return fromEnvironment(host, path, maxLength);
    const descriptor = descriptorOf(path)!;
    const octets = kept.get(descriptor) ?? host.readDescriptor(descriptor, maxLength);
    kept.set(descriptor, octets);
    if (octets.length > maxLength) throw fileTooLarge(path, maxLength);
    // Whoever asked wipes it.
    return octets.slice();
  };
  const here: Host = {
    ...host,
    readFile,
    // It is what it is: there is nothing to read again.
    fileStamp: (path) => inputs.has(path) ? "given" : host.fileStamp(path),
  };
  const changes = new Map<string, string>();
  const password = hiddenSecret(here, values, "password");
  if (password !== undefined) changes.set("pkcs8-password", password);
  const handle = values.text("tpm-key-handle");
  if (handle !== undefined) changes.set("private-key", `handle:${handle}`);
  return { host: here, values: changes.size === 0 ? values : values.with(changes) };
}

/**
 * A secret that flags give without showing it; undefined: none does.
 *
 * Secret: the result.
 *
 * @param host what {@link givenInputs} answered, where inputs are named
 * @throws {HostError} it cannot be read
 * @throws {UsageError} it is empty, or there is no such environment variable
 */
export function hiddenSecret(host: Host, values: FlagValues, secret: HiddenSecret): string | undefined {
  const name = hiddenFlags(secret).find((each) => values.mentioned.has(each));
  if (name === undefined) return undefined;
  const text = name.endsWith("-env")
    ? secretVariable(host, values, name)
    : secretLine(host, name.endsWith("-fd") ? `fd:${values.integer(name)}` : values.text(name) ?? "");
  if (text === "") throw invalid(name, "…", "there is no password in it");
  return text;
}

function secretVariable(host: Host, values: FlagValues, name: string): string {
  const text = host.environment(values.text(name) ?? "");
  if (text !== undefined) return text;
  // The name is not shown: somebody may have taken the flag for the password's own.
  throw invalid(name, "…", "there is no environment variable of this name");
}

/** The first line of a file or an input. Secret: the result. */
export function secretLine(host: Host, path: string): string {
  // A password may look like base64 and is none.
  if (path.startsWith(ENVIRONMENT)) return variable(host, path).split(LINE_END, 1)[0]!;
  const octets = host.readFile(path, MAX_PASSWORD_LENGTH);
  try {
    const text = decodeUtf8(octets);
    if (text !== undefined) return text.split(LINE_END, 1)[0]!;
    throw new HostError("ERR_FILE_UNREADABLE", `Cannot read the password in ${path}: it is not UTF-8`, { path });
  } finally {
    wipe(octets);
  }
}

/** What flags name that is no file. */
function inputNames(values: FlagValues): ReadonlySet<string> {
  const names = INPUT_FLAGS.flatMap((flag) =>
    [values.text(flag) ?? "", ...values.allTexts(flag)].map((text) => [flag, text])
  );
  const inputs = new Set<string>();
  for (const [flag, text] of names as [string, string][]) {
    if (!isInput(text)) continue;
    if (!text.startsWith(ENVIRONMENT) && descriptorOf(text) === undefined) {
      throw invalid(flag, text, "must be fd: and the number of a descriptor, fd:3 for instance");
    }
    inputs.add(text);
  }
  for (const flag of STAND_INS.filter((name) => name.endsWith("-fd") && values.mentioned.has(name))) {
    const text = String(values.integer(flag));
    if (descriptorOf(`fd:${text}`) === undefined) throw invalid(flag, text, "must be the number of a descriptor");
    inputs.add(`fd:${text}`);
  }
  return inputs;
}

function descriptorOf(text: string): number | undefined {
  if (text === STANDARD_INPUT) return 0;
  const digits = /^fd:([0-9]{1,9})$/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** PEM or other text as it is; PEM in one line with `\n` in it, and base64 of anything, as CI systems keep them. */
function fromEnvironment(host: Host, path: string, maxLength: number): Bytes {
  const text = variable(host, path);
  if (text.length > maxLength * 2) throw fileTooLarge(path, maxLength);
  if (text.includes("-----BEGIN ")) return encodeUtf8(text.includes("\n") ? text : text.replaceAll("\\n", "\n"));
  return decodeBase64(text.replace(/[ \t\r\n]+/g, "")) ?? encodeUtf8(text);
}

/** The variable that `env:NAME` names. */
function variable(host: Host, path: string): string {
  const name = path.slice(ENVIRONMENT.length);
  const text = host.environment(name);
  if (text) return text;
  const state = text === undefined ? "is not set" : "is empty";
  throw new HostError("ERR_FILE_NOT_FOUND", `Cannot read ${path}: the environment variable ${name} ${state}`, { path });
}
