/**
 * The public area of objects: TPMT_PUBLIC (TPM 2.0 Library, Part 2 §12.2), of the asymmetric kinds.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { CURVE_OCTETS, type EcPublicKey, type NamedCurve, type RsaPublicKey } from "../../core/crypto/public-key.ts";
import type { HashName } from "../../core/crypto/signature-algorithm.ts";
import { ecPublicKey, rsaPublicKey } from "../../core/crypto/spki-encoding.ts";
import { sized, type TpmReader, uint16, uint32 } from "./marshal.ts";
import { digestOf } from "./session-cryptography.ts";
import { ALGORITHM, ATTRIBUTE, CURVES, hashAlgorithm, hashName } from "./tpm-constants.ts";

/** The signature scheme that a key is bound to; `hash` where the scheme has one. */
export interface KeyScheme {
  /** TPM_ALG of the scheme. */
  readonly algorithm: number;
  /** TPM_ALG of its hash; 0: it has none. */
  readonly hash: number;
}

/** A key's public area. */
export interface PublicArea {
  /** TPMT_PUBLIC, as it was received. */
  readonly octets: Bytes;
  /** The object's name (Part 1 §16): the number of the hash, and the hash of the public area. */
  readonly name: Bytes;
  /** The hash of the name. */
  readonly nameHash: HashName;
  /** TPMA_OBJECT. */
  readonly attributes: number;
  /** Digest of the policy; empty: none. */
  readonly authPolicy: Bytes;
  /** The scheme that the key is bound to; undefined: any. */
  readonly scheme: KeyScheme | undefined;
  /** The key. */
  readonly key: RsaPublicKey | EcPublicKey;
}

/** What a new key shall be. */
export interface PublicTemplate {
  /** What kind of key. */
  readonly type: { readonly type: "rsa"; readonly bits: number } | { readonly type: "ec"; readonly curve: NamedCurve };
  /** TPMA_OBJECT. */
  readonly attributes: number;
  /** Whether it is a storage key, which protects its children with AES-128 in CFB mode; default false. */
  readonly storage?: boolean;
  /** Digest of the policy; default none. */
  readonly authPolicy?: Bytes;
}

/**
 * Reads a TPM2B_PUBLIC, to the last octet.
 *
 * @throws {TpmError} `ERR_TPM_RESPONSE` or `ERR_TPM_KEY_FILE`, by the reader's origin, when it is none;
 * `ERR_TPM_KEY_UNSUPPORTED` when it is no RSA key, or no key on P-256, P-384 or P-521
 */
export function readPublicArea(reader: TpmReader): PublicArea {
  const area: TpmReader = reader.open("TPM2B_PUBLIC");
  const start = area.position;
  const type = area.uint16("TPMT_PUBLIC.type");
  const nameAlgorithm = area.uint16("TPMT_PUBLIC.nameAlg");
  const attributes = area.uint32("TPMT_PUBLIC.objectAttributes");
  const authPolicy = area.sized("TPMT_PUBLIC.authPolicy", 64);
  if (type !== ALGORITHM.rsa && type !== ALGORITHM.ecc) {
    area.fail(
      "TPMT_PUBLIC.type",
      `the object is no RSA or elliptic-curve key but ${named(type)}`,
      "ERR_TPM_KEY_UNSUPPORTED",
    );
  }
  const nameHash = hashName(nameAlgorithm);
  if (nameHash === undefined) {
    area.fail("TPMT_PUBLIC.nameAlg", `the hash is ${named(nameAlgorithm)}`, "ERR_TPM_KEY_UNSUPPORTED");
  }
  if (area.uint16("TPMT_SYM_DEF_OBJECT.algorithm") !== ALGORITHM.null) {
    area.uint16("TPMT_SYM_DEF_OBJECT.keyBits");
    area.uint16("TPMT_SYM_DEF_OBJECT.mode");
  }
  const scheme = readScheme(area);
  const key = type === ALGORITHM.rsa ? readRsaKey(area) : readEcKey(area);
  area.finish("TPM2B_PUBLIC");
  area.position = start;
  const octets = area.rest();
  const name = concatBytes([uint16(nameAlgorithm), digestOf(nameHash, octets)]);
  return { octets, name, nameHash, attributes, authPolicy, scheme, key };
}

/** Writes the public area that a key is made of: TPM2B_PUBLIC. */
export function encodeTemplate(template: PublicTemplate): Bytes {
  const { type, attributes, storage = false, authPolicy = new Uint8Array(0) } = template;
  return sized(
    uint16(type.type === "rsa" ? ALGORITHM.rsa : ALGORITHM.ecc),
    uint16(ALGORITHM.sha256),
    uint32(attributes),
    sized(authPolicy),
    ...(storage ? [uint16(ALGORITHM.aes), uint16(128), uint16(ALGORITHM.cfb)] : [uint16(ALGORITHM.null)]),
    uint16(ALGORITHM.null),
    ...(type.type === "rsa"
      // The exponent 0 stands for 65537.
      ? [uint16(type.bits), uint32(0), uint16(0)]
      : [uint16(CURVES[type.curve]), uint16(ALGORITHM.null), uint16(0), uint16(0)]),
  );
}

/** Whether the key can sign messages of others: it has the attribute sign, and is not restricted. */
export function isSigningKey(area: PublicArea): boolean {
  return (area.attributes & (ATTRIBUTE.sign | ATTRIBUTE.restricted)) === ATTRIBUTE.sign;
}

/** Whether the key protects children, and with them salts: it has the attributes restricted and decrypt. */
export function isStorageKey(area: PublicArea): boolean {
  const needed = ATTRIBUTE.restricted | ATTRIBUTE.decrypt;
  return (area.attributes & (needed | ATTRIBUTE.sign)) === needed;
}

/** TPMT_RSA_SCHEME or TPMT_ECC_SCHEME (Part 2 §11.2). */
function readScheme(area: TpmReader): KeyScheme | undefined {
  const algorithm = area.uint16("scheme");
  if (algorithm === ALGORITHM.null) return undefined;
  if (algorithm === ALGORITHM.rsaEs) return { algorithm, hash: 0 };
  const hash = area.uint16("scheme.hashAlg");
  if (algorithm === ALGORITHM.ecDaa) area.uint16("scheme.count");
  return { algorithm, hash };
}

function readRsaKey(area: TpmReader): RsaPublicKey {
  const bits = area.uint16("TPMS_RSA_PARMS.keyBits");
  const exponent = area.uint32("TPMS_RSA_PARMS.exponent");
  const modulus = area.sized("TPM2B_PUBLIC_KEY_RSA");
  if (modulus.length * 8 !== bits || modulus[0]! < 0x80) {
    area.fail("TPM2B_PUBLIC_KEY_RSA", `the modulus does not have ${bits} bits`);
  }
  return rsaPublicKey({ modulus, exponent: uint32(exponent === 0 ? 65537 : exponent) });
}

function readEcKey(area: TpmReader): EcPublicKey {
  const number = area.uint16("TPMS_ECC_PARMS.curveID");
  const curve = (Object.keys(CURVES) as NamedCurve[]).find((name) => CURVES[name] === number);
  if (curve === undefined) {
    area.fail("TPMS_ECC_PARMS.curveID", `curve ${number} is not supported`, "ERR_TPM_KEY_UNSUPPORTED");
  }
  if (area.uint16("TPMT_KDF_SCHEME.scheme") !== ALGORITHM.null) area.uint16("TPMT_KDF_SCHEME.hashAlg");
  const length = CURVE_OCTETS[curve];
  const point = new Uint8Array(1 + 2 * length);
  point[0] = 4;
  // Some TPMs leave out leading zeros.
  const x = area.sized("TPMS_ECC_POINT.x", length);
  point.set(x, 1 + length - x.length);
  const y = area.sized("TPMS_ECC_POINT.y", length);
  point.set(y, 1 + 2 * length - y.length);
  return ecPublicKey({ curve, point });
}

function named(algorithm: number): string {
  const name = Object.entries(ALGORITHM).find(([, number]) => number === algorithm)?.[0];
  return name === undefined ? `algorithm 0x${algorithm.toString(16)}` : `${name} (0x${algorithm.toString(16)})`;
}

/** TPM_ALG of the hash of names and digests, for what is written. */
export function nameAlgorithm(area: PublicArea): number {
  return hashAlgorithm(area.nameHash)!;
}
