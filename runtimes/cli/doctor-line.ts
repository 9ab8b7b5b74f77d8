/**
 * What `doctor` says about a `credential_process` line, and the flags that it finds in it.
 *
 * @module
 */

import type { Host } from "../host.ts";
import { CREDENTIAL_PROCESS } from "./commands/credential-process.ts";
import { COMMENT, splitConfigLine } from "./config-line.ts";
import { configFilePath, configProfile, ConfigProfileError, fileText, hasStaticCredentials } from "./config-profile.ts";
import type { Findings } from "./doctor-finding.ts";
import type { DoctorSource } from "./doctor-flags.ts";
import { type FlagValues, parseFlags } from "./flags.ts";
import { isDevice } from "./identity-flags.ts";
import { commandFlags } from "./shared-flags.ts";

/** The flags of the session that is checked; undefined: the line cannot be understood, and the findings say why. */
export function sessionFlags(host: Host, source: DoctorSource, findings: Findings): FlagValues | undefined {
  if ("flags" in source) {
    checkSecrets(source.flags, findings);
    return source.flags;
  }
  const line = "line" in source
    ? source.line.replace(/^\s*credential_process\s*=/, "").trim()
    : lineOfProfile(host, source.profile, findings);
  return line === undefined ? undefined : flagsOfLine(host, line, findings);
}

/** @throws {ConfigProfileError} when there is no such profile */
function lineOfProfile(host: Host, name: string, findings: Findings): string | undefined {
  const path = configFilePath(host);
  const profile = configProfile(fileText(host, path), name);
  if (profile === undefined) {
    throw new ConfigProfileError(
      "ERR_CONFIG_PROFILE_MISSING",
      `Cannot find profile ${name}: ${path} has no such section; write one with anyrole init --profile ${name}`,
    );
  }
  const { properties, continued, sections } = profile;
  if (sections > 1) {
    findings.warning(
      "command line",
      "profile-repeated",
      `profile ${name} stands in ${path} ${sections} times`,
      "SDKs differ in which one they take; the first one is checked here",
      "remove all but one",
    );
  }
  checkRivals(host, name, properties, findings);
  const line = properties.get("credential_process");
  if (line === undefined || line === "") {
    findings.error(
      "command line",
      "credential-process",
      `profile ${name} of ${path} has no credential_process`,
      "SDKs have no command to run for it",
      `write one with anyrole init --profile ${name} --force`,
    );
    return undefined;
  }
  if (continued.has("credential_process")) {
    findings.error(
      "command line",
      "line-continuation",
      `the credential_process line of profile ${name} goes on in an indented line`,
      "AWS config files know no line continuation: SDKs lose everything behind the first line, or refuse the file",
      "write the command on one line",
    );
  }
  return line;
}

/** Other sources of credentials in the same profile, which SDKs look at first. Secret: the values of the properties. */
export function checkRivals(
  host: Host,
  name: string,
  properties: ReadonlyMap<string, string>,
  findings: Findings,
): void {
  const why = "SDKs take that before they run credential_process, some of them in any case";
  const rivals = RIVALS.filter((key) => properties.has(key));
  if (rivals.length > 0) {
    findings.warning(
      "command line",
      "profile-rivals",
      `profile ${name} also has ${rivals.join(", ")}`,
      why,
      "remove what is not meant, or use a profile of its own",
    );
  }
  let shadowed = false;
  try {
    shadowed = hasStaticCredentials(host, name);
  } catch (error) {
    findings.failure("command line", "credentials-file", error, "make the shared credentials file readable");
  }
  if (shadowed) {
    findings.warning(
      "command line",
      "profile-shadowed",
      `the shared credentials file holds an access key for profile ${name}`,
      why,
      "remove that section from the credentials file",
    );
  }
}

const RIVALS = ["aws_access_key_id", "role_arn", "sso_session", "sso_start_url", "web_identity_token_file"];

function flagsOfLine(host: Host, line: string, findings: Findings): FlagValues | undefined {
  const fix = "write one line: anyrole credential-process --flag value …, paths with spaces in quotes";
  let split;
  try {
    split = splitConfigLine(line.replace(/\\\s*$/, ""), host.platform);
  } catch (error) {
    findings.failure("command line", "quotes", error, fix);
    return undefined;
  }
  if (/\\\s*$/.test(line)) {
    findings.error(
      "command line",
      "trailing-backslash",
      "the line ends with a backslash",
      "AWS config files know no line continuation: every flag behind it is lost",
      "remove the backslash and write all flags on one line",
    );
  }
  if (split.shellCharacters.length > 0) {
    findings.warning(
      "command line",
      "shell-characters",
      `${split.shellCharacters.join(" ")} outside single quotes`,
      "SDKs for Python run the line without a shell, others with one: it means two things",
      "write single quotes around such words, and whole paths in place of ~ and $HOME",
    );
  }
  if (COMMENT.test(line)) {
    findings.warning(
      "command line",
      "comment-characters",
      "# or ; stands behind white space",
      "some SDKs begin a comment there, even in quotes, and lose the rest of the line",
      "rename the file, or use a path without them",
    );
  }
  const [program = "", command = "", ...words] = split.words;
  checkProgram(host, program, findings);
  if (command !== "credential-process") {
    findings.error(
      "command line",
      "command",
      "the second word of the line is not credential-process",
      "SDKs want the JSON that this command prints",
      fix,
    );
    return undefined;
  }
  const kept = words.filter((word) => word !== "\\" && word.trim() !== "");
  if (kept.length < words.length && words.some((word) => word === "\\" || /^\s+$/.test(word))) {
    findings.error(
      "command line",
      "stray-word",
      "a word of the line is a backslash or white space alone",
      "aws_signing_helper stops reading flags there and says nothing; anyrole refuses the line",
      "remove it: AWS config files know no line continuation",
    );
  }
  let parsed;
  try {
    parsed = parseFlags(kept, commandFlags(CREDENTIAL_PROCESS), CREDENTIAL_PROCESS.exclusive);
  } catch (error) {
    findings.failure("command line", "flags", prefixed(error), fix);
    return undefined;
  }
  if (parsed.help) {
    findings.error("command line", "flags", "the line asks for help", "SDKs want JSON, not help", "remove --help");
    return undefined;
  }
  findings.ok("command line", "line", `credential-process with ${parsed.values.mentioned.size} flags`);
  checkSecrets(parsed.values, findings);
  checkPaths(host, parsed.values, findings);
  return parsed.values;
}

/** Usage errors are about flags alone and say no action. */
function prefixed(error: unknown): unknown {
  if (error instanceof Error) error.message = `Cannot understand the flags of the line: ${error.message}`;
  return error;
}

function checkProgram(host: Host, program: string, findings: Findings): void {
  if (!isAbsolute(program, host.platform)) {
    findings.warning(
      "command line",
      "program",
      /[/\\]/.test(program) ? "the program's path is relative" : "the program is named without a path",
      "whether it is found depends on the directory and the PATH of whatever uses the SDK",
      "write the whole path of the program",
    );
    return;
  }
  let there = true;
  try {
    there = host.cacheFiles().status(program) !== undefined;
  } catch {
    return; // Where it cannot be looked at, nothing is known.
  }
  if (there) findings.ok("command line", "program", `${program} is there`);
  else {
    findings.error(
      "command line",
      "program",
      `there is no program ${program}`,
      "SDKs cannot start it",
      "install it there, or correct the path",
    );
  }
}

function checkPaths(host: Host, values: FlagValues, findings: Findings): void {
  const relative = PATH_FLAGS.filter((name) => {
    const path = values.text(name);
    return path !== undefined && isRelative(name, path, host.platform);
  });
  if (relative.length === 0) return;
  findings.warning(
    "command line",
    "relative-paths",
    `${relative.map((name) => `--${name}`).join(", ")}: the path is relative`,
    "it is looked up from the directory in which the SDK happens to run",
    "write whole paths",
  );
}

const PATH_FLAGS = ["certificate", "private-key", "intermediates", "cert-directory", "pkcs11-lib"];

/** Whether a path does not depend on the working directory. */
export function isAbsolute(path: string, platform: string): boolean {
  return platform === "windows" ? /^(?:[A-Za-z]:[/\\]|[/\\]{2})/.test(path) : path.startsWith("/");
}

/** Whether what a flag names is looked up from the working directory: no device is, nor a module by its bare name. */
export function isRelative(flag: string, path: string, platform: string): boolean {
  if (flag === "pkcs11-lib" && !/[/\\]/.test(path)) return false;
  return !isDevice(path) && !isAbsolute(path.replace(/^sql:/, ""), platform);
}

function checkSecrets(values: FlagValues, findings: Findings): void {
  const given = ["pkcs8-password", "tpm-key-password"].filter((name) => values.text(name) !== undefined);
  if (given.length === 0) return;
  findings.warning(
    "command line",
    "secret-in-line",
    `${given.map((name) => `--${name}`).join(", ")} stands on the command line`,
    "every user of this machine can see it while the command runs, and it stays in config files and histories",
    "keep the key in a file of mode 0600 without a password, or on a device",
  );
}
