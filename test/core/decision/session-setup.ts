/**
 * Set-ups of CreateSession, each a few changes away from one that is allowed. All of it is data, so that the same can
 * be decided by a function, over HTTP, and by a command with files.
 *
 * @module
 */

import { decodeBase64 } from "../../../core/bytes/base64.ts";
import { decodeUtf8, encodeUtf8 } from "../../../core/bytes/text.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import type { Signer } from "../../../core/crypto/signer.ts";
import {
  DECISION_PRESETS,
  type DecisionOptions,
  type SessionQuestion,
  type SessionRequest,
  type SessionState,
} from "../../../core/decision/mod.ts";
import { encodePem } from "../../../core/pem/pem.ts";
import { type AttributeMapping, DEFAULT_ATTRIBUTE_MAPPINGS, parsePolicy } from "../../../core/policy/mod.ts";
import type { Certificate } from "../../../core/x509/certificate.ts";
import { readCertificateRevocationLists } from "../../../core/x509/crl/read-revocation-lists.ts";
import { readCertificates } from "../../../core/x509/read-certificates.ts";
import {
  CA_EXTENSIONS,
  CLIENT_EXTENSIONS,
  commonName,
  NOW,
  PROFILE_ARN,
  ROLE_ARN,
  signedSessionRequest,
  type TestCertificate,
  testCertificate,
  testKey,
  type TestRequest,
  TRUST_ANCHOR_ARN,
} from "../../support/test-authority.ts";

/** Everything that a decision depends on, as data. */
export interface SessionSetup {
  /** The service's time, milliseconds since the epoch. */
  readonly nowMs: number;
  /** How doubts are settled. */
  readonly preset: keyof typeof DECISION_PRESETS;
  /** PEM. */
  readonly certificate: string;
  /** PEM, any number of certificates. */
  readonly chain: string;
  readonly trustAnchor: { readonly arn: string; readonly enabled: boolean; readonly certificates: string };
  readonly crls: readonly SetupRevocationList[];
  readonly profile: SetupProfile;
  /** JSON text of managed policies, by ARN. */
  readonly managedPolicies: Readonly<Record<string, string>>;
  readonly role: { readonly arn: string; readonly maxSessionDurationSeconds: number; readonly trustPolicy: string };
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The signed request. */
  readonly request: Omit<SessionRequest, "body"> & { readonly body: string };
}

/** A revocation list. */
export interface SetupRevocationList {
  readonly trustAnchorArn: string;
  readonly enabled: boolean;
  /** PEM or DER, in base64. */
  readonly data: string;
}

/** A profile. */
export interface SetupProfile {
  readonly arn: string;
  readonly enabled: boolean;
  readonly roleArns: readonly string[];
  readonly durationSeconds: number;
  readonly acceptRoleSessionName: boolean;
  readonly attributeMappings: readonly AttributeMapping[];
  readonly sessionPolicy?: string;
  readonly managedPolicyArns: readonly string[];
}

/** What differs from the set-up that is allowed. */
export interface Scene {
  readonly preset?: SessionSetup["preset"];
  readonly certificate?: Certificate;
  readonly chain?: readonly Certificate[];
  readonly anchor?: {
    readonly arn?: string;
    readonly enabled?: boolean;
    readonly certificates?: readonly Certificate[];
  };
  readonly crls?: readonly (Partial<SetupRevocationList> & Pick<SetupRevocationList, "data">)[];
  readonly profile?: Partial<SetupProfile>;
  readonly managedPolicies?: Readonly<Record<string, string>>;
  readonly role?: { readonly arn?: string; readonly maxSessionDurationSeconds?: number };
  /** Statements of the role's trust policy. */
  readonly trust?: readonly object[];
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly signer?: Signer;
  readonly signing?: Partial<TestRequest>;
  readonly change?: (request: SessionRequest) => SessionRequest;
}

/** The ARNs of the tests, as parameters. */
export const ARNS = { profileArn: PROFILE_ARN, roleArn: ROLE_ARN, trustAnchorArn: TRUST_ANCHOR_ARN };

/** The three actions that a trust policy must allow. */
export const SESSION_ACTIONS: readonly string[] = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];

/** A statement that lets IAM Roles Anywhere do what it does, with these differences. */
export function trustStatement(more: object = {}): object {
  return { Effect: "Allow", Principal: { Service: "rolesanywhere.amazonaws.com" }, Action: SESSION_ACTIONS, ...more };
}

/** A statement with these conditions. */
export function trustIf(condition: object): object {
  return trustStatement({ Condition: condition });
}

/** A CA that issued its own certificate, or that another issued. */
export async function authority(
  name: string,
  issuer: string = name,
  more: Partial<TestCertificate> = {},
): Promise<Certificate> {
  return await testCertificate({
    subject: commonName(name),
    issuer: commonName(issuer),
    publicKey: (await testKey(name)).publicKey,
    signer: await testKey(issuer),
    extensions: CA_EXTENSIONS,
    ...more,
  });
}

/** The client's certificate. */
export async function client(more: Partial<TestCertificate> = {}, issuer: string = "Root"): Promise<Certificate> {
  return await testCertificate({
    subject: commonName("edge-7"),
    issuer: commonName(issuer),
    publicKey: (await testKey("edge-7")).publicKey,
    signer: await testKey(issuer),
    extensions: CLIENT_EXTENSIONS,
    ...more,
  });
}

/** The set-up that is allowed, with the differences of a scene. */
export async function sessionSetup(scene: Scene = {}): Promise<SessionSetup> {
  const certificate = scene.certificate ?? await client();
  const { chain = [], change = (same) => same } = scene;
  const parameters = { ...ARNS, ...scene.parameters };
  const request = change(
    await signedSessionRequest({
      signer: scene.signer ?? await testKey("edge-7"),
      certificate,
      chain,
      parameters,
      ...scene.signing,
    }),
  );
  return {
    nowMs: NOW,
    preset: scene.preset ?? "documented",
    certificate: pem([certificate]),
    chain: pem(chain),
    trustAnchor: {
      arn: TRUST_ANCHOR_ARN,
      enabled: true,
      ...scene.anchor,
      certificates: pem(scene.anchor?.certificates ?? [await authority("Root")]),
    },
    crls: (scene.crls ?? []).map((list) => ({ trustAnchorArn: TRUST_ANCHOR_ARN, enabled: true, ...list })),
    profile: {
      arn: PROFILE_ARN,
      enabled: true,
      roleArns: [ROLE_ARN],
      durationSeconds: 3600,
      acceptRoleSessionName: false,
      attributeMappings: DEFAULT_ATTRIBUTE_MAPPINGS,
      managedPolicyArns: [],
      ...scene.profile,
    },
    managedPolicies: scene.managedPolicies ?? {},
    role: {
      arn: ROLE_ARN,
      maxSessionDurationSeconds: 3600,
      ...scene.role,
      trustPolicy: JSON.stringify({ Version: "2012-10-17", Statement: scene.trust ?? [trustStatement()] }),
    },
    parameters: Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)),
    request: { ...request, body: decodeUtf8(request.body)! },
  };
}

/** The request of a set-up. */
export function requestOf({ request }: SessionSetup): SessionRequest {
  return { ...request, body: encodeUtf8(request.body) };
}

/** The question of a set-up. */
export function questionOf({ certificate, chain, parameters }: SessionSetup): SessionQuestion {
  const [leaf] = readCertificates(certificate);
  return { certificate: leaf!, chain: chain === "" ? [] : readCertificates(chain), parameters };
}

/** What the service knows. */
export function stateOf({ trustAnchor, crls, profile, managedPolicies, role }: SessionSetup): SessionState {
  const { managedPolicyArns, ...rest } = profile;
  return {
    trustAnchors: [{ ...trustAnchor, certificates: readCertificates(trustAnchor.certificates) }],
    crls: crls.flatMap(({ data, ...list }, i) =>
      readCertificateRevocationLists(decodeBase64(data)!).map((one) => ({
        ...list,
        arn: `arn:aws:rolesanywhere:us-east-1:123456789012:crl/00000000-0000-4000-8000-00000000000${i}`,
        list: one,
      }))
    ),
    profiles: [{
      ...rest,
      managedPolicies: managedPolicyArns.map((arn) =>
        managedPolicies[arn] === undefined ? { arn } : { arn, document: managedPolicies[arn] }
      ),
    }],
    roles: [{ ...role, id: "AROAEXAMPLEEXAMPLE123", trustPolicy: parsePolicy(role.trustPolicy, "trust") }],
  };
}

/** The options of a decision about it. */
export function optionsOf({ nowMs, preset }: SessionSetup): DecisionOptions {
  return { now: () => nowMs, crypto: portableProvider({}), ...DECISION_PRESETS[preset] };
}

function pem(certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => encodePem("CERTIFICATE", der)).join("");
}
