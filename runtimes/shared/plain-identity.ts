/**
 * The identity of the everyday case: one certificate in PEM and its key in the clear. Everything else (chains, DER,
 * encrypted keys, whatever is wrong) is for `complete-identity.ts`, which needs several times the code.
 *
 * @module
 */

import { type Bytes, equalBytes } from "../../core/bytes/bytes.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { sessionAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import { parsePrivateKey } from "../../core/keys/private-key.ts";
import { readPem } from "../../core/pem/pem.ts";
import type { SessionIdentity } from "../../core/session/request.ts";
import { readCertificateFields } from "../../core/x509/certificate-fields.ts";

/**
 * Makes an identity of a file's only certificate and of its key, which must show the very same SubjectPublicKeyInfo;
 * undefined in every other case, damaged files included: a complete reading finds out which.
 *
 * Secret: `privateKey`; it is not wiped here.
 */
export async function plainIdentity(
  certificate: Bytes,
  privateKey: Bytes,
  crypto: CryptoProvider,
): Promise<SessionIdentity | undefined> {
  try {
    const { blocks, damaged } = readPem(certificate);
    const certificates = blocks.filter(({ label }) => label.endsWith("CERTIFICATE"));
    if (certificates.length !== 1 || certificates[0]!.label !== "CERTIFICATE" || damaged.length > 0) return undefined;
    const key = parsePrivateKey(privateKey);
    // Where the import is a thread's work, the certificate is read meanwhile.
    const [signer, fields] = await Promise.all([
      crypto.importPrivateKey(key, sessionAlgorithm(key)),
      (async () => readCertificateFields(certificates[0]!.octets))(),
    ]);
    return equalBytes(fields.spki, signer.publicKey) ? { certificate: fields, chain: [], signer } : undefined;
  } catch {
    return undefined; // The complete reading fails in the same place, and says why.
  }
}
