/**
 * Templates of certificates: which extensions the authority sets, and what may come from the request.
 *
 * @see AWS Private CA user guide, "Template definitions"
 * @module
 */

import type { KeyUsage } from "../../../core/x509/extensions/key-usage.ts";
import { CLIENT_AUTH, SERVER_AUTH } from "../../../core/x509/extensions/extended-key-usage.ts";
import { refuse } from "../protocols/service-refusal.ts";

/** What a template says. */
export interface CertificateTemplateRules {
  /** `EndEntityCertificate`. */
  readonly name: string;
  /** Whether it makes CA certificates, and for how many levels below. */
  readonly ca: false | { readonly pathLength?: number };
  /** Whether a basicConstraints extension that says CA:FALSE is critical. */
  readonly criticalBasicConstraints: boolean;
  /** Key usage; absent: the request's. */
  readonly keyUsage?: readonly KeyUsage[];
  /** Extended key usage, dotted; empty: none; absent: the request's. */
  readonly extendedKeyUsage?: readonly string[];
  /** Whether subject and extensions may come from `ApiPassthrough`. */
  readonly apiPassthrough: boolean;
  /** Whether extensions may come from the certification request. */
  readonly csrPassthrough: boolean;
}

const END_ENTITY: readonly KeyUsage[] = ["digitalSignature", "keyEncipherment"];
const AUTHORITY: readonly KeyUsage[] = ["digitalSignature", "keyCertSign", "cRLSign"];

/** Purposes other than of TLS, dotted. */
const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
const OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";

type Base = Pick<CertificateTemplateRules, "ca" | "keyUsage" | "extendedKeyUsage">;

/** By name without its passthrough suffix. */
const BASES: { readonly [name: string]: Base } = {
  EndEntityCertificate: { ca: false, keyUsage: END_ENTITY, extendedKeyUsage: [SERVER_AUTH, CLIENT_AUTH] },
  EndEntityClientAuthCertificate: { ca: false, keyUsage: END_ENTITY, extendedKeyUsage: [CLIENT_AUTH] },
  EndEntityServerAuthCertificate: { ca: false, keyUsage: END_ENTITY, extendedKeyUsage: [SERVER_AUTH] },
  CodeSigningCertificate: { ca: false, keyUsage: ["digitalSignature"], extendedKeyUsage: [CODE_SIGNING] },
  OCSPSigningCertificate: { ca: false, keyUsage: ["digitalSignature"], extendedKeyUsage: [OCSP_SIGNING] },
  BlankEndEntityCertificate: { ca: false },
  BlankEndEntityCertificate_CriticalBasicConstraints: { ca: false },
  RootCACertificate: { ca: {}, keyUsage: AUTHORITY, extendedKeyUsage: [] },
  BlankRootCACertificate: { ca: {} },
  SubordinateCACertificate_PathLen0: { ca: { pathLength: 0 }, keyUsage: AUTHORITY, extendedKeyUsage: [] },
  SubordinateCACertificate_PathLen1: { ca: { pathLength: 1 }, keyUsage: AUTHORITY, extendedKeyUsage: [] },
  SubordinateCACertificate_PathLen2: { ca: { pathLength: 2 }, keyUsage: AUTHORITY, extendedKeyUsage: [] },
  SubordinateCACertificate_PathLen3: { ca: { pathLength: 3 }, keyUsage: AUTHORITY, extendedKeyUsage: [] },
  BlankSubordinateCACertificate_PathLen0: { ca: { pathLength: 0 } },
  BlankSubordinateCACertificate_PathLen1: { ca: { pathLength: 1 } },
  BlankSubordinateCACertificate_PathLen2: { ca: { pathLength: 2 } },
  BlankSubordinateCACertificate_PathLen3: { ca: { pathLength: 3 } },
};

/** The template of a request that names none. */
export const DEFAULT_TEMPLATE_ARN = "arn:aws:acm-pca:::template/EndEntityCertificate/V1";

/**
 * The rules of a template. A blank one exists with a passthrough only.
 *
 * @throws {ServiceRefusal} `InvalidArgsException` when there is no such template
 */
export function templateRules(templateArn: string): CertificateTemplateRules {
  const name = /^arn:aws[a-z-]*:acm-pca:::template\/([A-Za-z0-9_]+)\/V1$/.exec(templateArn)?.[1];
  const [, baseName = "", passthrough = ""] = /^(.*?)(?:_(APIPassthrough|CSRPassthrough|APICSRPassthrough))?$/
    .exec(name ?? "")!;
  const base = Object.hasOwn(BASES, baseName) ? BASES[baseName] : undefined;
  if (base === undefined || (baseName.startsWith("Blank") && passthrough === "")) {
    throw refuse(400, "InvalidArgsException", `The template ${templateArn} does not exist.`);
  }
  return {
    ...base,
    name: name!,
    criticalBasicConstraints: baseName.endsWith("_CriticalBasicConstraints"),
    apiPassthrough: passthrough.startsWith("API"),
    csrPassthrough: passthrough.endsWith("CSRPassthrough"),
  };
}
