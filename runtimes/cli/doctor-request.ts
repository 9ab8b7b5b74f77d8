/**
 * What `doctor` says about what is asked for: ARNs, regions, accounts, duration, session name, endpoint.
 *
 * @module
 */

import type { Arn } from "../../core/aws/arn.ts";
import { type Endpoint, rolesAnywhereEndpoint } from "../../core/aws/endpoint.ts";
import { partitionOfRegion } from "../../core/aws/partition.ts";
import { parseRegion } from "../../core/aws/region.ts";
import { parseProfileArn, parseRoleArn, parseTrustAnchorArn } from "../../core/aws/roles-anywhere-arn.ts";
import type { Host } from "../host.ts";
import type { Findings } from "./doctor-finding.ts";
import type { FlagValues } from "./flags.ts";
import { roleChain, sessionOptions } from "./session-flags.ts";

/** Checks the request, and answers where it goes; undefined: nobody can say. */
export async function checkRequest(
  host: Host,
  values: FlagValues,
  findings: Findings,
): Promise<Endpoint | undefined> {
  const trustAnchor = readArn(values, "trust-anchor-arn", parseTrustAnchorArn, findings);
  const profile = readArn(values, "profile-arn", parseProfileArn, findings);
  const role = readArn(values, "role-arn", parseRoleArn, findings);
  if (trustAnchor !== undefined && profile !== undefined) checkPair(trustAnchor, profile, findings);
  if (profile !== undefined && role !== undefined) checkRole(profile, role, findings);
  checkDuration(values, findings);
  checkSessionName(values, findings);
  await checkRoleChain(host, values, findings);
  return checkEndpoint(host, values, trustAnchor, findings);
}

function readArn(
  values: FlagValues,
  flag: string,
  parse: (text: string) => Arn,
  findings: Findings,
): Arn | undefined {
  const text = values.text(flag);
  if (text === undefined) {
    findings.error("request", flag, `--${flag} is not given`, "CreateSession needs it", `pass --${flag}`);
    return undefined;
  }
  try {
    const arn = parse(text);
    findings.ok("request", flag, text);
    return arn;
  } catch (error) {
    findings.failure("request", flag, error, "copy the whole ARN from the console or the API");
    return undefined;
  }
}

function checkPair(trustAnchor: Arn, profile: Arn, findings: Findings): void {
  if (trustAnchor.region !== profile.region) {
    findings.error(
      "request",
      "regions",
      `the trust anchor is in ${trustAnchor.region}, the profile in ${profile.region}`,
      "both must be in one region",
      "use a profile of the trust anchor's region, or the other way round",
    );
  } else findings.ok("request", "regions", `trust anchor and profile are both in ${profile.region}`);
  if (trustAnchor.account !== profile.account || trustAnchor.partition !== profile.partition) {
    findings.warning(
      "request",
      "accounts",
      `the trust anchor is of account ${trustAnchor.account} (${trustAnchor.partition}), the profile of ` +
        `${profile.account} (${profile.partition})`,
      "nothing says that a profile works with a trust anchor of another account",
      "use trust anchor and profile of one account",
    );
  }
}

function checkRole(profile: Arn, role: Arn, findings: Findings): void {
  if (profile.account === role.account && profile.partition === role.partition) {
    findings.ok("request", "role-account", `profile and role are both of account ${role.account}`);
    return;
  }
  findings.error(
    "request",
    "role-account",
    `the role is of account ${role.account} (${role.partition}), the profile of ${profile.account} ` +
      `(${profile.partition})`,
    "a profile can list roles of its own account alone",
    "use a role of the profile's account, and let that one assume the other",
  );
}

function checkDuration(values: FlagValues, findings: Findings): void {
  const seconds = values.integer("session-duration");
  if (seconds < 900 || seconds > 43_200) {
    findings.error(
      "request",
      "session-duration",
      `--session-duration is ${seconds}`,
      "the service takes 900 to 43200 seconds",
      "pass a number of seconds between them, or leave it out for 3600",
    );
  } else if (seconds > 3600) {
    findings.warning(
      "request",
      "session-duration",
      `sessions of ${seconds} seconds are asked for`,
      "profile and role both allow one hour unless they were told otherwise, and roles assumed from the session one " +
        "hour at most",
      "raise the profile's duration and the role's MaxSessionDuration, or ask for 3600",
    );
  } else findings.ok("request", "session-duration", `${seconds} seconds`);
}

function checkSessionName(values: FlagValues, findings: Findings): void {
  const name = values.text("role-session-name");
  if (name === undefined) return;
  if (/^[A-Za-z0-9_+=,.@-]{2,64}$/.test(name)) {
    findings.ok(
      "request",
      "role-session-name",
      `${name}, which the profile must accept`,
      "aws rolesanywhere update-profile --accept-role-session-name, unless it is done",
    );
  } else {
    findings.error(
      "request",
      "role-session-name",
      `--role-session-name is ${name}`,
      "a session name has 2 to 64 of A-Z a-z 0-9 _ + = , . @ -",
      "pass another name, or leave it out for the certificate's serial number",
    );
  }
}

async function checkRoleChain(host: Host, values: FlagValues, findings: Findings): Promise<void> {
  try {
    const chain = await roleChain(host, values);
    if (chain === undefined) return;
    findings.ok("request", "assumed-roles", `after the session: ${values.allTexts("assume-role-arn").join(", then ")}`);
  } catch (error) {
    findings.failure("request", "assumed-roles", error, "correct the flags of the roles to assume after the session");
  }
}

function checkEndpoint(
  host: Host,
  values: FlagValues,
  trustAnchor: Arn | undefined,
  findings: Findings,
): Endpoint | undefined {
  let chosen;
  let region;
  let endpoint;
  try {
    chosen = sessionOptions(host, values);
    region = chosen.region ?? trustAnchor?.region;
    if (region === undefined) return undefined;
    endpoint = rolesAnywhereEndpoint({
      region,
      fips: chosen.fips ?? false,
      dualStack: chosen.dualStack ?? false,
      ...(chosen.endpoint === undefined ? {} : { endpoint: chosen.endpoint }),
      ...(trustAnchor === undefined ? {} : { partition: trustAnchor.partition }),
    });
  } catch (error) {
    findings.failure("request", "endpoint", error, "correct --region, --endpoint and the AWS_ variables for endpoints");
    return undefined;
  }
  const { endpoint: custom, fips, dualStack } = chosen;
  const kind = custom !== undefined
    ? "a custom endpoint"
    : [fips || parseRegion(region)?.fips ? "FIPS" : "", dualStack ? "dual-stack" : ""].filter((word) => word !== "")
      .join(" and ") || "the region's own";
  findings.ok("request", "endpoint", `${endpoint.url} (${kind})`);
  if (trustAnchor !== undefined && endpoint.region !== trustAnchor.region) {
    findings.error(
      "request",
      "signing-region",
      `requests are signed for ${endpoint.region}, the trust anchor is in ${trustAnchor.region}`,
      "the service of one region does not know the trust anchors of another",
      "leave --region out: the trust anchor's own is taken",
    );
  }
  const partition = partitionOfRegion(endpoint.region, trustAnchor?.partition).id;
  if (trustAnchor !== undefined && partition !== trustAnchor.partition) {
    findings.error(
      "request",
      "partition",
      `the region ${endpoint.region} belongs to ${partition}, the trust anchor's ARN says ${trustAnchor.partition}`,
      "there is no such trust anchor",
      "copy the whole ARN from the console or the API",
    );
  }
  if (endpoint.scheme === "http" && !/^(?:localhost|127\.|\[::1\])/.test(endpoint.host)) {
    findings.warning(
      "request",
      "plain-http",
      `${endpoint.url} is no HTTPS`,
      "the credentials in the answer can be read on the way",
      "use an https endpoint",
    );
  }
  if (values.boolean("no-verify-ssl")) {
    findings.warning(
      "request",
      "no-verify-ssl",
      "--no-verify-ssl is set",
      "whoever answers may be anybody, and what it sends is not cached",
      "set AWS_CA_BUNDLE to the certificate of the proxy or endpoint, and remove the flag",
    );
  }
  return endpoint;
}
