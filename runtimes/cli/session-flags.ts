/**
 * From the flags of the commands that make sessions to the options and ports of a session.
 *
 * @module
 */

import type { SessionOptions } from "../../core/session/create-session.ts";
import type { RoleChain } from "../../core/session/role-chain.ts";
import type { SessionPorts } from "../../core/session/service-call.ts";
import type { Host, HttpClient } from "../host.ts";
import { endpointChoice } from "../shared/endpoint-environment.ts";
import { httpOptions } from "../shared/http-environment.ts";
import type { FlagValues } from "./flags.ts";
import { UsageError } from "./usage-error.ts";

/** What is asked for, but for the identity and the role. */
export function sessionOptions(host: Host, values: FlagValues): Omit<SessionOptions, "identity" | "roleArn"> {
  const region = values.text("region");
  const roleSessionName = values.text("role-session-name");
  return {
    trustAnchorArn: values.text("trust-anchor-arn") ?? "",
    profileArn: values.text("profile-arn") ?? "",
    durationSeconds: values.integer("session-duration"),
    ...(region === undefined ? {} : { region }),
    // The flag first: it is nearer to the person than the environment.
    ...endpointChoice(host, { endpoint: values.text("endpoint") }),
    ...(roleSessionName === undefined ? {} : { roleSessionName }),
    ...maxAttempts(host),
  };
}

/** `AWS_MAX_ATTEMPTS`, as the SDKs have it; more than ten are ten. */
function maxAttempts(host: Host): Pick<SessionOptions, "maxAttempts"> {
  const text = host.environment("AWS_MAX_ATTEMPTS") || undefined;
  if (text === undefined) return {};
  if (/^[1-9][0-9]{0,8}$/.test(text)) return { maxAttempts: Math.min(Number(text), 10) };
  throw new UsageError("ERR_USAGE_INVALID_VALUE", `AWS_MAX_ATTEMPTS is "${text}" and must be a number from 1 on`);
}

/**
 * The roles to assume after the session; undefined: none. What assumes them is loaded for them alone.
 *
 * @throws {UsageError} flags that do not fit together
 * @throws as `chainRoles`, and for a session that is asked for longer than credentials of such roles live
 */
export async function roleChain(host: Host, values: FlagValues): Promise<RoleChain | undefined> {
  if (!CHAIN_FLAGS.some((name) => values.allTexts(name).length > 0)) return undefined;
  const { roleChainOfFlags } = await import("./role-chain-flags.ts");
  return roleChainOfFlags(host, values);
}

/** How the services are reached. */
export function sessionPorts(host: Host, values: FlagValues): SessionPorts & { readonly fetch: HttpClient } {
  const proxies = values.mentioned.has("with-proxy") && !values.boolean("with-proxy") ? "none" : "environment";
  const send = host.httpClient(httpOptions(host, values.boolean("no-verify-ssl") ? "skip" : "verify", proxies));
  return {
    fetch: values.boolean("debug") ? traced(host, send) : send,
    now: host.now,
    sleep: host.sleep,
    random: host.random,
    sha256: host.sha256,
  };
}

/** Shows what goes over the wire, without its secrets; what does that is loaded with the first request. */
function traced(host: Host, send: HttpClient): HttpClient {
  const trace: HttpClient = async (url, init) => {
    const { tracedRequest } = await import("./http-trace.ts");
    return await tracedRequest(host, send, url, init);
  };
  return Object.assign(trace, send);
}

const CHAIN_FLAGS = ["assume-role-arn", "assume-role-session-name", "external-id", "session-policy"] as const;
