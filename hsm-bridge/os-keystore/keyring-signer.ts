/**
 * A signer whose key the Linux kernel holds: a key of the type `asymmetric` in a keyring of this process.
 *
 * Not proven against a kernel that signs: the kernel that this was written on takes no private keys (its
 * `CONFIG_PKCS8_PRIVATE_KEY_PARSER` is not set, as in many distributions). It was tried that the calls reach the real
 * kernel and that its refusals are told; what it answers to a signature is proven with a kernel that a test plays.
 *
 * A key lives until the machine restarts, or is revoked. Whoever may search it may sign with it. The kernel does not
 * give its public key: the certificate says which it is, and every signature is checked under it.
 *
 * @see {@link https://docs.kernel.org/crypto/asymmetric-keys.html | Asymmetric / public-key cryptography key type}
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import { requireFit } from "../../core/crypto/key-fit.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import type { PublicKey } from "../../core/crypto/public-key.ts";
import { sessionAlgorithm, type SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { parseSubjectPublicKeyInfo } from "../../core/keys/subject-public-key-info.ts";
import { type AlgorithmChoice, algorithmFor } from "../algorithm-choice.ts";
import { foreignFunctions } from "../ffi/available-functions.ts";
import type { ForeignFunctions } from "../ffi/foreign-functions.ts";
import { nodeProcess } from "../ffi/platform.ts";
import { type KernelKeys, KernelRefusal, openKernelKeys } from "./kernel-keys.ts";
import { KeystoreError, type KeystoreErrorCode } from "./keystore-error.ts";

/** Which key of the kernel. */
export interface KeyringSignerOptions {
  /**
   * Its serial number, decimal or hexadecimal with `0x`; or its description, as KEYCTL_SEARCH of the type `asymmetric`
   * takes it (`id:` and hexadecimal digits for a part of its identifiers), in the keyrings of session and user.
   */
  readonly key: string;
  /** SubjectPublicKeyInfo of the key, DER: the certificate's `spki`. */
  readonly publicKey: Bytes;
  /** Hashes messages and checks signatures. */
  readonly crypto: CryptoProvider;
  /** What to sign with, or who answers it for the key. Default: what CreateSession wants of such a key. */
  readonly algorithm?: AlgorithmChoice | undefined;
  /** Calls the C library. Default: what this runtime has. */
  readonly foreign?: ForeignFunctions | undefined;
  /** The processor, as Node or Deno spells it. Default: this one. */
  readonly architecture?: string | undefined;
}

/** A signer with a key of the kernel. */
export interface KeyringSigner extends Signer {
  /** Signs the message. */
  sign(message: Bytes): Promise<Bytes>;
  /** Gives the C library back; no signature may be under way. */
  close(): Promise<void>;
}

/**
 * Looks for the key in the kernel and makes a signer of it: RSA (PKCS #1 v1.5) with SHA-256, SHA-384 or SHA-512, and ECDSA
 * where the kernel has it. The kernel signs on this thread.
 *
 * @example
 * ```ts
 * import { keyringSigner } from "anyrole/hsm";
 * import { webCryptoProvider } from "anyrole/sign";
 * import type { Certificate } from "anyrole/x509";
 *
 * export async function kernelSigner(certificate: Certificate) {
 *   return await keyringSigner({ key: "edge-7", publicKey: certificate.spki, crypto: webCryptoProvider() });
 * }
 * ```
 *
 * @throws {KeystoreError} when the kernel has no such key, or does not sign with it
 * @throws {HsmError} when this runtime cannot call C libraries
 * @throws {TypeError} for an option that does not exist, or a key that is none
 */
export async function keyringSigner(options: KeyringSignerOptions): Promise<KeyringSigner> {
  const { key: named, publicKey, crypto, algorithm: choice, foreign, architecture, ...unknown } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`keyringSigner() has no option "${name}"`);
  if (named === "" || named.includes("\0") || encodeUtf8(named).length > MAX_DESCRIPTION_LENGTH) {
    throw new TypeError(`"key" is no serial number and no description of 1 to ${MAX_DESCRIPTION_LENGTH} octets`);
  }
  const parsed = parseSubjectPublicKeyInfo(publicKey);
  const algorithm = algorithmFor(parsed, choice) ?? usualAlgorithm(parsed, named);
  requireFit(parsed, algorithm);
  const information = informationOf(algorithm);
  if (information === undefined || !("hash" in algorithm)) throw unsupported(named, algorithm);
  const keys = openKernelKeys(foreign ?? await foreignFunctions(), architecture ?? nodeProcess()?.arch ?? "");
  try {
    const key = worded(named, () => serialOf(keys, named));
    const facts = worded(named, () => keys.query(key, information));
    if (!facts.signs) {
      const state = "the kernel holds its public part alone, as of a certificate; add the private key " +
        "(PKCS#8, DER) with keyctl padd asymmetric, in a kernel with CONFIG_PKCS8_PRIVATE_KEY_PARSER";
      throw failure("ERR_KEYSTORE_KEY", named, state);
    }
    const { hash } = algorithm;
    const verifier = await crypto.importPublicKey(parsed, algorithm);
    return {
      algorithm,
      publicKey,
      async sign(message) {
        const digest = await crypto.digest(hash, message);
        const signature = worded(named, () => keys.sign(key, information, digest, facts.maxSignatureLength));
        if (await verifier.verify(message, signature)) return signature;
        const state = "what it signed does not verify under the public key of the certificate; is it another key?";
        throw failure("ERR_KEYSTORE_KEY", named, state);
      },
      close: () => Promise.resolve(keys.close()),
    };
  } catch (error) {
    keys.close();
    throw error;
  }
}

function serialOf(keys: KernelKeys, named: string): number {
  const serial = /^(?:[1-9][0-9]{0,9}|0x[0-9a-fA-F]{1,8})$/.test(named) ? Number(named) : 0;
  return serial > 0 && serial <= MAX_SERIAL ? serial : keys.search(named);
}

/** What keyctl(2) calls the encoding and the hash; undefined: the kernel has no such signatures. */
function informationOf(algorithm: SignatureAlgorithm): string | undefined {
  const encoding = algorithm.scheme === "rsa-pkcs1" ? "pkcs1" : algorithm.scheme === "ecdsa" ? "x962" : undefined;
  if (encoding === undefined || !("hash" in algorithm)) return undefined;
  const hash = { "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512" }[algorithm.hash as string];
  return hash === undefined ? undefined : `enc=${encoding} hash=${hash}`;
}

function usualAlgorithm(key: PublicKey, named: string): SignatureAlgorithm {
  if (key.type !== "ed25519") return sessionAlgorithm(key);
  throw failure("ERR_KEYSTORE_UNSUPPORTED", named, "IAM Roles Anywhere takes no Ed25519 keys");
}

function unsupported(named: string, algorithm: SignatureAlgorithm): KeystoreError {
  return failure("ERR_KEYSTORE_UNSUPPORTED", named, `the kernel has no ${algorithm.name} signatures; use an RSA key`);
}

/** Does what asks the kernel; its refusals become errors with advice. */
function worded<T>(named: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof KernelRefusal)) throw error;
    const { operation, errorNumber } = error;
    const [code, name, state] = REFUSALS[errorNumber] ?? ["ERR_KEYSTORE_FAILED", `error ${errorNumber}`, "it failed"];
    throw failure(code, named, `${state} (${operation}: ${name})`, errorNumber);
  }
}

function failure(code: KeystoreErrorCode, named: string, state: string, errorNumber?: number): KeystoreError {
  const message = `Cannot sign with key ${JSON.stringify(named)} of the Linux kernel: ${state}`;
  return new KeystoreError(code, "linux-keyring", message, errorNumber);
}

/** Longest description that the kernel takes, in octets. */
const MAX_DESCRIPTION_LENGTH = 4095;

/** Serial numbers are positive 32-bit integers. */
const MAX_SERIAL = 0x7fff_ffff;

const NO_SIGNING = "this kernel, or keys of this kind, have no such signatures; it takes Linux 4.20 or later with " +
  "CONFIG_ASYMMETRIC_KEY_TYPE, and for private keys CONFIG_PKCS8_PRIVATE_KEY_PARSER; use a PKCS#11 module, a TPM, an " +
  "SSH agent or anyrole bridge";

/** errno(3) of Linux on x86-64 and arm64: those that say what to do. */
const REFUSALS: Readonly<Record<number, readonly [KeystoreErrorCode, string, string]>> = {
  1: [
    "ERR_KEYSTORE_ACCESS",
    "EPERM",
    "keyctl(2) is forbidden here; containers forbid it unless their seccomp profile allows it",
  ],
  13: [
    "ERR_KEYSTORE_ACCESS",
    "EACCES",
    "this process may not search the key; link it into the session's keyring (keyctl link), or allow it to its user " +
    "(keyctl setperm)",
  ],
  22: [
    "ERR_KEYSTORE_KEY",
    "EINVAL",
    "the kernel does not take this input for the key; is the certificate another key's, or the serial number that of " +
    "a keyring?",
  ],
  38: ["ERR_KEYSTORE_UNSUPPORTED", "ENOSYS", NO_SIGNING],
  65: ["ERR_KEYSTORE_UNSUPPORTED", "ENOPKG", NO_SIGNING],
  95: ["ERR_KEYSTORE_UNSUPPORTED", "EOPNOTSUPP", NO_SIGNING],
  126: [
    "ERR_KEYSTORE_KEY_MISSING",
    "ENOKEY",
    "there is no such key in the keyrings of session and user; keyctl show lists them",
  ],
  127: ["ERR_KEYSTORE_KEY_EXPIRED", "EKEYEXPIRED", "its time is over; add it again, or lengthen it (keyctl timeout)"],
  128: ["ERR_KEYSTORE_KEY_REVOKED", "EKEYREVOKED", "it was revoked; add it again"],
  129: ["ERR_KEYSTORE_KEY", "EKEYREJECTED", "the kernel rejects it"],
};
