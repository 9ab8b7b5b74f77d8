/**
 * An identity: an end-entity certificate, the intermediates that lead to its trust anchor, and a signer of its key.
 *
 * @module
 */

import { type Bytes, equalBytes } from "../bytes/bytes.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import type { PublicKey } from "../crypto/public-key.ts";
import { requireFit } from "../crypto/key-fit.ts";
import type { Signer } from "../crypto/signer.ts";
import { parseSubjectPublicKeyInfo } from "../keys/subject-public-key-info.ts";
import type { Certificate } from "../x509/certificate.ts";
import { readCertificates } from "../x509/read-certificates.ts";
import { arrangeChain } from "./arrange-chain.ts";
import { IdentityError } from "./identity-error.ts";
import { verifySignature } from "./verify-signature.ts";

/** Who signs: the certificate, what leads from it towards a trust anchor, and the key. */
export interface Identity {
  /** The end-entity certificate. */
  readonly certificate: Certificate;
  /** Intermediate certificates, the issuer of the certificate first; never the certificate itself or a root. */
  readonly chain: readonly Certificate[];
  /** Signs with the certificate's key. */
  readonly signer: Signer;
}

/** Certificates as they come: parsed, or a file's PEM or DER. */
export type CertificateInput = Certificate | readonly Certificate[] | string | Bytes;

/** What {@link createIdentity} makes an identity of. */
export interface IdentityOptions {
  /** The certificate. Of several, a full chain say, it is the one of the signer's key; the others count as chain. */
  readonly certificate: CertificateInput;
  /** More certificates, in any order; those that do not lead upwards from the certificate are left out. Default: none. */
  readonly chain?: CertificateInput;
  /** Signs with the certificate's key. */
  readonly signer: Signer;
  /**
   * When given, the signer makes one signature that this provider checks under the certificate's key. Needed only for
   * signers whose `publicKey` is a claim (`signerFromCryptoKey`): providers prove theirs when they import a key.
   */
  readonly crypto?: CryptoProvider;
}

/**
 * Puts an identity together. The signer's key must be the certificate's; duplicates, the certificate itself and
 * self-signed certificates leave the chain, and the rest is put in order, issuer by issuer.
 *
 * @throws {IdentityError} `ERR_IDENTITY_KEY_MISMATCH`, `ERR_IDENTITY_CHAIN_TOO_LONG`
 * @throws {CertificateError} when an input is no certificate
 * @throws {KeyError} when the certificate's key is of a kind that is not supported
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY` when the certificate's key excludes the signer's algorithm
 * @throws {TypeError} for an option that does not exist
 */
export async function createIdentity(options: IdentityOptions): Promise<Identity> {
  const { certificate: given, chain, signer, crypto, ...unknown } = options;
  // A misspelt `crypto` would leave a check out.
  for (const name of Object.keys(unknown)) throw new TypeError(`createIdentity() has no option "${name}"`);
  const offered = certificatesOf(given);
  if (offered.length === 0) throw new TypeError(`"certificate" is an empty list`);
  const others = chain === undefined ? [] : certificatesOf(chain);
  const signerKey = parseSubjectPublicKeyInfo(signer.publicKey);
  const certificate = offered.find((candidate) => holdsKey(candidate, signer, signerKey));
  if (certificate === undefined) throw mismatch(offered);
  requireFit(certificate.publicKey, signer.algorithm);
  if (crypto !== undefined) {
    const message = encodeUtf8("anyrole");
    const signature = await signer.sign(message);
    const right = await verifySignature(crypto, signer.algorithm, certificate.publicKey, message, signature);
    if (!right) throw mismatch([certificate]);
  }
  return { certificate, chain: arrangeChain(certificate, [...offered, ...others]), signer };
}

/** Whether it is the same key, whatever the encoding of its SubjectPublicKeyInfo. */
export function samePublicKey(a: PublicKey, b: PublicKey): boolean {
  if (a.type === "rsa" && b.type === "rsa") {
    return equalBytes(a.modulus, b.modulus) && equalBytes(a.exponent, b.exponent);
  }
  if (a.type === "ec" && b.type === "ec") return a.curve === b.curve && equalBytes(a.point, b.point);
  return equalBytes(a.spki, b.spki);
}

function certificatesOf(input: CertificateInput): readonly Certificate[] {
  if (typeof input === "string" || input instanceof Uint8Array) return readCertificates(input);
  return "der" in input ? [input] : input;
}

function holdsKey(certificate: Certificate, signer: Signer, signerKey: PublicKey): boolean {
  return equalBytes(certificate.spki, signer.publicKey) || samePublicKey(certificate.publicKey, signerKey);
}

function mismatch(offered: readonly Certificate[]): IdentityError {
  const first = offered[0]!;
  const state = offered.length === 1
    ? `the private key is not that of the certificate with serial number ${first.serialNumberHex}`
    : `the private key belongs to none of the ${offered.length} certificates`;
  return new IdentityError(
    "ERR_IDENTITY_KEY_MISMATCH",
    first,
    `${state}; give the key that the certificate was issued for`,
  );
}
