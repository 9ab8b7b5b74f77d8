/**
 * Authorities and the identities that they certify, with their private keys at hand as PEM: for tests that go through
 * files. Certificates are issued by core/issue; keys other than RSA ones are the same in every run.
 *
 * @module
 */

import { portableProvider } from "../../core/crypto/portable/mod.ts";
import { encodePkcs8 } from "../../core/crypto/pkcs8-encoding.ts";
import type { PrivateKey } from "../../core/crypto/private-key.ts";
import type { KeySpecification } from "../../core/crypto/provider.ts";
import { sessionAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { webCryptoProvider } from "../../core/crypto/webcrypto-provider.ts";
import {
  basicConstraintsExtension,
  extendedKeyUsageExtension,
  type ExtensionTemplate,
  issueCertificate,
  keyUsageExtension,
  subjectAlternativeNameExtension,
} from "../../core/issue/mod.ts";
import { parsePrivateKey } from "../../core/keys/mod.ts";
import { encodePem } from "../../core/pem/pem.ts";
import { type Certificate, parseCertificate } from "../../core/x509/certificate.ts";
import { testRandom } from "./test-authority.ts";

/** The validity of every certificate, unless a test says otherwise: true for any clock that is half right. */
export const VALIDITY: {
  readonly notBefore: number;
  readonly notAfter: number;
} = {
  notBefore: Date.UTC(2020, 0, 1),
  notAfter: Date.UTC(2199, 0, 1),
};

/** A certificate and its key. */
export interface TestIdentity {
  readonly name: string;
  readonly certificate: Certificate;
  /** PEM of the certificate alone. */
  readonly certificatePem: string;
  readonly key: PrivateKey;
  /** PEM of the key, PKCS#8. */
  readonly keyPem: string;
  readonly signer: Signer;
}

/** What a certificate says beyond its name and key. */
export interface TestIdentityOptions {
  /** Default P-256. */
  readonly key?: KeySpecification;
  /** An existing key, PEM, instead of a new one. */
  readonly keyPem?: string;
  /** Default: itself, as a root. */
  readonly issuer?: TestIdentity;
  /** Default: an end entity, or a CA when there is no issuer. */
  readonly kind?: "ca" | "client" | "server";
  readonly serialNumber?: number | bigint;
  readonly notBefore?: number;
  readonly notAfter?: number;
}

/** Makes a key and has it certified. */
export async function testIdentity(
  name: string,
  options: TestIdentityOptions = {},
): Promise<TestIdentity> {
  const { issuer, key: specification = { type: "ec", curve: "P-256" } } = options;
  const portable = portableProvider({ random: testRandom(name) });
  // RSA keys come from the platform, which makes them in a moment.
  const maker = specification.type === "rsa" ? webCryptoProvider() : portable;
  const key = options.keyPem === undefined
    ? await maker.generatePrivateKey(specification)
    : parsePrivateKey(options.keyPem);
  const signer = await portable.importPrivateKey(key, sessionAlgorithm(key));
  const subject = [{ type: "CN", value: name }];
  const der = await issueCertificate({
    serialNumber: options.serialNumber ?? 0x0123_4567_89abn,
    issuer: issuer === undefined ? subject : issuer.certificate.subject,
    subject,
    notBefore: options.notBefore ?? VALIDITY.notBefore,
    notAfter: options.notAfter ?? VALIDITY.notAfter,
    publicKey: signer.publicKey,
    extensions: extensionsOf(
      options.kind ?? (issuer === undefined ? "ca" : "client"),
    ),
  }, issuer?.signer ?? signer);
  return {
    name,
    certificate: parseCertificate(der),
    certificatePem: encodePem("CERTIFICATE", der),
    key,
    keyPem: encodePem("PRIVATE KEY", encodePkcs8(key)),
    signer,
  };
}

function extensionsOf(
  kind: "ca" | "client" | "server",
): readonly ExtensionTemplate[] {
  switch (kind) {
    case "ca":
      return [
        basicConstraintsExtension({ ca: true }),
        keyUsageExtension(["keyCertSign", "cRLSign"]),
      ];
    case "client":
      return [keyUsageExtension(["digitalSignature"])];
    case "server":
      return [
        keyUsageExtension(["digitalSignature"]),
        extendedKeyUsageExtension(["1.3.6.1.5.5.7.3.1"]),
        subjectAlternativeNameExtension([
          { form: "dNSName", value: "localhost" },
          { form: "iPAddress", value: Uint8Array.of(127, 0, 0, 1) },
        ]),
      ];
  }
}
