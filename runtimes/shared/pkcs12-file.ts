/**
 * PKCS#12 files, and identities with a part in one.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import type { PrivateKey } from "../../core/crypto/private-key.ts";
import { sessionAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import { KeyError } from "../../core/keys/key-error.ts";
import { isPkcs12 } from "../../core/keys/pkcs12-form.ts";
import { loadPkcs12, type Pkcs12Contents } from "../../core/keys/pkcs12.ts";
import { createIdentity, type Identity } from "../../core/sign/identity.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import { CertificateError } from "../../core/x509/certificate-error.ts";
import { readCertificates } from "../../core/x509/read-certificates.ts";
import type { Host } from "../host.ts";
import type { IdentityContents } from "./complete-identity.ts";
import { askUntilRight, type KeyPassword, openKey } from "./key-file.ts";

/**
 * Opens a PKCS#12 file: with the empty password, which is that of files without one, before anybody is asked for another.
 *
 * Secret: the octets stay as they are; the keys live on in the result.
 *
 * @param path names the file in questions
 * @throws {KeyError}
 */
export async function openPkcs12(
  host: Host,
  path: string,
  octets: Bytes,
  password: KeyPassword,
): Promise<Pkcs12Contents> {
  const load = (answer: string | undefined) => loadPkcs12(octets, { crypto: host.crypto(), password: answer });
  return "password" in password
    ? await load(password.password)
    : await askUntilRight(host, `PKCS#12 file ${path}`, password.ask, load);
}

/** The first private key of a PKCS#12 file. @throws {KeyError} as {@link openPkcs12}, and when it holds none */
export async function openPkcs12Key(
  host: Host,
  path: string,
  octets: Bytes,
  password: KeyPassword,
): Promise<PrivateKey> {
  const { privateKeys } = await openPkcs12(host, path, octets, password);
  if (privateKeys[0] === undefined) throw keyMissing();
  return privateKeys[0].key;
}

/**
 * Makes an identity where certificate, key or both are in a PKCS#12 file. The certificate is that of the key; of several
 * keys it is the first that has one. All other certificates count as chain.
 *
 * Secret: the octets stay as they are; the signer holds the key.
 *
 * @throws {KeyError} for what is no usable file, or a missing or wrong password
 * @throws {CertificateError} for what is no certificate
 * @throws {IdentityError} when no key belongs to a certificate, or the chain is too long
 */
export async function pkcs12Identity(host: Host, contents: IdentityContents): Promise<Identity> {
  const { certificate, certificatePath, privateKey, keyPath, password, intermediates } = contents;
  const ofKey = isPkcs12(privateKey) ? await openPkcs12(host, keyPath, privateKey, password) : undefined;
  const ofCertificate = !isPkcs12(certificate)
    ? undefined
    : certificate === privateKey
    ? ofKey
    : await openPkcs12(host, certificatePath, certificate, password);
  const certificates = ofCertificate === undefined ? readCertificates(certificate) : pkcs12Certificates(ofCertificate);
  const chain = [
    ...(ofKey === undefined || ofKey.certificates.length === 0 ? [] : pkcs12Certificates(ofKey)),
    ...(intermediates === undefined ? [] : readCertificates(intermediates)),
  ];
  const keys = ofKey === undefined
    ? [await openKey(host, keyPath, privateKey, password)]
    : ofKey.privateKeys.map(({ key }) => key);
  if (keys.length === 0) throw keyMissing();
  return await firstIdentity(host, keys, certificates, chain);
}

/** The certificate of the first key that has one, or without keys the first. @throws as {@link pkcs12Identity} */
export async function leafOfPkcs12(host: Host, contents: Pkcs12Contents): Promise<Certificate> {
  const certificates = pkcs12Certificates(contents);
  const keys = contents.privateKeys.map(({ key }) => key);
  return keys.length === 0 ? certificates[0]! : (await firstIdentity(host, keys, certificates, [])).certificate;
}

/** Tries key after key, at least one, until one belongs to a certificate. */
async function firstIdentity(
  host: Host,
  keys: readonly PrivateKey[],
  certificates: readonly Certificate[],
  chain: readonly Certificate[],
): Promise<Identity> {
  for (let index = 0;; index++) {
    const key = keys[index]!;
    const signer = await host.crypto().importPrivateKey(key, sessionAlgorithm(key));
    try {
      return await createIdentity({ certificate: certificates, chain, signer });
    } catch (error) {
      const code = (error as { readonly code?: unknown }).code;
      if (code !== "ERR_IDENTITY_KEY_MISMATCH" || index === keys.length - 1) throw error;
    }
  }
}

/** The certificates of a PKCS#12 file, at least one. @throws {CertificateError} */
export function pkcs12Certificates({ certificates }: Pkcs12Contents): readonly Certificate[] {
  if (certificates.length === 0) {
    const message = "Cannot read certificates: the PKCS#12 file holds none";
    throw new CertificateError("ERR_CERTIFICATE_NOT_FOUND", message);
  }
  return readCertificates(concatBytes(certificates.map(({ der }) => der)));
}

function keyMissing(): KeyError {
  return new KeyError("ERR_KEY_MISSING", "private key", "the PKCS#12 file holds none", { found: "PKCS#12" });
}
