/**
 * Cryptography of the Bun host: signers of everyday keys and AES-GCM by WebCrypto, which is there when a process starts;
 * everything else by `bunCrypto()`, which is loaded when it is asked for: `node:crypto` alone takes half as long again as
 * Bun's whole start.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { wipe } from "../../core/bytes/wipe.ts";
import { ecdsaSignatureToDer } from "../../core/crypto/ecdsa-signature.ts";
import { lazyProvider } from "../../core/crypto/layered-provider.ts";
import { encodePkcs8 } from "../../core/crypto/pkcs8-encoding.ts";
import type { PrivateKey } from "../../core/crypto/private-key.ts";
import type { Cipher, CryptoProvider } from "../../core/crypto/provider.ts";
import type { PublicKey } from "../../core/crypto/public-key.ts";
import type { SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { ecPublicKey, rsaPublicKey } from "../../core/crypto/spki-encoding.ts";

/** Makes the Bun host's provider. */
export function hostCrypto(): CryptoProvider {
  const load = async () => (await import("./crypto.ts")).bunCrypto();
  const complete = lazyProvider("node:crypto", load);
  return {
    ...complete,
    importPrivateKey: async (key, algorithm) =>
      await everydaySigner(key, algorithm) ?? await complete.importPrivateKey(key, algorithm),
    importPlatformKey: async (key, publicKey, algorithm) =>
      (await load()).importPlatformKey!(key, publicKey, algorithm),
    decipher: async (cipher, key, data) =>
      await everydayDecipher(cipher, key, data) ?? await complete.decipher(cipher, key, data),
    seal: async (key, iv, plaintext, additionalData) => {
      const handle = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
      const parameters = { name: "AES-GCM", iv, ...(additionalData === undefined ? {} : { additionalData }) };
      return new Uint8Array(await crypto.subtle.encrypt(parameters, handle, plaintext));
    },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
}

/** The parameters of an everyday key, and its public half as the file has it. */
function everydayKey(
  key: PrivateKey,
  { sigv4 }: SignatureAlgorithm,
): { readonly parameters: EcKeyImportParams | RsaHashedImportParams; readonly publicKey: PublicKey } | undefined {
  if (key.type === "ec" && key.point !== undefined && sigv4 === "AWS4-X509-ECDSA-SHA256") {
    const { curve, point } = key;
    return { parameters: { name: "ECDSA", namedCurve: curve }, publicKey: ecPublicKey({ curve, point }) };
  }
  if (key.type === "rsa" && key.exponent.join() === "1,0,1" && sigv4 === "AWS4-X509-RSA-SHA256") {
    if (key.modulus.length < 256 || key.modulus.length > 512) return undefined;
    return { parameters: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, publicKey: rsaPublicKey(key) };
  }
  return undefined;
}

/**
 * A signer of an RSA key from 2048 to 4096 bits with the exponent 65537, or of an elliptic-curve key whose file brought
 * its point, with the service's algorithm; undefined for everything else, keys that fail their proof included: the
 * complete provider finds out what is wrong.
 *
 * Secret: the key, which is copied once; the copy is wiped.
 */
async function everydaySigner(key: PrivateKey, algorithm: SignatureAlgorithm): Promise<Signer | undefined> {
  try {
    const parts = everydayKey(key, algorithm);
    if (parts === undefined) return undefined;
    const { parameters, publicKey } = parts;
    const { subtle } = crypto;
    const pkcs8 = encodePkcs8(key);
    const use = key.type === "ec" ? { name: "ECDSA", hash: "SHA-256" } : { name: "RSASSA-PKCS1-v1_5" };
    // The public half is the file's claim. Bun's BoringSSL compares it with what it computes of the private one, and of
    // an RSA key every component with the others: a signature and its verification would show no more.
    const handle = await subtle.importKey("pkcs8", pkcs8, parameters, false, ["sign"]).finally(() => wipe(pkcs8));
    return {
      algorithm,
      publicKey: publicKey.spki,
      sign: async (message) => {
        const signature = new Uint8Array(await subtle.sign(use, handle, message));
        return key.type === "ec" ? ecdsaSignatureToDer(signature) : signature;
      },
    };
  } catch {
    return undefined; // The complete provider fails as well, and says why.
  }
}

/** Opens what is sealed as `seal` does it; undefined for everything else, what is damaged included. */
async function everydayDecipher(cipher: Cipher, key: Bytes, data: Bytes): Promise<Bytes | undefined> {
  if (cipher.name !== "AES-GCM" || cipher.tagLength !== undefined || cipher.iv.length !== 12) return undefined;
  const { iv, additionalData } = cipher;
  const parameters = { name: "AES-GCM", iv, ...(additionalData === undefined ? {} : { additionalData }) };
  try {
    const handle = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
    return new Uint8Array(await crypto.subtle.decrypt(parameters, handle, data));
  } catch {
    return undefined; // The complete provider fails as well, and says why.
  }
}
