/**
 * Whether the trust anchor vouches for the certificate that signed.
 *
 * @module
 */

import { PathError } from "../path/path-error.ts";
import { endEntityFindings, endEntityWarnings, ROLES_ANYWHERE_PROFILE } from "../path/roles-anywhere-profile.ts";
import { validatePath } from "../path/validate-path.ts";
import type { VerifiedPath } from "../path/verified-path.ts";
import type { Certificate } from "../x509/certificate.ts";
import { nameText } from "../x509/name-text.ts";
import type { DecisionOptions } from "./decision-options.ts";
import type { TraceRecorder } from "./decision-trace.ts";
import { accessDenied } from "./session-denial.ts";
import type { SessionParameters } from "./session-parameters.ts";
import type { SessionState, TrustAnchorState } from "./session-state.ts";

/**
 * Finds the trust anchor and validates the path to it, then the service's own rules of end-entity certificates.
 *
 * @throws {SessionDenial} when the anchor is unknown or disabled, there is no path, or a rule is broken
 */
export async function checkTrust(
  certificate: Certificate,
  chain: readonly Certificate[],
  { trustAnchorArn }: SessionParameters,
  state: SessionState,
  nowMs: number,
  options: DecisionOptions,
  trace: TraceRecorder,
): Promise<TrustAnchorState> {
  const anchor = state.trustAnchors.find(({ arn }) => arn === trustAnchorArn);
  if (anchor === undefined) {
    const message = "Specified Trust Anchor wasn't found.";
    throw accessDenied("trust-anchor", message, "no trust anchor has this ARN", { trustAnchorArn });
  }
  if (!anchor.enabled) {
    throw accessDenied("trust-anchor", "Trust anchor is disabled", "the trust anchor is disabled", { trustAnchorArn });
  }
  trace.pass("trust-anchor", "the trust anchor exists and is enabled", { trustAnchorArn });

  const inputs = {
    certificate: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    chain: chain.length,
    anchors: anchor.certificates.map((one) => nameText(one.subject)),
  };
  let path: VerifiedPath;
  try {
    path = await validatePath(certificate, {
      anchors: anchor.certificates,
      intermediates: chain,
      time: nowMs,
      crypto: options.crypto,
      revocation: "skip",
      profile: ROLES_ANYWHERE_PROFILE,
    });
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    throw accessDenied("path", "Untrusted signing certificate", error.message, { ...inputs, reason: error.code });
  }
  const names = [path.endEntity, ...path.intermediates, path.anchor].map((one) => `"${nameText(one.subject)}"`);
  trace.pass("path", `the path is ${names.join(" ← ")}`, inputs);

  checkEndEntity(certificate, options, trace);
  trace.skip("revocation", "revocation lists are not checked in this version");
  return anchor;
}

function checkEndEntity(certificate: Certificate, options: DecisionOptions, trace: TraceRecorder): void {
  const inputs = {
    version: certificate.version,
    keyUsage: certificate.keyUsage ?? [],
    extendedKeyUsage: certificate.extendedKeyUsage ?? [],
    signatureAlgorithm: certificate.signatureAlgorithm.name,
  };
  const findings = endEntityFindings(certificate);
  const [first] = findings;
  if (first !== undefined) {
    const detail = findings.map(({ rule, state }) => `${rule}: ${state}`).join("; ");
    throw accessDenied("end-entity", first.message, detail, inputs);
  }
  const warnings = endEntityWarnings(certificate);
  const purpose = warnings.find(({ rule }) => rule === "extendedKeyUsage");
  if (purpose !== undefined && options.extendedKeyUsage === "deny") {
    throw accessDenied("end-entity", purpose.message, `${purpose.rule}: ${purpose.state}`, inputs);
  }
  const warning = warnings.map(({ state }) => state).join("; ");
  trace.pass("end-entity", "the certificate keeps the service's rules", inputs, warning === "" ? undefined : warning);
}
