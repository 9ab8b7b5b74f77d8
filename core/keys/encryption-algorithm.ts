/**
 * AlgorithmIdentifiers of encryption with a password: PBES2 (RFC 8018 appendix A.4) and the Triple-DES and RC2 schemes
 * of PKCS#12 (RFC 7292 appendix C).
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import {
  blockOctets,
  type EncryptionScheme,
  type PasswordCipher,
  type PasswordDerivation,
} from "../crypto/password/encryption-scheme.ts";
import type { HashName } from "../crypto/signature-algorithm.ts";
import type { DerReader } from "../der/reader.ts";
import { TAG } from "../der/tag.ts";
import { KeyError, unsupportedKey } from "./key-error.ts";

/** PBKDF2 with more iterations is refused: a hostile file must not occupy the machine for minutes. */
export const MAX_PBKDF2_ITERATIONS = 10_000_000;
/** The same for PKCS#12, of which one iteration takes up to three digests. NSS and GnuTLS write 600,000. */
export const MAX_PKCS12_ITERATIONS = 1_000_000;
/** scrypt with a larger table (128·N·r octets) is refused. */
export const MAX_SCRYPT_MEMORY = 268_435_456;
/** scrypt with more work (N·r·p) is refused. */
export const MAX_SCRYPT_WORK = 16_777_216;

/**
 * Reads the next element of `reader` as an encryption scheme.
 *
 * @throws {DerError} when it is not an AlgorithmIdentifier, or its parameters are not those of the algorithm
 * @throws {KeyError} `ERR_KEY_UNSUPPORTED`, `ERR_KEY_INVALID` or `ERR_KEY_LIMIT`
 */
export function readEncryptionAlgorithm(reader: DerReader, reading: string): EncryptionScheme {
  const algorithm = reader.sequence(reading);
  const oid = algorithm.objectIdentifier(`${reading}.algorithm`);
  const pkcs12 = PKCS12_CIPHERS[oid];
  if (oid !== PBES2 && pkcs12 === undefined) {
    throw unsupportedKey("private key", `encryption with ${OTHER_SCHEMES[oid] ?? oid}`);
  }
  const parameters = algorithm.sequence(`${reading}.parameters`);
  algorithm.finish(reading);
  const scheme = pkcs12 === undefined ? readPbes2(parameters) : readPkcs12(parameters, pkcs12);
  parameters.finish(`${reading}.parameters`);
  return scheme;
}

/** pkcs-12PbeParams. */
function readPkcs12(parameters: DerReader, cipher: PasswordCipher): EncryptionScheme {
  const salt = parameters.octetString("pkcs-12PbeParams.salt");
  const iterations = readIterations(parameters, "pkcs-12PbeParams.iterations", MAX_PKCS12_ITERATIONS);
  return { derivation: { name: "PKCS#12", salt, iterations }, cipher };
}

/** PBES2-params. */
function readPbes2(parameters: DerReader): EncryptionScheme {
  const kdf = parameters.sequence("PBES2-params.keyDerivationFunc");
  const { derivation, keyLength } = readKeyDerivation(kdf);
  kdf.finish("PBES2-params.keyDerivationFunc");
  const encryption = parameters.sequence("PBES2-params.encryptionScheme");
  const cipher = readCipher(encryption);
  encryption.finish("PBES2-params.encryptionScheme");
  if (keyLength !== undefined && keyLength !== cipher.keyLength) {
    const state = `it derives ${keyLength} octets for a cipher that takes ${cipher.keyLength}`;
    throw new KeyError("ERR_KEY_INVALID", "private key", state);
  }
  return { derivation, cipher };
}

/** A key derivation as a file describes it. */
export interface DescribedDerivation {
  /** How the key is derived. */
  readonly derivation: PasswordDerivation;
  /** Octets that the file says are derived, which it need not. */
  readonly keyLength: number | undefined;
}

/**
 * Reads the contents of an AlgorithmIdentifier of PBKDF2 or scrypt.
 *
 * @throws as {@link readEncryptionAlgorithm}
 */
export function readKeyDerivation(kdf: DerReader): DescribedDerivation {
  const oid = kdf.objectIdentifier("PBES2-params.keyDerivationFunc.algorithm");
  if (oid !== PBKDF2 && oid !== SCRYPT) throw unsupportedKey("private key", `key derivation with ${oid}`);
  const parameters = kdf.sequence(oid === PBKDF2 ? "PBKDF2-params" : "scrypt-params");
  return oid === PBKDF2 ? readPbkdf2(parameters) : readScrypt(parameters);
}

/** PBKDF2-params (RFC 8018 appendix A.2); the salt is the octets themselves, otherSource is not in use. */
function readPbkdf2(parameters: DerReader): DescribedDerivation {
  const salt = parameters.octetString("PBKDF2-params.salt.specified");
  const iterations = readIterations(parameters, "PBKDF2-params.iterationCount", MAX_PBKDF2_ITERATIONS);
  const keyLength = readKeyLength(parameters, "PBKDF2-params.keyLength");
  const hash = parameters.done ? "SHA-1" : readHmac(parameters, "PBKDF2-params.prf");
  parameters.finish("PBKDF2-params");
  return { derivation: { name: "PBKDF2", hash, salt, iterations }, keyLength };
}

/** Reads the next element of `reader` as the AlgorithmIdentifier of an HMAC. @throws as {@link readEncryptionAlgorithm} */
export function readHmac(reader: DerReader, reading: string): HashName {
  const algorithm = reader.sequence(reading);
  const oid = algorithm.objectIdentifier(`${reading}.algorithm`);
  const hash = HMACS[oid];
  if (hash === undefined) throw unsupportedKey("private key", `the MAC ${oid}`);
  if (!algorithm.done) algorithm.null(`${reading}.parameters`);
  algorithm.finish(reading);
  return hash;
}

/** scrypt-params (RFC 7914 §7). */
function readScrypt(parameters: DerReader): DescribedDerivation {
  const salt = parameters.octetString("scrypt-params.salt");
  const cost = parameters.smallInteger("scrypt-params.costParameter", 1, LARGEST);
  const blockSize = parameters.smallInteger("scrypt-params.blockSize", 1, LARGEST);
  const parallelization = parameters.smallInteger("scrypt-params.parallelizationParameter", 1, LARGEST);
  const keyLength = readKeyLength(parameters, "scrypt-params.keyLength");
  parameters.finish("scrypt-params");
  const memory = 128 * cost * blockSize;
  if (memory > MAX_SCRYPT_MEMORY || cost * blockSize * parallelization > MAX_SCRYPT_WORK) {
    const state = `its scrypt parameters N=${cost} r=${blockSize} p=${parallelization} ask for more than is accepted`;
    throw new KeyError("ERR_KEY_LIMIT", "private key", state);
  }
  // RFC 7914 §2: a power of two above one and below 2^(128·r/8). The limits above keep N below 2^22.
  if (cost < 2 || (cost & (cost - 1)) !== 0 || Math.log2(cost) >= 16 * blockSize) {
    throw new KeyError("ERR_KEY_INVALID", "private key", `its scrypt cost ${cost} is not a fitting power of two`);
  }
  return { derivation: { name: "scrypt", salt, cost, blockSize, parallelization }, keyLength };
}

/** Demands that the encrypted data is a whole number of the cipher's blocks. @throws {KeyError} `ERR_KEY_MALFORMED` */
export function requireWholeBlocks({ cipher }: EncryptionScheme, data: Bytes): void {
  const block = blockOctets(cipher);
  if (data.length > 0 && data.length % block === 0) return;
  const state = `${data.length} encrypted octets are not a whole number of ${block}-octet blocks`;
  throw new KeyError("ERR_KEY_MALFORMED", "private key", state);
}

function readCipher(encryption: DerReader): PasswordCipher {
  const oid = encryption.objectIdentifier("PBES2-params.encryptionScheme.algorithm");
  const reading = "PBES2-params.encryptionScheme.parameters";
  if (oid === DES_EDE3_CBC) return { name: "DES-EDE3-CBC", keyLength: 24, iv: readVector(encryption, reading, 8) };
  const cbc = AES_CBC[oid];
  if (cbc !== undefined) return { name: "AES-CBC", keyLength: cbc, iv: readVector(encryption, reading, 16) };
  const gcm = AES_GCM[oid];
  if (gcm === undefined) throw unsupportedKey("private key", `encryption with ${OTHER_SCHEMES[oid] ?? oid}`);
  // GCMParameters (RFC 5084 §3.2): the tag has 12 octets unless it says otherwise.
  const parameters = encryption.sequence("GCMParameters");
  const iv = parameters.octetString("GCMParameters.aes-nonce");
  const tagOctets = parameters.done ? 12 : parameters.smallInteger("GCMParameters.aes-ICVlen", 12, 16);
  parameters.finish("GCMParameters");
  return { name: "AES-GCM", keyLength: gcm, iv, tagLength: 8 * tagOctets };
}

function readVector(encryption: DerReader, reading: string, length: number): PasswordCipher["iv"] & object {
  const iv = encryption.octetString(reading);
  if (iv.length === length) return iv;
  const state = `its initialisation vector has ${iv.length} octets, ${length} are needed`;
  throw new KeyError("ERR_KEY_INVALID", "private key", state);
}

/** Reads a number of iterations. @throws {KeyError} `ERR_KEY_LIMIT` for more than `most` */
export function readIterations(parameters: DerReader, reading: string, most: number): number {
  const iterations = parameters.smallInteger(reading, 1, LARGEST);
  if (iterations <= most) return iterations;
  const state = `it asks for ${iterations} iterations, at most ${most} are accepted`;
  throw new KeyError("ERR_KEY_LIMIT", "private key", state);
}

function readKeyLength(parameters: DerReader, reading: string): number | undefined {
  return parameters.peek() === TAG.integer ? parameters.smallInteger(reading, 1, 0xffff) : undefined;
}

/** The largest number that is read at all. */
const LARGEST = 0xffff_ffff;

const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";
const SCRYPT = "1.3.6.1.4.1.11591.4.11";
const DES_EDE3_CBC = "1.2.840.113549.3.7";

const PKCS12_CIPHERS: Readonly<Record<string, PasswordCipher>> = {
  "1.2.840.113549.1.12.1.3": { name: "DES-EDE3-CBC", keyLength: 24 },
  "1.2.840.113549.1.12.1.4": { name: "DES-EDE3-CBC", keyLength: 16 },
  "1.2.840.113549.1.12.1.5": { name: "RC2-CBC", keyLength: 16 },
  "1.2.840.113549.1.12.1.6": { name: "RC2-CBC", keyLength: 5 },
};

const AES_CBC: Readonly<Record<string, 16 | 24 | 32>> = {
  "2.16.840.1.101.3.4.1.2": 16,
  "2.16.840.1.101.3.4.1.22": 24,
  "2.16.840.1.101.3.4.1.42": 32,
};

const AES_GCM: Readonly<Record<string, 16 | 24 | 32>> = {
  "2.16.840.1.101.3.4.1.6": 16,
  "2.16.840.1.101.3.4.1.26": 24,
  "2.16.840.1.101.3.4.1.46": 32,
};

/** HMAC with these hashes (RFC 8018 appendix B.1.2). */
const HMACS: Readonly<Record<string, HashName>> = {
  "1.2.840.113549.2.7": "SHA-1",
  "1.2.840.113549.2.8": "SHA-224",
  "1.2.840.113549.2.9": "SHA-256",
  "1.2.840.113549.2.10": "SHA-384",
  "1.2.840.113549.2.11": "SHA-512",
};

/** Names for messages. */
const OTHER_SCHEMES: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.5.3": "pbeWithMD5AndDES-CBC",
  "1.2.840.113549.1.5.6": "pbeWithMD5AndRC2-CBC",
  "1.2.840.113549.1.5.10": "pbeWithSHA1AndDES-CBC",
  "1.2.840.113549.1.5.11": "pbeWithSHA1AndRC2-CBC",
  "1.2.840.113549.1.12.1.1": "pbeWithSHAAnd128BitRC4",
  "1.2.840.113549.1.12.1.2": "pbeWithSHAAnd40BitRC4",
  "1.2.840.113549.3.2": "RC2-CBC",
  "1.3.14.3.2.7": "DES-CBC",
};
