/**
 * `cache list` and `cache clear`: the sessions that processes share.
 *
 * @module
 */

import { visibleText } from "../../../core/bytes/visible-text.ts";
import type { SealedSessionFacts } from "../../../core/credentials/sealed-session.ts";
import type { Host } from "../../host.ts";
import { cacheDirectory } from "../../shared/credential-store/cache-directory.ts";
import { type FileStore, fileStore } from "../../shared/credential-store/file-store.ts";
import type { CommandCode } from "../commands.ts";
import type { FlagValues } from "../flags.ts";

/** The command. */
export const CACHE_LIST: CommandCode = {
  description:
    "Lists the credentials in the shared cache: whose they are, how they were asked for and when they end. " +
    "That is in the clear in the cache; the credentials are sealed and are not shown.",
  flags: [],
  exclusive: [],
  execute: list,
};

/** The command. */
export const CACHE_CLEAR: CommandCode = {
  description:
    "Removes everything from the shared cache of credentials. What was handed out of it lives on until it ends.",
  flags: [],
  exclusive: [],
  execute: clear,
};

async function list(host: Host, values: FlagValues): Promise<number> {
  const { store, directory } = storeOf(host);
  const entries = store?.list() ?? [];
  if (values.boolean("json")) {
    await host.writeOutput(
      JSON.stringify({ directory, entries: entries.map(({ path, facts }) => ({ path, ...facts })) }) + "\n",
    );
    return 0;
  }
  if (entries.length === 0) await host.writeOutput(`nothing in ${directory ?? "the cache: it has no directory"}\n`);
  for (const { path, facts } of entries) {
    await host.writeOutput(facts === undefined ? `${path}\n  damaged\n\n` : entryText(path, facts, host.now()));
  }
  return 0;
}

async function clear(host: Host, values: FlagValues): Promise<number> {
  const { store, directory } = storeOf(host);
  const removed = store?.clear() ?? 0;
  const text = values.boolean("json")
    ? JSON.stringify({ directory, removed }) + "\n"
    : `removed ${removed} from ${directory ?? "the cache: it has no directory"}\n`;
  await host.writeOutput(text);
  return 0;
}

function storeOf(host: Host): { readonly store?: FileStore; readonly directory?: string } {
  const directory = cacheDirectory(host);
  return directory === undefined ? {} : { store: fileStore(host, directory), directory };
}

function entryText(path: string, { subject, obtainedAt, expiration }: SealedSessionFacts, now: number): string {
  const { roleArn, ...others } = subject;
  const ended = Date.parse(expiration) <= now ? ", which is over" : "";
  const rows = Object.entries(others).map(([name, value]) => `  ${name}: ${shown(value)}\n`).join("");
  return `${shown(roleArn)}\n  until ${shown(expiration)}${ended}; made ${
    shown(obtainedAt)
  }\n${rows}  file: ${path}\n\n`;
}

function shown(value: unknown): string {
  return visibleText(typeof value === "string" ? value : JSON.stringify(value) ?? "");
}
