/**
 * `emulator`: the service on this machine, until it is stopped.
 *
 * @module
 */

import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { listenError } from "../../host-error.ts";
import type { AppendFile, Host, RunningServer } from "../../host.ts";
import type { CommandCode } from "../commands.ts";
import { EMULATOR_FLAGS } from "../emulator-flags.ts";
import { type FlagValues, invalid } from "../flags.ts";
import { logLine } from "../log-line.ts";
import { UsageError } from "../usage-error.ts";

/** The emulator is loaded when it is called. */
type EmulatorModule = typeof import("../../emulator/mod.ts");
type Emulator = ReturnType<EmulatorModule["createEmulator"]>;
type StateFile = Awaited<ReturnType<EmulatorModule["openStateFile"]>>;
type EventRecord = ReturnType<Emulator["events"]>[number];

/** The command. */
export const EMULATOR: CommandCode = {
  description:
    "Runs IAM Roles Anywhere and as much of STS, IAM, Private CA and S3 as its clients need, on this machine, " +
    "until it is stopped (SIGINT, SIGTERM). Prints the variables that point AWS clients at it. For tests: what it " +
    "allows AWS may refuse.",
  flags: EMULATOR_FLAGS,
  exclusive: [],
  execute: run,
};

/** Secret: prints the administrator's access key, which means nothing outside the emulator. */
async function run(host: Host, values: FlagValues): Promise<number> {
  const place = placeOf(values);
  const { openStateFile } = await import("../../emulator/mod.ts");
  const path = values.text("state");
  const state = path === undefined ? undefined : await openStateFile(host, path);
  try {
    if (state !== undefined && state.tornOctets > 0) {
      host.writeError(
        logLine(host.now(), `${path}: dropped ${state.tornOctets} octets of a change that a crash cut off`),
      );
    }
    return await serveUntilStopped(host, values, place, state);
  } finally {
    await state?.close();
  }
}

async function serveUntilStopped(
  host: Host,
  values: FlagValues,
  place: Place,
  state: StateFile | undefined,
): Promise<number> {
  const { createEmulator, malformedRequest } = await import("../../emulator/mod.ts");
  const events = await eventFile(host, values.text("events"));
  const emulator = createEmulator({
    preset: values.text("preset") as "lenient" | "documented" | "paranoid",
    region: values.text("region") ?? "us-east-1",
    account: place.account,
    now: host.now,
    sleep: host.sleep,
    random: host.random,
    crypto: host.crypto(),
    sha256: host.sha256,
    inspectionHosts: place.hostname === "127.0.0.1" ? [] : [place.urlHost],
    onError: (error) => host.writeError(logLine(host.now(), errorText(error))),
    ...(state === undefined ? {} : { state }),
    ...(events === undefined ? {} : { onEvent: events.add }),
    ...(values.text("seed") === undefined ? {} : { seed: values.text("seed")! }),
  });
  const tls = values.boolean("tls") ? await emulator.serverTls(values.texts("tls-name")) : undefined;
  const server = await host.serve(emulator.fetch, {
    hostname: place.hostname,
    port: place.port,
    refuse: malformedRequest,
    ...(tls === undefined ? {} : { tls }),
  }).catch((error: unknown) => Promise.reject(serveError(place, error)));
  const stopped = host.untilStopped();
  try {
    const authority = tls?.authority ?? "";
    const authorityFile = tls === undefined ? undefined : await writeAuthority(host, values, authority);
    await announce(host, values, { server, place, emulator, authority, authorityFile });
    await stopped;
  } finally {
    await server.close();
    await events?.close();
  }
  return state?.failure() === undefined ? 0 : 1;
}

/** What the system says of an address, as the other commands that listen say it; everything else as it is. */
function serveError({ hostname, port }: Place, error: unknown): unknown {
  const { code } = error as { readonly code?: string };
  return code !== undefined && /^E[A-Z]+$/.test(code) ? listenError(`${hostname} port ${port}`, code, error) : error;
}

interface Place {
  readonly hostname: string;
  /** As it stands in a URL. */
  readonly urlHost: string;
  readonly port: number;
  readonly account: string;
}

/** What the flags say about where to listen. @throws {UsageError} */
function placeOf(values: FlagValues): Place {
  const port = values.integer("port");
  if (port < 0 || port > 65_535) throw invalid("port", String(port), "a port is 0 to 65535");
  const account = values.text("account") ?? "";
  if (!/^\d{12}$/.test(account)) throw invalid("account", account, "an account is twelve digits");
  const hostname = values.text("host") ?? "127.0.0.1";
  const loopback = hostname === "localhost" || hostname === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
  if (!loopback && !values.boolean("allow-other-machines")) {
    throw new UsageError(
      "ERR_USAGE_MISSING_FLAG",
      `--host ${hostname} lets other machines use the emulator and see what it holds; if that is meant, add ` +
        "--allow-other-machines",
    );
  }
  return { hostname, urlHost: hostname.includes(":") ? `[${hostname}]` : hostname, port, account };
}

async function writeAuthority(host: Host, values: FlagValues, pem: string): Promise<string> {
  const state = values.text("state");
  const path = values.text("tls-ca-file") ?? (state === undefined ? "anyrole-emulator-ca.pem" : `${state}.ca.pem`);
  await (await host.durableFiles()).replaceFile(path, encodeUtf8(pem), 0o644);
  return path;
}

interface Started {
  readonly server: RunningServer;
  readonly place: Place;
  readonly emulator: Emulator;
  /** The certificate of the authority, PEM; empty without TLS. */
  readonly authority: string;
  /** The file that it was written to. */
  readonly authorityFile: string | undefined;
}

/** Says where it is, in words that a shell can read. Secret: the administrator's key. */
async function announce(host: Host, values: FlagValues, started: Started): Promise<void> {
  const { server, place, emulator, authority, authorityFile } = started;
  const { accessKeyId, secretAccessKey } = await emulator.administratorKey();
  const anywhere = place.hostname === "0.0.0.0" || place.hostname === "::";
  const name = anywhere ? "localhost" : place.urlHost;
  const endpoint = `${authorityFile === undefined ? "http" : "https"}://${name}:${server.port}`;
  if (values.boolean("json")) {
    await host.writeOutput(
      JSON.stringify({
        endpoint,
        preset: values.text("preset"),
        region: values.text("region"),
        state: values.text("state"),
        accessKeyId,
        secretAccessKey,
        authorityFile,
      }) + "\n",
    );
    return;
  }
  const lines = [
    `# The emulator listens on ${endpoint}, preset ${values.text("preset")}; what it holds: ${endpoint}/_emulator/`,
    values.text("state") === undefined
      ? "# Nothing is kept (--state FILE keeps it)."
      : `# Kept in ${values.text("state")}.`,
    `export AWS_ENDPOINT_URL=${endpoint}`,
    `export AWS_ENDPOINT_URL_ROLESANYWHERE=${endpoint}`,
    `export AWS_REGION=${values.text("region")}`,
    `export AWS_DEFAULT_REGION=${values.text("region")}`,
    `export AWS_ACCESS_KEY_ID=${accessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
    ...(authorityFile === undefined ? [] : [
      `export AWS_CA_BUNDLE=${shellWord(authorityFile)}`,
      `export NODE_EXTRA_CA_CERTS=${shellWord(authorityFile)}`,
      ...authority.trimEnd().split("\n").map((line) => `# ${line}`),
    ]),
  ];
  await host.writeOutput(`${lines.join("\n")}\n`);
}

interface EventFile {
  readonly add: (event: EventRecord) => void;
  readonly close: () => Promise<void>;
}

/** Appends events in the order in which they come; those that wait are written together. */
async function eventFile(host: Host, path: string | undefined): Promise<EventFile | undefined> {
  if (path === undefined) return undefined;
  const durable = await host.durableFiles();
  await durable.createFile(path, new Uint8Array(), 0o600);
  const file: AppendFile = await durable.openAppend(path);
  let waiting = "";
  let writing: Promise<void> | undefined;
  async function write(): Promise<void> {
    while (waiting !== "") {
      const text = waiting;
      waiting = "";
      await file.append(encodeUtf8(text)).catch((error) => host.writeError(logLine(host.now(), errorText(error))));
    }
    writing = undefined;
  }
  return {
    add: (event) => {
      waiting += `${JSON.stringify(event)}\n`;
      writing ??= Promise.resolve().then(write);
    },
    close: async () => {
      await writing;
      await file.close();
    },
  };
}

function shellWord(text: string): string {
  return /^[\w./+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
