/**
 * Host names of endpoints of every partition, FIPS and dual-stack ones, VPC endpoints, buckets, access points, APIs,
 * functions and domains.
 *
 * The names are those of the endpoint rules that AWS publishes with its SDKs; most signing names stand in the host, and
 * the table below holds those that do not. This module is loaded with the first request to a host that is not one of the
 * most usual.
 *
 * @module
 */

import type { AwsHost } from "./aws-host.ts";

/** Reads a host name, as `inferAwsHost` does. */
export function readEndpointHost(host: string): AwsHost | undefined {
  const [suffix, home = ""] = Object.entries(HOME_REGIONS).find(([suffix]) => host.endsWith("." + suffix)) ?? [];
  if (suffix === undefined) return undefined;
  const functions = suffix === "on.aws";
  const labels = host.slice(0, -1 - suffix.length).split(".").filter((label) => !/^(dualstack|vpce)$/.test(label));
  const last = labels.pop() ?? "";
  const label = labels.pop();
  if (REGION.test(last)) {
    return label && (functions ? ON_AWS : OWN).test(label)
      ? { service: signingName(label, labels.at(-1)), region: last }
      : undefined;
  }
  if (last === "s3-global") return label === "accesspoint" ? { service: "s3", region: "*" } : undefined;
  if (last.startsWith("s3")) {
    const [, old = last === "s3" ? home : ""] = /^s3-(?:fips-)?([a-z]{2,4}-.+-\d)$/.exec(last) ?? [];
    return old ? { service: "s3", region: old } : last === "s3-accelerate" ? { service: "s3" } : undefined;
  }
  if (label === undefined) return functions ? undefined : wholePartition(last, home);
  // Domains of users, and old names: the region stands before the service.
  if (REGION.test(label)) {
    return REGION_FIRST.test(last) ? { service: signingName(last), region: label } : undefined;
  }
  return last === "us-gov"
    ? { service: signingName(label), region: "us-gov-west-1" }
    : last === "global"
    ? wholePartition(label, home)
    : undefined;
}

/** A service of a whole partition, by the label of its name. */
function wholePartition(label: string, home: string): AwsHost {
  const service = signingName(label);
  return {
    service,
    region: home === "cn-north-1" && /^(route53|cloudfront|budgets)/.test(service) ? "cn-northwest-1" : home,
  };
}

/**
 * The signing name of an endpoint.
 *
 * @param label of the service, beside the region
 * @param before the label before it
 */
function signingName(label: string, before: string = ""): string {
  label = label.replace(/-fips$/, "");
  for (const name of [`${before}.${label}`, label]) if (Object.hasOwn(NAMES, name)) return NAMES[name]!;
  if (label === "iot" && before) return "iotdata";
  const [, prefix, suffix] = FAMILIES.exec(label) ?? [];
  return suffix === "marketplace" ? "aws-marketplace" : prefix ?? suffix ?? label;
}

/** Names of families: those that begin so, and those that end so. */
const FAMILIES =
  /^(?:(bedrock-agentcore|bedrock|cassandra|kafka|personalize|s3express|servicecatalog|timestream|appsync)-.+|(?:.+-)?(chime|lex|marketplace))$/;

/** Signing names by label, or by the two labels before the region. */
const NAMES: Readonly<Record<string, string>> = {
  "s3-control": "s3",
  "s3-accesspoint": "s3",
  "lambda-url": "lambda",
  "bedrock-agentcore": "bedrock-agentcore",
  aos: "es",
  appconfigdata: "appconfig",
  appstream2: "appstream",
  cloudhsmv2: "cloudhsm",
  cloudsearchdomain: "cloudsearch",
  "contact-lens": "connect",
  "data-signer": "signer",
  "data.iotevents": "ioteventsdata",
  "jobs.iot": "iot-jobs-data",
  "tunneling.iot": "IoTSecuredTunneling",
  efs: "elasticfilesystem",
  email: "ses",
  forecastquery: "forecast",
  importexport: "IngestionService",
  ivsrealtime: "ivs",
  "mail-manager": "ses",
  "maps.geo": "geo-maps",
  "memory-db": "memorydb",
  "migrationhub-config": "mgh",
  neptune: "neptune-db",
  oidc: "sso-oauth",
  "participant.connect": "execute-api",
  pinpoint: "mobiletargeting",
  "places.geo": "geo-places",
  "portal.sso": "awsssoportal",
  queue: "sqs",
  "routes.geo": "geo-routes",
  "sms-voice.pinpoint": "sms-voice",
  "streams-dynamodb": "dynamodb",
};

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;

/** Names beside a region, but not those of load balancers, of clusters, and of endpoint services of others. */
const OWN = /^(?!(?:elb|eks-cluster|vpce-svc-.*|s3-website)$)/;

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
