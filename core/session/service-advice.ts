/**
 * What to do about the refusals of CreateSession, by the literal texts of the service.
 *
 * @module
 */

import type { Refusal } from "./service-error.ts";

/** Advice on a refusal; undefined when the message is not one of the known ones. */
export function adviceOn(refusal: Refusal, clockSkewMs: number): string | undefined {
  if (refusal.status === 429 || refusal.serviceCode.startsWith("Throttl")) {
    return "the service allows 10 sessions a second for each account and region, and fewer for each certificate: reuse credentials";
  }
  if (!refusal.decoded) return "this does not look like the service: check the endpoint and proxies";
  const message = refusal.serviceMessage;
  if (message.startsWith("Invalid signature")) {
    const minutes = Math.round(Math.abs(clockSkewMs) / 60_000);
    return clockSkewMs === 0
      ? "check that the private key belongs to the certificate, that the clock is right, and that the region is the trust anchor's"
      : `this machine's clock is ${minutes} minutes ${clockSkewMs > 0 ? "slow" : "fast"}: set it; if that is not it, ` +
        "check that the private key belongs to the certificate and that the region is the trust anchor's";
  }
  return ADVICE.find(([text]) => message.includes(text))?.[1];
}

/** Texts of the service and what they call for; the more specific stand first. */
const ADVICE: readonly (readonly [text: string, advice: string])[] = [
  [
    "Insufficient certificate",
    "the certificate must be X.509 version 3, no CA, with the key usage digitalSignature, and signed with SHA-256 or stronger",
  ],
  [
    "Untrusted signing certificate",
    "no valid path leads from the certificate to the trust anchor: check that this CA issued it, that every intermediate certificate is sent, and that none has expired",
  ],
  [
    "Certificate revoked",
    "a certificate revocation list of the trust anchor names this certificate: have a new one issued",
  ],
  ["Trust Anchor wasn't found", "check the trust anchor ARN, its account and its region"],
  ["Trust anchor is disabled", "enable the trust anchor: new ones are disabled unless created enabled"],
  ["Invalid or empty profile", "check the profile ARN, its account and its region, and that the profile names a role"],
  ["Profile is disabled", "enable the profile: new ones are disabled unless created enabled"],
  ["isn't one of those listed in the Profile", "add the role's ARN, with its path, to the profile"],
  [
    "Not authorized to set roleSessionName",
    "let the profile accept role session names, or do not send one",
  ],
  [
    "exceeds the MaxSessionDuration",
    "ask for a shorter session, or raise the maximum session duration of the role",
  ],
  [
    "failed to be mapped into session tags",
    "some attributes of the certificate are no valid tag values: narrow the profile's attribute mapping; also check the role's trust policy",
  ],
  [
    "Packed size",
    "the session tags are too large: narrow the profile's attribute mapping",
  ],
  [
    "Unable to assume role",
    "check that the role exists and that its trust policy lets rolesanywhere.amazonaws.com do sts:AssumeRole, sts:SetSourceIdentity and sts:TagSession under conditions that this certificate meets",
  ],
];
