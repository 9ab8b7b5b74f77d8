/**
 * Certificates for tests of the parsers: signed by nobody, because parsers do not look at signatures.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { ECDSA_SHA256 } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { ecPublicKey } from "../../core/crypto/spki-encoding.ts";
import { type CertificateTemplate, issueCertificate } from "../../core/issue/mod.ts";

/** SubjectPublicKeyInfo of a P-256 key: the base point, whose private key is 1. */
export const BASE_POINT_SPKI: Bytes = ecPublicKey({
  curve: "P-256",
  point: Uint8Array.from(
    ("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" +
      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5").match(/../g)!,
    (octet) => parseInt(octet, 16),
  ),
}).spki;

/** A signer whose signatures are four fixed octets. */
export const NOBODY: Signer = {
  algorithm: ECDSA_SHA256,
  publicKey: BASE_POINT_SPKI,
  sign: () => Uint8Array.of(1, 2, 3, 4),
};

/** A certificate that differs from an ordinary one in the parts given. */
export function unsignedCertificate(parts: Partial<CertificateTemplate> = {}): Promise<Bytes> {
  return issueCertificate({
    serialNumber: 7n,
    issuer: [{ type: "O", value: "Example" }, { type: "CN", value: "Issuer" }],
    subject: [{ type: "O", value: "Example" }, { type: "CN", value: "edge-7" }],
    notBefore: Date.UTC(2026, 0, 1),
    notAfter: Date.UTC(2027, 0, 1),
    publicKey: BASE_POINT_SPKI,
    ...parts,
  }, NOBODY);
}
