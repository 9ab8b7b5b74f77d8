/**
 * Where CreateSession is sent: the regional endpoint in one of its four variants, or a custom one.
 *
 * The host is `rolesanywhere[-fips].region.suffix`, as the service's endpoint rule set has it.
 *
 * @module
 */

import { visibleText } from "../bytes/visible-text.ts";
import { parseCustomEndpoint } from "./custom-endpoint.ts";
import { EndpointError } from "./endpoint-error.ts";
import { partitionOfRegion } from "./partition.ts";
import { parseRegion } from "./region.ts";

/** An endpoint of the service. */
export interface Endpoint {
  /** `https`, or `http` for a custom endpoint. */
  readonly scheme: "https" | "http";
  /** Host as the `Host` header names it: lower case, with the port unless it is the scheme's own. */
  readonly host: string;
  /** Path that stands before the operation's own; empty, or begins with `/` and does not end with one. */
  readonly path: string;
  /** `scheme://host` and path. */
  readonly url: string;
  /** The plain region, for the signing scope: `us-east-1` also when `fips-us-east-1` was given. */
  readonly region: string;
}

/** What an endpoint is resolved of. */
export interface EndpointOptions {
  /** Region, or a pseudo-region such as `fips-us-east-1`. */
  readonly region: string;
  /** Whether to use the endpoint with FIPS 140 validated cryptography; default false. */
  readonly fips?: boolean;
  /** Whether to use the endpoint that also speaks IPv6; default false. */
  readonly dualStack?: boolean;
  /** Absolute URL to use instead: `http://127.0.0.1:8080`, with a path prefix if need be. */
  readonly endpoint?: string;
  /** Partition, as an ARN names it, of a region that no pattern knows; default `aws`. */
  readonly partition?: string;
}

/**
 * Resolves the IAM Roles Anywhere endpoint.
 *
 * @throws {EndpointError} when the text is no region, the partition lacks the variant, or the custom endpoint is no URL
 * that can be used
 * @example
 * ```ts
 * import { rolesAnywhereEndpoint } from "anyrole/session";
 *
 * const { host } = rolesAnywhereEndpoint({ region: "us-east-1", fips: true });
 * console.log(host); // rolesanywhere-fips.us-east-1.amazonaws.com
 * ```
 */
export function rolesAnywhereEndpoint(options: EndpointOptions): Endpoint {
  return regionalEndpoint(options, (fips) => `rolesanywhere${fips ? "-fips" : ""}`);
}

/**
 * Resolves the endpoint of a service that has one in every region.
 *
 * @param label the first label of its host names, of the FIPS variant or not, in a partition
 * @throws {EndpointError} as {@linkcode rolesAnywhereEndpoint}
 */
export function regionalEndpoint(
  options: EndpointOptions,
  label: (fips: boolean, dualStack: boolean, partition: string) => string,
): Endpoint {
  if (typeof options.region !== "string") throw new TypeError('"region" must be a string');
  const region = parseRegion(options.region);
  if (region === undefined) {
    throw new EndpointError("ERR_ENDPOINT_REGION", `"${visibleText(options.region, 100)}" is no region`);
  }
  const fips = region.fips || options.fips === true;
  const dualStack = options.dualStack === true;
  if (options.endpoint !== undefined) {
    if (fips || dualStack) {
      const variant = fips ? "FIPS" : "dual-stack";
      throw new EndpointError("ERR_ENDPOINT_CUSTOM_VARIANT", `a custom endpoint has no ${variant} variant; choose one`);
    }
    return { ...parseCustomEndpoint(options.endpoint), region: region.name };
  }
  const partition = partitionOfRegion(region.name, options.partition);
  const suffix = dualStack ? partition.dualStackDnsSuffix : partition.dnsSuffix;
  if (suffix === undefined) {
    throw new EndpointError("ERR_ENDPOINT_VARIANT", `the partition ${partition.id} has no dual-stack endpoints`);
  }
  const host = `${label(fips, dualStack, partition.id)}.${region.name}.${suffix}`;
  return { scheme: "https", host, path: "", url: `https://${host}`, region: region.name };
}
