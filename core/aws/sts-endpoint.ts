/**
 * Where AssumeRole is sent: the regional endpoint of STS in one of its four variants, or a custom one.
 *
 * The host is `sts[-fips].region.suffix`, as the service's endpoint rule set has it. The global endpoint
 * `sts.amazonaws.com` is not used: it is one region's, and its tokens are not valid everywhere.
 *
 * @module
 */

import { type Endpoint, type EndpointOptions, regionalEndpoint } from "./endpoint.ts";

/**
 * Resolves the STS endpoint.
 *
 * @throws {EndpointError} when the text is no region, the partition lacks the variant, or the custom endpoint is no URL
 * that can be used
 */
export function stsEndpoint(options: EndpointOptions): Endpoint {
  // In AWS GovCloud the plain IPv4 endpoint is the FIPS one.
  return regionalEndpoint(
    options,
    (fips, dualStack, partition) => fips && (dualStack || partition !== "aws-us-gov") ? "sts-fips" : "sts",
  );
}
