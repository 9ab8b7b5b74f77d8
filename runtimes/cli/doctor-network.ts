/**
 * What `doctor` finds out with one unsigned request: whether the endpoint can be reached, and what time it is there.
 *
 * @module
 */

import type { Endpoint } from "../../core/aws/endpoint.ts";
import { parseHttpDate } from "../../core/session/http-date.ts";
import type { Host } from "../host.ts";
import type { Findings } from "./doctor-finding.ts";
import type { FlagValues } from "./flags.ts";
import { sessionPorts } from "./session-flags.ts";

/** The service takes signatures that are this far from its own time, in milliseconds: five minutes, less a minute. */
const TOLERANCE_MS = 240_000;

/** How long the answer may take, in milliseconds. */
const LIMIT_MS = 30_000;

/** Asks the endpoint for its root, without a signature. Nothing of the identity is sent. */
export async function checkNetwork(
  host: Host,
  values: FlagValues,
  endpoint: Endpoint,
  findings: Findings,
): Promise<void> {
  let answer;
  try {
    answer = await withinLimit(
      host,
      (signal) =>
        sessionPorts(host, values).fetch(`${endpoint.url}/`, {
          method: "GET",
          headers: {},
          redirect: "manual",
          signal,
        }),
    );
  } catch (error) {
    findings.error(
      "network",
      "reachable",
      `${endpoint.host} does not answer`,
      reasonOf(error),
      "check name resolution, routes, firewalls, proxies (HTTPS_PROXY) and, for TLS, AWS_CA_BUNDLE",
    );
    return;
  }
  findings.ok("network", "reachable", `${endpoint.host} answers (HTTP ${answer.status})`);
  const theirs = parseHttpDate(answer.headers.get("date") ?? "");
  if (theirs === undefined) {
    findings.ok("network", "clock", "not checked: the endpoint does not say what time it is");
    return;
  }
  const skewMs = theirs - host.now();
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (Math.abs(skewMs) <= TOLERANCE_MS) {
    findings.ok("network", "clock", `this machine's clock and the endpoint's are ${seconds} seconds apart`);
    return;
  }
  findings.warning(
    "network",
    "clock",
    `this machine's clock is ${seconds} seconds ${skewMs > 0 ? "behind" : "ahead of"} the endpoint's`,
    "the service refuses signatures that are minutes off; anyrole corrects itself at the cost of a second request, " +
      "aws_signing_helper does not, and requests that are made with the credentials may fail as well",
    "let the system set its clock (NTP)",
  );
}

/** Does it and hands it a signal; after the limit it is aborted and has failed. */
async function withinLimit<T>(host: Host, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const timer = new AbortController();
  const limit = host.sleep(LIMIT_MS, timer.signal).then(() => {
    over.abort();
    throw new Error(`no answer within ${LIMIT_MS / 1000} seconds`);
  });
  try {
    return await Promise.race([work(over.signal), limit]);
  } finally {
    timer.abort();
    over.abort();
    limit.catch(() => {}); // It was stopped.
  }
}

/** The innermost reason: what is around it says "fetch failed". */
function reasonOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  const text = inner instanceof Error
    ? inner.message || String((inner as { code?: unknown }).code ?? "")
    : String(inner);
  return text === "" ? "the runtime gives no reason" : text;
}
