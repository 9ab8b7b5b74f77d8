/**
 * What `doctor` says about the environment: variables that count, variables that look as if they did, proxies.
 *
 * @module
 */

import type { Endpoint } from "../../core/aws/endpoint.ts";
import type { Host } from "../host.ts";
import { configuredEndpoint } from "../shared/endpoint-environment.ts";
import { httpOptions } from "../shared/http-environment.ts";
import { proxyOf } from "../shared/proxy-environment.ts";
import type { Findings } from "./doctor-finding.ts";
import type { FlagValues } from "./flags.ts";

/** Checks the variables. Secret: passwords of proxies and access keys among them; none is told. */
export function checkEnvironment(
  host: Host,
  values: FlagValues | undefined,
  endpoint: Endpoint | undefined,
  findings: Findings,
): void {
  const set = (name: string): boolean => (host.environment(name) ?? "") !== "";
  const named = ["AWS_ENDPOINT_URL_ROLESANYWHERE", "AWS_ENDPOINT_URL"].find(set);
  const flag = values?.text("endpoint") !== undefined;
  const used = !flag && configuredEndpoint(host, "ROLESANYWHERE") !== undefined ? named : undefined;
  const count = [...(used === undefined ? [] : [used]), ...COUNTING.filter(set)];
  findings.ok(
    "environment",
    "variables",
    count.length === 0 ? "no variable changes how the service is reached" : `set, and used: ${count.join(", ")}`,
  );
  if (set("AWS_ACCESS_KEY_ID") || set("AWS_SECRET_ACCESS_KEY")) {
    findings.warning(
      "environment",
      "access-key",
      "AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is set",
      "SDKs take the access key of the environment before they run credential_process",
      "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN",
    );
  }
  if (named !== undefined && used === undefined) {
    findings.warning(
      "environment",
      "endpoint-url",
      `${named} is set and does not count here`,
      flag ? "--endpoint is given" : "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true",
      `${flag ? "leave out --endpoint" : "unset AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"} if requests should go there`,
    );
  }
  checkCaBundle(host, findings);
  if (values !== undefined && endpoint !== undefined) checkProxy(host, values, endpoint, findings);
}

const COUNTING = [
  "AWS_USE_FIPS_ENDPOINT",
  "AWS_USE_DUALSTACK_ENDPOINT",
  "AWS_CA_BUNDLE",
  "HTTPS_PROXY",
  "https_proxy",
  "HTTP_PROXY",
  "http_proxy",
  "NO_PROXY",
  "no_proxy",
  "ANYROLE_NO_CACHE",
];

function checkCaBundle(host: Host, findings: Findings): void {
  try {
    const bundle = httpOptions(host, "verify", "none").caBundle;
    if (bundle === undefined) return;
    bundle();
    findings.ok("environment", "ca-bundle", `${host.environment("AWS_CA_BUNDLE")} holds certificates`);
  } catch (error) {
    findings.failure(
      "environment",
      "ca-bundle",
      error,
      "set AWS_CA_BUNDLE to a PEM file of CA certificates, or unset it",
    );
  }
}

function checkProxy(host: Host, values: FlagValues, endpoint: Endpoint, findings: Findings): void {
  try {
    const proxy = values.mentioned.has("with-proxy") && !values.boolean("with-proxy")
      ? undefined
      : proxyOf((name) => host.environment(name), new URL(endpoint.url));
    findings.ok(
      "environment",
      "proxy",
      proxy === undefined ? "no proxy stands between" : `requests go through the proxy ${proxy.hostname}:${proxy.port}`,
    );
  } catch (error) {
    findings.failure("environment", "proxy", error, "correct the variable, or pass --with-proxy=false");
  }
}
