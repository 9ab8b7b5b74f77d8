/**
 * What IAM Roles Anywhere demands of certificates beyond RFC 5280.
 *
 * @see IAM Roles Anywhere user guide, "Trust model": signature verification, trust anchors
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";
import { ANY_EXTENDED_KEY_USAGE, CLIENT_AUTH } from "../x509/extensions/extended-key-usage.ts";
import { rsaBits } from "./algorithm-policy.ts";
import type { PathProfile } from "./path-profile.ts";

/** A rule of the service that a certificate breaks. */
export interface ProfileFinding {
  /** Which rule, in a few words. */
  readonly rule: string;
  /** How the certificate breaks it. */
  readonly state: string;
  /** What the service says about it. */
  readonly message: string;
}

/** The service's sentence for an end-entity certificate that breaks one of its rules. */
const INSUFFICIENT = "Untrusted certificate. Insufficient certificate";

/** The rules of CA certificates; a path through one that breaks them does not exist. */
export const ROLES_ANYWHERE_PROFILE: PathProfile = {
  name: "IAM Roles Anywhere",
  checkAuthority(certificate) {
    if (certificate.version !== 3) return `it is X.509 v${certificate.version}, v3 is required`;
    if (certificate.keyUsage?.includes("keyCertSign") !== true) return "its keyUsage does not include keyCertSign";
    return weakSignature(certificate.signatureAlgorithm);
  },
};

/**
 * The rules of end-entity certificates that this one breaks; none: the service takes it. Its extensions must be
 * readable, as those of a validated certificate are.
 */
export function endEntityFindings(certificate: Certificate): readonly ProfileFinding[] {
  const findings: ProfileFinding[] = [];
  const add = (rule: string, state: string): void => void findings.push({ rule, state, message: INSUFFICIENT });
  if (certificate.version !== 3) add("X.509 v3", `the certificate is v${certificate.version}`);
  if (certificate.basicConstraints?.ca === true) add("no CA certificate", "basicConstraints say that it is a CA");
  if (certificate.keyUsage === undefined) add("digitalSignature", "the keyUsage extension is missing");
  else if (!certificate.keyUsage.includes("digitalSignature")) {
    add("digitalSignature", `keyUsage is ${certificate.keyUsage.join(", ")}`);
  }
  const weak = weakSignature(certificate.signatureAlgorithm);
  if (weak !== undefined) add("SHA-256 or stronger", weak);
  if (certificate.subject.empty) add("subject", "the subject is empty");
  if (certificate.publicKey.type === "ed25519") add("RSA, EC or ML-DSA key", "the key is Ed25519");
  return findings;
}

/**
 * What the service may refuse although its documentation does not say so: an extended key usage without client
 * authentication, an RSA key below 2,048 bits.
 */
export function endEntityWarnings(certificate: Certificate): readonly ProfileFinding[] {
  const warnings: ProfileFinding[] = [];
  const add = (rule: string, state: string): void => void warnings.push({ rule, state, message: INSUFFICIENT });
  const purposes = certificate.extendedKeyUsage;
  if (purposes !== undefined && !purposes.includes(CLIENT_AUTH) && !purposes.includes(ANY_EXTENDED_KEY_USAGE)) {
    add("extendedKeyUsage", "extendedKeyUsage is there without clientAuth");
  }
  const key = certificate.publicKey;
  const bits = key.type === "rsa" ? rsaBits(key.modulus) : Infinity;
  if (bits < 2048) add("RSA-2048", `the RSA key has ${bits} bits`);
  return warnings;
}

/** SHA-256 is the weakest hash; Ed25519 and ML-DSA bring stronger ones of their own. */
function weakSignature(algorithm: Certificate["signatureAlgorithm"]): string | undefined {
  if (algorithm.scheme === "unknown") return `it is signed with an unknown algorithm, ${algorithm.oid}`;
  if (algorithm.scheme === "ed25519" || algorithm.scheme === "ml-dsa") return undefined;
  const strong = algorithm.hash === "SHA-256" || algorithm.hash === "SHA-384" || algorithm.hash === "SHA-512";
  return strong ? undefined : `it is signed with ${algorithm.name}, SHA-256 or stronger is required`;
}
