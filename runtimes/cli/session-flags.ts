/**
 * From the flags of the commands that make sessions to the options and ports of a session.
 *
 * @module
 */

import type { SessionOptions, SessionPorts } from "../../core/session/create-session.ts";
import type { Host } from "../host.ts";
import { endpointChoice } from "../shared/endpoint-environment.ts";
import { httpOptions } from "../shared/http-environment.ts";
import type { FlagValues } from "./flags.ts";

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
  };
}

/** How the service is reached. */
export function sessionPorts(host: Host, values: FlagValues): SessionPorts {
  const proxies = values.mentioned.has("with-proxy") && !values.boolean("with-proxy") ? "none" : "environment";
  return {
    fetch: host.httpClient(httpOptions(host, values.boolean("no-verify-ssl") ? "skip" : "verify", proxies)),
    now: host.now,
    sleep: host.sleep,
    random: host.random,
    sha256: host.sha256,
  };
}
