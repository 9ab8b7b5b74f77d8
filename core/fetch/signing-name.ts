/**
 * Names that services sign by, where it is not that of their endpoint.
 *
 * This module is loaded with the first request to an endpoint that is not one of the most usual.
 *
 * @module
 */

/**
 * The signing name of an endpoint.
 *
 * @param label of the service, beside the region
 * @param before the label before it
 */
export function signingName(label: string, before: string = ""): string {
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
