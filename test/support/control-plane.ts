/**
 * An emulator and a client of its control plane that signs what it sends, for tests.
 *
 * @module
 */

import { encodeBase64 } from "../../core/bytes/base64.ts";
import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import { portableProvider } from "../../core/crypto/portable/mod.ts";
import { encodeSignatureAlgorithm } from "../../core/crypto/signature-algorithm-identifier.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { derBitString, derInteger, derSequence, derTime } from "../../core/der/writer.ts";
import { encodePem } from "../../core/pem/pem.ts";
import { signRequest } from "../../core/sigv4/mod.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../runtimes/emulator/mod.ts";
import { assert } from "./suite.ts";
import {
  CA_EXTENSIONS,
  commonName,
  derName,
  NOW,
  testCertificate,
  type TestExtension,
  testKey,
  testRandom,
} from "./test-authority.ts";

/** What is sent besides method and target. */
export interface Sent {
  /** JSON, or octets that are sent as they are. */
  readonly body?: unknown;
  /** Default `application/json` when there is a body; null: none. */
  readonly contentType?: string | null;
  readonly region?: string;
  /** Default: an administrator of 123456789012; null: nobody, the request is not signed. */
  readonly as?:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
    | null;
}

/** An answer. */
export interface Answered {
  readonly status: number;
  /** The code of an error. */
  readonly code: string | null;
  readonly message: string;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

/** An emulator with a client. */
export interface ControlPlane {
  readonly emulator: Emulator;
  /** Errors that were answered with InternalFailure. */
  readonly errors: readonly unknown[];
  /** Calls whatever it is. */
  readonly call: (method: string, target: string, sent?: Sent) => Promise<Answered>;
  /** Calls what must succeed, and answers the one member of the output. */
  // deno-lint-ignore no-explicit-any
  readonly done: (method: string, target: string, body?: unknown, region?: string) => Promise<any>;
}

/** The administrator's key. */
export const ADMINISTRATOR = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" };

/** A key of somebody in another account. */
export const STRANGER = { accessKeyId: "AKIAI44QH8DHBEXAMPLE", secretAccessKey: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvb" };

/** The region of everything unless said otherwise. */
export const REGION = "us-east-1";

/** Makes an emulator and a client of it. */
export function controlPlane(options: Partial<EmulatorOptions> = {}): ControlPlane {
  const errors: unknown[] = [];
  const emulator = createEmulator({
    now: () => NOW,
    crypto: portableProvider({ random: testRandom("control plane") }),
    accessKeys: [ADMINISTRATOR, { ...STRANGER, arn: "arn:aws:iam::999999999999:user/Stranger" }],
    onError: (error) => errors.push(error),
    ...options,
  });
  const now = options.now ?? (() => NOW);
  const call = async (method: string, target: string, sent: Sent = {}): Promise<Answered> => {
    const response = await emulator.fetch(signedRequest(method, target, sent, now()));
    const text = await response.text();
    assert.is(response.headers.get("content-type"), "application/json", `${method} ${target}`);
    assert.match(response.headers.get("x-amzn-RequestId") ?? "", /^[0-9a-f-]{36}$/);
    // HEAD has no body.
    const body = text === "" ? {} : JSON.parse(text);
    const code = response.headers.get("x-amzn-ErrorType");
    if (text !== "") assert.is(body.__type ?? null, code);
    return { status: response.status, code, message: body.message ?? "", body };
  };
  return {
    emulator,
    errors,
    call,
    done: async (method, target, body, region) => {
      const answer = await call(method, target, { ...(body === undefined ? {} : { body }), region: region ?? REGION });
      assert.ok(answer.status < 300, `${method} ${target}: ${answer.status} ${answer.code} ${answer.message}`);
      const members = Object.values(answer.body);
      return members.length === 1 ? members[0] : answer.body;
    },
  };
}

/** A request as it is sent, signed at this time. */
export function signedRequest(method: string, target: string, sent: Sent, timeMs: number): Request {
  const { body, region = REGION, as = ADMINISTRATOR } = sent;
  const at = target.indexOf("?");
  const path = at < 0 ? target : target.slice(0, at);
  const query = at < 0 ? "" : target.slice(at + 1);
  const octets = body === undefined || body instanceof Uint8Array ? body : encodeUtf8(JSON.stringify(body));
  const contentType = sent.contentType === undefined ? "application/json" : sent.contentType;
  const headers: Record<string, string> = { host: "127.0.0.1:8080" };
  if (octets !== undefined && contentType !== null) headers["content-type"] = contentType;
  const unsigned = { method, path, query, headers, body: (octets ?? "") as Bytes | string };
  const signed = as === null
    ? { headers: {} }
    : signRequest(unsigned, { credentials: as, timeMs, region, service: "rolesanywhere" });
  return new Request(`http://127.0.0.1:8080${target}`, {
    method,
    headers: { ...headers, ...signed.headers },
    ...(octets === undefined ? {} : { body: octets as Bytes }),
  });
}

/** A self-signed CA certificate, PEM; its key depends on the name alone. */
export async function caPem(name: string, extensions: readonly TestExtension[] = CA_EXTENSIONS): Promise<string> {
  const signer = await testKey(name);
  const subject = commonName(name);
  const certificate = await testCertificate({
    subject,
    issuer: subject,
    publicKey: signer.publicKey,
    signer,
    extensions,
  });
  return encodePem("CERTIFICATE", certificate.der);
}

/** The source of a trust anchor with these certificates. */
export function bundle(x509CertificateData: string): object {
  return { sourceType: "CERTIFICATE_BUNDLE", sourceData: { x509CertificateData } };
}

/** A list without entries, DER, by an issuer of this name; whose signature is right when the signer is the issuer's. */
export async function emptyList(issuer: string, signer?: Signer): Promise<Bytes> {
  const by = signer ?? await testKey(issuer);
  const algorithm = encodeSignatureAlgorithm(by.algorithm);
  const body = derSequence(
    derInteger(1),
    algorithm,
    derName(commonName(issuer)),
    derTime(NOW),
    derTime(NOW + 86_400_000),
  );
  return derSequence(body, algorithm, derBitString(await by.sign(body)));
}

/** Octets as JSON carries them. */
export function blob(octets: Uint8Array | string): string {
  return encodeBase64(typeof octets === "string" ? encodeUtf8(octets) : octets);
}
