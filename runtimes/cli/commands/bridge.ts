/**
 * `bridge`: signatures by keys of this machine for programs that do not have them, until it is stopped.
 *
 * @module
 */

import { encodeUtf8 } from "../../../core/bytes/text.ts";
import type { AppendFile, Host } from "../../host.ts";
import type { ListenPlace } from "../../listeners.ts";
import { BRIDGE_EXCLUSIONS, BRIDGE_FLAGS, DEFAULT_BRIDGE_RATE } from "../bridge-flags.ts";
import { keptToken, type OpenGrant, openGrant, plannedGrants, writeToken } from "../bridge-grants.ts";
import type { CommandCode } from "../commands.ts";
import { type FlagValues, invalid } from "../flags.ts";
import { textOf, unusable } from "../input-files.ts";
import { logLine } from "../log-line.ts";
import { tokenFilePath } from "../serve-place.ts";
import { UsageError } from "../usage-error.ts";

/** The signing service is loaded when it is called. */
type ServiceOptions = Parameters<
  typeof import("../../../hsm-bridge/remote/signing-service.ts")["createSigningService"]
>[0];
type ServedGrant = ServiceOptions["grants"][number];
type KeepRecord = ServiceOptions["keepRecord"];

/** The command. */
export const BRIDGE: CommandCode = {
  description:
    "Signs with keys of this machine for programs that do not have them, until it is stopped (SIGINT, SIGTERM): over a " +
    "Unix socket, over HTTPS of this machine with a token, or over standard input and output. Signs requests to IAM " +
    "Roles Anywhere and nothing else, unless --any-message is given, and writes a record of every signature. The keys " +
    "stay where they are.",
  flags: BRIDGE_FLAGS,
  exclusive: BRIDGE_EXCLUSIONS,
  execute: run,
};

/** Secret: tokens are in their files alone; keys, PINs and passwords leave by no way. */
async function run(host: Host, values: FlagValues): Promise<number> {
  const plans = plannedGrants(host, values, DEFAULT_BRIDGE_RATE);
  const grants: OpenGrant[] = [];
  const records = await openRecords(host, values.text("audit-file"));
  try {
    // One after the other: a password may have to be asked for.
    for (const plan of plans) grants.push(await openGrant(host, values, plan));
    const onError = (error: unknown): void =>
      host.writeError(logLine(host.now(), error instanceof Error ? `${error.name}: ${error.message}` : String(error)));
    const ports = { now: host.now, keepRecord: records.keep, onError };
    if (values.boolean("stdio")) return await serveStandardStreams(host, grants[0]!, ports);
    const given = plans.map(({ tokenFile }, i) => ({ open: grants[i]!, tokenFile }));
    return await serveSocket(host, values, given, ports);
  } finally {
    for (const { key } of grants) await key.close?.();
    await records.close();
  }
}

type Ports = Pick<ServiceOptions, "now" | "keepRecord" | "onError">;

/** Until whoever started this program closes standard input, or it is stopped. */
async function serveStandardStreams(host: Host, { grant }: OpenGrant, ports: Ports): Promise<number> {
  const { serveExecProtocol } = await import("../../../hsm-bridge/remote/exec-service.ts");
  const input = (await host.listeners()).standardInput();
  void host.untilStopped().then(() => input.close());
  await serveExecProtocol({ ...ports, grant, input: input.pieces, write: (text) => host.writeOutput(text) });
  return 0;
}

interface GivenGrant {
  readonly open: OpenGrant;
  readonly tokenFile: string | undefined;
}

async function serveSocket(
  host: Host,
  values: FlagValues,
  given: readonly GivenGrant[],
  ports: Ports,
): Promise<number> {
  const { createSigningService } = await import("../../../hsm-bridge/remote/signing-service.ts");
  const { place, authority } = await placeOf(host, values);
  const listeners = await host.listeners();
  let service: ReturnType<typeof createSigningService> | undefined;
  const listener = await listeners.listen((request) => service!(request), place);
  const ours: string[] = [];
  try {
    const { port } = listener;
    const served: ServedGrant[] = [];
    for (const { open, tokenFile } of given) {
      served.push({ ...open.grant, access: await accessOf(host, values, tokenFile, port, ours) });
    }
    const authorityFile = authority === undefined ? undefined : authorityPath(values, ours[0] ?? `anyrole-${port}`);
    if (authorityFile !== undefined) {
      await (await host.durableFiles()).replaceFile(authorityFile, encodeUtf8(authority!), 0o644);
      ours.push(authorityFile);
    }
    service = createSigningService({ ...ports, grants: served, sleep: host.sleep });
    const stopped = host.untilStopped();
    announce(host, place, port, ours[0] === authorityFile ? undefined : ours[0], authorityFile);
    host.writeError(logLine(host.now(), `stopping: ${await stopped}`));
  } finally {
    await listener.close();
    const files = await host.durableFiles();
    for (const path of ours) await files.removeFile(path);
  }
  return 0;
}

/** Who has a grant. Secret: the token, which is in its file. @param ours files that are removed in the end */
async function accessOf(
  host: Host,
  values: FlagValues,
  tokenFile: string | undefined,
  port: number | undefined,
  ours: string[],
): Promise<ServedGrant["access"]> {
  // Tokens of a file of grants stay: other programs have them, too.
  if (values.text("grants") !== undefined) return { token: await keptToken(host, tokenFile!) };
  // The socket is its owner's, who could read the token's file as well.
  if (port === undefined && tokenFile === undefined) return "whoever-connects";
  const path = tokenFilePath(host, values, port, "anyrole-bridge");
  const token = await writeToken(host, path);
  ours.push(path);
  return { token };
}

/** Where to listen; the authority of a certificate that was made for it, PEM. @throws {UsageError}, {InputFileError} */
async function placeOf(
  host: Host,
  values: FlagValues,
): Promise<{ readonly place: ListenPlace; readonly authority?: string }> {
  const path = values.text("unix-socket");
  if (path !== undefined) {
    checkDirectory(host, path);
    return { place: { kind: "unix", path } };
  }
  const port = values.integer("port");
  if (port < 0 || port > 65_535) throw invalid("port", String(port), "a port is 0 to 65535");
  const hostname = (values.text("bind") ?? "127.0.0.1").replace(/^\[(.*)\]$/, "$1");
  const { hostText, isLoopback } = await import("../../endpoints/request-guard.ts");
  if (hostname === "localhost" || !isLoopback(hostText(hostname))) {
    throw invalid("bind", hostname, "keys are served to this machine alone: 127.0.0.1 or ::1");
  }
  const certificate = values.text("tls-certificate");
  const privateKey = values.text("tls-key");
  if ((certificate === undefined) !== (privateKey === undefined)) {
    throw new UsageError("ERR_USAGE_MISSING_FLAG", "--tls-certificate and --tls-key go together");
  }
  if (certificate !== undefined && privateKey !== undefined) {
    const tls = { certificate: textOf(host, certificate), privateKey: textOf(host, privateKey) };
    return { place: { kind: "tcp", hostname, port, tls } };
  }
  const { loopbackCertificate } = await import("../loopback-certificate.ts");
  const tls = await loopbackCertificate(host, hostname);
  return { place: { kind: "tcp", hostname, port, tls }, authority: tls.authority };
}

/** A socket lies where nobody else can put another in its place. @throws {InputFileError} */
function checkDirectory(host: Host, path: string): void {
  const directory = /^(.*)[\\/][^\\/]*$/.exec(path)?.[1] ?? ".";
  const status = host.cacheFiles().status(directory === "" ? "/" : directory);
  if (status === undefined) throw unusable(path, "its directory does not exist");
  const { mode = 0o1000, writableBy } = status;
  // In a directory with the sticky bit, others cannot rename or remove what is ours.
  if (writableBy === "others" && (mode & 0o1000) === 0) {
    throw unusable(
      path,
      "others can write to its directory, and so put another socket in its place; use one of mode 0700",
    );
  }
}

function authorityPath(values: FlagValues, tokenFile: string): string {
  return values.text("tls-ca-file") ?? `${tokenFile}-ca.pem`;
}

/** Says where it is. Public: tokens are in their files alone. */
function announce(
  host: Host,
  place: ListenPlace,
  port: number | undefined,
  tokenFile: string | undefined,
  authorityFile: string | undefined,
): void {
  const where = place.kind === "unix"
    ? `socket: ${place.path}`
    : place.kind === "tcp"
    ? `https://${place.hostname.includes(":") ? `[${place.hostname}]` : place.hostname}:${port}`
    : "";
  const lines = [
    `Signing service started on ${where}`,
    ...tokenFile === undefined ? [] : [`The token is in ${tokenFile}`],
    ...authorityFile === undefined ? [] : [`The CA of its certificate is in ${authorityFile}`],
  ];
  host.writeError(`${lines.join("\n")}\n`);
}

interface Records {
  readonly keep: KeepRecord;
  readonly close: () => Promise<void>;
}

/** Records go to a file, and are on its device before a signature leaves; or to standard error. */
async function openRecords(host: Host, path: string | undefined): Promise<Records> {
  const { formatRecord } = await import("../../../hsm-bridge/remote/signing-record.ts");
  if (path === undefined) {
    return { keep: (record) => host.writeError(`${formatRecord(record)}\n`), close: () => Promise.resolve() };
  }
  const durable = await host.durableFiles();
  await durable.createFile(path, new Uint8Array(), 0o600);
  const file: AppendFile = await durable.openAppend(path);
  let last: Promise<void> = Promise.resolve();
  return {
    keep: (record) => {
      // One after the other, whatever became of the one before.
      last = last.catch(() => {}).then(() => file.append(encodeUtf8(`${formatRecord(record)}\n`)));
      return last;
    },
    close: async () => {
      await last.catch(() => {});
      await file.close();
    },
  };
}
