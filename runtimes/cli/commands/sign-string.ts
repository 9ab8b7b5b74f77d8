/**
 * `sign-string`: signs a fixed text, which proves that the private key works.
 *
 * @module
 */

import { concatBytes } from "../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import {
  ECDSA_SHA256,
  ECDSA_SHA384,
  ECDSA_SHA512,
  mlDsaAlgorithm,
  RSA_PKCS1_SHA256,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
} from "../../../core/crypto/signature-algorithm.ts";
import type { PrivateKey } from "../../../core/crypto/private-key.ts";
import type { PublicKey } from "../../../core/crypto/public-key.ts";
import type { Signer } from "../../../core/crypto/signer.ts";
import { openSequence } from "../../../core/der/reader.ts";
import type { Host } from "../../host.ts";
import { readKeyFile } from "../../shared/key-file.ts";
import type { CommandCode } from "../commands.ts";
import { SIGN_STRING_EXCLUSIONS, SIGN_STRING_FLAGS } from "../flag-tables.ts";
import type { FlagValues } from "../flags.ts";
import { identityDirectory, isRemoteKey, keyFile, keyPassword, namesDevice } from "../identity-flags.ts";

const DIGESTS = {
  SHA256: { rsa: RSA_PKCS1_SHA256, ec: ECDSA_SHA256 },
  SHA384: { rsa: RSA_PKCS1_SHA384, ec: ECDSA_SHA384 },
  SHA512: { rsa: RSA_PKCS1_SHA512, ec: ECDSA_SHA512 },
} as const;

/** The command. */
export const SIGN_STRING: CommandCode = {
  description: "Signs a fixed text with the private key and prints the signature.",
  flags: SIGN_STRING_FLAGS,
  exclusive: SIGN_STRING_EXCLUSIONS,
  execute: signString,
};

/**
 * Signs `AWS Roles Anywhere Credential Helper Signing Test`, `1` and, for RSA and EC keys, the SHA-256 of `IAM RA` and
 * the subjectPublicKey; prints the signature. Unlike the original it needs no certificate.
 *
 * Secret: the private key; only the signature is printed.
 */
async function signString(host: Host, values: FlagValues): Promise<number> {
  const { signer, close } = await openSigner(host, values);
  try {
    await printSignature(host, values, signer);
  } finally {
    await close();
  }
  return 0;
}

interface OpenSigner {
  readonly signer: Signer;
  readonly close: () => Promise<void>;
}

/** Secret: the key goes to the platform, or stays in its device. */
async function openSigner(host: Host, values: FlagValues): Promise<OpenSigner> {
  const directory = identityDirectory(values);
  if (namesDevice(values)) return await openDevice(host, values);
  let key: PrivateKey;
  if (directory === undefined) {
    const path = keyFile(host, values);
    try {
      key = await readKeyFile(host, path, keyPassword(values));
    } catch (error) {
      const { isTpmKeyFile } = await import("../tpm-key-file.ts");
      if (isTpmKeyFile(host, path)) return await openDevice(host, values);
      throw error;
    }
  } else {
    const { chooseFromDirectory } = await import("../../shared/identity-directory.ts");
    key = (await chooseFromDirectory(host, directory)).key;
  }
  const signer = await host.crypto().importPrivateKey(key, algorithmOf(key, values));
  return { signer, close: () => Promise.resolve() };
}

async function openDevice(host: Host, values: FlagValues): Promise<OpenSigner> {
  const { deviceSigner } = await import("../device-signer.ts");
  const certificate = values.text("certificate");
  const onToken = certificate?.startsWith("pkcs11:");
  return await deviceSigner(host, values, {
    key: values.text("private-key") ?? (onToken ? undefined : certificate),
    // The key alone is asked for: a certificate in a file proves nothing of it.
    // One that somebody else holds is known by it.
    certificate: onToken || isRemoteKey(values.text("private-key") ?? "") ? certificate : undefined,
    algorithm: (key) => algorithmOf(key as Exclude<PublicKey, { type: "ed25519" }>, values),
  });
}

function algorithmOf(key: PrivateKey | Exclude<PublicKey, { type: "ed25519" }>, values: FlagValues) {
  const digest = DIGESTS[values.text("digest") as keyof typeof DIGESTS];
  return key.type === "ml-dsa" ? mlDsaAlgorithm(key.parameterSet) : digest[key.type];
}

async function printSignature(host: Host, values: FlagValues, signer: Signer): Promise<void> {
  const { algorithm } = signer;
  const parts = [encodeUtf8("AWS Roles Anywhere Credential Helper Signing Test1")];
  if (algorithm.scheme !== "ml-dsa") {
    const spki = openSequence(signer.publicKey, "SubjectPublicKeyInfo");
    spki.skip("algorithm");
    const publicKey = spki.octetAlignedBitString("subjectPublicKey");
    parts.push(host.sha256.digest(concatBytes([encodeUtf8("IAM RA"), publicKey])));
  }
  const signature = await signer.sign(concatBytes(parts));
  const format = values.text("format");
  const hex = encodeHex(signature);
  if (values.boolean("json")) {
    return await host.writeOutput(JSON.stringify({ signature: hex, algorithm: algorithm.name }) + "\n");
  }
  await host.writeOutput(format === "bin" ? signature : format === "text" ? hex : JSON.stringify(hex));
}
