/**
 * The CreateSession request: `POST /sessions` with the three ARNs in the query and the rest in the body, signed with the
 * key of the certificate.
 *
 * @module
 */

import type { Endpoint } from "../aws/endpoint.ts";
import { rolesAnywhereEndpoint } from "../aws/endpoint.ts";
import type { Arn } from "../aws/arn.ts";
import { parseProfileArn, parseRoleArn, parseTrustAnchorArn } from "../aws/roles-anywhere-arn.ts";
import type { Sha256 } from "../crypto/sha256.ts";
import { queryText } from "../sigv4/canonical-query.ts";
import type { SignedRequest } from "../sigv4/canonical-request.ts";
import { createX509Signer, type X509Identity } from "../sigv4/x509-scheme.ts";
import { VERSION } from "../version.ts";
import { readAnswer, type SessionAnswer } from "./response.ts";
import type { AttemptHeaders, ServiceRequest } from "./service-call.ts";
import { readRefusal } from "./service-error.ts";
import { SessionError } from "./session-error.ts";

/** The part of an `Identity` that a session needs. */
export interface SessionIdentity extends X509Identity {
  /** The certificate of the signer's key; validity in milliseconds since the epoch. */
  readonly certificate: X509Identity["certificate"] & { readonly notBefore: number; readonly notAfter: number };
}

/** What to ask for, of whom. */
export interface SessionRequestOptions {
  /** Trust anchor that the certificate chains to: `arn:aws:rolesanywhere:…:trust-anchor/…`. */
  readonly trustAnchorArn: string;
  /** Profile that lists the role: `arn:aws:rolesanywhere:…:profile/…`; of the same region. */
  readonly profileArn: string;
  /** Role to assume: `arn:aws:iam::…:role/…`. */
  readonly roleArn: string;
  /** Wanted life of the credentials in seconds, 900 to 43200; default {@linkcode DEFAULT_DURATION_SECONDS}. */
  readonly durationSeconds?: number | undefined;
  /** Name of the session, 2 to 64 of `[A-Za-z0-9_+=,.@-]`; default: the certificate's serial number. Empty: as absent. */
  readonly roleSessionName?: string | undefined;
  /** Region of endpoint and signature; default: the trust anchor's. `fips-…` selects the FIPS endpoint. */
  readonly region?: string | undefined;
  /** Absolute URL to send to instead of the region's endpoint. A path in it is put before `/sessions`, unsigned. */
  readonly endpoint?: string | undefined;
  /** Whether to use the endpoint with FIPS 140 validated cryptography; default false. */
  readonly fips?: boolean | undefined;
  /** Whether to use the endpoint that also speaks IPv6; default false. */
  readonly dualStack?: boolean | undefined;
  /** Product token in front of nothing else; default `anyrole/<version>`. */
  readonly userAgent?: string | undefined;
}

/** Duration that is asked for when none is given, in seconds. */
export const DEFAULT_DURATION_SECONDS = 3600;

/** A CreateSession request. */
export interface SessionRequest extends ServiceRequest<SessionAnswer> {
  /** Where it goes. */
  readonly endpoint: Endpoint;
  /** @throws {SessionError} ERR_SESSION_SIGNING */
  sign(timeMs: number, attempt: AttemptHeaders): Promise<Readonly<Record<string, string>>>;
}

/**
 * Checks the options and lays out the request.
 *
 * @throws {ArnError} when an ARN is malformed
 * @throws {EndpointError} when there is no such endpoint
 * @throws {SessionError} ERR_SESSION_REGION_MISMATCH, ERR_SESSION_DURATION, ERR_SESSION_ROLE_SESSION_NAME,
 * ERR_SESSION_SIGNING when the service has no scheme for the key
 */
export function layOutRequest(
  identity: SessionIdentity,
  options: SessionRequestOptions,
  sha256: Sha256 | undefined,
): SessionRequest {
  const trustAnchor = parseTrustAnchorArn(options.trustAnchorArn);
  const profile = parseProfileArn(options.profileArn);
  const role = parseRoleArn(options.roleArn);
  if (trustAnchor.region !== profile.region) {
    throw new SessionError(
      "ERR_SESSION_REGION_MISMATCH",
      `trust anchor and profile regions don't match: ${trustAnchor.region} and ${profile.region}`,
      { trustAnchorRegion: trustAnchor.region, profileRegion: profile.region },
    );
  }
  const endpoint = endpointOf(options, trustAnchor);
  const body = layOutBody(options);
  const query = queryText([
    ["profileArn", options.profileArn],
    ["roleArn", options.roleArn],
    ["trustAnchorArn", options.trustAnchorArn],
  ]);
  const signer = signing(() =>
    createX509Signer(identity, { region: endpoint.region, service: "rolesanywhere", sha256 })
  );
  const userAgent = options.userAgent ?? `anyrole/${VERSION}`;
  const displayUrl = `${endpoint.url}${PATH}`;

  return {
    endpoint,
    url: `${displayUrl}?${query}`,
    displayUrl,
    body,
    readAnswer: (text, timeMs, detail) =>
      readAnswer(text, { roleArn: options.roleArn, accountId: role.account }, timeMs, detail),
    readRefusal,
    async sign(timeMs, { invocationId, attempt, maxAttempts }) {
      const headers = {
        "amz-sdk-invocation-id": invocationId,
        "amz-sdk-request": `attempt=${attempt}; max=${maxAttempts}`,
        "content-type": "application/json",
      };
      // The service signs `/sessions` whatever stands before it on the way.
      const request = { method: "POST", path: PATH, query, headers: { ...headers, host: endpoint.host }, body };
      let signed: SignedRequest;
      try {
        signed = await signer.sign(request, timeMs);
      } catch (error) {
        throw signingError(error);
      }
      return { ...headers, ...signed.headers, "user-agent": userAgent };
    },
  };
}

/**
 * Where the request will go.
 *
 * @throws {ArnError} when the trust anchor's ARN is malformed
 * @throws {EndpointError} when there is no such endpoint
 */
export function sessionEndpoint(options: SessionRequestOptions): Endpoint {
  return endpointOf(options, parseTrustAnchorArn(options.trustAnchorArn));
}

function endpointOf(options: SessionRequestOptions, trustAnchor: Arn): Endpoint {
  return rolesAnywhereEndpoint({
    region: options.region || trustAnchor.region,
    partition: trustAnchor.partition,
    fips: options.fips ?? false,
    dualStack: options.dualStack ?? false,
    ...(options.endpoint ? { endpoint: options.endpoint } : {}),
  });
}

function layOutBody(options: SessionRequestOptions): string {
  const { durationSeconds = DEFAULT_DURATION_SECONDS, roleSessionName } = options;
  if (!Number.isInteger(durationSeconds) || durationSeconds < 900 || durationSeconds > 43_200) {
    throw new SessionError(
      "ERR_SESSION_DURATION",
      `the duration is ${String(durationSeconds)} seconds and must be a whole number from 900 to 43200`,
    );
  }
  if (!roleSessionName) return JSON.stringify({ durationSeconds });
  if (!/^[A-Za-z0-9_+=,.@-]{2,64}$/.test(roleSessionName)) {
    throw new SessionError(
      "ERR_SESSION_ROLE_SESSION_NAME",
      "the role session name must be 2 to 64 letters, digits or any of _+=,.@-",
    );
  }
  return JSON.stringify({ durationSeconds, roleSessionName });
}

function signing<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw signingError(error);
  }
}

function signingError(error: unknown): SessionError {
  const state = error instanceof Error ? error.message : "the signer threw something that is no error";
  return new SessionError("ERR_SESSION_SIGNING", `could not sign request: ${state}`, {}, { cause: error });
}

const PATH = "/sessions";
