/**
 * Cryptography of the Node host: a signer of an everyday key and AES-GCM at once, everything else by `nodeCrypto()`, which is loaded
 * when it is asked for. A `credential-process` signs once and ends; the rest would cost each of them its loading.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  type JsonWebKey,
  pbkdf2,
  randomFillSync,
  scrypt,
  sign,
  verify,
} from "node:crypto";

import type { Bytes } from "../../core/bytes/bytes.ts";
import { lazyProvider } from "../../core/crypto/layered-provider.ts";
import type { PrivateKey } from "../../core/crypto/private-key.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { CURVE_OCTETS, type PublicKey } from "../../core/crypto/public-key.ts";
import type { SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { ecPublicKey, rsaPublicKey } from "../../core/crypto/spki-encoding.ts";
import { nodeCiphers } from "../shared/node-api/ciphers.ts";
import type { NodeCrypto } from "../shared/node-api/node-crypto.ts";

/** Makes the Node host's provider. */
export function hostCrypto(): CryptoProvider {
  const load = async () => (await import("./crypto.ts")).nodeCrypto();
  const complete = lazyProvider("node:crypto", load);
  const ciphers = nodeCiphers({ createCipheriv, createDecipheriv, pbkdf2, scrypt } as unknown as NodeCrypto);
  return {
    ...complete,
    importPrivateKey: (key, algorithm) => everydaySigner(key, algorithm) ?? complete.importPrivateKey(key, algorithm),
    importPlatformKey: async (key, publicKey, algorithm) =>
      (await load()).importPlatformKey!(key, publicKey, algorithm),
    decipher: (cipher, key, data) => {
      const everyday = cipher.name === "AES-GCM" && cipher.tagLength === undefined && cipher.iv.length === 12;
      return (everyday ? ciphers : complete).decipher(cipher, key, data);
    },
    seal: ciphers.seal,
    random: (length) => randomFillSync(new Uint8Array(length)),
  };
}

/**
 * A signer of an RSA key from 2048 to 4096 bits with the exponent 65537, or of an elliptic-curve key whose file brought
 * its point, with the service's algorithm; undefined for everything else, keys that fail their proof included: the
 * complete provider finds out what is wrong.
 *
 * Secret: the components travel as a JSON Web Key, the one form that OpenSSL takes without its decoders, which take
 * longer than all the rest. Best effort: its texts are left to the garbage collector.
 */
function everydaySigner(key: PrivateKey, algorithm: SignatureAlgorithm): Signer | undefined {
  try {
    const parts = everydayKey(key, algorithm);
    if (parts === undefined) return undefined;
    const handle = createPrivateKey({ key: parts.jwk, format: "jwk" });
    // The public half is the file's claim: only a signature shows that both belong together.
    if (!verify("sha256", PROOF, handle, sign("sha256", PROOF, handle))) return undefined;
    const { spki } = parts.publicKey;
    return { algorithm, publicKey: spki, sign: (message) => new Uint8Array(sign("sha256", message, handle)) };
  } catch {
    return undefined; // The complete provider fails as well, and says why.
  }
}

/** Secret: `jwk`. */
function everydayKey(
  key: PrivateKey,
  { sigv4 }: SignatureAlgorithm,
): { readonly jwk: JsonWebKey; readonly publicKey: PublicKey } | undefined {
  if (key.type === "ec" && key.point !== undefined && sigv4 === "AWS4-X509-ECDSA-SHA256") {
    const { curve, scalar, point } = key;
    const octets = CURVE_OCTETS[curve];
    const x = base64Url(point.subarray(1, 1 + octets));
    const y = base64Url(point.subarray(1 + octets));
    return { jwk: { kty: "EC", crv: curve, x, y, d: base64Url(scalar) }, publicKey: ecPublicKey({ curve, point }) };
  }
  if (key.type === "rsa" && key.exponent.join() === "1,0,1" && sigv4 === "AWS4-X509-RSA-SHA256") {
    const { modulus, exponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = key;
    if (modulus.length < 256 || modulus.length > 512) return undefined;
    return {
      jwk: {
        kty: "RSA",
        n: base64Url(modulus),
        e: base64Url(exponent),
        d: base64Url(privateExponent),
        p: base64Url(prime1),
        q: base64Url(prime2),
        dp: base64Url(exponent1),
        dq: base64Url(exponent2),
        qi: base64Url(coefficient),
      },
      publicKey: rsaPublicKey(key),
    };
  }
  return undefined;
}

function base64Url(octets: Bytes): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString("base64url");
}

/** What is signed to prove a key. */
const PROOF: Bytes = /* @__PURE__ */ Uint8Array.of(0x61, 0x6e, 0x79, 0x72, 0x6f, 0x6c, 0x65);
