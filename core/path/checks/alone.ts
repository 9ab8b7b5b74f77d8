/**
 * The checks of one certificate that need no other, in the order in which they are made.
 *
 * @module
 */

import { isCoded } from "../../base-error.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { checkEndEntityKey } from "../algorithm-policy.ts";
import type { PathMember } from "../path-member.ts";
import { type Refusal, refuse } from "../path-refusal.ts";
import type { ResolvedOptions } from "../validation-options.ts";
import { checkAuthority } from "./authority.ts";
import { checkCriticalExtensions } from "./critical-extensions.ts";
import { checkEndEntityKeyUsage, checkExtendedKeyUsage } from "./purpose.ts";
import { checkReadable } from "./readable.ts";
import { checkValidity } from "./validity.ts";

/** Refuses an end entity. */
export function checkEndEntity(certificate: Certificate, options: ResolvedOptions): Refusal | undefined {
  const { time, purpose, keyUsage, profile, revocation } = options;
  return checkReadable(certificate) ?? checkValidity(certificate, time) ??
    checkCriticalExtensions(certificate, revocation !== "skip") ??
    checkKey(certificate, options) ??
    checkEndEntityKeyUsage(certificate, keyUsage, purpose) ??
    (purpose === undefined ? undefined : checkExtendedKeyUsage(certificate, purpose)) ??
    profileRefusal(profile?.checkEndEntity?.(certificate));
}

/** Refuses an issuer; of an anchor, only for what the caller wants enforced. */
export function checkIssuer(issuer: PathMember, options: ResolvedOptions): Refusal | undefined {
  const { certificate, constrains, expires, position } = issuer;
  if (certificate === undefined || !(constrains || expires)) return undefined;
  const { time, purpose, profile, revocation } = options;
  const refusal = checkReadable(certificate) ?? (expires ? checkValidity(certificate, time) : undefined);
  if (refusal !== undefined || !constrains) return refusal;
  return checkCriticalExtensions(certificate, revocation !== "skip") ??
    checkAuthority(certificate) ??
    (purpose === undefined ? undefined : checkExtendedKeyUsage(certificate, purpose)) ??
    profileRefusal(profile?.checkAuthority(certificate, position === "anchor" ? "anchor" : "intermediate"));
}

/** The end entity's own key. A kind of key that is not supported is no fault while no signature of it is needed. */
function checkKey(certificate: Certificate, { algorithms }: ResolvedOptions): Refusal | undefined {
  try {
    return checkEndEntityKey(certificate.publicKey, algorithms);
  } catch (cause) {
    if (!isCoded(cause)) throw cause;
    return cause.code === "ERR_KEY_UNSUPPORTED"
      ? undefined
      : refuse("ERR_PATH_MALFORMED", `its public key is malformed: ${cause.message}`, cause);
  }
}

function profileRefusal(state: string | undefined): Refusal | undefined {
  return state === undefined ? undefined : refuse("ERR_PATH_PROFILE", state);
}
