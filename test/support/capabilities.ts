/**
 * What the runtime that runs the tests can do. A capability is proven by doing it, once: names and versions lie, and
 * so does asking (`node:crypto` of workerd answers an empty ML-DSA signature without an error).
 *
 * A test that needs one says so in its first line, and is skipped, with the reason printed, where it is missing:
 *
 * ```ts
 * test("sign() agrees with the platform", async () => {
 *   await needs("webcrypto-ml-dsa");
 * ```
 *
 * @module
 */

import { skip } from "./suite.ts";

/** The capabilities that tests ask for. */
export type Capability = keyof typeof PROOFS;

/** The runtimes that the tests run in. */
export type RuntimeName = "node" | "deno" | "bun" | "workerd";

/** Ends the running test as skipped unless the runtime has the capability. */
export async function needs(capability: Capability): Promise<void> {
  if (!(await has(capability))) skip(`${runtimeName()} has no ${capability}`);
}

/** Whether the runtime has the capability. */
export function has(capability: Capability): Promise<boolean> {
  let answer = ANSWERS.get(capability);
  if (answer === undefined) {
    answer = PROOFS[capability]().catch(() => false);
    ANSWERS.set(capability, answer);
  }
  return answer;
}

/** The runtime at work; for messages, and for what is about one runtime alone. */
export function runtimeName(): RuntimeName {
  const globals = globalThis as { Deno?: unknown; Bun?: unknown; navigator?: { readonly userAgent?: string } };
  if (globals.Deno !== undefined) return "deno";
  if (globals.Bun !== undefined) return "bun";
  return globals.navigator?.userAgent === "Cloudflare-Workers" ? "workerd" : "node";
}

/** The top of the checkout, which every runtime with files has as its working directory. */
export function repositoryRoot(): string {
  return (globalThis as unknown as { process: { cwd(): string } }).process.cwd();
}

const MESSAGE = /* @__PURE__ */ new Uint8Array([97, 98, 99]);

const PROOFS = {
  "webcrypto-rsa": () =>
    signs({
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
    }, 256),
  "webcrypto-p256": () => signs({ name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" }, 64),
  "webcrypto-p384": () => signs({ name: "ECDSA", hash: "SHA-384", namedCurve: "P-384" }, 96),
  "webcrypto-p521": () => signs({ name: "ECDSA", hash: "SHA-512", namedCurve: "P-521" }, 132),
  "webcrypto-ed25519": () => signs({ name: "Ed25519" }, 64),
  "webcrypto-ml-dsa": () => signs({ name: "ML-DSA-44" }, 2420),
  /** Processes, files and loopback sockets. */
  "processes": () => Promise.resolve(runtimeName() !== "workerd"),
};

const ANSWERS = new Map<Capability, Promise<boolean>>();

interface KeyAlgorithm {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
  readonly modulusLength?: number;
  readonly publicExponent?: Uint8Array<ArrayBuffer>;
}

async function signs(algorithm: KeyAlgorithm, length: number): Promise<boolean> {
  const pair = await crypto.subtle.generateKey(algorithm as EcKeyGenParams, false, ["sign", "verify"]);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const signature = await crypto.subtle.sign(algorithm as EcdsaParams, privateKey, MESSAGE);
  return signature.byteLength === length &&
    await crypto.subtle.verify(algorithm as EcdsaParams, publicKey, signature, MESSAGE);
}
