/**
 * Identities of any certificates, chains and keys that files hold.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { sessionAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import { isPkcs12 } from "../../core/keys/pkcs12-form.ts";
import { createIdentity, type Identity } from "../../core/sign/identity.ts";
import { readCertificates } from "../../core/x509/read-certificates.ts";
import type { Host } from "../host.ts";
import { type KeyPassword, openKey } from "./key-file.ts";

/** What the files of an identity hold. */
export interface IdentityContents {
  /** The certificate; may hold its chain as well, and is `privateKey` itself where one file holds both. */
  readonly certificate: Bytes;
  /** Path of the certificate, for questions. */
  readonly certificatePath: string;
  /** Secret: the private key, encrypted or not. */
  readonly privateKey: Bytes;
  /** Path of the private key, for questions. */
  readonly keyPath: string;
  /** Password of an encrypted key. */
  readonly password: KeyPassword;
  /** Intermediate certificates in any order. */
  readonly intermediates: Bytes | undefined;
}

/**
 * Makes an identity of what files hold: PEM, DER or PKCS#12.
 *
 * @throws {KeyError} for what is no usable key, or a missing or wrong password
 * @throws {CertificateError} for what is no certificate
 * @throws {IdentityError} when the key belongs to none of the certificates, or the chain is too long
 */
export async function completeIdentity(host: Host, contents: IdentityContents): Promise<Identity> {
  const { certificate, privateKey, keyPath, password, intermediates } = contents;
  if (isPkcs12(certificate) || isPkcs12(privateKey)) {
    const { pkcs12Identity } = await import("./pkcs12-file.ts");
    return await pkcs12Identity(host, contents);
  }
  const key = await openKey(host, keyPath, privateKey, password);
  const signer = await host.crypto().importPrivateKey(key, sessionAlgorithm(key));
  const certificates = readCertificates(certificate);
  const chain = intermediates === undefined ? [] : readCertificates(intermediates);
  return await createIdentity({ certificate: certificates, chain, signer });
}
