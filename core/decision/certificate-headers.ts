/**
 * The certificate of the signer and the certificates that lead from it to the trust anchor, from their headers.
 *
 * @module
 */

import { isCoded } from "../base-error.ts";
import { decodeBase64 } from "../bytes/base64.ts";
import type { PublicKey } from "../crypto/public-key.ts";
import { type Certificate, parseCertificate } from "../x509/certificate.ts";
import type { DecisionMemory } from "./decision-memory.ts";
import { malformed } from "./session-denial.ts";
import { type SessionRequest, singleHeader } from "./session-request.ts";

/** Most certificates that `X-Amz-X509-Chain` may hold. */
export const MAX_CHAIN_CERTIFICATES = 5;

/**
 * The certificate of `X-Amz-X509`; its names, times and key can be read.
 *
 * @throws {SessionDenial} `ValidationException` when it is missing or cannot be read
 */
export function readSigningCertificate(request: SessionRequest): Certificate & { readonly publicKey: PublicKey } {
  const header = singleHeader(request, "x-amz-x509", "certificate");
  if (header === undefined) throw malformed("certificate", "Header 'X-Amz-X509' is missing");
  return readable(decodeCertificate(header, "certificate", "X-Amz-X509"));
}

/**
 * The certificate, if what is needed of it before the signature is checked can be read; parsing leaves that for later.
 *
 * @throws {SessionDenial} `ValidationException` when it cannot be read
 */
export function readable(certificate: Certificate): Certificate & { readonly publicKey: PublicKey } {
  try {
    void certificate.subject;
    void certificate.issuer;
    void certificate.notBefore;
    void certificate.publicKey;
  } catch (error) {
    throw unreadable("certificate", "X-Amz-X509", error);
  }
  return certificate;
}

/**
 * The certificates of `X-Amz-X509-Chain`, in their order; none when there is no such header.
 *
 * @param memory where certificates that were read before may be
 * @throws {SessionDenial} `ValidationException` when there are more than five, or one cannot be read
 */
export function readChain(request: SessionRequest, memory: DecisionMemory | undefined): readonly Certificate[] {
  const header = singleHeader(request, "x-amz-x509-chain", "chain");
  if (header === undefined) return [];
  const parts = header.split(",");
  refuseLongChain(parts.length);
  return parts.map((part) => memory?.chainCertificate(part) ?? decodeCertificate(part, "chain", "X-Amz-X509-Chain"));
}

/** Refuses a chain of more than five certificates. @throws {SessionDenial} */
export function refuseLongChain(length: number): void {
  if (length <= MAX_CHAIN_CERTIFICATES) return;
  throw malformed(
    "chain",
    `Header 'X-Amz-X509-Chain' holds ${length} certificates, at most ${MAX_CHAIN_CERTIFICATES} are accepted`,
  );
}

function decodeCertificate(base64: string, check: "certificate" | "chain", header: string): Certificate {
  const der = decodeBase64(base64.trim());
  if (der === undefined || der.length === 0) {
    throw malformed(check, `Header '${header}' is not the base64 of a DER certificate`);
  }
  try {
    return parseCertificate(der);
  } catch (error) {
    throw unreadable(check, header, error);
  }
}

function unreadable(check: "certificate" | "chain", header: string, error: unknown): unknown {
  return isCoded(error)
    ? malformed(check, `Header '${header}' holds a certificate that cannot be read: ${error.message}`)
    : error;
}
