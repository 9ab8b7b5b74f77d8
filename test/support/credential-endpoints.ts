/**
 * Credential endpoints without sockets: over a service that does what the test says, and a clock that does, too.
 *
 * @module
 */

import { createCredentialProvider } from "../../core/credentials/credential-provider.ts";
import type { FetchResponse } from "../../core/ports.ts";
import {
  createCredentialEndpoints,
  type CredentialEndpoints,
  type CredentialEndpointsOptions,
} from "../../runtimes/endpoints/credential-endpoints.ts";
import { EndpointMetrics } from "../../runtimes/endpoints/endpoint-metrics.ts";
import { RoleCredentials } from "../../runtimes/endpoints/role-credentials.ts";
import type { PlainAnswer } from "../../runtimes/listeners.ts";
import { ARNS, identity, NOON, ports, refusal, success } from "../core/session/fake-service.ts";
import { VirtualClock } from "../core/session/virtual-clock.ts";
import { testRandom } from "./test-authority.ts";

/** Endpoints, and what is behind them. */
export interface EndpointsBench extends CredentialEndpoints {
  readonly clock: VirtualClock;
  readonly metrics: EndpointMetrics;
  readonly roles: readonly RoleCredentials[];
  /** What the service does from now on: a life in seconds, or a failure. */
  plan: number | "unreachable" | "denied" | "hang";
  /** When the service was called, in milliseconds since {@link NOON}. */
  readonly calls: number[];
  /** Asks; the Host is a good one unless the headers have another. */
  ask(method: string, target: string, headers?: Readonly<Record<string, string>>): Promise<PlainAnswer>;
  /** A token of IMDSv2. */
  token(): Promise<Readonly<Record<string, string>>>;
  /** A token of the container endpoint. */
  authorized(): Readonly<Record<string, string>>;
}

/** Makes endpoints of these roles. */
export function endpointsBench(
  names: readonly string[] = ["Example"],
  extra: Partial<CredentialEndpointsOptions> = {},
): EndpointsBench {
  const clock = new VirtualClock(NOON);
  const metrics = new EndpointMetrics();
  const calls: number[] = [];
  const bench: { plan: EndpointsBench["plan"] } = { plan: 3600 };
  const answer = (): Promise<FetchResponse> => {
    calls.push(clock.time - NOON);
    if (bench.plan === "hang") return new Promise(() => {});
    if (bench.plan === "unreachable") return Promise.reject(new Error("nobody is there"));
    if (bench.plan === "denied") return Promise.resolve(refusal(403, "AccessDeniedException", "Untrusted certificate"));
    return Promise.resolve(success(`${new Date(clock.time + bench.plan * 1000).toISOString().slice(0, 19)}Z`));
  };
  const roles = names.map((name) => {
    const provider = createCredentialProvider(
      {
        ...ARNS,
        source: identity(),
        roleArn: `arn:aws:iam::123456789012:role/${name}`,
        maxAttempts: 1,
        onEvent: (event) => event.type === "refresh-failed" ? metrics.failure(name) : metrics.session(name, NOON),
      },
      ports(clock, answer),
    );
    // Every session has an access key of its own.
    const numbered: typeof provider = async (properties) => {
      const credentials = await provider(properties);
      return { ...credentials, accessKeyId: `ASIA${credentials.expiration.getTime()}` };
    };
    return new RoleCredentials({ name, provider: numbered, now: clock.now, sleep: clock.sleep });
  });
  const endpoints = createCredentialEndpoints({
    mode: "both",
    roles,
    region: "eu-central-1",
    partition: "aws",
    accountId: "123456789012",
    metrics,
    runtime: "test",
    boundTo: "127.0.0.1",
    names: [],
    now: clock.now,
    random: testRandom("credential endpoints"),
    ...extra,
  });
  const authorization = endpoints.authorization.propose();
  endpoints.authorization.settle();
  const ask: EndpointsBench["ask"] = async (method, target, headers = {}) => {
    const all: Readonly<Record<string, string>> = { host: "127.0.0.1:9911", ...headers };
    const request = { method, target, header: (name: string) => all[name] || undefined };
    return await clock.run(Promise.resolve(endpoints.handler(request)));
  };
  const token = async () => ({ "x-aws-ec2-metadata-token": (await ask("PUT", "/latest/api/token")).body });
  return Object.assign(bench, {
    ...endpoints,
    clock,
    metrics,
    roles,
    calls,
    ask,
    token,
    authorized: () => ({ authorization }),
  });
}
