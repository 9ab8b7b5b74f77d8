/**
 * What the host of a request says about service and region: endpoints of every partition, FIPS and dual-stack ones, VPC
 * endpoints, buckets, access points, APIs, functions and domains.
 *
 * The names are those of the endpoint rules that AWS publishes with its SDKs; most signing names stand in the host, and
 * the table below holds those that do not.
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
 * Reads a host name. Undefined when it belongs to no service of AWS, or to somebody who only runs on it: an instance, a
 * load balancer, a cluster.
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
  const [suffix, home = ""] = Object.entries(HOME_REGIONS).find(([suffix]) => host.endsWith("." + suffix)) ?? [];
  if (suffix === undefined) return undefined;
  const functions = suffix === "on.aws";
  const labels = host.slice(0, -1 - suffix.length).split(".").filter((label) => !/^(dualstack|vpce)$/.test(label));
  const last = labels.pop() ?? "";
  const label = labels.pop();
  if (REGION.test(last)) {
    return label && (!functions || ON_AWS.test(label))
      ? { service: await signingName(label, labels.at(-1)), region: last }
      : undefined;
  }
  if (last === "s3-global") return label === "accesspoint" ? { service: "s3", region: "*" } : undefined;
  if (last.startsWith("s3")) {
    const [, old = last === "s3" ? home : ""] = /^s3-(?:fips-)?([a-z]{2,4}-.+-\d)$/.exec(last) ?? [];
    return old ? { service: "s3", region: old } : last === "s3-accelerate" ? { service: "s3" } : undefined;
  }
  if (label === undefined) return functions ? undefined : await wholePartition(last, home);
  // Domains of users, and old names: the region stands before the service.
  if (REGION.test(label)) {
    return REGION_FIRST.test(last) ? { service: await signingName(last), region: label } : undefined;
  }
  return last === "us-gov"
    ? { service: await signingName(label), region: "us-gov-west-1" }
    : last === "global"
    ? await wholePartition(label, home)
    : undefined;
}

/** A service of a whole partition, by the label of its name. */
async function wholePartition(label: string, home: string): Promise<AwsHost> {
  const service = await signingName(label);
  return {
    service,
    region: home === "cn-north-1" && /^(route53|cloudfront|budgets)/.test(service) ? "cn-northwest-1" : home,
  };
}

/** The signing name of the label beside the region, and of the one before it. */
async function signingName(label: string, before?: string): Promise<string> {
  return USUAL.test(label) ? label : (await import("./signing-name.ts")).signingName(label, before);
}

/** The most usual services: they sign by the names of their endpoints. */
const USUAL = /^(s3|sts|dynamodb|execute-api|kms|lambda|secretsmanager|sns|sqs|ssm)$/;

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;

const ON_AWS = /^(lambda-url|aos|vpc-lattice-svcs)$/;

const REGION_FIRST = /^(es|aoss|cloudsearch|queue)$/;

/** Domains of endpoints, and where the services sign that have one endpoint for the whole partition. */
const HOME_REGIONS: Readonly<Record<string, string>> = {
  "amazonaws.com": "us-east-1",
  "api.aws": "us-east-1",
  "on.aws": "",
  "amazonaws.com.cn": "cn-north-1",
  "api.amazonwebservices.com.cn": "cn-north-1",
  "amazonaws.eu": "eusc-de-east-1",
  "api.amazonwebservices.eu": "eusc-de-east-1",
  "c2s.ic.gov": "us-iso-east-1",
  "api.aws.ic.gov": "us-iso-east-1",
  "sc2s.sgov.gov": "us-isob-east-1",
  "api.aws.scloud": "us-isob-east-1",
  "cloud.adc-e.uk": "eu-isoe-west-1",
  "api.cloud-aws.adc-e.uk": "eu-isoe-west-1",
  "csp.hci.ic.gov": "us-isof-south-1",
  "api.aws.hci.ic.gov": "us-isof-south-1",
};
