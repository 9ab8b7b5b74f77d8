/**
 * Keystores of operating systems that are not reached yet: their interface, and what keeps this version from each.
 *
 * Keys of NSS databases are reached as those of every PKCS#11 token, keys of the Linux kernel by `keyringSigner`: both need
 * nothing from here.
 *
 * - **Windows CNG**: certificates of the system stores (`CertOpenStore`), keys of their providers
 *   (`CryptAcquireCertificatePrivateKey`, `NCryptSignHash`).
 * - **macOS Keychain**: identities (`SecItemCopyMatching`), signatures (`SecKeyCreateSignature`).
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import { KeystoreError, type KeystoreName } from "./keystore-error.ts";

/** The keystores that list certificates with their keys. */
export type CertificateKeystore = Exclude<KeystoreName, "linux-keyring">;

/** What a keystore holds and does. */
export interface OperatingSystemKeystore {
  /** Which one it is. */
  readonly name: CertificateKeystore;
  /** Certificates with a private key there; for the selectors of certificates. */
  certificates(): Promise<readonly Certificate[]>;
  /** A signer of the key with this SubjectPublicKeyInfo, DER; the key stays where it is. */
  signer(publicKey: Bytes): Promise<Signer>;
  /** Gives back what it lives on. */
  close(): Promise<void>;
}

/**
 * Opens a keystore. This version reaches none of them: it says so, instead of finding no keys.
 *
 * @param platform `windows`, `darwin` or `linux`: the operating system that this runs on
 * @throws {KeystoreError} `ERR_KEYSTORE_PLATFORM` elsewhere than on its own system, `ERR_KEYSTORE_NOT_IN_BUILD` there
 */
export function openKeystore(name: CertificateKeystore, platform: string): Promise<OperatingSystemKeystore> {
  const { title, system, instead } = KEYSTORES[name];
  const [code, state] = platform === system
    ? ["ERR_KEYSTORE_NOT_IN_BUILD", `it is not yet in this build; ${instead}`] as const
    : ["ERR_KEYSTORE_PLATFORM", `it is a matter of ${system}, and this is ${platform}`] as const;
  return Promise.reject(new KeystoreError(code, name, `Cannot open ${title}: ${state}`));
}

const KEYSTORES: Readonly<Record<CertificateKeystore, Record<"title" | "system" | "instead", string>>> = {
  "windows-cng": {
    title: "the certificate stores of Windows",
    system: "windows",
    instead: "use a PKCS#11 module, a TPM key file, or anyrole bridge's protocol over a program that calls CNG",
  },
  "macos-keychain": {
    title: "the keychain of macOS",
    system: "darwin",
    instead: "use a PKCS#11 module, an SSH agent, or anyrole bridge's protocol over a program that calls the keychain",
  },
};
