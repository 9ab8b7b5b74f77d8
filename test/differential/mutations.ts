/**
 * What is done to chains, and whether RFC 5280 still accepts them.
 *
 * @module
 */

import { derUtf8String } from "../../core/der/writer.ts";
import {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  encodeName,
  extendedKeyUsageExtension,
  type ExtensionTemplate,
  type GeneralNameTemplate,
  keyUsageExtension,
  nameConstraintsExtension,
  subjectAlternativeNameExtension,
  subjectKeyIdentifierExtension,
} from "../../core/issue/mod.ts";
import { ANY_EXTENDED_KEY_USAGE, type KeyUsage, SERVER_AUTH } from "../../core/x509/mod.ts";
import { type CertificatePlan, type ChainPlan, DAY, type ListPlan, NOW, type Question } from "./chain-plan.ts";
import {
  ANY_POLICY,
  authorityBySerial,
  certificatePolicies,
  inhibitAnyPolicy,
  issuingDistributionPoint,
  POLICY_1,
  POLICY_2,
  policyConstraints,
  policyMappings,
  unknownExtension,
} from "./extensions.ts";
import type { Workshop } from "./generated-case.ts";

/** One thing to do. */
export interface Mutation {
  readonly name: string;
  readonly valid: boolean;
  /** What is asked besides whether the path is valid. */
  readonly question?: Partial<Question>;
  /** Least number of intermediates. Default 0. */
  readonly intermediates?: number;
  readonly apply?: (plan: ChainPlan, workshop: Workshop) => void;
}

/** Certificates in a circle. */
export const CIRCLE = "company: two authorities that certify each other";

/** All of them; the first word of a name tells the kind. */
export const MUTATIONS: readonly Mutation[] = [
  // Order and company.
  { name: "nothing", valid: true },
  {
    name: "company: duplicates",
    valid: true,
    intermediates: 1,
    apply: (plan) => void plan.others.push(...plan.certificates.slice(1, -1)),
  },
  {
    name: "company: a stranger of the issuer's name",
    valid: true,
    intermediates: 1,
    apply: (plan, { strangerKey, identifierOf }) => {
      const twin = { ...issuer(plan), key: strangerKey };
      set(twin, subjectKeyIdentifierExtension(identifierOf(strangerKey)));
      plan.others.push(twin);
    },
  },
  {
    name: "company: the issuer's expired predecessor",
    valid: true,
    intermediates: 1,
    apply: (plan) => void plan.others.push({ ...issuer(plan), notAfter: NOW - DAY, serialNumber: 8 }),
  },
  {
    name: CIRCLE,
    valid: true,
    intermediates: 2,
    apply: (plan, { identifierOf }) => {
      const [, upper, lower] = plan.certificates;
      const cross = { ...upper!, issuer: lower!.subject, signer: lower!.key, serialNumber: 9 };
      set(cross, authorityKeyIdentifierExtension(identifierOf(lower!.key)));
      plan.others.push(cross);
    },
  },

  // Validity.
  { name: "validity: end entity expired", valid: false, apply: (plan) => void (endEntity(plan).notAfter = NOW - DAY) },
  {
    name: "validity: end entity not yet valid",
    valid: false,
    apply: (plan) => void (endEntity(plan).notBefore = NOW + DAY),
  },
  { name: "validity: the last second", valid: true, apply: (plan) => void (endEntity(plan).notAfter = NOW) },
  { name: "validity: the first second", valid: true, apply: (plan) => void (endEntity(plan).notBefore = NOW) },
  { name: "validity: a second too late", valid: false, apply: (plan) => void (endEntity(plan).notAfter = NOW - 1000) },
  {
    name: "validity: intermediate expired",
    valid: false,
    intermediates: 1,
    apply: (plan) => void (issuer(plan).notAfter = NOW - DAY),
  },
  {
    name: "validity: intermediate not yet valid",
    valid: false,
    intermediates: 1,
    apply: (plan) => void (issuer(plan).notBefore = NOW + DAY),
  },
  { name: "validity: anchor expired", valid: false, apply: (plan) => void (anchor(plan).notAfter = NOW - DAY) },

  // Names.
  {
    name: "name: another issuer",
    valid: false,
    apply: (plan, { name }) => void (endEntity(plan).issuer = name("somebody else")),
  },
  {
    name: "name: issuer in other letters and spaces",
    valid: true,
    apply: (plan, { name }) => {
      const text = plan.certificates.length === 2 ? "  rOOT " : ` cA   ${plan.certificates.length - 2} `;
      endEntity(plan).issuer = name(text);
    },
  },
  {
    name: "name: issuer in another string type",
    valid: true,
    apply: (plan, { name }) => {
      const common = derUtf8String(plan.certificates.length === 2 ? "Root" : `CA ${plan.certificates.length - 2}`);
      const [organization] = name("") as readonly { readonly type: string; readonly value: string }[];
      endEntity(plan).issuer = [organization!, { type: "CN", value: common }];
    },
  },
  {
    name: "name: empty subject, critical alternative name",
    valid: true,
    apply: (plan) => {
      endEntity(plan).subject = [];
      set(endEntity(plan), subjectAlternativeNameExtension([{ form: "dNSName", value: "host.example.com" }], true));
    },
  },
  { name: "name: empty subject", valid: true, apply: (plan) => void (endEntity(plan).subject = []) },

  // Signatures.
  { name: "signature: end entity damaged", valid: false, apply: (plan) => void (endEntity(plan).damaged = true) },
  {
    name: "signature: intermediate damaged",
    valid: false,
    intermediates: 1,
    apply: (plan) => void (issuer(plan).damaged = true),
  },
  {
    name: "signature: another key",
    valid: false,
    apply: (plan, { strangerKey }) => void (endEntity(plan).signer = strangerKey),
  },
  {
    name: "signature: another anchor of that name",
    valid: false,
    apply: (plan, { strangerKey, identifierOf }) => {
      plan.anchor = { ...anchor(plan), key: strangerKey, signer: strangerKey };
      set(plan.anchor, subjectKeyIdentifierExtension(identifierOf(strangerKey)));
    },
  },

  // Authority.
  {
    name: "authority: intermediate is no CA",
    valid: false,
    intermediates: 1,
    apply: (plan) => set(issuer(plan), basicConstraintsExtension({ ca: false })),
  },
  {
    name: "authority: intermediate without basicConstraints",
    valid: false,
    intermediates: 1,
    apply: (plan) => remove(issuer(plan), BASIC_CONSTRAINTS),
  },
  {
    name: "authority: basicConstraints not critical",
    valid: true,
    intermediates: 1,
    apply: (plan) => {
      const constraints = basicConstraintsExtension({ ca: true });
      set(issuer(plan), { ...constraints, critical: false });
    },
  },
  {
    name: "authority: anchor is no CA",
    valid: false,
    apply: (plan) => set(anchor(plan), basicConstraintsExtension({ ca: false })),
  },
  { name: "authority: end entity is a CA", valid: true, apply: (plan) => makeAuthority(endEntity(plan)) },
  {
    name: "authority: intermediate may not sign certificates",
    valid: false,
    intermediates: 1,
    apply: (plan) => set(issuer(plan), keyUsageExtension(["digitalSignature", "cRLSign"])),
  },
  {
    name: "authority: anchor may not sign certificates",
    valid: false,
    apply: (plan) => set(anchor(plan), keyUsageExtension(["digitalSignature", "cRLSign"])),
  },
  {
    name: "authority: no keyUsage at all",
    valid: true,
    intermediates: 1,
    apply: (plan) => plan.certificates.forEach((certificate) => remove(certificate, KEY_USAGE)),
  },
  {
    name: "authority: intermediate of version 1",
    valid: false,
    intermediates: 1,
    apply: (plan) => void (issuer(plan).version = 1),
  },
  { name: "authority: end entity of version 1", valid: true, apply: (plan) => void (endEntity(plan).version = 1) },
  { name: "authority: anchor of version 1", valid: false, apply: (plan) => void (anchor(plan).version = 1) },

  // Length.
  {
    name: "length: one intermediate too many",
    valid: false,
    intermediates: 2,
    apply: (plan) =>
      set(plan.certificates[1]!, basicConstraintsExtension({ ca: true, pathLength: plan.certificates.length - 4 })),
  },
  {
    name: "length: exactly as many as allowed",
    valid: true,
    intermediates: 2,
    apply: (plan) =>
      set(plan.certificates[1]!, basicConstraintsExtension({ ca: true, pathLength: plan.certificates.length - 3 })),
  },
  {
    name: "length: one too many below the anchor",
    valid: false,
    intermediates: 1,
    apply: (plan) =>
      set(anchor(plan), basicConstraintsExtension({ ca: true, pathLength: plan.certificates.length - 3 })),
  },
  {
    name: "length: a self-issued certificate does not count",
    valid: true,
    intermediates: 1,
    apply: (plan, { strangerKey, identifierOf }) => {
      const last = plan.certificates.length - 2;
      const old = plan.certificates[last]!;
      for (const [i, certificate] of plan.certificates.entries()) {
        if (i <= last) set(certificate, basicConstraintsExtension({ ca: true, pathLength: last - i }));
      }
      // The authority changes its key, and certifies the new one itself.
      const rolled: CertificatePlan = {
        ...old,
        issuer: old.subject,
        signer: old.key,
        key: strangerKey,
        serialNumber: 77,
      };
      set(rolled, subjectKeyIdentifierExtension(identifierOf(strangerKey)));
      set(rolled, authorityKeyIdentifierExtension(identifierOf(old.key)));
      const child = endEntity(plan);
      child.signer = strangerKey;
      set(child, authorityKeyIdentifierExtension(identifierOf(strangerKey)));
      plan.certificates.splice(last + 1, 0, rolled);
    },
  },

  // Purposes.
  { name: "purpose: client", valid: true, question: { purpose: true } },
  {
    name: "purpose: none in the end entity",
    valid: true,
    question: { purpose: true },
    apply: (plan) => remove(endEntity(plan), EXTENDED_KEY_USAGE),
  },
  {
    name: "purpose: end entity is a server",
    valid: false,
    question: { purpose: true },
    apply: (plan) => set(endEntity(plan), extendedKeyUsageExtension([SERVER_AUTH])),
  },
  {
    name: "purpose: any",
    valid: true,
    question: { purpose: true },
    apply: (plan) => set(endEntity(plan), extendedKeyUsageExtension([ANY_EXTENDED_KEY_USAGE])),
  },
  {
    name: "purpose: intermediate for servers",
    valid: false,
    intermediates: 1,
    question: { purpose: true },
    apply: (plan) => set(issuer(plan), extendedKeyUsageExtension([SERVER_AUTH])),
  },
  {
    name: "purpose: key usage that no client has",
    valid: false,
    question: { purpose: true },
    apply: (plan) => set(endEntity(plan), keyUsageExtension(["keyEncipherment"] as readonly KeyUsage[])),
  },

  // Extensions.
  {
    name: "extension: unknown and critical in the end entity",
    valid: false,
    apply: (plan) => set(endEntity(plan), unknownExtension(true)),
  },
  {
    name: "extension: unknown and critical in an intermediate",
    valid: false,
    intermediates: 1,
    apply: (plan) => set(issuer(plan), unknownExtension(true)),
  },
  {
    name: "extension: unknown and critical in the anchor",
    valid: false,
    apply: (plan) => set(anchor(plan), unknownExtension(true)),
  },
  {
    name: "extension: unknown",
    valid: true,
    apply: (plan) => plan.certificates.forEach((certificate) => set(certificate, unknownExtension(false))),
  },
  {
    name: "extension: twice",
    valid: false,
    apply: (plan) => void endEntity(plan).extensions.push(unknownExtension(false), unknownExtension(false)),
  },
  {
    name: "extension: no authorityKeyIdentifier",
    valid: true,
    apply: (plan) => remove(endEntity(plan), AUTHORITY_KEY_IDENTIFIER),
  },
  {
    name: "extension: no subjectKeyIdentifier in an intermediate",
    valid: true,
    intermediates: 1,
    apply: (plan) => remove(issuer(plan), SUBJECT_KEY_IDENTIFIER),
  },
  {
    name: "extension: authorityKeyIdentifier of another key",
    valid: true,
    apply: (plan, { strangerKey, identifierOf }) =>
      set(endEntity(plan), authorityKeyIdentifierExtension(identifierOf(strangerKey))),
  },
  {
    name: "extension: authorityKeyIdentifier of another serial number",
    valid: true,
    apply: (plan, { name }) => set(endEntity(plan), authorityBySerial(encodeName(name("Root")), 5)),
  },
  {
    name: "extension: serial number of 21 octets",
    valid: true,
    apply: (plan) => void (endEntity(plan).serialNumber = new Uint8Array(21).fill(0x42)),
  },
  { name: "extension: serial number 0", valid: true, apply: (plan) => void (endEntity(plan).serialNumber = 0) },

  // Name constraints, of the anchor or of an intermediate.
  ...constrained("dNSName", { form: "dNSName", value: "example.com" }, { form: "dNSName", value: "host.example.com" }, {
    form: "dNSName",
    value: "host.example.org",
  }),
  ...constrained("dNSName of that letters", { form: "dNSName", value: "example.com" }, {
    form: "dNSName",
    value: "HOST.Example.COM",
  }, { form: "dNSName", value: "badexample.com" }),
  ...constrained("rfc822Name", { form: "rfc822Name", value: "example.com" }, {
    form: "rfc822Name",
    value: "me@example.com",
  }, {
    form: "rfc822Name",
    value: "me@mail.example.com",
  }),
  ...constrained("rfc822Name of a domain", { form: "rfc822Name", value: ".example.com" }, {
    form: "rfc822Name",
    value: "me@mail.example.com",
  }, { form: "rfc822Name", value: "me@example.com" }),
  ...constrained("URI", { form: "uniformResourceIdentifier", value: ".example.com" }, {
    form: "uniformResourceIdentifier",
    value: "https://www.example.com/x",
  }, { form: "uniformResourceIdentifier", value: "https://example.org/" }),
  ...constrained("iPAddress", { form: "iPAddress", value: Uint8Array.of(10, 1, 0, 0, 255, 255, 0, 0) }, {
    form: "iPAddress",
    value: Uint8Array.of(10, 1, 2, 3),
  }, { form: "iPAddress", value: Uint8Array.of(10, 2, 2, 3) }),
  ...constrained("directoryName", { form: "directoryName", value: [{ type: "C", value: "DE" }] }, {
    form: "directoryName",
    value: [{ type: "C", value: "de" }, { type: "CN", value: "x" }],
  }, { form: "directoryName", value: [{ type: "C", value: "FR" }, { type: "CN", value: "x" }] }),
  {
    name: "constraints: a form that is not there",
    valid: true,
    apply: (plan) =>
      set(
        anchor(plan),
        nameConstraintsExtension({ permittedSubtrees: [{ form: "rfc822Name", value: "example.com" }] }),
      ),
  },
  {
    name: "constraints: permitted and excluded",
    valid: false,
    apply: (plan) =>
      set(
        issuer(plan),
        nameConstraintsExtension({
          permittedSubtrees: [{ form: "dNSName", value: "example.com" }],
          excludedSubtrees: [{ form: "dNSName", value: "host.example.com" }],
        }),
      ),
  },
  {
    name: "constraints: the subject",
    valid: false,
    apply: (plan) =>
      set(
        issuer(plan),
        nameConstraintsExtension({
          permittedSubtrees: [{ form: "directoryName", value: [{ type: "O", value: "Other" }] }],
        }),
      ),
  },
  {
    name: "constraints: two authorities that have nothing in common",
    valid: false,
    intermediates: 1,
    apply: (plan) => {
      set(anchor(plan), nameConstraintsExtension({ permittedSubtrees: [{ form: "dNSName", value: "example.org" }] }));
      set(issuer(plan), nameConstraintsExtension({ permittedSubtrees: [{ form: "dNSName", value: "example.com" }] }));
    },
  },

  // Policies.
  { name: "policy: all have it", valid: true, question: { policies: [POLICY_1] } },
  {
    name: "policy: the end entity has none",
    valid: false,
    question: { policies: [POLICY_1] },
    apply: (plan) => remove(endEntity(plan), CERTIFICATE_POLICIES),
  },
  {
    name: "policy: the end entity has another",
    valid: false,
    question: { policies: [POLICY_1] },
    apply: (plan) => set(endEntity(plan), certificatePolicies(POLICY_2)),
  },
  {
    name: "policy: an intermediate has another",
    valid: false,
    intermediates: 1,
    question: { policies: [POLICY_1] },
    apply: (plan) => set(issuer(plan), certificatePolicies(POLICY_2)),
  },
  {
    name: "policy: one of two",
    valid: true,
    question: { policies: [POLICY_1] },
    apply: (plan) => set(endEntity(plan), certificatePolicies(POLICY_2, POLICY_1)),
  },
  {
    name: "policy: anyPolicy in an intermediate",
    valid: true,
    intermediates: 1,
    question: { policies: [POLICY_1] },
    apply: (plan) => set(issuer(plan), certificatePolicies(ANY_POLICY)),
  },
  {
    name: "policy: anyPolicy inhibited",
    valid: false,
    intermediates: 1,
    question: { policies: [POLICY_1] },
    apply: (plan) => {
      set(issuer(plan), inhibitAnyPolicy(0));
      set(endEntity(plan), certificatePolicies(ANY_POLICY));
    },
  },
  {
    name: "policy: mapped",
    valid: true,
    intermediates: 1,
    question: { policies: [POLICY_1] },
    apply: (plan) => {
      set(issuer(plan), policyMappings(POLICY_1, POLICY_2));
      set(endEntity(plan), certificatePolicies(POLICY_2));
    },
  },
  {
    name: "policy: mapping inhibited",
    valid: false,
    intermediates: 2,
    question: { policies: [POLICY_1] },
    apply: (plan) => {
      set(plan.certificates[1]!, policyConstraints("inhibitPolicyMapping", 0));
      set(issuer(plan), policyMappings(POLICY_1, POLICY_2));
      set(endEntity(plan), certificatePolicies(POLICY_2));
    },
  },
  {
    name: "policy: mapping from anyPolicy",
    valid: false,
    intermediates: 1,
    question: { policies: [] },
    apply: (plan) => set(issuer(plan), policyMappings(ANY_POLICY, POLICY_2)),
  },
  {
    name: "policy: required by an intermediate",
    valid: false,
    intermediates: 1,
    question: { policies: [] },
    apply: (plan) => {
      set(issuer(plan), policyConstraints("requireExplicitPolicy", 0));
      remove(endEntity(plan), CERTIFICATE_POLICIES);
    },
  },
  {
    name: "policy: not required",
    valid: true,
    question: { policies: [] },
    apply: (plan) => remove(endEntity(plan), CERTIFICATE_POLICIES),
  },

  // Revocation lists.
  { name: "list: good", valid: true, question: { revocation: true } },
  {
    name: "list: end entity revoked",
    valid: false,
    question: { revocation: true },
    apply: (plan) => revoke(list(plan), endEntity(plan)),
  },
  {
    name: "list: intermediate revoked",
    valid: false,
    intermediates: 1,
    question: { revocation: true },
    apply: (plan) => revoke(plan.lists.at(-2)!, issuer(plan)),
  },
  {
    name: "list: many others revoked",
    valid: true,
    question: { revocation: true },
    apply: (plan) => {
      for (let i = 1; i < 200; i++) list(plan).revoked.push({ serialNumber: 2_000_000 + i, revocationDate: NOW - DAY });
    },
  },
  {
    name: "list: empty",
    valid: true,
    question: { revocation: true },
    apply: (plan) => void (list(plan).revoked = []),
  },
  {
    name: "list: expired",
    valid: false,
    question: { revocation: true },
    apply: (plan) => void (list(plan).nextUpdate = NOW - 2000),
  },
  {
    name: "list: not yet valid",
    valid: false,
    question: { revocation: true },
    apply: (plan) => void (list(plan).thisUpdate = NOW + 1000),
  },
  {
    name: "list: without nextUpdate",
    valid: true,
    question: { revocation: true },
    apply: (plan) => void (list(plan).nextUpdate = undefined),
  },
  {
    name: "list: of another issuer",
    valid: false,
    question: { revocation: true },
    apply: (plan, { name }) => void (list(plan).issuer = name("somebody else")),
  },
  { name: "list: missing", valid: false, question: { revocation: true }, apply: (plan) => void plan.lists.pop() },
  {
    name: "list: the intermediate's missing",
    valid: false,
    intermediates: 1,
    question: { revocation: true },
    apply: (plan) => void plan.lists.splice(-2, 1),
  },
  {
    name: "list: signature damaged",
    valid: false,
    question: { revocation: true },
    apply: (plan) => void (list(plan).damaged = true),
  },
  {
    name: "list: signed by another key",
    valid: false,
    question: { revocation: true },
    apply: (plan, { strangerKey }) => void (list(plan).signer = strangerKey),
  },
  {
    name: "list: issuer may not sign lists",
    valid: false,
    question: { revocation: true },
    apply: (plan) => set(issuer(plan), keyUsageExtension(["keyCertSign"])),
  },
  {
    name: "list: unknown and critical extension",
    valid: false,
    question: { revocation: true },
    apply: (plan) => void list(plan).extensions.push(unknownExtension(true)),
  },
  {
    name: "list: unknown extension",
    valid: true,
    question: { revocation: true },
    apply: (plan) => void list(plan).extensions.push(unknownExtension(false)),
  },
  {
    name: "list: unknown and critical extension of an entry",
    valid: false,
    question: { revocation: true },
    apply: (plan) => {
      const extensions = [unknownExtension(true)];
      list(plan).revoked.push({ serialNumber: 4, revocationDate: NOW - DAY, extensions });
    },
  },
  {
    name: "list: for end entities",
    valid: true,
    question: { revocation: true },
    apply: (plan) => void list(plan).extensions.push(issuingDistributionPoint("users")),
  },
  {
    name: "list: for authorities",
    valid: false,
    question: { revocation: true },
    apply: (plan) => void list(plan).extensions.push(issuingDistributionPoint("authorities")),
  },
];

/** Permitted and excluded, kept and broken: what lies within a subtree, and what does not. */
function constrained(
  form: string,
  subtree: GeneralNameTemplate,
  within: GeneralNameTemplate,
  without: GeneralNameTemplate,
): readonly Mutation[] {
  const make = (
    list: "permittedSubtrees" | "excludedSubtrees",
    name: GeneralNameTemplate,
    valid: boolean,
  ): Mutation => ({
    name: `constraints: ${form} ${list === "permittedSubtrees" ? "permitted" : "excluded"}, ${
      name === within ? "within" : "without"
    }`,
    valid,
    apply: (plan, { dice }) => {
      const holder = dice.pick(plan.certificates.slice(0, -1));
      set(holder, nameConstraintsExtension({ [list]: [subtree] }));
      // A directory name is compared with the subject as well.
      if (form === "directoryName") {
        endEntity(plan).subject = name.value as CertificatePlan["subject"];
        for (const certificate of plan.certificates.slice(plan.certificates.indexOf(holder) + 1, -1)) {
          rename(plan, certificate, [
            { type: "C", value: "DE" },
            ...certificate.subject as readonly { readonly type: string; readonly value: string }[],
          ]);
        }
        if (list === "excludedSubtrees") set(issuer(plan), nameConstraintsExtension({ [list]: [subtree] }));
        if (list === "excludedSubtrees" && holder !== issuer(plan)) remove(holder, NAME_CONSTRAINTS);
      }
      set(endEntity(plan), subjectAlternativeNameExtension([name]));
    },
  });
  return [
    make("permittedSubtrees", within, true),
    make("permittedSubtrees", without, false),
    make("excludedSubtrees", within, false),
    make("excludedSubtrees", without, true),
  ];
}

/** Gives an authority another name, and whoever it issues to. */
function rename(plan: ChainPlan, certificate: CertificatePlan, name: CertificatePlan["subject"]): void {
  certificate.subject = name;
  plan.certificates[plan.certificates.indexOf(certificate) + 1]!.issuer = name;
}

function anchor({ certificates }: ChainPlan): CertificatePlan {
  return certificates[0]!;
}

function endEntity({ certificates }: ChainPlan): CertificatePlan {
  return certificates.at(-1)!;
}

/** The end entity's issuer. */
function issuer({ certificates }: ChainPlan): CertificatePlan {
  return certificates.at(-2)!;
}

/** The list of the end entity's issuer. */
function list({ lists }: ChainPlan): ListPlan {
  return lists.at(-1)!;
}

function revoke({ revoked }: ListPlan, { serialNumber }: CertificatePlan): void {
  revoked.push({ serialNumber, revocationDate: NOW - DAY });
}

function makeAuthority(certificate: CertificatePlan): void {
  set(certificate, basicConstraintsExtension({ ca: true }));
  set(certificate, keyUsageExtension(["keyCertSign", "digitalSignature"]));
}

function set(certificate: CertificatePlan, extension: ExtensionTemplate): void {
  remove(certificate, extension.oid);
  certificate.extensions.push(extension);
}

/** Copies: plans of twins share the list. */
function remove(certificate: CertificatePlan, oid: string): void {
  certificate.extensions = certificate.extensions.filter((extension) => extension.oid !== oid);
}

const SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
const KEY_USAGE = "2.5.29.15";
const BASIC_CONSTRAINTS = "2.5.29.19";
const NAME_CONSTRAINTS = "2.5.29.30";
const CERTIFICATE_POLICIES = "2.5.29.32";
const AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
const EXTENDED_KEY_USAGE = "2.5.29.37";
