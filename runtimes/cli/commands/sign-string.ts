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
import { openSequence } from "../../../core/der/reader.ts";
import type { Host } from "../../host.ts";
import { readKeyFile } from "../../shared/key-file.ts";
import type { CommandCode } from "../commands.ts";
import { SIGN_STRING_EXCLUSIONS, SIGN_STRING_FLAGS } from "../flag-tables.ts";
import type { FlagValues } from "../flags.ts";
import { identityDirectory, keyFile, keyPassword } from "../identity-flags.ts";

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
  const directory = identityDirectory(values);
  const key = directory === undefined
    ? await readKeyFile(host, keyFile(host, values), keyPassword(values))
    : (await (await import("../../shared/identity-directory.ts")).chooseFromDirectory(host, directory)).key;
  const digest = DIGESTS[values.text("digest") as keyof typeof DIGESTS];
  const algorithm = key.type === "ml-dsa" ? mlDsaAlgorithm(key.parameterSet) : digest[key.type];
  const signer = await host.crypto().importPrivateKey(key, algorithm);
  const parts = [encodeUtf8("AWS Roles Anywhere Credential Helper Signing Test1")];
  if (key.type !== "ml-dsa") {
    const spki = openSequence(signer.publicKey, "SubjectPublicKeyInfo");
    spki.skip("algorithm");
    const publicKey = spki.octetAlignedBitString("subjectPublicKey");
    parts.push(host.sha256.digest(concatBytes([encodeUtf8("IAM RA"), publicKey])));
  }
  const signature = await signer.sign(concatBytes(parts));
  const format = values.text("format");
  const hex = encodeHex(signature);
  if (values.boolean("json")) {
    await host.writeOutput(JSON.stringify({ signature: hex, algorithm: algorithm.name }) + "\n");
    return 0;
  }
  await host.writeOutput(format === "bin" ? signature : format === "text" ? hex : JSON.stringify(hex));
  return 0;
}
