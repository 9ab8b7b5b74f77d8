/**
 * The endpoint to call, from what the caller says and from the environment variables of the AWS SDKs.
 *
 * @module
 */

import { HostError } from "../host-error.ts";
import type { Host } from "../host.ts";

/** Which endpoint; members that nobody gave are absent. */
export interface EndpointChoice {
  /** Absolute URL instead of the region's endpoint. */
  readonly endpoint?: string | undefined;
  /** Whether to use the endpoint with FIPS 140 validated cryptography. */
  readonly fips?: boolean | undefined;
  /** Whether to use the endpoint that also speaks IPv6. */
  readonly dualStack?: boolean | undefined;
}

/**
 * What the caller gave, and where that is nothing, the configured endpoint, `AWS_USE_FIPS_ENDPOINT` and
 * `AWS_USE_DUALSTACK_ENDPOINT`. A custom endpoint together with one of the others is refused later, by the resolution of
 * the endpoint: a switch that somebody set for compliance is never passed over.
 *
 * @throws {HostError} `ERR_ENDPOINT_SETTING` when one of the two is neither `true` nor `false`, as in the SDK for Go
 */
export function endpointChoice(host: Host, given: EndpointChoice): EndpointChoice {
  const endpoint = given.endpoint ?? configuredEndpoint(host, "ROLESANYWHERE");
  const fips = given.fips ?? endpointSwitch(host, "AWS_USE_FIPS_ENDPOINT");
  const dualStack = given.dualStack ?? endpointSwitch(host, "AWS_USE_DUALSTACK_ENDPOINT");
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(fips ? { fips } : {}),
    ...(dualStack ? { dualStack } : {}),
  };
}

/**
 * The endpoint that the environment names for a service: `AWS_ENDPOINT_URL_…` of its own, or `AWS_ENDPOINT_URL` of all;
 * undefined when there is none, or `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is `true`.
 */
export function configuredEndpoint(
  { environment }: Pick<Host, "environment">,
  service: "ROLESANYWHERE" | "STS",
): string | undefined {
  if (isTrue(environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))) return undefined;
  return environment(`AWS_ENDPOINT_URL_${service}`) || environment("AWS_ENDPOINT_URL") || undefined;
}

function endpointSwitch(host: Host, name: string): boolean {
  const value = host.environment(name) ?? "";
  if (value === "" || isTrue(value) || value.toLowerCase() === "false") return isTrue(value);
  throw new HostError(
    "ERR_ENDPOINT_SETTING",
    `Cannot choose an endpoint: ${name} must be true or false, not "${value}"`,
  );
}

/** The SDKs take `true` in any case, and nothing else. */
function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === "true";
}
