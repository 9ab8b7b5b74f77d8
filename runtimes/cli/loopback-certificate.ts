/**
 * A server certificate for this machine's loopback addresses, by a certification authority that is made for it and whose
 * key is forgotten at once.
 *
 * @module
 */

import { encodePkcs8 } from "../../core/crypto/pkcs8-encoding.ts";
import { ECDSA_SHA256 } from "../../core/crypto/signature-algorithm.ts";
import { issueCertificate } from "../../core/issue/certificate-issuing.ts";
import {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  extendedKeyUsageExtension,
  keyUsageExtension,
  subjectAlternativeNameExtension,
} from "../../core/issue/extension-encoding.ts";
import { keyIdentifier } from "../../core/issue/key-identifier.ts";
import { encodePem } from "../../core/pem/pem.ts";
import { SERVER_AUTH } from "../../core/x509/extensions/extended-key-usage.ts";
import type { Host } from "../host.ts";
import { createAuthority } from "./demo-authority.ts";

/** How long it is valid, in milliseconds: 397 days, as its authority; then the server has to be started anew. */
const LIFE_MS = 34_300_800_000;

/** What an HTTPS server needs, and what its clients must trust. Secret: the private key. */
export interface LoopbackTls {
  /** The server's certificate, PEM. */
  readonly certificate: string;
  /** Its key, PEM. */
  readonly privateKey: string;
  /** The authority's certificate, PEM. */
  readonly authority: string;
}

/** Makes a certificate for `localhost`, 127.0.0.1, ::1 and another loopback address. Secret: the key. */
export async function loopbackCertificate(host: Host, hostname: string): Promise<LoopbackTls> {
  const crypto = host.crypto();
  const authority = await createAuthority(host, "anyrole bridge CA", LIFE_MS);
  const key = await crypto.generatePrivateKey({ type: "ec", curve: "P-256" });
  const { publicKey } = await crypto.importPrivateKey(key, ECDSA_SHA256);
  const serialNumber = host.random(16);
  serialNumber[0] = (serialNumber[0]! & 0x7f) | 0x40; // positive, and as long as it looks (RFC 5280 §4.1.2.2)
  const own = hostname.split(".").map(Number);
  const { notBefore, notAfter, subject } = authority.certificate;
  const certificate = await issueCertificate({
    serialNumber,
    issuer: subject,
    subject: [{ type: "CN", value: "anyrole bridge" }],
    notBefore,
    notAfter,
    publicKey,
    extensions: [
      basicConstraintsExtension({ ca: false }),
      keyUsageExtension(["digitalSignature"]),
      extendedKeyUsageExtension([SERVER_AUTH]),
      subjectAlternativeNameExtension([
        { form: "dNSName", value: "localhost" },
        { form: "iPAddress", value: Uint8Array.of(127, 0, 0, 1) },
        { form: "iPAddress", value: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1) },
        ...(own.length === 4 && hostname !== "127.0.0.1"
          ? [{ form: "iPAddress" as const, value: Uint8Array.from(own) }]
          : []),
      ]),
      authorityKeyIdentifierExtension(await keyIdentifier(authority.signer.publicKey, crypto)),
    ],
  }, authority.signer);
  return {
    certificate: encodePem("CERTIFICATE", certificate),
    privateKey: encodePem("PRIVATE KEY", encodePkcs8(key)),
    authority: encodePem("CERTIFICATE", authority.certificate.der),
  };
}
