/**
 * What every signer must do, wherever its key is, as lists of what it does wrong: for programs that have no test library.
 * Signatures are checked by `node:crypto`, not by the code that made them. For Node, Deno and Bun.
 *
 * @module
 */

import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { Bytes } from "../../core/bytes/bytes.ts";
import { portableProvider } from "../../core/crypto/portable/mod.ts";
import type { SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { parseSubjectPublicKeyInfo } from "../../core/keys/subject-public-key-info.ts";
import { verifySignature } from "../../core/sign/verify-signature.ts";

/** A signer under test. */
export interface SignerSubject {
  /** The signer. */
  readonly signer: Signer;
  /** SubjectPublicKeyInfo of its key as somebody else says, DER: of its certificate, of the file. Default: not compared. */
  readonly publicKey?: Bytes;
}

/** No octet, one, around the blocks of SHA-256 and SHA-512, and more than fits into one packet or pipe. */
export const MESSAGE_LENGTHS: readonly number[] = [0, 1, 32, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 111, 112, 127]
  .concat([128, 129, 1000, 70_000]);

/** As many as the pool of a runtime and a few more. */
export const CONCURRENT_SIGNATURES = 64;

/** Everything that the signer does wrong. */
export async function signerFaults(subject: SignerSubject): Promise<readonly string[]> {
  const { signer } = subject;
  return [
    ...descriptionFaults(subject),
    ...await lengthFaults(signer, MESSAGE_LENGTHS),
    ...await concurrencyFaults(signer, CONCURRENT_SIGNATURES),
    ...await memoryFaults(signer),
  ];
}

/** What is wrong with `algorithm` and `publicKey`. */
export function descriptionFaults({ signer, publicKey }: SignerSubject): readonly string[] {
  const { algorithm, publicKey: claimed } = signer;
  const key = parseSubjectPublicKeyInfo(claimed);
  const wanted = { rsa: ["rsa-pkcs1", "rsa-pss"], ec: ["ecdsa"], ed25519: ["ed25519"], "ml-dsa": ["ml-dsa"] }[key.type];
  const faults: string[] = [];
  if (!wanted.includes(algorithm.scheme)) faults.push(`a key of the type ${key.type} cannot sign ${algorithm.name}`);
  if (algorithm.scheme === "ml-dsa" && key.type === "ml-dsa" && algorithm.parameterSet !== key.parameterSet) {
    faults.push(`the key is one of ${key.parameterSet}, the algorithm ${algorithm.name}`);
  }
  if (signer.algorithm !== algorithm) faults.push("the algorithm is another record each time");
  if (publicKey !== undefined) {
    const same = claimed.length === publicKey.length && claimed.every((octet, i) => octet === publicKey[i]);
    if (!same) faults.push("publicKey is not the SubjectPublicKeyInfo of the key");
  }
  return faults;
}

/** What is wrong with signatures of messages of these lengths, in octets. */
export async function lengthFaults(signer: Signer, lengths: readonly number[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const length of lengths) {
    const message = testMessage(length);
    const fault = await signatureFault(signer, message, await signer.sign(message));
    if (fault !== undefined) faults.push(`${length} octets: ${fault}`);
  }
  return faults;
}

/** What is wrong with signatures that are made at one time. */
export async function concurrencyFaults(signer: Signer, concurrent: number): Promise<readonly string[]> {
  const messages = Array.from({ length: concurrent }, (_, i) => testMessage(100 + i));
  const signatures = await Promise.all(messages.map(async (message) => await signer.sign(message)));
  const faults = await Promise.all(signatures.map((signature, i) => signatureFault(signer, messages[i]!, signature)));
  return faults.flatMap((fault, i) => fault === undefined ? [] : [`number ${i} at one time: ${fault}`]);
}

/** What is wrong with the memory of messages and signatures. */
export async function memoryFaults(signer: Signer): Promise<readonly string[]> {
  const memory = new Uint8Array(200).fill(0xaa);
  const view = memory.subarray(7, 107);
  view.set(testMessage(100));
  const before = memory.slice();
  const signature = await signer.sign(view);
  const changed = memory.findIndex((octet, i) => octet !== before[i]);
  memory.fill(0);
  const kept = signature.slice();
  await signer.sign(testMessage(5));
  return [
    changed < 0 ? undefined : `octet ${changed} around or of the message has changed`,
    await signatureFault(signer, testMessage(100), kept),
    signature.some((octet, i) => octet !== kept[i]) ? "the next signature overwrites this one" : undefined,
  ].filter((fault) => fault !== undefined);
}

/** What is wrong with a signature; undefined: nothing. */
export async function signatureFault(
  { algorithm, publicKey }: Signer,
  message: Bytes,
  signature: Bytes,
): Promise<string | undefined> {
  if (!(signature instanceof Uint8Array)) return `it is no Uint8Array: ${typeof signature}`;
  if (signature.length === 0) return "it is empty";
  const good = await isSignature(algorithm, publicKey, message, signature);
  return good ? undefined : `${signature.length} octets that are no ${algorithm.name} signature of the message`;
}

/** Whether `node:crypto` takes it, or where it does not know the algorithm, the portable provider. */
async function isSignature(
  algorithm: SignatureAlgorithm,
  spki: Bytes,
  message: Bytes,
  signature: Bytes,
): Promise<boolean> {
  const key = platformKey(spki);
  if (key === undefined) {
    const parsed = parseSubjectPublicKeyInfo(spki);
    return await verifySignature(portableProvider(), algorithm, parsed, message, signature);
  }
  // Deno knows hashes by OpenSSL's names alone.
  const hash = "hash" in algorithm ? algorithm.hash.replace("-", "").toLowerCase() : null;
  if (algorithm.scheme !== "rsa-pss") return verify(hash, message, key, signature);
  const { saltLength } = algorithm;
  return verify(hash, message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, signature);
}

/** The key as `node:crypto` takes it; undefined where it does not verify with such keys. */
export function platformKey(spki: Bytes): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    // Deno's has P-521 with SHA-512 alone.
    return "Deno" in globalThis && key.asymmetricKeyDetails?.namedCurve === "secp521r1" ? undefined : key;
  } catch {
    return undefined;
  }
}

/** Octets that differ from message to message. */
function testMessage(length: number): Bytes {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff);
}
