/**
 * What to change when the service refuses.
 *
 * @module
 */

import type { CheckName } from "./decision-trace.ts";

/** What the holder of the certificate, or the owner of the account, can do about a check that failed. */
export function denialAdvice(check: CheckName): string {
  return ADVICE[check];
}

const ADVICE: { readonly [check in CheckName]: string } = {
  "parameters": "Correct the parameters that the message names; ARNs are copied whole from the console or the API.",
  "authorization": "Sign the request with AWS4-X509-RSA-SHA256, AWS4-X509-ECDSA-SHA256 or AWS4-X509-MLDSA.",
  "certificate": "Send the signing certificate, DER in base64 on one line, in X-Amz-X509.",
  "chain": "Send at most five intermediate certificates, DER in base64, separated by commas, in X-Amz-X509-Chain.",
  "algorithm": "Use the algorithm of the certificate's key: RSA, ECDSA or ML-DSA.",
  "serial": "Put the certificate's serial number in decimal into Credential.",
  "signed-headers": "Sign host, x-amz-date, x-amz-x509 and, when it is sent, x-amz-x509-chain.",
  "scope": "Sign for the service rolesanywhere, the trust anchor's region and the date of X-Amz-Date.",
  "clock": "Set the client's clock; the service takes requests that are a few minutes off at most.",
  "signature": "Check that the private key belongs to the certificate, and that nothing between changes the request.",
  "trust-anchor": "Use the ARN of a trust anchor that exists in this region and is enabled.",
  "path": "Send the missing intermediate certificates, renew what has expired, or use the trust anchor of this CA.",
  "end-entity":
    "Have the certificate issued anew as X.509 v3, not a CA, keyUsage digitalSignature, SHA-256 or stronger.",
  "revocation": "Have a new certificate issued for a new key; if the list is wrong, import one that is right.",
  "profile": "Use the ARN of a profile that exists in this account and region and is enabled.",
  "profile-role": "Add the role to the profile, or ask for one that it lists.",
  "role-session-name": "Ask for no session name, or let the profile accept one (acceptRoleSessionName).",
  "session-name": "Have the certificate issued with a serial number of at most 32 octets.",
  "source-identity": "Have the certificate issued with one common name of at most 64 characters.",
  "tags": "Map fewer attributes (PutAttributeMapping), or have the certificate issued with names that tags can hold.",
  "role": "Create the role in the account of the profile, or correct its ARN in the profile.",
  "trust-policy-advice": "Change the condition: what it asks for can never be there.",
  "sts:AssumeRole": "Let rolesanywhere.amazonaws.com do sts:AssumeRole in the role's trust policy.",
  "sts:SetSourceIdentity": "Let rolesanywhere.amazonaws.com do sts:SetSourceIdentity in the role's trust policy.",
  "sts:TagSession": "Let rolesanywhere.amazonaws.com do sts:TagSession in the role's trust policy.",
  "duration": "Ask for a shorter session, shorten the profile's, or raise the role's MaxSessionDuration.",
  "session-policy": "Shorten the profile's session policies, or name fewer managed ones.",
  "packed-size": "Map fewer attributes (PutAttributeMapping): the default maps all of subject and issuer.",
};
