/**
 * Refusals that come of parameters, certificates, revocation lists, profile, role and the limits of STS.
 *
 * @module
 */

import { ECDSA_SHA1, rsaPss } from "../../../core/crypto/signature-algorithm.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import { issuingDistributionPointExtension, nameConstraintsExtension } from "../../../core/issue/mod.ts";
import { SUPPORTED_ATTRIBUTES } from "../../../core/policy/mod.ts";
import {
  basicConstraints,
  CA_EXTENSIONS,
  CLIENT_EXTENSIONS,
  commonName,
  DAY,
  directoryName,
  dnsName,
  extendedKeyUsage,
  keyUsage,
  NOW,
  PROFILE_ARN,
  ROLE_ARN,
  subjectAlternativeName,
  type TestCertificate,
  testKey,
  type TestName,
  TRUST_ANCHOR_ARN,
} from "../../support/test-authority.ts";
import type { DenialRow } from "./denials.ts";
import { deltaOf, importedDer, importedPem, listNumber, revocationList } from "./revocation-fixtures.ts";
import { authority, client, type Scene } from "./session-setup.ts";

const UNTRUSTED = "Untrusted signing certificate";
const INSUFFICIENT = "Untrusted certificate. Insufficient certificate";
const UNABLE = `Unable to assume role for ${ROLE_ARN}.`;
const UNMAPPED_CN = " Some attributes failed to be mapped into session tags. Issuer: [  ]; Subject: [ CN ]; SAN: [  ]";

const NOT_LISTED = "Requested Role isn't one of those listed in the Profile.";

const TOO_LONG = `${UNABLE} The requested DurationSeconds exceeds the MaxSessionDuration set for this role.`;

const MANAGED = "arn:aws:iam::123456789012:policy/Limits";

/** The rows. */
export const SET_UP_DENIALS: readonly DenialRow[] = [
  ["no role", "parameters", violation("null", "roleArn", "Member must not be null"), () => ({
    parameters: { roleArn: undefined },
  })],
  [
    "no parameter at all",
    "parameters",
    "3 validation errors detected: Value null at 'profileArn' failed to satisfy constraint: Member must not be null; " +
    "Value null at 'roleArn' failed to satisfy constraint: Member must not be null; " +
    "Value null at 'trustAnchorArn' failed to satisfy constraint: Member must not be null",
    () => ({ parameters: { profileArn: undefined, roleArn: undefined, trustAnchorArn: undefined } }),
  ],
  [
    "a trust anchor's ARN for a profile",
    "parameters",
    violation(
      `'${TRUST_ANCHOR_ARN}'`,
      "profileArn",
      "Member must satisfy regular expression pattern: arn:aws(-[^:]+)?:rolesanywhere(:.*){2}(:profile.*)",
    ),
    () => ({ parameters: { profileArn: TRUST_ANCHOR_ARN } }),
  ],
  [
    "a duration of less than 15 minutes",
    "parameters",
    violation("'899'", "durationSeconds", "Member must have value greater than or equal to 900"),
    () => ({ parameters: { durationSeconds: 899 } }),
  ],
  [
    "a duration of more than 12 hours",
    "parameters",
    violation("'43201'", "durationSeconds", "Member must have value less than or equal to 43200"),
    () => ({ parameters: { durationSeconds: 43_201 } }),
  ],
  [
    "a session name of one character",
    "parameters",
    violation("'x'", "roleSessionName", "Member must have length greater than or equal to 2"),
    () => ({ parameters: { roleSessionName: "x" }, profile: { acceptRoleSessionName: true } }),
  ],
  [
    "a session name with a space",
    "parameters",
    violation("'a b'", "roleSessionName", "Member must satisfy regular expression pattern: [\\w+=,.@-]*"),
    () => ({ parameters: { roleSessionName: "a b" }, profile: { acceptRoleSessionName: true } }),
  ],
  [
    "six certificates in the chain",
    "chain",
    "Header 'X-Amz-X509-Chain' holds 6 certificates, at most 5 are accepted",
    async () => ({ chain: Array(6).fill(await authority("Root")) }),
  ],
  ["an unknown trust anchor", "trust-anchor", "Specified Trust Anchor wasn't found.", () => ({
    anchor: { arn: `${TRUST_ANCHOR_ARN}0` },
  })],
  ["a disabled trust anchor", "trust-anchor", "Trust anchor is disabled", () => ({ anchor: { enabled: false } })],

  ["another CA", "path", UNTRUSTED, async () => ({ anchor: { certificates: [await authority("Other")] } })],
  ["another CA of the same name", "path", UNTRUSTED, async () => {
    const signer = await testKey("impostor");
    return { anchor: { certificates: [await authority("Root", "Root", { signer, publicKey: signer.publicKey })] } };
  }],
  ["a missing intermediate", "path", UNTRUSTED, async () => ({ certificate: await client({}, "Issuing") })],
  ["an intermediate of another CA", "path", UNTRUSTED, () => below({ signer: "Other" })],
  ["an intermediate that is no CA", "path", UNTRUSTED, () => below({ extensions: [keyUsage(5)] })],
  [
    "an intermediate that may not sign certificates",
    "path",
    UNTRUSTED,
    () => below({ extensions: [basicConstraints(true), keyUsage(6)] }),
  ],
  ["an intermediate without key usage", "path", UNTRUSTED, () => below({ extensions: [basicConstraints(true)] })],
  ["an intermediate of version 1", "path", UNTRUSTED, () => below({ version: 1, extensions: [] })],
  ["an expired intermediate", "path", UNTRUSTED, () => below({ notAfter: NOW - 1000 })],
  ["an intermediate that may not certify the name", "path", UNTRUSTED, () =>
    below({
      extensions: [
        ...CA_EXTENSIONS,
        nameConstraintsExtension({
          permittedSubtrees: [{ form: "directoryName", value: [{ type: "O", value: "Example" }] }],
        }),
      ],
    })],
  ["an intermediate below a CA that allows none", "path", UNTRUSTED, async () => ({
    ...await below({}),
    anchor: {
      certificates: [await authority("Root", "Root", { extensions: [basicConstraints(true, 0), keyUsage(5)] })],
    },
  })],
  ["an intermediate signed with SHA-1", "path", UNTRUSTED, async () => ({
    ...await below({}),
    chain: [await authority("Issuing", "Root", { signer: { ...await testKey("Root"), algorithm: ECDSA_SHA1 } })],
  })],
  ["an expired certificate", "path", UNTRUSTED, async () => ({ certificate: await client({ notAfter: NOW - 1000 }) })],
  ["a certificate of tomorrow", "path", UNTRUSTED, async () => ({
    certificate: await client({ notBefore: NOW + 1000 }),
  })],
  ["an expired anchor", "path", UNTRUSTED, async () => ({
    anchor: { certificates: [await authority("Root", "Root", { notAfter: NOW - DAY / 2 })] },
  })],
  ["an unknown critical extension", "path", UNTRUSTED, async () => ({
    certificate: await client({
      extensions: [...CLIENT_EXTENSIONS, { oid: "1.2.3", critical: true, value: Uint8Array.of(5, 0) }],
    }),
  })],

  ["no key usage", "end-entity", INSUFFICIENT, () => leaf({ extensions: [] })],
  ["a key usage without digitalSignature", "end-entity", INSUFFICIENT, () => leaf({ extensions: [keyUsage(2)] })],
  ["a CA certificate", "end-entity", INSUFFICIENT, () => leaf({ extensions: CA_EXTENSIONS })],
  ["a certificate of version 1", "end-entity", INSUFFICIENT, () => leaf({ version: 1, extensions: [] })],
  ["an empty subject", "end-entity", INSUFFICIENT, () => leaf({ subject: [] })],
  [
    "a certificate signed with SHA-1",
    "end-entity",
    INSUFFICIENT,
    async () => leaf({ signer: { ...await testKey("Root"), algorithm: ECDSA_SHA1 } }),
  ],
  ["an extended key usage for servers, where doubts refuse", "end-entity", INSUFFICIENT, async () => ({
    ...await leaf({ extensions: [keyUsage(0), extendedKeyUsage("1.3.6.1.5.5.7.3.1")] }),
    preset: "paranoid",
  })],
  ["a key on P-521, where doubts refuse", "end-entity", INSUFFICIENT, async () => {
    const signer = await testKey("P-521", { type: "ec", curve: "P-521" });
    return { ...await leaf({ publicKey: signer.publicKey }), signer, preset: "paranoid" };
  }],
  ["an RSA key of 1,024 bits, where doubts refuse", "end-entity", INSUFFICIENT, async () => {
    const signer = await testKey("short", { type: "rsa", bits: 1024 });
    return { ...await leaf({ publicKey: signer.publicKey }), signer, preset: "paranoid" };
  }],
  ["a certificate signed with RSA-PSS, where doubts refuse", "end-entity", INSUFFICIENT, async () => {
    // The portable provider does not sign so.
    const crypto = webCryptoProvider();
    const key = await crypto.generatePrivateKey({ type: "rsa", bits: 2048 });
    const signer = await crypto.importPrivateKey(key, rsaPss("SHA-256", "SHA-256", 32));
    const anchor = await authority("Root", "Root", { publicKey: signer.publicKey, signer });
    return { ...await leaf({ signer }), anchor: { certificates: [anchor] }, preset: "paranoid" };
  }],

  ["a revoked certificate", "revocation", "Certificate revoked", async () => ({
    crls: [importedPem(await revocationList("Root", [0x123]))],
  })],
  ["a revoked certificate, by a DER list", "revocation", "Certificate revoked", async () => ({
    crls: [importedDer(await revocationList("Root", [7, 0x123]))],
  })],
  ["a revoked certificate, by the second list", "revocation", "Certificate revoked", async () => ({
    crls: [importedPem(await revocationList("Root", [])), importedPem(await revocationList("Root", [0x123]))],
  })],
  ["a revoked certificate, by the second list of an import", "revocation", "Certificate revoked", async () => ({
    crls: [importedPem(await revocationList("Other", []), await revocationList("Root", [0x123]))],
  })],
  ["a revoked certificate, by an expired list", "revocation", "Certificate revoked", async () => ({
    crls: [importedPem(await revocationList("Root", [0x123], { nextUpdate: NOW - 2000 }))],
  })],
  ["a revoked certificate, by a delta list alone", "revocation", "Certificate revoked", async () => ({
    crls: [importedPem(await revocationList("Root", [0x123], { extensions: [deltaOf(1), listNumber(2)] }))],
  })],
  ["a revoked certificate, by a delta list and its base", "revocation", "Certificate revoked", async () => ({
    crls: [
      importedPem(await revocationList("Root", [], { extensions: [listNumber(1)] })),
      importedPem(await revocationList("Root", [0x123], { extensions: [deltaOf(1), listNumber(2)] })),
    ],
  })],
  ["a revoked certificate, by a part of a partitioned list", "revocation", "Certificate revoked", async () => ({
    crls: [importedPem(
      await revocationList("Root", [0x123], {
        extensions: [
          issuingDistributionPointExtension([{ form: "uniformResourceIdentifier", value: "http://crl.example/1" }]),
        ],
      }),
    )],
  })],
  ["a revoked intermediate", "revocation", "Certificate revoked", async () => ({
    ...await below({ serial: 77 }),
    crls: [importedPem(await revocationList("Root", [77]))],
  })],
  ["a certificate that its intermediate revoked", "revocation", "Certificate revoked", async () => ({
    ...await below({}),
    crls: [importedPem(await revocationList("Issuing", [0x123]))],
  })],
  ["an expired list, where doubts refuse", "revocation", UNTRUSTED, async () => ({
    preset: "paranoid",
    crls: [importedPem(await revocationList("Root", [], { nextUpdate: NOW - 2000 }))],
  })],
  ["a list with a wrong signature, where doubts refuse", "revocation", UNTRUSTED, async () => ({
    preset: "paranoid",
    crls: [importedPem(await revocationList("Root", [], {}, await testKey("impostor")))],
  })],
  ["a list of a CA that may not sign lists, where doubts refuse", "revocation", UNTRUSTED, async () => ({
    preset: "paranoid",
    anchor: { certificates: [await authority("Root", "Root", { extensions: [basicConstraints(true), keyUsage(5)] })] },
    crls: [importedPem(await revocationList("Root", []))],
  })],

  ["an unknown profile", "profile", "Invalid or empty profile provided.", () => ({
    profile: { arn: `${PROFILE_ARN}0` },
  })],
  ["a disabled profile", "profile", "Profile is disabled", () => ({ profile: { enabled: false } })],
  ["a role that the profile does not list", "profile-role", NOT_LISTED, () => ({ profile: { roleArns: [] } })],
  ["a role that the profile lists with another path", "profile-role", NOT_LISTED, () => ({
    profile: { roleArns: [ROLE_ARN.replace("/path/", "/")] },
  })],
  [
    "a session name that the profile does not accept",
    "role-session-name",
    "Not authorized to set roleSessionName.",
    () => ({ parameters: { roleSessionName: "me" } }),
  ],

  ["a serial number of 33 octets", "session-name", UNABLE, () => leaf({ serial: 1n << 256n })],
  ["a common name of 65 characters", "source-identity", UNABLE, () => leaf({ subject: commonName("c".repeat(65)) })],
  ["several common names, where doubts refuse", "source-identity", UNABLE, async () => ({
    ...await leaf({ subject: [["2.5.4.3", "a"], ["2.5.4.3", "b"]] }),
    preset: "paranoid",
  })],
  ["an attribute that is no tag, where doubts refuse", "tags", `${UNABLE}${UNMAPPED_CN}`, async () => ({
    ...await leaf({ subject: commonName("a&b") }),
    preset: "paranoid",
  })],
  ["more than fifty tags", "tags", UNABLE, async () => {
    const everything: TestName = Array.from(SUPPORTED_ATTRIBUTES.keys(), (oid) => [oid, "x"]);
    const names = [directoryName(everything), dnsName("edge-7.example")];
    return {
      ...await leaf({
        subject: everything,
        issuer: everything,
        extensions: [...CLIENT_EXTENSIONS, subjectAlternativeName(...names)],
      }),
      anchor: { certificates: [await authority("Root", "Root", { subject: everything })] },
    };
  }],
  ["a role that does not exist", "role", UNABLE, () => ({ role: { arn: `${ROLE_ARN}2` } })],
  [
    "a role that does not exist, and a wildcard name",
    "role",
    `${UNABLE} Some attributes failed to be mapped into session tags. Issuer: [  ]; Subject: [  ]; SAN: [ DNS ]`,
    async () => ({
      ...await leaf({ extensions: [...CLIENT_EXTENSIONS, subjectAlternativeName(dnsName("*.example.com"))] }),
      role: { arn: `${ROLE_ARN}2` },
    }),
  ],
  [
    "a role of another account",
    "role",
    "Unable to assume role for arn:aws:iam::999999999999:role/Other.",
    () => {
      const roleArn = "arn:aws:iam::999999999999:role/Other";
      return { parameters: { roleArn }, profile: { roleArns: [roleArn] }, role: { arn: roleArn } };
    },
  ],
  ["a profile that lasts longer than the role allows", "duration", TOO_LONG, () => ({
    profile: { durationSeconds: 3601 },
  })],
  ["a client that asks for more than the role allows", "duration", TOO_LONG, () => ({
    profile: { durationSeconds: 43_200 },
    parameters: { durationSeconds: 7200 },
  })],
  ["session policies of more than 2,048 characters", "session-policy", UNABLE, () => ({
    profile: { sessionPolicy: policyOf(2000), managedPolicyArns: [MANAGED] },
    managedPolicies: { [MANAGED]: policyOf(200) },
  })],
  ["eleven managed policies", "session-policy", UNABLE, () => ({
    profile: { managedPolicyArns: Array(11).fill(MANAGED) },
    managedPolicies: { [MANAGED]: policyOf(100) },
  })],
  ["a managed policy that does not exist", "session-policy", UNABLE, () => ({
    profile: { managedPolicyArns: [MANAGED] },
  })],
  ["a session policy that is none", "session-policy", UNABLE, () => ({
    profile: { sessionPolicy: '{"Version":"2012-10-17"}' },
  })],
  [
    "tags that do not fit",
    "packed-size",
    `${UNABLE} Packed size of session tags consumes 125% of allotted space.`,
    () => leaf({ subject: [["2.5.4.3", "x"], ["2.5.4.10", "o".repeat(256)], ["2.5.4.11", "u".repeat(256)]] }),
  ],
];

function violation(value: string, member: string, constraint: string): string {
  return `1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: ${constraint}`;
}

async function leaf(more: Partial<TestCertificate>): Promise<Scene> {
  return { certificate: await client(more) };
}

/** A client below an intermediate. */
async function below(more: Omit<Partial<TestCertificate>, "signer"> & { signer?: string }): Promise<Scene> {
  const { signer = "Root", ...rest } = more;
  return {
    certificate: await client({}, "Issuing"),
    chain: [await authority("Issuing", "Root", { ...rest, signer: await testKey(signer) })],
  };
}

/** A permissions policy of so many characters. */
function policyOf(length: number): string {
  const text = (sid: string) =>
    JSON.stringify({ Version: "2012-10-17", Statement: { Sid: sid, Effect: "Allow", Action: "*", Resource: "*" } });
  return text("x".repeat(length - text("").length));
}
