/**
 * HTTPS for an emulator: a certification authority of its own, kept with its state, and a server certificate for each
 * start.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodePkcs8 } from "../../core/crypto/pkcs8-encoding.ts";
import type { PrivateKey } from "../../core/crypto/private-key.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { ECDSA_SHA256 } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { issueCertificate } from "../../core/issue/certificate-issuing.ts";
import {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  extendedKeyUsageExtension,
  keyUsageExtension,
  subjectAlternativeNameExtension,
  subjectKeyIdentifierExtension,
} from "../../core/issue/extension-encoding.ts";
import type { GeneralNameTemplate } from "../../core/issue/general-name-encoding.ts";
import { keyIdentifier } from "../../core/issue/key-identifier.ts";
import type { NameTemplate } from "../../core/issue/name-encoding.ts";
import { parsePrivateKey } from "../../core/keys/private-key.ts";
import { decodePem, encodePem } from "../../core/pem/pem.ts";
import type { Now, Random } from "../../core/ports.ts";
import { type Certificate, parseCertificate } from "../../core/x509/certificate.ts";
import { SERVER_AUTH } from "../../core/x509/extensions/extended-key-usage.ts";
import type { Change, EmulatorStore } from "./store/emulator-store.ts";

/** What an HTTPS server needs, and what its clients must trust. Secret: the private key. */
export interface ServerTls {
  /** The server's certificate, PEM. */
  readonly certificate: string;
  /** Its key, PEM. */
  readonly privateKey: string;
  /** The authority's certificate, PEM. */
  readonly authority: string;
}

/** What the authority works with. */
export interface TlsTools {
  readonly store: EmulatorStore;
  readonly crypto: CryptoProvider;
  readonly random: Random;
  /** The machine's clock: clients know no other. */
  readonly now: Now;
}

/**
 * A server certificate for `localhost` and names below it, 127.0.0.1, ::1 and these names, by the authority of the
 * store, which is made when there is none or it ends too soon. Secret: the keys.
 */
export async function serverTls(tools: TlsTools, names: readonly string[]): Promise<ServerTls> {
  const { crypto, now } = tools;
  const authority = await keptAuthority(tools) ?? await newAuthority(tools);
  const key = await crypto.generatePrivateKey({ type: "ec", curve: "P-256" });
  const signer = await crypto.importPrivateKey(key, ECDSA_SHA256);
  const certificate = await issueCertificate({
    serialNumber: serialNumber(tools),
    issuer: AUTHORITY_NAME,
    subject: [{ type: "CN", value: "anyrole emulator" }],
    notBefore: now() - DAY_MS,
    notAfter: now() + SERVER_DAYS * DAY_MS,
    publicKey: signer.publicKey,
    extensions: [
      basicConstraintsExtension({ ca: false }),
      keyUsageExtension(["digitalSignature"]),
      extendedKeyUsageExtension([SERVER_AUTH]),
      subjectAlternativeNameExtension([...LOCAL_NAMES, ...names.map(generalName)]),
      authorityKeyIdentifierExtension(await keyIdentifier(authority.signer.publicKey, crypto)),
    ],
  }, authority.signer);
  return {
    certificate: encodePem("CERTIFICATE", certificate),
    privateKey: privateKeyPem(key),
    authority: encodePem("CERTIFICATE", authority.certificate.der),
  };
}

interface TlsAuthority {
  readonly certificate: Certificate;
  readonly signer: Signer;
}

async function keptAuthority({ store, crypto, now }: TlsTools): Promise<TlsAuthority | undefined> {
  const pem = store.get("settings", CERTIFICATE)?.value;
  const keyPem = store.get("settings", KEY)?.value;
  if (typeof pem !== "string" || typeof keyPem !== "string") return undefined;
  const certificate = parseCertificate(decodePem(pem)[0]!.octets);
  if (certificate.notAfter < now() + SERVER_DAYS * DAY_MS) return undefined;
  return { certificate, signer: await crypto.importPrivateKey(parsePrivateKey(keyPem), ECDSA_SHA256) };
}

async function newAuthority(tools: TlsTools): Promise<TlsAuthority> {
  const { store, crypto, now } = tools;
  const key = await crypto.generatePrivateKey({ type: "ec", curve: "P-256" });
  const signer = await crypto.importPrivateKey(key, ECDSA_SHA256);
  const der = await issueCertificate({
    serialNumber: serialNumber(tools),
    issuer: AUTHORITY_NAME,
    subject: AUTHORITY_NAME,
    notBefore: now() - DAY_MS,
    notAfter: now() + AUTHORITY_DAYS * DAY_MS,
    publicKey: signer.publicKey,
    extensions: [
      basicConstraintsExtension({ ca: true, pathLength: 0 }),
      keyUsageExtension(["keyCertSign", "cRLSign"]),
      subjectKeyIdentifierExtension(await keyIdentifier(signer.publicKey, crypto)),
    ],
  }, signer);
  const setting = (name: string, value: string): Change => ({ table: "settings", key: name, record: { value } });
  await store.commit([setting(CERTIFICATE, encodePem("CERTIFICATE", der)), setting(KEY, privateKeyPem(key))]);
  return { certificate: parseCertificate(der), signer };
}

function privateKeyPem(key: PrivateKey): string {
  return encodePem("PRIVATE KEY", encodePkcs8(key));
}

/** A DNS name, or an address of four octets. */
function generalName(name: string): GeneralNameTemplate {
  const octets = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name) ? name.split(".").map(Number) : undefined;
  return octets === undefined
    ? { form: "dNSName", value: name }
    : { form: "iPAddress", value: Uint8Array.from(octets) };
}

/** Positive, and as long as it looks (RFC 5280 §4.1.2.2). */
function serialNumber({ random }: TlsTools): Bytes {
  const octets = random(16);
  octets[0] = (octets[0]! & 0x7f) | 0x40;
  return octets;
}

const CERTIFICATE = "tls-authority-certificate";
const KEY = "tls-authority-key";
const AUTHORITY_NAME: NameTemplate = [{ type: "CN", value: "anyrole emulator CA" }];
const LOCAL_NAMES: readonly GeneralNameTemplate[] = [
  { form: "dNSName", value: "localhost" },
  { form: "dNSName", value: "*.localhost" },
  { form: "iPAddress", value: /* @__PURE__ */ Uint8Array.of(127, 0, 0, 1) },
  { form: "iPAddress", value: /* @__PURE__ */ Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1) },
];
const DAY_MS = 86_400_000;
const SERVER_DAYS = 397;
const AUTHORITY_DAYS = 3650;
