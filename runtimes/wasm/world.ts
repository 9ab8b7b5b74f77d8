/**
 * The types of `anyrole.wit` as a component in JavaScript has them: records are objects with camel-case members, an
 * option is absent or there, a variant is `{ tag, val }`, `u64` is a bigint.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { SessionTag } from "../../core/policy/attribute-mapping.ts";
import type { SessionCredentials as Credentials } from "../../core/session/response.ts";
import type { SessionRequestOptions } from "../../core/session/request.ts";
import type { SigV4Credentials } from "../../core/sigv4/hmac-scheme.ts";

/** `header-field`. */
export interface HeaderField {
  /** Its name, in any case. */
  readonly name: string;
  /** Its value. */
  readonly value: string;
}

/** `http-request`. */
export interface HttpRequest {
  /** HTTP method, upper case. */
  readonly method: string;
  /** The path as it goes over the wire. */
  readonly path: string;
  /** The query as it goes over the wire, without the question mark. */
  readonly query: string;
  /** Header fields. */
  readonly headers: readonly HeaderField[];
  /** The body. */
  readonly body: Bytes;
}

/** `access-key`. Secret: all but the id. */
export type AccessKey = SigV4Credentials;

/** `scope`. */
export interface Scope {
  /** Region of the credential scope. */
  readonly region: string;
  /** Service of the credential scope. */
  readonly service: string;
}

/** `identity`. */
export interface IdentityText {
  /** The certificate, PEM; a full chain as well. */
  readonly certificate: string;
  /** Secret: the key, PEM. */
  readonly privateKey: string;
  /** Intermediates, PEM. */
  readonly intermediates?: string | undefined;
  /** Secret: decrypts the key. */
  readonly password?: string | undefined;
}

/** `session-options`. */
export type SessionOptions = Omit<SessionRequestOptions, "userAgent">;

/** `session-request`. */
export interface SessionRequest {
  /** Where to send it. */
  readonly url: string;
  /** Header fields. */
  readonly headers: readonly HeaderField[];
  /** The body. */
  readonly body: string;
}

/** `session-credentials`. Secret: `secretAccessKey` and `sessionToken`. */
export interface SessionCredentials extends Credentials {
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: bigint;
}

/** `path-question`. */
export interface PathQuestion {
  /** The end entity, PEM; what stands behind it counts as intermediates. */
  readonly certificate: string;
  /** PEM texts. */
  readonly intermediates: readonly string[];
  /** PEM texts. */
  readonly anchors: readonly string[];
  /** Revocation lists, PEM or DER. */
  readonly crls: readonly Bytes[];
  /** What a status that is not known means. */
  readonly unknownStatus: "allow" | "deny";
  /** The time to validate for. */
  readonly timeMs: bigint;
  /** Extended key usage, dotted. */
  readonly purpose?: string | undefined;
}

/** `trust-anchor`. */
export interface TrustAnchorRecord {
  /** Its ARN. */
  readonly arn: string;
  /** Whether it is. */
  readonly enabled: boolean;
  /** PEM. */
  readonly certificates: string;
}

/** `revocation-list`. */
export interface RevocationListRecord {
  /** Its ARN. */
  readonly arn: string;
  /** The trust anchor it belongs to. */
  readonly trustAnchorArn: string;
  /** Whether it is. */
  readonly enabled: boolean;
  /** PEM or DER. */
  readonly crl: Bytes;
}

/** `attribute-mapping`. */
export interface MappingRecord {
  /** `x509Subject`, `x509Issuer`, `x509SAN`. */
  readonly certificateField: string;
  /** `*`, `CN`, … */
  readonly specifiers: readonly string[];
}

/** `profile`. */
export interface ProfileRecord {
  /** Its ARN. */
  readonly arn: string;
  /** Whether it is. */
  readonly enabled: boolean;
  /** Roles that may be asked for. */
  readonly roleArns: readonly string[];
  /** Longest session. */
  readonly durationSeconds: number;
  /** Whether clients name their sessions. */
  readonly acceptRoleSessionName: boolean;
  /** Which attributes become tags. */
  readonly attributeMappings?: readonly MappingRecord[] | undefined;
  /** JSON. */
  readonly sessionPolicy?: string | undefined;
  /** Managed session policies. */
  readonly managedPolicies: readonly { readonly arn: string; readonly document: string }[];
}

/** `role`. */
export interface RoleRecord {
  /** Its ARN. */
  readonly arn: string;
  /** `AROA…`. */
  readonly id: string;
  /** Longest session. */
  readonly maxSessionDurationSeconds: number;
  /** JSON. */
  readonly trustPolicy: string;
}

/** `session-state`. */
export interface SessionState {
  /** Trust anchors. */
  readonly trustAnchors: readonly TrustAnchorRecord[];
  /** Revocation lists. */
  readonly crls: readonly RevocationListRecord[];
  /** Profiles. */
  readonly profiles: readonly ProfileRecord[];
  /** Roles. */
  readonly roles: readonly RoleRecord[];
}

/** `allowed`. */
export interface Allowed {
  /** Name of the session. */
  readonly sessionName: string;
  /** Source identity. */
  readonly sourceIdentity: string;
  /** Session tags. */
  readonly tags: readonly SessionTag[];
  /** How long it lasts. */
  readonly durationSeconds: number;
  /** RFC 3339. */
  readonly expiration: string;
  /** Per cent. */
  readonly packedPolicySize: number;
}

/** `denied`. */
export interface Denied {
  /** 400 or 403. */
  readonly httpStatus: number;
  /** The service's error code. */
  readonly code: string;
  /** The service's sentence. */
  readonly message: string;
  /** What to change. */
  readonly advice: string;
}

/** `trace-entry`. */
export interface TraceRecord {
  /** Which check. */
  readonly check: string;
  /** How it ended. */
  readonly outcome: "pass" | "fail" | "skip";
  /** What was found. */
  readonly detail: string;
  /** Where the rule is from. */
  readonly source: string;
  /** A doubt that does not refuse. */
  readonly warning?: string | undefined;
}

/** `decision`. */
export interface Decision {
  /** What is decided. */
  readonly verdict: { readonly tag: "allow"; readonly val: Allowed } | { readonly tag: "deny"; readonly val: Denied };
  /** Every check. */
  readonly trace: readonly TraceRecord[];
}
