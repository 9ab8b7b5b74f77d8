/**
 * Keystores of operating systems: their interface, and what keeps this version from each.
 *
 * Keys of NSS databases are reached as those of every PKCS#11 token, and need nothing from here.
 *
 * - **Windows CNG**: certificates of the system stores (`CertOpenStore`), keys of their providers
 *   (`CryptAcquireCertificatePrivateKey`, `NCryptSignHash`).
 * - **macOS Keychain**: identities (`SecItemCopyMatching`), signatures (`SecKeyCreateSignature`).
 * - **Linux kernel keyring**: keys of the type `asymmetric` (`keyctl(2)`, `KEYCTL_PKEY_SIGN`). A kernel takes private keys
 *   only when it was built with `CONFIG_PKCS8_PRIVATE_KEY_PARSER`, which those of distributions often lack, and keeps them
 *   until it restarts.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import { KeystoreError } from "./keystore-error.ts";

/** The keystores. */
export type KeystoreName = "windows-cng" | "macos-keychain" | "linux-keyring";

/** What a keystore holds and does. */
export interface OperatingSystemKeystore {
  /** Which one it is. */
  readonly name: KeystoreName;
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
export function openKeystore(name: KeystoreName, platform: string): Promise<OperatingSystemKeystore> {
  const { title, system, instead } = KEYSTORES[name];
  return Promise.reject(
    platform === system
      ? new KeystoreError("ERR_KEYSTORE_NOT_IN_BUILD", name, title, `it is not yet in this build; ${instead}`)
      : new KeystoreError("ERR_KEYSTORE_PLATFORM", name, title, `it is a matter of ${system}, and this is ${platform}`),
  );
}

const KEYSTORES: Readonly<Record<KeystoreName, Record<"title" | "system" | "instead", string>>> = {
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
  "linux-keyring": {
    title: "the keyring of the Linux kernel",
    system: "linux",
    instead: "use a PKCS#11 module, a TPM key, an SSH agent, or anyrole bridge",
  },
};
