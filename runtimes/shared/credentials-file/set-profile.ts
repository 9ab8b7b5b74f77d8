/**
 * Credentials of one profile, put into the text of an AWS credentials file. Every octet that is not theirs stays.
 *
 * Ordinary files come out as `aws_signing_helper update` writes them: keys in their places, those that were not there at
 * the end of the section, a new section with an empty line behind it at the end of the file.
 *
 * @module
 */

import { decodeLatin1, encodeUtf8 } from "../../../core/bytes/text.ts";
import { CredentialsFileError } from "./credentials-file-error.ts";
import { BYTE_ORDER_MARK, type ProfileLine, profileLines } from "./profile-lines.ts";

/** Credentials to write. Secret: the last two. */
export interface ProfileCredentials {
  readonly accessKeyId: string;
  /** Secret. */
  readonly secretAccessKey: string;
  /** Secret. */
  readonly sessionToken: string;
}

/**
 * The text with the credentials in the first section of this name, or in a new one at its end.
 *
 * Keys are found in any spelling of case and indent, and written in lower case at the same indent, with the line's own
 * ending. What continued the value of such a key goes with it, unless it reads like another property: then somebody
 * indented it by mistake. A key that was indented by mistake below another property, which some readers take and some
 * do not, moves to the section's end. A comment behind a value goes: to most readers it was part of it. Later sections of
 * the same name are left alone.
 *
 * Secret: argument and result hold credentials.
 *
 * @param text one character an octet
 * @throws {CredentialsFileError} `ERR_CREDENTIALS_FILE_PROFILE`, `ERR_CREDENTIALS_FILE_VALUE`,
 * `ERR_CREDENTIALS_FILE_ENCODING`
 */
export function setProfile(text: string, profile: string, credentials: ProfileCredentials): string {
  checkProfileName(profile);
  return setSection(text, decodeLatin1(encodeUtf8(profile)), properties(credentials));
}

/**
 * The text with these properties in the first section of this name, or in a new one at its end, as {@link setProfile}.
 *
 * Secret: argument and result may hold credentials.
 *
 * @param text one character an octet
 * @param name what stands between the brackets, one character an octet
 * @param values by key in lower case, one character an octet, without line breaks
 * @throws {CredentialsFileError} `ERR_CREDENTIALS_FILE_ENCODING`
 */
export function setSection(text: string, name: string, values: ReadonlyMap<string, string>): string {
  if (text.includes("\0")) {
    throw new CredentialsFileError(
      "ERR_CREDENTIALS_FILE_ENCODING",
      "Cannot edit the file: it holds NUL characters; was it saved as UTF-16? Save it as UTF-8",
    );
  }
  const lines = profileLines(text);
  const header = lines.findIndex((line) => line.kind === "header" && line.name === name);
  return header < 0 ? text + newSection(text, lines, name, values) : editSection(lines, header, values);
}

/**
 * Checks that a section can have this name.
 *
 * @throws {CredentialsFileError} `ERR_CREDENTIALS_FILE_PROFILE`
 */
export function checkProfileName(profile: string): void {
  if (profile !== "" && profile === profile.trim() && !UNUSABLE_IN_NAME.test(profile)) return;
  throw new CredentialsFileError(
    "ERR_CREDENTIALS_FILE_PROFILE",
    `Cannot write profile ${
      JSON.stringify(profile)
    }: a name has no brackets, control characters or white space at its ends`,
  );
}

type Values = ReadonlyMap<string, string>;

function properties({ accessKeyId, secretAccessKey, sessionToken }: ProfileCredentials): Values {
  const values = new Map([
    ["aws_access_key_id", accessKeyId],
    ["aws_secret_access_key", secretAccessKey],
    ["aws_session_token", sessionToken],
  ]);
  for (const [key, value] of values) {
    if (/^[!-~]+$/.test(value)) continue;
    throw new CredentialsFileError(
      "ERR_CREDENTIALS_FILE_VALUE",
      `Cannot write ${key}: the service's value has characters that no credential has`,
    );
  }
  return values;
}

function newSection(text: string, lines: readonly ProfileLine[], name: string, values: Values): string {
  const ending = lines[0]?.ending || "\n";
  const written = [`[${name}]`, ...Array.from(values, assignment), ""].map((line) => line + ending).join("");
  return (text === "" || text === BYTE_ORDER_MARK || text.endsWith("\n") ? "" : ending) + written;
}

function editSection(lines: readonly ProfileLine[], header: number, values: Values): string {
  const next = lines.findIndex((line, i) => i > header && line.kind === "header");
  const end = next < 0 ? lines.length : next;
  const missing = new Map(values);
  /** Where the keys that are not there go: behind the section's last property and the comments right below it. */
  let last = header;
  /** The property that a line may continue. */
  let above: ProfileLine | undefined;
  const edited = lines.map((line, i): string => {
    const { text, ending, kind, indent, name } = line;
    const ours = name !== undefined && values.has(name);
    if (i <= header || i >= end) return text + ending;
    if (kind === "continuation") {
      const ofOurs = above?.name !== undefined && values.has(above.name);
      if (ours && (ofOurs || above?.hasValue === true)) return "";
      if (ofOurs && !MISPLACED_PROPERTY.test(text)) return "";
    }
    if (kind === "property" || kind === "other") above = line;
    if (kind !== "blank" && (kind !== "comment" || last === i - 1)) last = i;
    if (kind !== "property" || !ours) return text + ending;
    missing.delete(name);
    return indent + assignment([name, values.get(name)!]) + ending;
  });
  if (missing.size === 0) return edited.join("");
  const ending = lines[last]!.ending || lines[0]!.ending || "\n";
  const added = Array.from(missing, (each) => assignment(each) + ending).join("");
  const before = edited.slice(0, last + 1).join("");
  return before + (before.endsWith("\n") ? "" : ending) + added + edited.slice(last + 1).join("");
}

function assignment([key, value]: readonly [string, string]): string {
  return `${key} = ${value}`;
}

// deno-lint-ignore no-control-regex
const UNUSABLE_IN_NAME = /[[\]\0-\x1f\x7f-\x9f]/;

/** An indented `name = value`; the padding of base64 is none. */
const MISPLACED_PROPERTY = /^[ \t]+[a-z_][a-z0-9_]*(?:[ \t]+=|=[ \t]*[^= \t])/i;
