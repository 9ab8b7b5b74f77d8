/**
 * `init`: writes a profile with a `credential_process` line into the AWS config file, after everything was tried.
 *
 * @module
 */

import { decodeLatin1, encodeUtf8 } from "../../../core/bytes/text.ts";
import { visibleText } from "../../../core/bytes/visible-text.ts";
import type { Host } from "../../host.ts";
import { setSection } from "../../shared/credentials-file/set-profile.ts";
import { editFile } from "../../shared/edit-file.ts";
import type { CommandCode } from "../commands.ts";
import { configFilePath, configHeader, configProfile, ConfigProfileError, fileText } from "../config-profile.ts";
import { diagnose } from "../doctor-diagnosis.ts";
import { Findings } from "../doctor-finding.ts";
import { DIAGNOSIS_FLAGS, readDiagnosis, withProcessFlags } from "../doctor-flags.ts";
import { checkRivals, sessionFlags } from "../doctor-line.ts";
import { findingsJson, findingsText } from "../doctor-report.ts";
import { CREDENTIAL_EXCLUSIONS } from "../flag-tables.ts";
import { requiredFlag } from "../flag-readings.ts";
import type { Flag, FlagValues } from "../flags.ts";
import { lineOfFlags } from "../init-line.ts";
import { oneSession } from "../session-maker.ts";
import { unusableJson } from "../verify-report.ts";

const OWN_FLAGS: readonly Flag[] = /* @__PURE__ */ DIAGNOSIS_FLAGS.concat([
  { name: "profile", type: "string", help: "Profile to write" },
  {
    name: "program",
    type: "string",
    default: "anyrole",
    help: "Program that the line starts; a whole path is found by every SDK",
  },
  { name: "dry-run", type: "boolean", help: "Print the change and write nothing" },
  { name: "force", type: "boolean", help: "Replace the credential_process of a profile that is there already" },
  { name: "json", type: "boolean", help: "Print one JSON object" },
]);

/** The command. */
export const INIT: CommandCode = {
  description:
    "Writes a profile with a credential_process line into the AWS config file (AWS_CONFIG_FILE, or .aws/config in the\n" +
    "home directory); everything else in the file stays as it is. Before that it checks what doctor checks, and makes\n" +
    "one session, which is thrown away; --offline sends nothing. With an error nothing is written.\n\n" +
    "Ends with\n" +
    "  0  written, or with --dry-run printed\n" +
    "  1  errors were found, and nothing was written\n" +
    "  2  could not try: a flag that cannot be used, a profile that exists, a file that cannot be written",
  flags: /* @__PURE__ */ withProcessFlags(OWN_FLAGS),
  exclusive: CREDENTIAL_EXCLUSIONS,
  errorExitCode: 2,
  execute: init,
};

/** Secret: the session of the trial is not kept, and its credentials are not told; flags with secrets are refused. */
async function init(host: Host, values: FlagValues): Promise<number> {
  try {
    return await initProfile(host, values);
  } catch (error) {
    if (values.boolean("json")) await host.writeOutput(unusableJson(error));
    throw error;
  }
}

async function initProfile(host: Host, values: FlagValues): Promise<number> {
  const profile = requiredFlag(values, "profile");
  const diagnosis = readDiagnosis(values);
  const path = configFilePath(host);
  const line = lineOfFlags(host, values.text("program") ?? "anyrole", values);
  const edit = (text: string): string => withProfile(text, path, profile, line, values.boolean("force"));
  const before = fileText(host, path);
  edit(before);

  const findings = new Findings();
  checkRivals(host, profile, configProfile(before, profile)?.properties ?? new Map(), findings);
  const session = sessionFlags(host, { line }, findings);
  await diagnose(host, session, { ...diagnosis, offline: true }, findings);
  if (session !== undefined && findings.count("error") === 0 && !diagnosis.offline) {
    await trySession(host, session, findings);
  }

  const refused = findings.count("error") > 0;
  const dryRun = values.boolean("dry-run");
  if (!refused && !dryRun) await editFile(host, path, edit);
  const outcome = refused ? "refused" : dryRun ? "dry-run" : "written";
  await host.writeOutput(
    values.boolean("json")
      ? findingsJson(findings, { outcome, path, profile, credentialProcess: line })
      : findingsText(findings) + changeText(outcome, path, profile, line),
  );
  return refused ? 1 : 0;
}

/**
 * The config file with the line.
 *
 * @param text one character an octet
 * @throws {ConfigProfileError} when the profile exists and is not to be replaced
 */
function withProfile(text: string, path: string, profile: string, line: string, force: boolean): string {
  const found = configProfile(text, profile);
  if (found !== undefined && !force) {
    throw new ConfigProfileError(
      "ERR_CONFIG_PROFILE_EXISTS",
      `Cannot write profile ${profile}: ${path} has one already; pass --force to replace its credential_process`,
    );
  }
  const header = found?.header ?? decodeLatin1(encodeUtf8(configHeader(profile)));
  return setSection(text, header, new Map([["credential_process", decodeLatin1(encodeUtf8(line))]]));
}

async function trySession(host: Host, values: FlagValues, findings: Findings): Promise<void> {
  try {
    const { assumedRoleUser, roleArn, credentials } = await oneSession(host, values);
    findings.ok(
      "service",
      "create-session",
      `a session of ${assumedRoleUser?.arn ?? roleArn} was made, until ${credentials.expiration}`,
    );
  } catch (error) {
    findings.failure(
      "service",
      "create-session",
      error,
      "anyrole doctor with --trust-anchor, --role and --profile-file says why the service refuses",
    );
  }
}

function changeText(outcome: "refused" | "dry-run" | "written", path: string, profile: string, line: string): string {
  if (outcome === "refused") return "nothing was written\n";
  const words = outcome === "dry-run" ? `would write to ${path}` : `written to ${path}`;
  return visibleText(`${words}:`) + "\n" +
    visibleText(`[${configHeader(profile)}]`) + "\n" +
    visibleText(`credential_process = ${line}`) + "\n";
}
