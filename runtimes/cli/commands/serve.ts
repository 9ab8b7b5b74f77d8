/**
 * `serve`: credentials for the AWS SDKs of this machine, as EC2, ECS and EKS give them, until it is stopped.
 *
 * @module
 */

import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { createCredentialProvider, type SessionIdentitySource } from "../../../core/credentials/credential-provider.ts";
import type { CredentialEvent } from "../../../core/credentials/session-cache.ts";
import type { SharedSessions } from "../../../core/credentials/shared-sessions.ts";
import type { Abort } from "../../../core/ports.ts";
import type { SessionIdentity } from "../../../core/session/request.ts";
import type { Host } from "../../host.ts";
import type { Listeners, ListenPlace, PlainHandler, RunningListener } from "../../listeners.ts";
import { cacheOfFlags } from "../cache-flags.ts";
import type { CommandCode } from "../commands.ts";
import { errorLine } from "../error-line.ts";
import { CREDENTIAL_EXCLUSIONS } from "../flag-tables.ts";
import { type FlagValues, invalid } from "../flags.ts";
import { closeIdentity, namedIdentity } from "../identity-flags.ts";
import { logLine } from "../log-line.ts";
import { SERVE_FLAGS } from "../serve-flags.ts";
import { servePlace, serveScope, tokenFilePath } from "../serve-place.ts";
import { type ServedRole, servedRoles } from "../serve-roles.ts";
import { roleChain, sessionOptions, sessionPorts } from "../session-flags.ts";

type CredentialEndpoints = ReturnType<
  typeof import("../../endpoints/credential-endpoints.ts")["createCredentialEndpoints"]
>;
type AuthorizationTokens = CredentialEndpoints["authorization"];
type EndpointMetrics = InstanceType<typeof import("../../endpoints/endpoint-metrics.ts")["EndpointMetrics"]>;
type RoleCredentials = InstanceType<typeof import("../../endpoints/role-credentials.ts")["RoleCredentials"]>;

/** The command. */
export const SERVE: CommandCode = {
  description:
    "Serves credentials to the AWS SDKs of this machine until it is stopped (SIGINT, SIGTERM): as the instance " +
    "metadata service of EC2 (IMDSv2) and as the container credentials endpoint of ECS and EKS. Prints the variables " +
    "that point SDKs at it.",
  flags: SERVE_FLAGS,
  exclusive: CREDENTIAL_EXCLUSIONS,
  execute: run,
};

/** How soon a token that could not be written is tried again, in milliseconds. */
const TOKEN_RETRY_MS = 60_000;

/** Secret: credentials and tokens leave through the sockets and the token's file alone. */
async function run(host: Host, values: FlagValues): Promise<number> {
  const rotationSeconds = values.integer("token-rotation");
  if (rotationSeconds < 60 || rotationSeconds > 604_800) {
    throw invalid("token-rotation", String(rotationSeconds), "must be 60 to 604800 seconds");
  }
  const roles = servedRoles(values);
  const listeners = await host.listeners();
  const place = servePlace(host, values, listeners.processId);
  if (place.kind === "tcp") serveScope(values, place.hostname, !await isLocal(place.hostname));

  const log = (text: string) => host.writeError(logLine(host.now(), text));
  const { EndpointMetrics } = await import("../../endpoints/endpoint-metrics.ts");
  const metrics = new EndpointMetrics();
  const sharing = cacheOfFlags(host, values);
  const source = namedIdentity(host, values, { sealing: sharing === undefined ? undefined : "at-once" });
  const over = new AbortController();
  const stopped = host.untilStopped(over.signal);
  try {
    const kept = await keptRoles(host, values, { roles, source, sharing, log, metrics });
    const looked = lookAll(kept).then(() => undefined);
    const signal = await Promise.race([looked, stopped]);
    if (signal === undefined) await serveRoles(host, values, { roles, kept, place, listeners, stopped, log, metrics });
    else log(`stopping: ${signal}`);
  } finally {
    await closeIdentity(host, source);
    over.abort();
  }
  return 0;
}

/** The first sessions, one after the other: a password may have to be asked for. A mistake ends it here. */
async function lookAll(kept: readonly RoleCredentials[]): Promise<void> {
  for (const role of kept) await role.look();
}

/** Serves the roles until the process is stopped. Secret: as {@link run}. */
async function serveRoles(
  host: Host,
  values: FlagValues,
  { roles, kept, place, listeners, stopped, log, metrics }: {
    readonly roles: readonly ServedRole[];
    readonly kept: readonly RoleCredentials[];
    readonly place: ListenPlace;
    readonly listeners: Listeners;
    readonly stopped: Promise<string>;
    readonly log: (text: string) => void;
    readonly metrics: EndpointMetrics;
  },
): Promise<void> {
  const rotationSeconds = values.integer("token-rotation");
  let handler: PlainHandler | undefined;
  const listener = await listeners.listen((request) => handler!(request), place);
  const stop = new AbortController();
  let tokenFile: string | undefined;
  try {
    const { hostname } = listener;
    const local = hostname === undefined || await isLocal(hostname);
    const scope = serveScope(values, hostname ?? "", !local);
    for (const text of scope.notes) log(text);
    let { mode } = scope;
    const serveAs = async (): Promise<CredentialEndpoints> => {
      const endpoints = await endpointsOf(host, values, { roles, kept, hostname, mode, metrics });
      handler = values.boolean("debug") ? logged(endpoints.handler, log) : endpoints.handler;
      return endpoints;
    };
    const { authorization } = await serveAs();
    if (mode !== "imds") {
      try {
        const path = tokenFilePath(host, values, listener.port);
        await putToken(host, authorization, path);
        tokenFile = path;
        void rotateTokens(host, authorization, path, rotationSeconds * 1000, stop.signal, log);
      } catch (error) {
        // IMDS needs no file: a service without a home directory serves what the original did.
        if (!local || ["mode", "token-file"].some((name) => values.mentioned.has(name))) throw error;
        log(`${errorLine(error)}: IMDS alone is served; pass --token-file for the container endpoint, or --mode imds`);
        mode = "imds";
        await serveAs();
      }
    }
    for (const role of kept) void role.keepFresh(stop.signal);
    await announce(host, listener, values, { roles, mode, tokenFile });
    await tellSystemd(host, listeners, ["READY=1", `STATUS=Serving ${roles.map(({ name }) => name).join(", ")}`], log);
    log(`stopping: ${await stopped}`);
    await tellSystemd(host, listeners, ["STOPPING=1"], log);
  } finally {
    stop.abort();
    await listener.close();
    if (tokenFile !== undefined) await (await host.durableFiles()).removeFile(tokenFile);
  }
}

async function isLocal(hostname: string): Promise<boolean> {
  const { hostText, isLoopback } = await import("../../endpoints/request-guard.ts");
  return isLoopback(hostText(hostname));
}

/** Keepers of the roles' credentials, over one identity. */
async function keptRoles(
  host: Host,
  values: FlagValues,
  { roles, source, sharing, log, metrics }: {
    readonly roles: readonly ServedRole[];
    readonly source: SessionIdentitySource;
    readonly sharing: SharedSessions | undefined;
    readonly log: (text: string) => void;
    readonly metrics: EndpointMetrics;
  },
): Promise<readonly RoleCredentials[]> {
  const { RoleCredentials } = await import("../../endpoints/role-credentials.ts");
  const ports = sessionPorts(host, values);
  const chain = await roleChain(host, values);
  return roles.map(({ name, roleArn }) => {
    const used = rememberIdentity(source);
    const onEvent = (event: CredentialEvent): void => {
      if (event.type === "refreshed") {
        log(sessionText(name, event, used.last()));
        metrics.session(name, used.last()?.certificate.notAfter ?? 0);
        // It is there: who asks next gets it.
        role.look().catch(() => {});
        return;
      }
      const why = event.error instanceof Error ? event.error.message : String(event.error);
      if (event.type !== "refresh-failed") return log(`${why}; role ${name}`);
      metrics.failure(name);
      const meanwhile = event.serving ? "the last good credentials are served" : "there are none to serve";
      const seconds = Math.ceil(event.retryAfterMs / 1000);
      log(
        `Error generating credentials: ${why}; role ${name}: ${meanwhile}, next attempt in ${seconds} s at the earliest`,
      );
    };
    const provider = createCredentialProvider(
      { ...sessionOptions(host, values), roleArn, chain, source: used.source, sharing, onEvent },
      ports,
    );
    const role: RoleCredentials = new RoleCredentials({ name, provider, now: host.now, sleep: host.sleep });
    return role;
  });
}

/** A source that knows what it gave last: the certificate of the session that an event tells of. */
function rememberIdentity(files: SessionIdentitySource): {
  readonly source: SessionIdentitySource;
  readonly last: () => SessionIdentity | undefined;
} {
  let last: SessionIdentity | undefined;
  return { source: { identity: async () => last = await files.identity() }, last: () => last };
}

/** The line of one session for those who audit: who, as whom, until when. Public: no credentials, not even the key's id. */
function sessionText(
  role: string,
  event: Extract<CredentialEvent, { readonly type: "refreshed" }>,
  identity: SessionIdentity | undefined,
): string {
  const serial = identity === undefined ? "unknown" : BigInt(identity.certificate.serialNumberDecimal).toString(16);
  const session = event.assumedRoleArn?.split("/").at(-1) ?? "unknown";
  const source = event.sourceIdentity === undefined ? "" : `, source identity ${JSON.stringify(event.sourceIdentity)}`;
  const request = event.requestId === "" ? "" : `, request ${event.requestId}`;
  return `session for role ${role}: certificate serial ${serial}, session name ${session}${source}, ` +
    `until ${event.expiration}${request}`;
}

async function endpointsOf(
  host: Host,
  values: FlagValues,
  { roles, kept, hostname, mode, metrics }: {
    readonly roles: readonly ServedRole[];
    readonly kept: readonly RoleCredentials[];
    readonly hostname: string | undefined;
    readonly mode: "both" | "imds" | "container";
    readonly metrics: EndpointMetrics;
  },
): Promise<CredentialEndpoints> {
  const { createCredentialEndpoints } = await import("../../endpoints/credential-endpoints.ts");
  const { parseTrustAnchorArn } = await import("../../../core/aws/roles-anywhere-arn.ts");
  const { arn } = roles[0]!;
  return createCredentialEndpoints({
    mode,
    roles: kept,
    region: values.text("region") ?? parseTrustAnchorArn(values.text("trust-anchor-arn") ?? "").region,
    partition: arn.partition,
    accountId: arn.account,
    metrics,
    runtime: `${host.runtime} ${host.runtimeVersion}`,
    boundTo: hostname,
    names: values.texts("allowed-host").map((name) => name.toLowerCase()),
    now: host.now,
    random: host.random,
  });
}

/** Tells of every request with `--debug`, without its query and headers. */
function logged(handler: PlainHandler, log: (text: string) => void): PlainHandler {
  return async (request) => {
    const answer = await handler(request);
    log(`${request.method} ${request.target.split("?")[0]!.slice(0, 200)} ${answer.status}`);
    return answer;
  };
}

/** Secret: writes a new token, without a newline, which SDKs would send along. */
async function putToken(host: Host, authorization: AuthorizationTokens, path: string): Promise<void> {
  const token = authorization.propose();
  await (await host.durableFiles()).replaceFile(path, encodeUtf8(token), 0o600);
  authorization.settle();
}

async function rotateTokens(
  host: Host,
  authorization: AuthorizationTokens,
  path: string,
  intervalMs: number,
  signal: Abort,
  log: (text: string) => void,
): Promise<void> {
  let pause = intervalMs;
  for (;;) {
    await host.sleep(pause, signal).catch(() => {});
    if (signal.aborted) return;
    try {
      await putToken(host, authorization, path);
      pause = intervalMs;
    } catch (error) {
      log(`${error instanceof Error ? error.message : String(error)}; the authorization token stays as it is`);
      pause = Math.min(TOKEN_RETRY_MS, intervalMs);
    }
  }
}

/**
 * The original helper's lines, which scripts read, and ours; as JSON on standard output, because it is what was asked for.
 * Public: the token is in its file alone.
 */
async function announce(
  host: Host,
  listener: RunningListener,
  values: FlagValues,
  { roles, mode, tokenFile }: {
    readonly roles: readonly ServedRole[];
    readonly mode: "both" | "imds" | "container";
    readonly tokenFile: string | undefined;
  },
): Promise<void> {
  const { hostname, port } = listener;
  const json = values.boolean("json");
  const facts = { mode, tokenFile, roles: roles.map(({ name, roleArn }) => ({ name, roleArn })) };
  if (hostname === undefined) {
    if (json) return await host.writeOutput(JSON.stringify({ ...facts, socket: values.text("unix-socket") }) + "\n");
    const path = values.text("unix-socket") ?? "the one of systemd";
    const token = tokenFile === undefined ? [] : [`The authorization token is in ${tokenFile}`];
    host.writeError([`Local server started on socket: ${path}`, ...token, ""].join("\n"));
    return;
  }
  const address = hostname === "0.0.0.0" ? "127.0.0.1" : hostname === "::" ? "::1" : hostname;
  const url = `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
  if (json) return await host.writeOutput(JSON.stringify({ ...facts, port, url }) + "\n");
  const imds = [
    `export AWS_EC2_METADATA_SERVICE_ENDPOINT=${url}/`,
    `# for SDKs that want no slash at its end (Java): ${url}`,
  ];
  const container = [
    `export AWS_CONTAINER_CREDENTIALS_FULL_URI=${url}/v1/credentials`,
    `export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=${shellWord(tokenFile ?? "")}`,
    ...roles.length === 1 ? [] : roles.map(({ name }) => `# role ${name}: ${url}/v1/credentials/${name}`),
  ];
  const lines = [
    `Local server started on port: ${port}`,
    "Make it available to the sdk by running:",
    ...mode === "container" ? [] : imds,
    ...mode === "imds" ? [] : container,
  ];
  host.writeError(`${lines.join("\n")}\n`);
}

function shellWord(text: string): string {
  return /^[\w./+:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

async function tellSystemd(
  host: Host,
  listeners: Listeners,
  words: readonly string[],
  log: (text: string) => void,
): Promise<void> {
  if (!host.environment("NOTIFY_SOCKET")) return;
  await listeners.notify(words).catch((error) => log(error instanceof Error ? error.message : String(error)));
}
