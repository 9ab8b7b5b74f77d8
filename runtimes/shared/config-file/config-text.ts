/**
 * The shared AWS config file, when it says anything to this program.
 *
 * @module
 */

import { decodeLatin1 } from "../../../core/bytes/text.ts";
import type { Host } from "../../host.ts";

/** Config files are below this, in octets. */
const MAX_CONFIG_LENGTH = 4_194_304;

/** Keys that say something. A file without any is not looked into further: SDKs start this program again and again. */
const KEYS = /anyrole_|ca_bundle|endpoint_url|use_fips_endpoint|use_dualstack_endpoint|max_attempts/i;

/**
 * The text of the file that `AWS_CONFIG_FILE` names, or of `.aws/config` in the home directory, one character an octet;
 * undefined when there is none, it cannot be read, or it holds nothing that counts. It is a file for many programs: what is
 * wrong with it is not this one's to tell.
 */
export function configText(host: Pick<Host, "environment" | "platform" | "readFile">): string | undefined {
  const text = wholeConfigText(host);
  return text !== undefined && KEYS.test(text) ? text : undefined;
}

/** The same, whatever it holds. */
export function wholeConfigText(host: Pick<Host, "environment" | "platform" | "readFile">): string | undefined {
  const path = configPath(host);
  if (path === undefined) return undefined;
  try {
    return decodeLatin1(host.readFile(path, MAX_CONFIG_LENGTH, "refuse"));
  } catch {
    return undefined;
  }
}

/**
 * Where the file is: `AWS_CONFIG_FILE`, in which `~/` is the home directory, or `.aws/config` there; undefined when the home
 * directory is needed and not known.
 */
export function configPath(host: Pick<Host, "environment" | "platform">): string | undefined {
  const home = host.environment(host.platform === "windows" ? "USERPROFILE" : "HOME") || undefined;
  const given = host.environment("AWS_CONFIG_FILE") || undefined;
  if (given !== undefined && !/^~[/\\]/.test(given)) return given;
  if (home === undefined) return undefined;
  return given === undefined ? `${home}/.aws/config` : home + given.slice(1);
}
