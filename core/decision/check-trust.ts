/**
 * Whether the trust anchor vouches for the certificate that signed.
 *
 * @module
 */

import { PathError } from "../path/path-error.ts";
import {
  endEntityFindings,
  endEntityWarnings,
  type ProfileFinding,
  ROLES_ANYWHERE_PROFILE,
} from "../path/roles-anywhere-profile.ts";
import { validatePath } from "../path/validate-path.ts";
import type { VerifiedPath } from "../path/verified-path.ts";
import type { Certificate } from "../x509/certificate.ts";
import { nameText } from "../x509/name-text.ts";
import { anchorRevocation } from "./check-revocation.ts";
import type { DecisionContext } from "./decision-context.ts";
import type { DecisionPreset } from "./decision-options.ts";
import { accessDenied } from "./session-denial.ts";
import type { SessionParameters } from "./session-parameters.ts";
import type { TrustAnchorState } from "./session-state.ts";

/**
 * Finds the trust anchor and validates the path to it, then the service's own rules of end-entity certificates, then
 * what the anchor's revocation lists say.
 *
 * @throws {SessionDenial} when the anchor is unknown or disabled, there is no path, or a rule is broken
 */
export async function checkTrust(
  certificate: Certificate,
  chain: readonly Certificate[],
  { trustAnchorArn }: SessionParameters,
  context: DecisionContext,
): Promise<TrustAnchorState> {
  const { options, state, nowMs, trace } = context;
  const anchor = state.trustAnchors.find(({ arn }) => arn === trustAnchorArn);
  if (anchor === undefined) {
    const message = "Specified Trust Anchor wasn't found.";
    throw accessDenied("trust-anchor", message, "no trust anchor has this ARN", { trustAnchorArn });
  }
  if (!anchor.enabled) {
    throw accessDenied("trust-anchor", "Trust anchor is disabled", "the trust anchor is disabled", { trustAnchorArn });
  }
  trace.pass("trust-anchor", "the trust anchor exists and is enabled", { trustAnchorArn });

  const inputs = () => ({
    certificate: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    chain: chain.length,
    anchors: anchor.certificates.map((one) => nameText(one.subject)),
  });
  const revocation = anchorRevocation(anchor, context);
  let path: VerifiedPath;
  try {
    path = await validatePath(certificate, {
      anchors: anchor.certificates,
      intermediates: chain,
      time: nowMs,
      crypto: options.crypto,
      revocation: revocation.choice,
      profile: ROLES_ANYWHERE_PROFILE,
      ...(options.memory === undefined ? {} : { keys: options.memory.keys }),
    });
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    if (isOwnWeakSignature(error, certificate)) checkEndEntity(certificate, context);
    if (error.code !== "ERR_PATH_REVOKED" && error.code !== "ERR_PATH_REVOCATION_UNKNOWN") {
      throw accessDenied("path", UNTRUSTED, error.message, { ...inputs(), reason: error.code });
    }
    // Only a path that is in order otherwise is checked for revocation.
    trace.pass("path", "there is a path, revocation aside", inputs);
    checkEndEntity(certificate, context);
    const message = error.code === "ERR_PATH_REVOKED" ? "Certificate revoked" : UNTRUSTED;
    throw accessDenied("revocation", message, error.message, revocation.inputs());
  }
  trace.pass("path", () => pathText(path), inputs);
  checkEndEntity(certificate, context);
  revocation.pass(trace);
  path.intermediates.forEach((one) => options.memory?.keepChainCertificate(one));
  return anchor;
}

function pathText({ endEntity, intermediates, anchor }: VerifiedPath): string {
  const names = [endEntity, ...intermediates, anchor].map((one) => `"${nameText(one.subject)}"`);
  return `the path is ${names.join(" ← ")}`;
}

/** The service's sentence for an end entity that is signed with too weak a hash is that of its own rules. */
function isOwnWeakSignature({ code, depth }: PathError, certificate: Certificate): boolean {
  return depth === 0 && (code === "ERR_PATH_ALGORITHM" || code === "ERR_PATH_UNSUPPORTED_ALGORITHM") &&
    endEntityFindings(certificate).some(({ rule }) => rule === "SHA-256 or stronger");
}

function checkEndEntity(certificate: Certificate, { rules, trace }: DecisionContext): void {
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
  const doubts: readonly (readonly [keyof DecisionPreset, ProfileFinding])[] = [
    ...endEntityWarnings(certificate).map((finding) =>
      [finding.rule === "extendedKeyUsage" ? "extendedKeyUsage" : "weakRsaKeys", finding] as const
    ),
    ...uncommon(certificate).map((finding) => ["uncommonAlgorithms", finding] as const),
  ];
  const denied = doubts.find(([rule]) => rules[rule] === "deny")?.[1];
  if (denied !== undefined) {
    throw accessDenied("end-entity", denied.message, `${denied.rule}: ${denied.state}`, inputs);
  }
  const warning = doubts.map(([, { state }]) => state).join("; ");
  trace.pass("end-entity", "the certificate keeps the service's rules", inputs, warning === "" ? undefined : warning);
}

/** What nobody has been seen to use with the service. */
function uncommon({ publicKey, signatureAlgorithm }: Certificate): readonly ProfileFinding[] {
  const findings: ProfileFinding[] = [];
  const add = (rule: string, state: string): void => void findings.push({ rule, state, message: INSUFFICIENT });
  if (publicKey.type === "ec" && publicKey.curve === "P-521") add("P-256 or P-384", "the key is on P-521");
  if (signatureAlgorithm.scheme === "rsa-pss") add("PKCS #1 v1.5", `it is signed with ${signatureAlgorithm.name}`);
  return findings;
}

const UNTRUSTED = "Untrusted signing certificate";
const INSUFFICIENT = "Untrusted certificate. Insufficient certificate";
