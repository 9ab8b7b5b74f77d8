/**
 * The part of the instance metadata service, version 2, that AWS SDKs ask for: paths, statuses and texts of
 * `aws_signing_helper serve`, and what the SDKs want to know besides.
 *
 * @see "Use the Instance Metadata Service to access instance metadata" of the Amazon EC2 user guide
 * @module
 */

import { partitionOfRegion } from "../../core/aws/partition.ts";
import type { PlainAnswer, PlainRequest } from "../listeners.ts";
import { jsonAnswer, notFoundAnswer, textAnswer, wrongMethodAnswer } from "./answers.ts";
import type { EndpointRoute } from "./endpoint-metrics.ts";
import { MAX_TOKEN_SECONDS, type MetadataTokens } from "./metadata-tokens.ts";
import type { RoleCredentials, ServedCredentials } from "./role-credentials.ts";

/** What the routes know. */
export interface MetadataOptions {
  /** The roles by name; the first is the one that is listed: SDKs take the whole list for one name. */
  readonly roles: ReadonlyMap<string, RoleCredentials>;
  readonly tokens: MetadataTokens;
  /** Where the sessions are made. */
  readonly region: string;
  /** The partition that the ARNs name. */
  readonly partition: string;
  /** The account of the first role, twelve digits. */
  readonly accountId: string;
  /** Serves a role's credentials, or says why not. */
  readonly serve: (
    role: RoleCredentials,
    write: (credentials: ServedCredentials) => PlainAnswer,
  ) => PlainAnswer | Promise<PlainAnswer>;
}

/** A path that is ours: how it is counted, and what is answered. */
export interface RoutedAnswer {
  readonly route: EndpointRoute;
  readonly answer: PlainAnswer | Promise<PlainAnswer>;
}

/** Answers a path of the service; undefined for every other. */
export type MetadataRoutes = (request: PlainRequest, path: string) => RoutedAnswer | undefined;

const TOKEN_PATH = "/latest/api/token";
const CREDENTIALS_PATH = "/latest/meta-data/iam/security-credentials";
const EXTENDED_PATH = "/latest/meta-data/iam/security-credentials-extended";
const TTL_HEADER = "x-aws-ec2-metadata-token-ttl-seconds";

/** Makes the routes. Secret: their answers are tokens and credentials. */
export function createMetadataRoutes(options: MetadataOptions): MetadataRoutes {
  const { roles, tokens, serve } = options;
  const [first] = roles.keys();
  const facts = factsOf(options);

  const putToken = (request: PlainRequest): PlainAnswer => {
    if (request.method !== "PUT") return wrongMethodAnswer("PUT");
    const given = request.header(TTL_HEADER) || String(MAX_TOKEN_SECONDS);
    const seconds = /^[+-]?\d{1,9}$/.test(given) ? Number(given) : 0;
    if (seconds < 1 || seconds > MAX_TOKEN_SECONDS) return textAnswer(400, "invalid token TTL");
    return textAnswer(200, tokens.issue(seconds), { [TTL_HEADER]: given });
  };

  /** Answers when the token is good. */
  const withToken = (
    request: PlainRequest,
    answer: (headers: Readonly<Record<string, string>>) => PlainAnswer | Promise<PlainAnswer>,
  ): PlainAnswer | Promise<PlainAnswer> => {
    if (request.method !== "GET") return wrongMethodAnswer("GET");
    const token = request.header("x-aws-ec2-metadata-token");
    if (token === undefined || token === "") return textAnswer(401, "no token provided");
    const remaining = tokens.remainingSeconds(token);
    return remaining === undefined
      ? textAnswer(401, "invalid token provided")
      : answer({ [TTL_HEADER]: String(remaining) });
  };

  const credentials = (request: PlainRequest, rest: string, member: "metadata" | "extendedMetadata"): RoutedAnswer => {
    const name = nameIn(rest);
    if (name === "") {
      return { route: "role", answer: withToken(request, (headers) => textAnswer(200, first ?? "", headers)) };
    }
    const answer = withToken(request, (headers) => {
      const role = roles.get(name);
      return role === undefined ? notFoundAnswer() : serve(role, (served) => jsonAnswer(200, served[member], headers));
    });
    return { route: "credentials", answer };
  };

  return (request, path) => {
    const below = (prefix: string) => path === prefix || path.startsWith(`${prefix}/`);
    if (below(CREDENTIALS_PATH)) return credentials(request, path.slice(CREDENTIALS_PATH.length), "metadata");
    if (below(TOKEN_PATH)) return { route: "token", answer: putToken(request) };
    if (below(EXTENDED_PATH)) return credentials(request, path.slice(EXTENDED_PATH.length), "extendedMetadata");
    const fact = facts.get(path.endsWith("/") ? path.slice(0, -1) : path);
    return fact === undefined ? undefined : {
      route: "metadata",
      answer: withToken(request, (headers) => ({ ...fact, headers: { ...fact.headers, ...headers } })),
    };
  };
}

/** The first segment of what stands behind a prefix; what is below it does not count. */
function nameIn(rest: string): string {
  const segment = rest.split("/")[1] ?? "";
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * What SDKs ask for besides, as far as it is true here: there is no instance. The availability zone is the region with a
 * hyphen behind it, which is no zone's name: boto3 asks for the zone, takes the last character off and has the region.
 */
function factsOf({ region, partition, accountId }: MetadataOptions): ReadonlyMap<string, PlainAnswer> {
  const { dnsSuffix } = partitionOfRegion(region, partition);
  const document = { accountId, region, version: "2017-09-30" };
  return new Map([
    ["/latest/meta-data/placement/region", textAnswer(200, region)],
    ["/latest/meta-data/placement/availability-zone", textAnswer(200, `${region}-`)],
    ["/latest/meta-data/services/partition", textAnswer(200, partition)],
    ["/latest/meta-data/services/domain", textAnswer(200, dnsSuffix)],
    ["/latest/dynamic/instance-identity/document", textAnswer(200, `${JSON.stringify(document, null, 2)}\n`)],
  ]);
}
