/**
 * One process of topic `hsm`: opens a token, makes keys in it, and runs as many signatures as it is told to, line by line:
 *
 *     <contender> <operations>     answered by the milliseconds they took, or of `blocked …` by the longest standstill
 *
 * Its arguments are the module, the PIN, and where to look for koffi and pkcs11js; or `tpm`, the socket of a TPM, and the
 * key there.
 *
 * @module
 */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { createInterface } from "node:readline";
import { encodeUtf8 } from "../core/bytes/text.ts";
import { type ForeignBackend, foreignFunctions } from "../hsm-bridge/ffi/available-functions.ts";
import type { ForeignFunctions } from "../hsm-bridge/ffi/foreign-functions.ts";
import { type Koffi, koffiFunctions, type KoffiLibrary } from "../hsm-bridge/ffi/koffi.ts";
import { CKA, CKF_TOKEN, CKM, CKU } from "../hsm-bridge/pkcs11/constants.ts";
import type { Cryptoki, Mechanism } from "../hsm-bridge/pkcs11/cryptoki.ts";
import { openModule } from "../hsm-bridge/pkcs11/module.ts";
import { tpmSigner } from "../hsm-bridge/tpm/tpm-signer.ts";

/** The part of pkcs11js that is used. */
interface Pkcs11Js {
  load(path: string): void;
  C_Initialize(options: { flags: number }): void;
  C_GetSlotList(tokenPresent: boolean): Uint8Array[];
  C_OpenSession(slot: Uint8Array, flags: number): Uint8Array;
  C_FindObjectsInit(session: Uint8Array, template: readonly { type: number; value: string }[]): void;
  C_FindObjects(session: Uint8Array, count: number): Uint8Array[];
  C_FindObjectsFinal(session: Uint8Array): void;
  C_SignInit(session: Uint8Array, mechanism: { mechanism: number; parameter: null }, key: Uint8Array): void;
  C_Sign(session: Uint8Array, data: Uint8Array, output: Uint8Array): Uint8Array;
}

const DATA = new Uint8Array(32).fill(7);
const ECDSA: Mechanism = { type: CKM.ECDSA };
const RSA: Mechanism = { type: CKM.SHA256_RSA_PKCS };
const P256 = Uint8Array.of(6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7);

/** Contenders by name; each answers the milliseconds that so many operations took. */
type Contenders = Record<string, (operations: number) => number | Promise<number>>;

/** Serves until its standard input ends. */
export async function serveHsm(words: readonly string[]): Promise<void> {
  if (words[0] === "tpm") await serveTpm(words[1]!, words[2]!);
  else await serveToken(words);
}

async function serveContenders(contenders: Contenders): Promise<void> {
  console.log(Object.keys(contenders).join(","));
  for await (const line of createInterface({ input: process.stdin })) {
    const at = line.lastIndexOf(" ");
    console.log(String(await contenders[line.slice(0, at)]!(Number(line.slice(at + 1)))));
  }
}

async function serveTpm(socket: string, key: string): Promise<void> {
  const signer = await tpmSigner({ tpm: { device: socket }, key });
  await serveContenders({
    "HMAC session": async (operations) => {
      const start = performance.now();
      for (let left = operations; left > 0; left--) await signer.sign(DATA);
      return performance.now() - start;
    },
  });
  await signer.close();
}

async function serveToken([path, pin, backend, packages, peers]: readonly string[]): Promise<void> {
  const foreign = await functionsOf(backend!, packages!);
  const here = await openModule(path!, { foreign, calls: "synchronous" });
  const elsewhere = await openModule(path!, { foreign });
  const { session, rsaSession, ec, rsa } = await prepare(here, pin!);
  const signElsewhere = async (): Promise<void> => {
    await elsewhere.signInit(rsaSession, RSA, rsa);
    await elsewhere.sign(rsaSession, DATA);
  };
  const contenders: Contenders = {
    bridge: (operations) =>
      timed(operations, () => {
        here.signInit(session, ECDSA, ec);
        here.sign(session, DATA);
      }),
    "asynchronous RSA-2048 signature": () => standstill(signElsewhere),
    "nothing but time": () => standstill(() => new Promise((resolve) => setTimeout(resolve, 2))),
  };
  if (existsSync(THREAD_TIMES)) {
    contenders["its part on the thread of JavaScript"] = async (operations) => {
      const before = threadTime();
      for (let i = 0; i < operations; i++) await signElsewhere();
      return threadTime() - before;
    };
  }
  const peer = pkcs11js(path!, peers);
  if (peer !== undefined) contenders["pkcs11js"] = (operations) => timed(operations, peer);
  await serveContenders(contenders);
  await here.close();
  await elsewhere.close();
}

/**
 * The backend; koffi is looked for beside the tests, where an application would have it beside itself. `koffi-deep` binds
 * the module to its own libraries.
 */
function functionsOf(backend: string, packages: string): ForeignFunctions | Promise<ForeignFunctions> {
  if (!backend.startsWith("koffi")) return foreignFunctions(backend as ForeignBackend);
  const koffi = createRequire(packages)("koffi") as Koffi & { load(path: string, options: object): KoffiLibrary };
  const deep = backend === "koffi-deep";
  return koffiFunctions({ ...koffi, load: (path) => koffi.load(path, { deep }) }, process);
}

async function prepare(
  module: Cryptoki,
  pin: string,
): Promise<{ session: bigint; rsaSession: bigint; ec: bigint; rsa: bigint }> {
  for (const slot of await module.getSlotList(true)) {
    const { flags } = await module.getTokenInfo(slot);
    if ((flags & CKF_TOKEN.TOKEN_INITIALIZED) === 0) continue;
    const session = await module.openSession(slot, "read-write");
    await module.login(session, CKU.USER, encodeUtf8(pin));
    const ofPrivate = [{ type: CKA.SIGN, value: true }, { type: CKA.LABEL, value: "bench" }];
    const curve = [{ type: CKA.EC_PARAMS, value: P256 }];
    const ec = await module.generateKeyPair(session, { type: CKM.EC_KEY_PAIR_GEN }, curve, ofPrivate);
    const rsa = await module.generateKeyPair(session, { type: CKM.RSA_PKCS_KEY_PAIR_GEN }, [
      { type: CKA.MODULUS_BITS, value: 2048 },
      { type: CKA.PUBLIC_EXPONENT, value: Uint8Array.of(1, 0, 1) },
    ], [{ type: CKA.SIGN, value: true }]);
    const rsaSession = await module.openSession(slot, "read-write");
    return { session, rsaSession, ec: ec.privateKey, rsa: rsa.privateKey };
  }
  throw new Error("no token is initialised");
}

function timed(operations: number, run: () => void): number {
  const start = performance.now();
  for (let left = operations; left > 0; left--) run();
  return performance.now() - start;
}

/** The longest time, milliseconds, that the event loop did nothing else until the work was over. */
async function standstill(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let isOver = false;
  let last = performance.now();
  const tick = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  isOver = true;
  tick();
  return longest;
}

/** Where Linux tells a thread how long it has run, nanoseconds: what other processes take is not in it. */
const THREAD_TIMES = "/proc/thread-self/schedstat";

function threadTime(): number {
  return Number(readFileSync(THREAD_TIMES, "utf8").split(" ")[0]) / 1e6;
}

/** A signature by pkcs11js over the same key, in the same process; undefined where it is not installed. */
function pkcs11js(path: string, peers: string | undefined): (() => void) | undefined {
  if (peers === undefined || peers === "") return undefined;
  const { PKCS11 } = createRequire(peers)("pkcs11js") as { readonly PKCS11: new () => Pkcs11Js };
  const peer = new PKCS11();
  peer.load(path);
  try {
    peer.C_Initialize({ flags: 2 });
  } catch (error) {
    // The bridge has initialised the module, and has logged in.
    if (!/ALREADY_INITIALIZED|401/.test(String(error))) throw error;
  }
  for (const slot of peer.C_GetSlotList(true)) {
    let session: Uint8Array;
    try {
      session = peer.C_OpenSession(slot, 6);
    } catch {
      // The slot of a token that is not initialised yet.
      continue;
    }
    peer.C_FindObjectsInit(session, [{ type: CKA.LABEL, value: "bench" }]);
    const [key] = peer.C_FindObjects(session, 1);
    peer.C_FindObjectsFinal(session);
    if (key === undefined) continue;
    const output = new Uint8Array(128);
    return () => {
      peer.C_SignInit(session, { mechanism: CKM.ECDSA, parameter: null }, key);
      peer.C_Sign(session, DATA, output);
    };
  }
  throw new Error("pkcs11js does not find the key");
}
