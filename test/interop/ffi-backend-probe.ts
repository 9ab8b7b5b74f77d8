/**
 * What one FFI backend does with a real PKCS#11 module, in whichever runtime this runs: makes keys on the token, signs
 * with them, and prints what came of it as one line of JSON, for a Node to verify.
 *
 *     <backend> <module> <folder with text.so> <PIN>
 *
 * @module
 */

import process from "node:process";
import { encodeHex } from "../../core/bytes/hex.ts";
import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import { type ForeignBackend, foreignFunctions } from "../../hsm-bridge/ffi/available-functions.ts";
import { CKA, CKF_TOKEN, CKM, CKU } from "../../hsm-bridge/pkcs11/constants.ts";
import type { Cryptoki, Mechanism } from "../../hsm-bridge/pkcs11/cryptoki.ts";
import { openModule } from "../../hsm-bridge/pkcs11/module.ts";
import type { Template } from "../../hsm-bridge/pkcs11/attributes.ts";

/** What is printed. */
export interface BackendReport {
  /** The backend that was taken when none was asked for. */
  readonly chosen: string;
  /** What a wrong PIN came to. */
  readonly wrongPin: string;
  /** Codes for what is no module. */
  readonly refused: Readonly<Record<string, string>>;
  /** Public key and signatures, hexadecimal. */
  readonly rsa: { readonly modulus: string; readonly exponent: string; readonly signatures: readonly string[] };
  /** See `rsa`; `point` is the DER of the point. */
  readonly ec: { readonly point: string; readonly signatures: readonly string[] };
  /** Turns of the event loop while a key was made. */
  readonly turns: number;
  /** Octets of process memory that 2,000 signatures and 200 failures left. */
  readonly growth: number;
}

/** What is signed; for ECDSA its SHA-256. */
export const SIGNED_DATA: Bytes = Uint8Array.from({ length: 32 }, (_, i) => i);

const P256 = Uint8Array.of(6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7);
const PUBLIC: Template = [{ type: CKA.VERIFY, value: true }];
const PRIVATE: Template = [{ type: CKA.SIGN, value: true }, { type: CKA.PRIVATE, value: true }];

/** Does it all. */
export async function probeBackend(
  backend: ForeignBackend,
  path: string,
  folder: string,
  pin: string,
): Promise<BackendReport> {
  const foreign = await foreignFunctions(backend);
  const refused: Record<string, string> = {};
  for (const other of [`${folder}/text.so`, folder, `${folder}/missing.so`, "no-such-module.so", "libm.so.6"]) {
    const opened = openModule(other, { foreign });
    refused[other.replace(folder, "")] = await opened.then(() => "opened", (error) => error.code);
  }
  const module = await openModule(path, { foreign });
  try {
    const slot = await tokenSlot(module);
    const session = await module.openSession(slot, "read-write");
    const wrongPin = await Promise.resolve(0).then(() => module.login(session, CKU.USER, encodeUtf8("000000")))
      .then(() => "accepted", (error) => error.returnValueName);
    await module.login(session, CKU.USER, encodeUtf8(pin));
    await module.login(session, CKU.USER, encodeUtf8(pin));

    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const rsa = await module.generateKeyPair(session, { type: CKM.RSA_PKCS_KEY_PAIR_GEN }, [
      ...PUBLIC,
      { type: CKA.MODULUS_BITS, value: 2048 },
      { type: CKA.PUBLIC_EXPONENT, value: Uint8Array.of(1, 0, 1) },
    ], PRIVATE);
    clearInterval(timer);
    const ec = await module.generateKeyPair(
      session,
      { type: CKM.EC_KEY_PAIR_GEN },
      [...PUBLIC, { type: CKA.EC_PARAMS, value: P256 }],
      PRIVATE,
    );
    const ofRsa = await module.getAttributes(session, rsa.publicKey, [CKA.MODULUS, CKA.PUBLIC_EXPONENT]);
    const ofEc = await module.getAttributes(session, ec.publicKey, [CKA.EC_POINT]);

    // Key pairs are objects of this session, and seen by all sessions of this process.
    const many = (mechanism: Mechanism, key: bigint, data: Bytes) =>
      Promise.all(Array.from({ length: 64 }, () => signInOwnSession(module, slot, mechanism, key, data)));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", SIGNED_DATA));
    const rsaSignatures = await many({ type: CKM.SHA256_RSA_PKCS }, rsa.privateKey, SIGNED_DATA);
    const ecSignatures = await many({ type: CKM.ECDSA }, ec.privateKey, digest);
    const growth = await memoryGrowth(module, session, ec.privateKey);
    await module.closeSession(session);
    return {
      chosen: (await foreignFunctions()).name,
      wrongPin,
      refused,
      rsa: {
        modulus: encodeHex(ofRsa.bytes(CKA.MODULUS)!),
        exponent: encodeHex(ofRsa.bytes(CKA.PUBLIC_EXPONENT)!),
        signatures: rsaSignatures.map((signature) => encodeHex(signature)),
      },
      ec: {
        point: encodeHex(ofEc.bytes(CKA.EC_POINT)!),
        signatures: ecSignatures.map((signature) => encodeHex(signature)),
      },
      turns,
      growth,
    };
  } finally {
    await module.close();
  }
}

async function tokenSlot(module: Cryptoki): Promise<bigint> {
  for (const slot of await module.getSlotList(true)) {
    const { flags } = await module.getTokenInfo(slot);
    if ((flags & CKF_TOKEN.TOKEN_INITIALIZED) !== 0) return slot;
  }
  throw new Error("no token is initialised");
}

async function signInOwnSession(
  module: Cryptoki,
  slot: bigint,
  mechanism: Mechanism,
  key: bigint,
  data: Bytes,
): Promise<Bytes> {
  const session = await module.openSession(slot, "read-only");
  try {
    await module.signInit(session, mechanism, key);
    return await module.sign(session, data);
  } finally {
    await module.closeSession(session);
  }
}

/** How much the process has grown after many signatures and failures, after as many to warm up. */
async function memoryGrowth(module: Cryptoki, session: bigint, key: bigint): Promise<number> {
  const work = async (): Promise<void> => {
    for (let i = 0; i < 2_000; i++) {
      await module.signInit(session, { type: CKM.ECDSA }, key);
      await module.sign(session, SIGNED_DATA);
    }
    for (let i = 0; i < 200; i++) {
      const failed = Promise.resolve(0).then(() => module.signInit(session, { type: 0x7fff_ffff }, key));
      await failed.then(() => Promise.reject(new Error("an unknown mechanism signs")), () => {});
    }
  };
  await work();
  const before = process.memoryUsage().rss;
  await work();
  return process.memoryUsage().rss - before;
}
