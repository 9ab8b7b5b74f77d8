/**
 * Revocation lists as they are imported: read whole, and their signatures checked where the signer is known.
 *
 * @see IAM Roles Anywhere user guide, "Revocation"
 * @module
 */

import { isCoded } from "../../../core/base-error.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { verifySignature } from "../../../core/sign/verify-signature.ts";
import type { Certificate } from "../../../core/x509/certificate.ts";
import type { CertificateRevocationList } from "../../../core/x509/crl/certificate-revocation-list.ts";
import { checkCertificateRevocationList } from "../../../core/x509/crl/check-certificate-revocation-list.ts";
import { readCertificateRevocationLists } from "../../../core/x509/crl/read-revocation-lists.ts";
import { readCertificates } from "../../../core/x509/read-certificates.ts";
import { invalid } from "../protocols/rest-operation.ts";
import type { Service } from "../service.ts";

/**
 * Checks a revocation list. One whose issuer is not among the CA certificates, that of a subordinate CA say, is taken
 * without its signature being looked at (assumption).
 *
 * @param data PEM or DER
 * @param certificatesPem certificates of the trust anchor; undefined: it is gone
 * @throws {ServiceRefusal} `ValidationException`
 */
export async function checkImportedList(
  { crypto }: Service,
  data: Bytes,
  certificatesPem: string | undefined,
): Promise<void> {
  try {
    const lists = readCertificateRevocationLists(data);
    if (lists.length !== 1) {
      throw invalid(`Cannot read crlData: it holds ${lists.length} revocation lists, one is wanted`);
    }
    const list = lists[0]!;
    checkCertificateRevocationList(list);
    const certificates = certificatesPem === undefined ? [] : readCertificates(certificatesPem);
    const issuers = certificates.filter(({ subject }) => subject.equals(list.issuer));
    if (issuers.length === 0) return;
    for (const issuer of issuers) if (await signed(list, issuer, crypto)) return;
  } catch (error) {
    if (!isCoded(error)) throw error;
    throw invalid(`Cannot read crlData: ${error.message}`);
  }
  throw invalid("The signature of the revocation list is not one of the trust anchor's CA");
}

async function signed(
  list: CertificateRevocationList,
  { publicKey }: Certificate,
  crypto: Service["crypto"],
): Promise<boolean> {
  const algorithm = list.signatureAlgorithm;
  if (algorithm.scheme === "unknown") return false;
  try {
    return await verifySignature(crypto, algorithm, publicKey, list.tbsCertList, list.signature);
  } catch (error) {
    // The key is of another kind than the signature; or nobody here can tell.
    if (isCoded(error) && (error.code === "ERR_CRYPTO_INVALID_KEY" || error.code === "ERR_CRYPTO_UNSUPPORTED")) {
      return false;
    }
    throw error;
  }
}
