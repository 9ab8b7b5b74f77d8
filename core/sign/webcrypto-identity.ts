/**
 * The shortest way from a certificate and its unencrypted private key to signed requests: WebCrypto reads the key, and
 * of the certificate only what a request says about it is read.
 *
 * `createIdentity` does more: it puts chains in order, reads every form of key and works with any provider. This module
 * reaches neither the readers of certificates and keys nor a provider, for programs whose size counts.
 *
 * @module
 */

import { decodeBase64 } from "../bytes/base64.ts";
import type { Bytes } from "../bytes/bytes.ts";
import { encodeHex } from "../bytes/hex.ts";
import { decodeLatin1 } from "../bytes/text.ts";
import { wipe } from "../bytes/wipe.ts";
import { CryptoError } from "../crypto/crypto-error.ts";
import {
  ECDSA_SHA256,
  ML_DSA_44,
  ML_DSA_65,
  ML_DSA_87,
  RSA_PKCS1_SHA256,
  type SignatureAlgorithm,
} from "../crypto/signature-algorithm.ts";
import type { Signer } from "../crypto/signer.ts";
import { globalCrypto, importParameters, operationParameters, type WebCrypto } from "../crypto/web-crypto.ts";
import { platformSigner } from "../crypto/webcrypto-signer.ts";
import { DerCursor } from "../der/cursor.ts";
import { decimalInteger } from "../der/integer.ts";
import { INTEGER, OCTET_STRING, SEQUENCE } from "../der/tag.ts";
import { derElement } from "../der/writer.ts";
import { PemError } from "../pem/pem-error.ts";

/** What a signed request says about its certificate, and who signs: all that the SigV4-X509 scheme asks for. */
export interface SigningIdentity {
  /** The end-entity certificate. */
  readonly certificate: {
    /** The certificate, DER. */
    readonly der: Bytes;
    /** Its serial number in decimal. */
    readonly serialNumberDecimal: string;
  };
  /** Intermediate certificates in the order of the input. */
  readonly chain: readonly {
    /** The certificate, DER. */
    readonly der: Bytes;
  }[];
  /** Signs with the certificate's key. */
  readonly signer: Signer;
}

/**
 * Makes an identity whose key lives in WebCrypto, not extractable, and proves by one signature that the key is the
 * certificate's.
 *
 * Of a certificate file the first certificate is the identity's and the others are the chain, as they stand: no root
 * among them, the issuer first. A key is PKCS#8, PKCS#1 or SEC1, of RSA, P-256, P-384, P-521 or ML-DSA.
 *
 * Secret: the private key; copies made here are overwritten.
 *
 * @param certificate PEM, or one certificate in DER
 * @param privateKey PEM or DER, not encrypted
 * @param crypto the WebCrypto to use, default the global `crypto`
 * @throws {PemError} when there is no such block, or it is damaged
 * @throws {DerError} when certificate or key is not DER
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY` when the key is encrypted, damaged, or not the certificate's;
 * `ERR_CRYPTO_UNSUPPORTED` when WebCrypto lacks the algorithm
 */
export async function webCryptoIdentity(
  certificate: string | Bytes,
  privateKey: string | Bytes,
  crypto: WebCrypto | undefined = globalCrypto(),
): Promise<SigningIdentity> {
  if (crypto === undefined) throw new TypeError(`"crypto" is missing: this runtime has no WebCrypto`);
  const { subtle } = crypto;
  const [leaf, ...chain] = blocksOf(certificate, "CERTIFICATE");
  const [serialNumber, spki, algorithmDer] = readLeaf(leaf!);
  const [algorithm, curve = ""] = ALGORITHMS[encodeHex(algorithmDer)] ?? [];
  if (algorithm === undefined) throw refused("ERR_CRYPTO_UNSUPPORTED", "its certificate has a key of another kind");
  const pkcs8 = pkcs8Of(blocksOf(privateKey, "PRIVATE KEY")[0]!, algorithmDer);
  const importing = importParameters({ type: "", curve }, algorithm);
  const signing = operationParameters(algorithm);
  try {
    const key = await subtle.importKey("pkcs8", pkcs8, importing, false, ["sign"]);
    const publicKey = await subtle.importKey("spki", spki, importing, false, ["verify"]);
    const signature = new Uint8Array(await subtle.sign(signing, key, spki));
    if (!await subtle.verify(signing, publicKey, signature, spki)) throw undefined;
    return {
      certificate: { der: leaf!, serialNumberDecimal: decimalInteger(serialNumber) },
      chain: chain.map((der) => ({ der })),
      signer: platformSigner(subtle, key, spki, algorithm),
    };
  } catch (cause) {
    throw (cause as Error | undefined)?.name === "NotSupportedError"
      ? refused("ERR_CRYPTO_UNSUPPORTED", `WebCrypto has no ${algorithm.name}`, cause)
      : refused("ERR_CRYPTO_INVALID_KEY", "it is damaged, or not the certificate's", cause);
  } finally {
    wipe(pkcs8);
  }
}

/** The octets of the PEM blocks (RFC 7468 §3) whose label ends so, at least one; or the DER that the input is. */
function blocksOf(input: string | Bytes, label: string): Bytes[] {
  if (typeof input !== "string") {
    if (input[0] === SEQUENCE && (input[1]! >= 0x80 || input[1]! + 2 === input.length)) return [input.slice()];
    input = decodeLatin1(input);
  }
  const blocks: Bytes[] = [];
  // Encrypted keys with header fields (RFC 1421) are no such blocks: "DEK-Info" has a dash.
  for (const [, name, body] of input.matchAll(/-----BEGIN ([^-]*)-----([^-]*)-----END \1-----/g)) {
    if (!name!.endsWith(label)) continue;
    const octets = decodeBase64(body!.replace(/\s+/g, ""));
    if (octets === undefined) throw new PemError("ERR_PEM_MALFORMED", 0, `the ${name} is not base64`, name);
    blocks.push(octets);
  }
  if (blocks.length === 0) throw new PemError("ERR_PEM_MISSING", 0, `there is no ${label} that is not encrypted`);
  return blocks;
}

/** The fields of a certificate (RFC 5280 §4.1) that signing needs. */
function readLeaf(der: Bytes): readonly [serialNumber: Bytes, spki: Bytes, algorithmDer: Bytes] {
  const fields = enter(enter(new DerCursor(der), "Certificate"), "tbsCertificate");
  if (fields.peek() !== INTEGER) fields.next(-1, "version");
  const serialNumber = der.subarray(fields.next(INTEGER, "serialNumber"), fields.position);
  for (const field of ["signature", "issuer", "validity", "subject"]) fields.next(SEQUENCE, field);
  const spkiAt = fields.position;
  const key = enter(fields, "subjectPublicKeyInfo");
  const algorithmAt = key.position;
  key.next(SEQUENCE, "algorithm");
  return [serialNumber, der.subarray(spkiAt, fields.position), der.subarray(algorithmAt, key.position)];
}

/**
 * PKCS#8 octets of a key (RFC 5958 §2): as they are, or around PKCS#1 (RFC 8017 §A.1.2) or SEC1 (RFC 5915 §3), which
 * have no SEQUENCE behind their version, with the AlgorithmIdentifier of the certificate.
 */
function pkcs8Of(der: Bytes, algorithmDer: Bytes): Bytes {
  const fields = enter(new DerCursor(der), "private key");
  if (fields.peek() !== INTEGER) {
    throw refused("ERR_CRYPTO_INVALID_KEY", "it is encrypted; use loadSoftwareSigner()");
  }
  fields.next(INTEGER, "version");
  if (fields.peek() === SEQUENCE) return der;
  const wrapped = derElement(
    SEQUENCE,
    derElement(INTEGER, Uint8Array.of(0)),
    algorithmDer,
    derElement(OCTET_STRING, der),
  );
  wipe(der);
  return wrapped;
}

/** A cursor over the contents of the next element, a SEQUENCE. */
function enter(outer: DerCursor, reading: string): DerCursor {
  const start = outer.next(SEQUENCE, reading);
  return new DerCursor(outer.octets, start, outer.position);
}

function refused(
  code: "ERR_CRYPTO_INVALID_KEY" | "ERR_CRYPTO_UNSUPPORTED",
  state: string,
  cause?: unknown,
): CryptoError {
  return new CryptoError(code, "private key import", `Cannot use private key: ${state}`, { cause });
}

/** AlgorithmIdentifiers of keys (RFC 3279 §2.3.1, RFC 5480 §2.1.1, RFC 9881 §2): what they sign with, and the curve. */
const ALGORITHMS: Readonly<Record<string, readonly [algorithm: SignatureAlgorithm, curve?: string]>> = {
  "300d06092a864886f70d0101010500": [RSA_PKCS1_SHA256],
  "301306072a8648ce3d020106082a8648ce3d030107": [ECDSA_SHA256, "P-256"],
  "301006072a8648ce3d020106052b81040022": [ECDSA_SHA256, "P-384"],
  "301006072a8648ce3d020106052b81040023": [ECDSA_SHA256, "P-521"],
  "300b0609608648016503040311": [ML_DSA_44],
  "300b0609608648016503040312": [ML_DSA_65],
  "300b0609608648016503040313": [ML_DSA_87],
};
