/**
 * Makes vectors.ts with `node:crypto`: what the portable provider must reproduce or accept. Run it with a current
 * Node: `node test/vectors/portable/make.mjs`. Every run makes other keys.
 */

import * as crypto from "node:crypto";
import { writeFileSync } from "node:fs";

const message = Buffer.from("anyrole", "utf8");
const hex = (base64url) => Buffer.from(base64url, "base64url").toString("hex");

function rsa(bits, publicExponent = 0x10001) {
  const { privateKey } = crypto.generateKeyPairSync("rsa", { modulusLength: bits, publicExponent });
  const jwk = privateKey.export({ format: "jwk" });
  const components = {
    modulus: hex(jwk.n),
    exponent: hex(jwk.e),
    privateExponent: hex(jwk.d),
    prime1: hex(jwk.p),
    prime2: hex(jwk.q),
    exponent1: hex(jwk.dp),
    exponent2: hex(jwk.dq),
    coefficient: hex(jwk.qi),
  };
  return { privateKey, components };
}

function pkcs1(key) {
  const hashes = ["SHA-224", "SHA-256", "SHA-384", "SHA-512"];
  return Object.fromEntries(
    hashes.map((hash) => [hash, crypto.sign(hash.replace("-", ""), message, key).toString("hex")]),
  );
}

function pss(key, saltLength) {
  const padding = crypto.constants.RSA_PKCS1_PSS_PADDING;
  return crypto.sign("SHA256", message, { key, padding, saltLength }).toString("hex");
}

function ec(namedCurve, hash) {
  const { privateKey } = crypto.generateKeyPairSync("ec", { namedCurve });
  const { x, y, d } = privateKey.export({ format: "jwk" });
  const signature = crypto.sign(hash.replace("-", ""), message, privateKey).toString("hex");
  return { curve: namedCurve, hash, scalar: hex(d), point: `04${hex(x)}${hex(y)}`, signature };
}

const common = rsa(2048);
const odd = rsa(1025);
const large = rsa(2048, 0xfffffffb);
const edwards = crypto.generateKeyPairSync("ed25519");
const key = Buffer.alloc(32, 7);
const iv = Buffer.alloc(16, 9);
const cbc = crypto.createCipheriv("aes-256-cbc", key, iv);
const gcm = crypto.createCipheriv("aes-256-gcm", key, iv.subarray(0, 12));
gcm.setAAD(Buffer.from("associated"));

const vectors = {
  /** RSA with 2,048 bits and the exponent 65,537. */
  rsa: { ...common.components, pkcs1: pkcs1(common.privateKey), pss: pss(common.privateKey, 32) },
  /** RSA with 1,025 bits: the encoded message of PSS is one octet shorter than the modulus. */
  oddRsa: { ...odd.components, pss: pss(odd.privateKey, 20) },
  /** RSA with an exponent of 32 bits. */
  largeExponent: { ...large.components, pkcs1: pkcs1(large.privateKey)["SHA-256"] },
  ec: [ec("P-256", "SHA-256"), ec("P-256", "SHA-512"), ec("P-384", "SHA-512"), ec("P-521", "SHA-256")],
  ed25519: {
    key: hex(edwards.publicKey.export({ format: "jwk" }).x),
    signature: crypto.sign(null, message, edwards.privateKey).toString("hex"),
  },
  pbkdf2: Object.fromEntries(
    ["SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"].map((hash) => [
      hash,
      crypto.pbkdf2Sync("password", "saltsalt", 100, 70, hash.replace("-", "")).toString("hex"),
    ]),
  ),
  scrypt: crypto.scryptSync("password", "saltsalt", 40, { N: 64, r: 4, p: 2 }).toString("hex"),
  digest: Object.fromEntries(
    ["SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"].map((hash) => [
      hash,
      crypto.createHash(hash.replace("-", "")).update(message).digest("hex"),
    ]),
  ),
  /** Key 07 × 32, IV 09 × 16. */
  aesCbc: Buffer.concat([cbc.update(message), cbc.final()]).toString("hex"),
  /** Key 07 × 32, IV 09 × 12, associated data "associated". */
  aesGcm: Buffer.concat([gcm.update(message), gcm.final(), gcm.getAuthTag()]).toString("hex"),
};

writeFileSync(
  new URL("vectors.ts", import.meta.url),
  `/**\n * What \`node:crypto\` makes of the message "anyrole"; written by make.mjs.\n *\n * @module\n */\n\n` +
    `// deno-fmt-ignore-file\n/** The vectors; hexadecimal, unsigned big-endian. */\n` +
    `export const VECTORS = ${JSON.stringify(vectors, null, 2)} as const;\n`,
);
