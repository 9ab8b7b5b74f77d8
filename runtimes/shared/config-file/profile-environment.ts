/**
 * What a profile of the shared AWS config file says, in the place of environment variables that are not set.
 *
 * @see AWS SDKs and Tools Reference Guide, "Shared config and credentials files"; "Service-specific endpoints"
 * @module
 */

import { decodeUtf8 } from "../../../core/bytes/text.ts";
import type { Host } from "../../host.ts";
import { profileLines } from "../credentials-file/profile-lines.ts";

/**
 * The environment, and where a variable is not set or empty, the profile of `AWS_PROFILE`, else of `AWS_DEFAULT_PROFILE`,
 * else `default`: `ca_bundle`, `endpoint_url`, `use_fips_endpoint`, `use_dualstack_endpoint`, `max_attempts`, `ignore_configured_endpoint_urls`, those
 * `endpoint_url` of its `services` section that stand for `rolesanywhere` and `sts`, and every `anyrole_…` for the variable
 * of that name. A profile that is not there says nothing.
 *
 * @param text of the config file, one character an octet
 */
export function profileEnvironment(
  host: Pick<Host, "environment">,
  text: string,
): (name: string) => string | undefined {
  const { environment } = host;
  const variables = variablesOf(sections(text), profileName(environment));
  // What the environment says of all services goes before what a profile says of one.
  if (environment("AWS_ENDPOINT_URL")) { for (const [, variable] of SERVICES) variables.delete(variable); }
  return (variable) => environment(variable) || variables.get(variable) || environment(variable);
}

/** The region that the profile of the environment names. @param text as of `profileEnvironment` */
export function profileRegion({ environment }: Pick<Host, "environment">, text: string): string | undefined {
  return profileOf(sections(text), profileName(environment))?.get("region");
}

/** Whether the file has the profile. @param text as of `profileEnvironment` */
export function hasProfile(text: string, name: string): boolean {
  return profileOf(sections(text), name) !== undefined;
}

function profileName(environment: Host["environment"]): string {
  return environment("AWS_PROFILE") || environment("AWS_DEFAULT_PROFILE") || "default";
}

/** `[profile default]` goes before `[default]`, as in the SDKs. */
function profileOf(all: ReadonlyMap<string, Section>, name: string): Section | undefined {
  return all.get(`profile ${name}`) ?? (name === "default" ? all.get("default") : undefined);
}

/** Properties of a section, by their keys in lower case; nested ones as `rolesanywhere.endpoint_url`. */
type Section = ReadonlyMap<string, string>;

function variablesOf(all: ReadonlyMap<string, Section>, name: string): Map<string, string> {
  const profile = profileOf(all, name);
  const variables = new Map<string, string>();
  for (const [key, value] of profile ?? []) {
    const variable = key.startsWith("anyrole_") ? key.toUpperCase() : VARIABLES.get(key);
    if (variable !== undefined) variables.set(variable, value);
  }
  const services = all.get(`services ${profile?.get("services") ?? ""}`);
  for (const [service, variable] of SERVICES) {
    const endpoint = services?.get(`${service}.endpoint_url`);
    if (endpoint !== undefined) variables.set(variable, endpoint);
  }
  return variables;
}

function sections(text: string): ReadonlyMap<string, Section> {
  const all = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let parent: string | undefined;
  for (const { kind, name, text: line } of profileLines(text)) {
    if (kind === "header") {
      const title = name === undefined ? undefined : decoded(name).trim().replace(/[ \t]+/g, " ");
      section = title === undefined ? undefined : all.get(title) ?? new Map();
      if (title !== undefined) all.set(title, section!);
      parent = undefined;
    }
    if (section === undefined || name === undefined || !(kind === "property" || kind === "continuation")) continue;
    const value = decoded(line.slice(line.search(/[=:]/) + 1)).trim();
    if (kind === "property") parent = value === "" ? name : undefined;
    // A comment behind a value has white space before it.
    const plain = value.replace(/[ \t][#;].*$/, "").trim();
    if (kind === "property" && plain !== "") section.set(name, plain);
    if (kind === "continuation" && parent !== undefined) section.set(`${parent}.${name}`, plain);
  }
  return all;
}

/** Text of octets; what is no UTF-8 is taken for Latin-1. */
function decoded(octets: string): string {
  return decodeUtf8(Uint8Array.from(octets, (character) => character.charCodeAt(0))) ?? octets;
}

const VARIABLES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["ca_bundle", "AWS_CA_BUNDLE"],
  ["endpoint_url", "AWS_ENDPOINT_URL"],
  ["ignore_configured_endpoint_urls", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"],
  ["use_fips_endpoint", "AWS_USE_FIPS_ENDPOINT"],
  ["use_dualstack_endpoint", "AWS_USE_DUALSTACK_ENDPOINT"],
  ["max_attempts", "AWS_MAX_ATTEMPTS"],
]);

const SERVICES = [["rolesanywhere", "AWS_ENDPOINT_URL_ROLESANYWHERE"], ["sts", "AWS_ENDPOINT_URL_STS"]] as const;
