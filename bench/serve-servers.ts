/**
 * The servers that topic `serve` asks, in one process of the runtime under test: the credential endpoints, and a bare
 * server of that runtime that answers the same octets to everything.
 *
 * Prints one line of JSON when they listen, and ends when its standard input does.
 *
 * @module
 */

import process from "node:process";
import { createCredentialEndpoints } from "../runtimes/endpoints/credential-endpoints.ts";
import { EndpointMetrics } from "../runtimes/endpoints/endpoint-metrics.ts";
import { RoleCredentials } from "../runtimes/endpoints/role-credentials.ts";
import type { Listeners, PlainAnswer, PlainRequest } from "../runtimes/listeners.ts";

/** Starts a bare server on a free port of 127.0.0.1 and answers the port. */
export type BareServer = (answer: PlainAnswer) => Promise<number>;

const NAME = "Benchmark";
const PATHS = { imds: `/latest/meta-data/iam/security-credentials/${NAME}`, container: "/v1/credentials" } as const;

/** Starts the servers; the credentials are no real ones. */
export async function serveAll(listeners: Listeners, bareServer: BareServer): Promise<void> {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const role = new RoleCredentials({
    name: NAME,
    provider: async () => ({
      accessKeyId: "ASIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      sessionToken: "IQoJb3JpZ2luX2VjEXAMPLE".repeat(30),
      expiration: new Date(Date.now() + 43_200_000),
      accountId: "123456789012",
    }),
    now: Date.now,
    sleep: () => new Promise(() => {}),
  });
  await role.look();
  const { handler, authorization } = createCredentialEndpoints({
    mode: "both",
    roles: [role],
    region: "eu-central-1",
    partition: "aws",
    accountId: "123456789012",
    metrics: new EndpointMetrics(),
    runtime: "benchmark",
    boundTo: "127.0.0.1",
    names: [],
    now: Date.now,
    random,
  });
  const ask = async (method: string, target: string, headers: Readonly<Record<string, string>>) => {
    const request: PlainRequest = { method, target, header: (name) => ({ host: "127.0.0.1", ...headers })[name] };
    return await handler(request);
  };
  const metadata = { "x-aws-ec2-metadata-token": (await ask("PUT", "/latest/api/token", {})).body };
  const container = { authorization: authorization.propose() };
  const ours = await listeners.listen(handler, { kind: "tcp", hostname: "127.0.0.1", port: 0 });
  const contenders = {
    "IMDS credentials": { port: ours.port, path: PATHS.imds, headers: metadata },
    "bare server, the same answer": {
      port: await bareServer(await ask("GET", PATHS.imds, metadata)),
      path: PATHS.imds,
      headers: metadata,
    },
    "container credentials": { port: ours.port, path: PATHS.container, headers: container },
    "bare server, that answer": {
      port: await bareServer(await ask("GET", PATHS.container, container)),
      path: PATHS.container,
      headers: container,
    },
  };
  console.log(JSON.stringify(contenders));
  process.stdin.resume().on("end", () => process.exit(0));
}
