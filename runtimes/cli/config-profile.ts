/**
 * A profile of the AWS config file.
 *
 * @module
 */

import { BaseError } from "../../core/base-error.ts";
import { decodeLatin1, decodeUtf8, encodeLatin1, encodeUtf8 } from "../../core/bytes/text.ts";
import type { Host } from "../host.ts";
import { configPath } from "../shared/config-file/config-text.ts";
import { credentialsFilePath } from "../shared/credentials-file/credentials-file-path.ts";
import { profileLines } from "../shared/credentials-file/profile-lines.ts";
import { MAX_EDITED_LENGTH } from "../shared/edit-file.ts";

/**
 * - `ERR_CONFIG_PROFILE_PLACE`: nothing says where the config file is
 * - `ERR_CONFIG_PROFILE_MISSING`: the file has no such profile
 * - `ERR_CONFIG_PROFILE_EXISTS`: it has one already
 * - `ERR_CONFIG_PROFILE_NAME`: a name that needs quotes, which SDKs read differently
 */
export type ConfigProfileErrorCode =
  | "ERR_CONFIG_PROFILE_PLACE"
  | "ERR_CONFIG_PROFILE_MISSING"
  | "ERR_CONFIG_PROFILE_EXISTS"
  | "ERR_CONFIG_PROFILE_NAME";

/** A profile that cannot be read or written. */
export class ConfigProfileError extends BaseError<ConfigProfileErrorCode> {
  override readonly name: string = "ConfigProfileError";
}

/** A profile as it stands in the file. Secret: a line may hold a password, properties may be credentials. */
export interface ConfigProfile {
  /** What stands between the brackets of its first header, one character an octet. */
  readonly header: string;
  /** Values by key in lower case, each of its first line. Secret. */
  readonly properties: ReadonlyMap<string, string>;
  /** Keys whose value goes on in an indented line, which no SDK takes for a part of the same text. */
  readonly continued: ReadonlySet<string>;
  /** How many sections have this name. */
  readonly sections: number;
}

/**
 * Where the AWS config file is: `AWS_CONFIG_FILE`, in which `~/` is the home directory, or `.aws/config` there.
 *
 * @throws {ConfigProfileError} `ERR_CONFIG_PROFILE_PLACE` when the home directory is needed and not known
 */
export function configFilePath(host: Pick<Host, "environment" | "platform">): string {
  const path = configPath(host);
  if (path !== undefined) return path;
  const variable = host.platform === "windows" ? "USERPROFILE" : "HOME";
  throw new ConfigProfileError(
    "ERR_CONFIG_PROFILE_PLACE",
    `Cannot find the config file: ${variable} is not set; set it, or AWS_CONFIG_FILE to a whole path`,
  );
}

/** The text of a file, one character an octet; empty when there is none. Secret. @throws {HostError} */
export function fileText(host: Host, path: string): string {
  try {
    return decodeLatin1(host.readFile(path, MAX_EDITED_LENGTH, "refuse"));
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_FILE_NOT_FOUND") return "";
    throw error;
  }
}

/**
 * Header of a profile in the config file, as SDKs write it.
 *
 * @throws {ConfigProfileError} `ERR_CONFIG_PROFILE_NAME`
 */
export function configHeader(profile: string): string {
  if (/[\s"'[\]\\#;]|\p{C}/u.test(profile) || profile === "") {
    throw new ConfigProfileError(
      "ERR_CONFIG_PROFILE_NAME",
      `Cannot use profile ${JSON.stringify(profile)}: a name has no white space, quotes, brackets, \\, # or ;`,
    );
  }
  return profile === "default" ? "default" : `profile ${profile}`;
}

/**
 * The first profile of this name; undefined: there is none.
 *
 * Secret: its lines.
 *
 * @param text of the config file, one character an octet
 */
export function configProfile(text: string, profile: string): ConfigProfile | undefined {
  const wanted = decodeLatin1(encodeUtf8(configHeader(profile)));
  return section(text, (name) => name === wanted || (profile === "default" && name === "profile default"));
}

/** Whether the shared credentials file holds an access key under this name. Secret: the file's text. */
export function hasStaticCredentials(host: Host, profile: string): boolean {
  const wanted = decodeLatin1(encodeUtf8(profile));
  const found = section(fileText(host, credentialsFilePath(host)), (name) => name === wanted);
  return found?.properties.has("aws_access_key_id") === true;
}

function section(text: string, is: (name: string) => boolean): ConfigProfile | undefined {
  const properties = new Map<string, string>();
  const continued = new Set<string>();
  let header = "";
  let sections = 0;
  let inside = false;
  let last = "";
  for (const line of profileLines(text)) {
    if (line.kind === "header") {
      inside = line.name !== undefined && is(line.name.trim().replace(/\s+/g, " "));
      if (inside && ++sections === 1) header = line.name!;
      last = "";
    } else if (inside && sections === 1 && line.kind === "property") {
      last = line.name!;
      if (!properties.has(last)) properties.set(last, valueOf(line.text));
    } else if (inside && sections === 1 && line.kind === "continuation") continued.add(last);
  }
  return sections === 0 ? undefined : { header, properties, continued, sections };
}

/** What stands behind the first separator; octets become characters. */
function valueOf(line: string): string {
  const value = line.slice(line.search(/[=:]/) + 1).trim();
  return decodeUtf8(encodeLatin1(value) ?? new Uint8Array()) ?? value;
}
