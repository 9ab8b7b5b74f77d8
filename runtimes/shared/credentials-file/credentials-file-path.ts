/**
 * Where the shared credentials file is.
 *
 * @module
 */

import type { Host } from "../../host.ts";
import { CredentialsFileError } from "./credentials-file-error.ts";

/**
 * `AWS_SHARED_CREDENTIALS_FILE`, in which `~/` is the home directory, or `.aws/credentials` in the home directory, by
 * the "Location of the shared config and credentials files" page of the AWS SDKs and Tools Reference Guide.
 *
 * @throws {CredentialsFileError} `ERR_CREDENTIALS_FILE_PLACE` when the home directory is needed and not known
 */
export function credentialsFilePath(host: Pick<Host, "environment" | "platform">): string {
  const given = host.environment("AWS_SHARED_CREDENTIALS_FILE") || undefined;
  if (given !== undefined && !/^~[/\\]/.test(given)) return given;
  const variable = host.platform === "windows" ? "USERPROFILE" : "HOME";
  const home = host.environment(variable) || undefined;
  if (home === undefined) {
    throw new CredentialsFileError(
      "ERR_CREDENTIALS_FILE_PLACE",
      `Cannot find the credentials file: ${variable} is not set; set it, or AWS_SHARED_CREDENTIALS_FILE to a whole path`,
    );
  }
  return given === undefined ? `${home}/.aws/credentials` : home + given.slice(1);
}
