/**
 * What the host of a request says about service and region.
 *
 * @module
 */

/** What is signed for. */
export interface AwsHost {
  /** Name of the service in the credential scope. */
  readonly service: string;
  /** Region of the credential scope; `*` for a multi-region access point; absent where the host does not tell. */
  readonly region?: string | undefined;
}

/**
 * Reads a host name: endpoints of every partition, FIPS and dual-stack ones, VPC endpoints, buckets, access points, APIs,
 * functions and domains. Undefined when it belongs to no service of AWS, or to somebody who only runs on it: an instance,
 * a load balancer, a cluster.
 *
 * @param host lower case, without a port
 * @example
 * ```ts
 * import { inferAwsHost } from "anyrole/fetch";
 *
 * const { service, region } = (await inferAwsHost("photos.s3.dualstack.eu-central-1.amazonaws.com"))!;
 * console.log(service, region); // s3 eu-central-1
 * ```
 */
export async function inferAwsHost(host: string): Promise<AwsHost | undefined> {
  const [, service, region] = USUAL.exec(host) ?? [];
  if (service !== undefined) return { service, region };
  const { readEndpointHost } = await import("./endpoint-host.ts");
  return readEndpointHost(host);
}

/** The most usual endpoints: their services sign by the name that stands in them. */
const USUAL = /^(?:[^.]+\.)?(s3|sts|dynamodb|execute-api|kms|lambda|sns|sqs)\.([a-z]{2}-[a-z]+-\d)\.amazonaws\.com$/;
