/**
 * `env`: credentials as environment variables, in words that a shell or a file takes.
 *
 * @module
 */

import { encodeUtf8 } from "../../../core/bytes/text.ts";
import type { Host } from "../../host.ts";
import { cacheOfFlags } from "../cache-flags.ts";
import type { CommandCode } from "../commands.ts";
import { credentialVariables, withoutCredentials } from "../credential-variables.ts";
import { ENV_FLAGS } from "../env-flags.ts";
import {
  environmentFileText,
  type EnvironmentFormat,
  environmentText,
  maskCommands,
  type Variable,
} from "../environment-text.ts";
import { CREDENTIAL_EXCLUSIONS } from "../flag-tables.ts";
import type { FlagValues } from "../flags.ts";
import { oneSession } from "../session-maker.ts";
import { UsageError } from "../usage-error.ts";

/** The command. */
export const ENV: CommandCode = {
  description: 'Prints credentials as environment variables: eval "$(anyrole env …)" in sh and its kin, ' +
    "anyrole env --format fish … | source in fish, anyrole env --format powershell … | Out-String | " +
    "Invoke-Expression in PowerShell. They end at AWS_CREDENTIAL_EXPIRATION and are not replaced.",
  flags: ENV_FLAGS,
  exclusive: CREDENTIAL_EXCLUSIONS,
  execute: env,
};

/** Secret: credentials go to standard output, or to the file of GITHUB_ENV and into its masks. */
async function env(host: Host, values: FlagValues): Promise<number> {
  const format = values.text("format") as EnvironmentFormat | "github-actions";
  const json = values.boolean("json");
  if (json && values.mentioned.has("format")) {
    throw new UsageError("ERR_USAGE_EXCLUSIVE_FLAGS", "--json is a format of its own: leave --format away");
  }
  const file = format === "github-actions" ? environmentFile(host) : undefined;
  const variables: readonly Variable[] = values.boolean("unset")
    ? withoutCredentials()
    : credentialVariables(host, values, await oneSession(host, values, cacheOfFlags(host, values)));
  if (json) {
    const all = Object.fromEntries(variables.map(([name, value]) => [name, value ?? null]));
    await host.writeOutput(JSON.stringify({ variables: all }) + "\n");
    return 0;
  }
  if (format !== "github-actions") {
    await host.writeOutput(environmentText(format, variables));
    return 0;
  }
  const text = environmentFileText(variables);
  // First: nothing may stand in a log before it is masked.
  await host.writeOutput(maskCommands(secretsAmong(variables)));
  const appended = await (await host.durableFiles()).openAppend(file!);
  try {
    await appended.append(encodeUtf8(text));
  } finally {
    await appended.close();
  }
  return 0;
}

function environmentFile(host: Host): string {
  const path = host.environment("GITHUB_ENV") || undefined;
  if (path !== undefined) return path;
  throw new UsageError("ERR_USAGE_INVALID_VALUE", "--format github-actions needs GITHUB_ENV, which is not set here");
}

function secretsAmong(variables: readonly Variable[]): readonly string[] {
  return variables.flatMap(([name, value]) => value !== undefined && MASKED.includes(name) ? [value] : []);
}

/** What GitHub's own action masks. */
const MASKED: readonly string[] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
