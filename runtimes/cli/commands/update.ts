/**
 * `update`: credentials in the shared credentials file, replaced before they end.
 *
 * @module
 */

import type { Session } from "../../../core/session/create-session.ts";
import type { Host } from "../../host.ts";
import { credentialsFilePath } from "../../shared/credentials-file/credentials-file-path.ts";
import { checkProfileName, setProfile } from "../../shared/credentials-file/set-profile.ts";
import { editFile } from "../../shared/edit-file.ts";
import { cacheOfFlags } from "../cache-flags.ts";
import type { CommandCode } from "../commands.ts";
import { errorLine } from "../error-line.ts";
import { CREDENTIAL_EXCLUSIONS } from "../flag-tables.ts";
import type { FlagValues } from "../flags.ts";
import { closeIdentity, namedIdentity } from "../identity-flags.ts";
import { logLine } from "../log-line.ts";
import { pauseAfter, refreshTime, waitUntil } from "../refresh-schedule.ts";
import { oneSession, sessionMaker } from "../session-maker.ts";
import { DEFAULT_PROFILE, UPDATE_FLAGS } from "../update-flags.ts";

/** The command. */
export const UPDATE: CommandCode = {
  description:
    "Writes credentials into profiles of the shared credentials file (AWS_SHARED_CREDENTIALS_FILE, or .aws/credentials " +
    "in the home directory), and replaces them five minutes before they end, until it is stopped (SIGINT, SIGTERM). " +
    "Everything else in the file stays as it is. The first failure ends it; after that, failures are tried again, and " +
    "the last credentials stay.",
  flags: UPDATE_FLAGS,
  exclusive: CREDENTIAL_EXCLUSIONS,
  execute: update,
};

/** Secret: credentials go to the file and nowhere else. */
async function update(host: Host, values: FlagValues): Promise<number> {
  const given = values.texts("profile");
  const profiles = given.length === 0 ? [DEFAULT_PROFILE] : given;
  for (const profile of profiles) checkProfileName(profile);
  const path = credentialsFilePath(host);
  const stop = new AbortController();
  const sharing = cacheOfFlags(host, values);
  const write = async ({ credentials }: Session): Promise<void> => {
    const edit = (text: string) => profiles.reduce((edited, profile) => setProfile(edited, profile, credentials), text);
    await editFile(host, path, edit, stop.signal);
  };
  const json = values.boolean("json");
  if (values.boolean("once")) {
    const session = await oneSession(host, values, sharing);
    await write(session);
    if (json) await host.writeOutput(writtenJson(session, profiles, path));
    else if (values.boolean("debug")) host.writeError(logLine(host.now(), written(session, profiles, path)));
    return 0;
  }
  const tell = async (session: Session, refreshAt: string): Promise<void> => {
    if (json) return await host.writeOutput(writtenJson(session, profiles, path, refreshAt));
    const words = `${written(session, profiles, path)} Credentials will be refreshed at ${refreshAt}`;
    host.writeError(logLine(host.now(), words));
  };
  host.untilStopped(stop.signal).then(() => stop.abort());
  const source = namedIdentity(host, values, { sealing: sharing === undefined ? undefined : "put-off" });
  try {
    const create = sessionMaker(host, values, source, { sharing, signal: stop.signal });
    return await keepFresh(host, create, write, tell, stop.signal);
  } catch (error) {
    if (error === stop.signal.reason) return 0;
    throw error;
  } finally {
    await closeIdentity(host, source);
    stop.abort();
  }
}

/** What was done, in words without secrets. */
function written(
  { assumedRoleUser, roleArn, credentials }: Session,
  profiles: readonly string[],
  path: string,
): string {
  const where = `${profiles.length === 1 ? "profile" : "profiles"} ${profiles.join(", ")} of ${path}`;
  return `Wrote ${where}: ${assumedRoleUser?.arn ?? roleArn} until ${credentials.expiration}.`;
}

/** The same as one JSON object. */
function writtenJson(session: Session, profiles: readonly string[], path: string, refreshAt?: string): string {
  const { assumedRoleUser, roleArn, credentials } = session;
  const facts = { path, profiles, roleArn, assumedRoleArn: assumedRoleUser?.arn, expiration: credentials.expiration };
  return JSON.stringify({ ...facts, refreshAt }) + "\n";
}

/** Ends with the first failure, if there was no success before it, or with the signal's reason. */
async function keepFresh(
  host: Host,
  create: (replaced?: Session) => Promise<Session>,
  write: (session: Session) => Promise<void>,
  tell: (session: Session, refreshAt: string) => Promise<void>,
  signal: AbortSignal,
): Promise<never> {
  /** Made and not written yet. */
  let made: Session | undefined;
  let last: Session | undefined;
  for (let failures = 0;;) {
    try {
      made ??= await create(last);
      await write(made);
    } catch (error) {
      if (last === undefined || signal.aborted) throw error;
      if (made !== undefined && host.now() >= endOf(made)) made = undefined;
      const pauseMs = pauseAfter(++failures, host.random);
      const state = host.now() < endOf(last) ? "good until" : "over since";
      const kept = `the credentials in the file are ${state} ${last.credentials.expiration}`;
      const next = `next try in ${Math.ceil(pauseMs / 1000)} s`;
      host.writeError(logLine(host.now(), `${errorLine(error)}; ${kept}, ${next}`));
      await waitUntil(host, host.now() + pauseMs, signal);
      continue;
    }
    failures = 0;
    last = made;
    made = undefined;
    const refreshAt = refreshTime(endOf(last), host.now());
    const time = new Date(refreshAt).toISOString().replace(/\.\d+/, "");
    await tell(last, time);
    await waitUntil(host, refreshAt, signal);
  }
}

/** When a session ends by this machine's clock, in milliseconds since the epoch. */
function endOf({ expiresAtMs, clockSkewMs }: Session): number {
  return expiresAtMs - clockSkewMs;
}
