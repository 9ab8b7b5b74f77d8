/**
 * Certificates and signed CreateSession requests for tests, written with the DER writer alone: what a careful encoder
 * would refuse to write can be written here.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import { portableProvider } from "../../core/crypto/portable/mod.ts";
import type { KeySpecification } from "../../core/crypto/provider.ts";
import { webCryptoProvider } from "../../core/crypto/webcrypto-provider.ts";
import { portableSha256 } from "../../core/crypto/sha256.ts";
import { encodeSignatureAlgorithm } from "../../core/crypto/signature-algorithm-identifier.ts";
import { sessionAlgorithm, type SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import type { SessionRequest } from "../../core/decision/mod.ts";
import {
  derBitString,
  derBoolean,
  derContextConstructed,
  derContextPrimitive,
  derInteger,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  derSetOf,
  derTime,
  derUtf8String,
} from "../../core/der/writer.ts";
import { parsePolicy, type PolicyDocument } from "../../core/policy/policy-document.ts";
import { signX509Request } from "../../core/sigv4/mod.ts";
import { type Certificate, parseCertificate } from "../../core/x509/certificate.ts";

/** The clock of the tests: 2026-06-01T12:00:00Z. */
export const NOW: number = /* @__PURE__ */ Date.UTC(2026, 5, 1, 12);

/** One day in milliseconds. */
export const DAY = 86_400_000;

/** Octets that depend on the label alone, so that keys are the same in every run. */
export function testRandom(label: string): (length: number) => Bytes {
  let count = 0;
  return (length) => {
    const octets = new Uint8Array(length);
    for (let at = 0; at < length; at += 32) {
      octets.set(portableSha256.digest(`${label} ${count++}`).subarray(0, Math.min(32, length - at)), at);
    }
    return octets;
  };
}

/** A signer whose key depends on the label alone, RSA keys aside. */
export function testKey(
  label: string,
  specification: KeySpecification = { type: "ec", curve: "P-256" },
  algorithm?: SignatureAlgorithm,
): Promise<Signer> {
  const name = `${label} ${JSON.stringify(specification)} ${algorithm?.name}`;
  const known = KEYS.get(name);
  if (known !== undefined) return known;
  const made = makeKey(label, specification, algorithm);
  KEYS.set(name, made);
  return made;
}

const KEYS = /* @__PURE__ */ new Map<string, Promise<Signer>>();

async function makeKey(
  label: string,
  specification: KeySpecification,
  algorithm?: SignatureAlgorithm,
): Promise<Signer> {
  const crypto = portableProvider({ random: testRandom(label) });
  // RSA keys come from the platform, which makes them in a moment; they differ from run to run.
  const maker = specification.type === "rsa" ? webCryptoProvider() : crypto;
  const key = await maker.generatePrivateKey(specification);
  return await crypto.importPrivateKey(key, algorithm ?? sessionAlgorithm(key));
}

/** An extension as it is written. */
export interface TestExtension {
  readonly oid: string;
  readonly critical?: boolean;
  readonly value: Bytes;
}

/** Attributes in order, one a relative name. */
export type TestName = readonly (readonly [oid: string, text: string])[];

/** What a certificate says. */
export interface TestCertificate {
  readonly subject: TestName;
  readonly issuer: TestName;
  readonly publicKey: Bytes;
  readonly signer: Signer;
  readonly serial?: number | bigint;
  /** Default: a day before {@link NOW}. */
  readonly notBefore?: number;
  /** Default: a day after {@link NOW}. */
  readonly notAfter?: number;
  readonly extensions?: readonly TestExtension[];
  /** Default 3. */
  readonly version?: 1 | 3;
}

/** Writes a certificate. */
export async function testCertificate(options: TestCertificate): Promise<Certificate> {
  const { signer, extensions = [], version = 3 } = options;
  const algorithm = encodeSignatureAlgorithm(signer.algorithm);
  const body = derSequence(
    ...(version === 3 ? [derContextConstructed(0, derInteger(2))] : []),
    derInteger(options.serial ?? 0x0123),
    algorithm,
    derName(options.issuer),
    derSequence(derTime(options.notBefore ?? NOW - DAY), derTime(options.notAfter ?? NOW + DAY)),
    derName(options.subject),
    options.publicKey,
    ...(extensions.length === 0 ? [] : [derContextConstructed(3, derSequence(...extensions.map(derExtension)))]),
  );
  return parseCertificate(derSequence(body, algorithm, derBitString(await signer.sign(body))));
}

/** A name with this common name alone. */
export function commonName(text: string): TestName {
  return [["2.5.4.3", text]];
}

/** A Name, DER. */
export function derName(name: TestName): Bytes {
  return derSequence(
    ...name.map(([oid, text]) => derSetOf(derSequence(derObjectIdentifier(oid), derUtf8String(text)))),
  );
}

/** basicConstraints. */
export function basicConstraints(ca: boolean, pathLength?: number): TestExtension {
  const value = derSequence(
    ...(ca ? [derBoolean(true)] : []),
    ...(pathLength === undefined ? [] : [derInteger(pathLength)]),
  );
  return { oid: "2.5.29.19", critical: true, value };
}

/** keyUsage; bits by number: 0 digitalSignature, 5 keyCertSign, 6 cRLSign. */
export function keyUsage(...bits: readonly number[]): TestExtension {
  const octet = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  return { oid: "2.5.29.15", critical: true, value: derBitString(Uint8Array.of(octet), 7 - Math.max(...bits)) };
}

/** extKeyUsage. */
export function extendedKeyUsage(...oids: readonly string[]): TestExtension {
  return { oid: "2.5.29.37", value: derSequence(...oids.map(derObjectIdentifier)) };
}

/** subjectAltName of names in their tagged form. */
export function subjectAlternativeName(...names: readonly Bytes[]): TestExtension {
  return { oid: "2.5.29.17", value: derSequence(...names) };
}

/** A dNSName. */
export function dnsName(text: string): Bytes {
  return derContextPrimitive(2, encodeUtf8(text));
}

/** A uniformResourceIdentifier. */
export function uriName(text: string): Bytes {
  return derContextPrimitive(6, encodeUtf8(text));
}

/** A directoryName. */
export function directoryName(name: TestName): Bytes {
  return derContextConstructed(4, derName(name));
}

/** What a CA certificate usually carries. */
export const CA_EXTENSIONS: readonly TestExtension[] = /* @__PURE__ */ [basicConstraints(true), keyUsage(5, 6)];

/** What a client certificate usually carries. */
export const CLIENT_EXTENSIONS: readonly TestExtension[] = /* @__PURE__ */ [keyUsage(0)];

/** ARNs of the tests. */
export const PROFILE_ARN = "arn:aws:rolesanywhere:us-east-1:123456789012:profile/66666666-7777-8888-9999-aaaaaaaaaaaa";
export const ROLE_ARN = "arn:aws:iam::123456789012:role/path/ExampleRole";
export const TRUST_ANCHOR_ARN =
  "arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/11111111-2222-3333-4444-555555555555";

/** A trust policy that lets IAM Roles Anywhere assume the role whatever the certificate says. */
export const OPEN_TRUST_POLICY: PolicyDocument = /* @__PURE__ */ parsePolicy({
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal: { Service: "rolesanywhere.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
  },
}, "trust");

/** What a request asks for, and where it says so. */
export interface TestRequest {
  readonly certificate: Certificate;
  readonly signer: Signer;
  readonly chain?: readonly Certificate[];
  /** Default: the three ARNs and nothing else. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Raw query; default empty: everything is in the body. */
  readonly query?: string;
  readonly timeMs?: number;
  readonly region?: string;
  readonly service?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A signed CreateSession request. */
export async function signedSessionRequest(options: TestRequest): Promise<SessionRequest> {
  const { certificate, signer, chain = [], query = "" } = options;
  const parameters = options.parameters ??
    { profileArn: PROFILE_ARN, roleArn: ROLE_ARN, trustAnchorArn: TRUST_ANCHOR_ARN };
  const body = encodeUtf8(JSON.stringify(parameters));
  const headers: Record<string, string> = {
    host: "rolesanywhere.us-east-1.amazonaws.com",
    "content-type": "application/json",
    ...options.headers,
  };
  const signed = await signX509Request({ method: "POST", path: "/sessions", query, headers, body }, {
    identity: { certificate, chain, signer },
    timeMs: options.timeMs ?? NOW,
    region: options.region ?? "us-east-1",
    service: options.service ?? "rolesanywhere",
  });
  return { method: "POST", path: "/sessions", query, headers: Object.entries({ ...headers, ...signed.headers }), body };
}

function derExtension({ oid, critical = false, value }: TestExtension): Bytes {
  return derSequence(derObjectIdentifier(oid), ...(critical ? [derBoolean(true)] : []), derOctetString(value));
}
