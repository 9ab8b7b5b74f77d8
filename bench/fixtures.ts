/**
 * Keys and certificates that the benchmarks use, made when they start.
 *
 * @module
 */

import type { Bytes } from "../core/bytes/bytes.ts";
import { encodeUtf8 } from "../core/bytes/text.ts";
import { layeredProvider } from "../core/crypto/layered-provider.ts";
import { encodePkcs8 } from "../core/crypto/pkcs8-encoding.ts";
import { portableProvider } from "../core/crypto/portable/mod.ts";
import type { PrivateKey } from "../core/crypto/private-key.ts";
import type { KeySpecification } from "../core/crypto/provider.ts";
import { sessionAlgorithm } from "../core/crypto/signature-algorithm.ts";
import type { Signer } from "../core/crypto/signer.ts";
import { webCryptoProvider } from "../core/crypto/webcrypto-provider.ts";
import { derContextConstructed, derContextPrimitive, derObjectIdentifier, derSequence } from "../core/der/writer.ts";
import { issueCertificate } from "../core/issue/certificate-issuing.ts";
import {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  extendedKeyUsageExtension,
  type ExtensionTemplate,
  keyUsageExtension,
  subjectAlternativeNameExtension,
  subjectKeyIdentifierExtension,
} from "../core/issue/extension-encoding.ts";
import { keyIdentifier } from "../core/issue/key-identifier.ts";
import { type Certificate, parseCertificate } from "../core/x509/certificate.ts";
import { NOW_MS } from "./now.ts";

/** A key and the leaf certificate for it, with eight extensions, by an authority with a key of the same kind. */
export interface Fixture {
  /** For people: `RSA-2048`. */
  readonly name: string;
  readonly key: PrivateKey;
  /** PKCS#8, DER. */
  readonly pkcs8: Bytes;
  readonly certificate: Certificate;
}

/** The kinds of keys that are measured, by the names of their fixtures. */
export const KEYS: { readonly [name: string]: KeySpecification } = {
  "RSA-2048": { type: "rsa", bits: 2048 },
  "P-256": { type: "ec", curve: "P-256" },
  "ML-DSA-65": { type: "ml-dsa", parameterSet: "ML-DSA-65" },
};

/**
 * Makes a fixture. Its keys come from the platform's random source.
 *
 * @param specification default: that of {@link KEYS}
 */
export async function makeFixture(name: string, specification: KeySpecification = KEYS[name]!): Promise<Fixture> {
  const native = webCryptoProvider();
  const issuer = await makeKeyPair(specification);
  const { key, signer } = await makeKeyPair(specification);
  const der = await issueCertificate({
    serialNumber: 0x4c1d_39f0_a511n << 64n | 0x88b1_6e5d_3f02_97cbn,
    issuer: [
      { type: "C", value: "DE" },
      { type: "O", value: "Example Corporation" },
      { type: "OU", value: "Devices" },
      { type: "CN", value: "Example Issuing CA 7" },
    ],
    subject: [
      { type: "C", value: "DE" },
      { type: "O", value: "Example Corporation" },
      { type: "OU", value: "Edge" },
      { type: "CN", value: "edge-0007.eu-central-1.example.com" },
    ],
    notBefore: NOW_MS - 86_400_000,
    notAfter: NOW_MS + 90 * 86_400_000,
    publicKey: signer.publicKey,
    extensions: endEntityExtensions(
      await keyIdentifier(signer.publicKey, native),
      await keyIdentifier(issuer.signer.publicKey, native),
    ),
  }, issuer.signer);
  return { name, key, pkcs8: encodePkcs8(key), certificate: parseCertificate(der) };
}

/** Makes a key, in the platform where it can, and a signer of it. */
export async function makeKeyPair(
  specification: KeySpecification,
): Promise<{ readonly key: PrivateKey; readonly signer: Signer }> {
  const native = webCryptoProvider();
  const crypto = layeredProvider([native, portableProvider({ random: native.random })]);
  const key = await crypto.generatePrivateKey(specification);
  return { key, signer: await crypto.importPrivateKey(key, sessionAlgorithm(key)) };
}

/** The eight extensions of an ordinary end entity. @param subjectKey its key identifier; @param issuerKey its issuer's */
export function endEntityExtensions(subjectKey: Bytes, issuerKey: Bytes): ExtensionTemplate[] {
  const uri = (text: string): Bytes => derContextPrimitive(6, encodeUtf8(text));
  return [
    basicConstraintsExtension({ ca: false }),
    keyUsageExtension(["digitalSignature"]),
    extendedKeyUsageExtension(["1.3.6.1.5.5.7.3.2"]),
    subjectAlternativeNameExtension([
      { form: "dNSName", value: "edge-0007.eu-central-1.example.com" },
      { form: "uniformResourceIdentifier", value: "spiffe://example.com/edge/0007" },
    ]),
    subjectKeyIdentifierExtension(subjectKey),
    authorityKeyIdentifierExtension(issuerKey),
    {
      // CRL distribution points
      oid: "2.5.29.31",
      critical: false,
      value: derSequence(
        derSequence(derContextConstructed(0, derContextConstructed(0, uri("http://crl.example.com/issuing-7.crl")))),
      ),
    },
    {
      // Authority information access, OCSP
      oid: "1.3.6.1.5.5.7.1.1",
      critical: false,
      value: derSequence(derSequence(derObjectIdentifier("1.3.6.1.5.5.7.48.1"), uri("http://ocsp.example.com"))),
    },
  ];
}
