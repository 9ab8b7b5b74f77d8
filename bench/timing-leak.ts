/**
 * Whether time tells a secret: two classes of inputs, each operation timed by itself in random order, and Welch's t-test
 * on the times (see welch.ts). What differs between the classes is what nobody may learn; everything else is the same.
 *
 * A harness that finds nothing proves nothing unless it would have found something: the controls leak on purpose and must
 * be detected, and a class compared with itself must not.
 *
 * @module
 */

import { isCoded } from "../core/base-error.ts";
import type { Bytes } from "../core/bytes/bytes.ts";
import { constantTimeEqual } from "../core/bytes/constant-time.ts";
import { portableProvider, type SynchronousProvider } from "../core/crypto/portable/mod.ts";
import type { PrivateKey } from "../core/crypto/private-key.ts";
import type { KeySpecification } from "../core/crypto/provider.ts";
import { sessionAlgorithm } from "../core/crypto/signature-algorithm.ts";
import { webCryptoProvider } from "../core/crypto/webcrypto-provider.ts";
import { RECORD } from "./inside.ts";
import type { Platform } from "./platform/platform.ts";
import { INNOCENT_CONTROL, LEAK_CONTROL, TIMINGS } from "./timings.ts";
import { largestT, THRESHOLD } from "./welch.ts";

/** One question. */
interface Subject {
  readonly name: string;
  /** Whether it does on purpose, and must be detected. */
  readonly leaks?: true;
  /** Timed operations of both classes together. */
  readonly operations: number;
  /** How often one operation is repeated within one timing: clocks are coarse. */
  readonly repeated: number;
  /** The operation on a fresh input of a class; what is prepared here is not timed. */
  prepare(of: 0 | 1): () => unknown;
}

/** Of any share: enough of each class that a variance can be told. */
const FEWEST_TIMINGS = 40;

/** Share of the operations, at the beginning, that warm up. */
const WARM_UP = 0.2;

const MESSAGE = new Uint8Array(32).fill(7);

/**
 * Prints the largest |t| by subject.
 *
 * @param share of the signatures and decryptions, for a run that is to see whether everything works; what is found then
 *   says little
 */
export async function measureTimingLeaks({ crypto }: Platform, share: number = 1): Promise<void> {
  const found: Record<string, number> = {};
  for (const subject of await subjects(crypto.random, share)) {
    const t = tOf(subject);
    if (subject.leaks && t < THRESHOLD) {
      throw new Error(`Nothing can be said: "${subject.name}" leaks, and |t| is ${t}`);
    }
    found[subject.name] = t;
  }
  console.log(RECORD + JSON.stringify(found));
}

function tOf({ operations, repeated, prepare }: Subject): number {
  const times: readonly [number[], number[]] = [[], []];
  for (let i = 0; i < operations; i++) {
    const of = Math.random() < 0.5 ? 0 : 1;
    const operation = prepare(of);
    settle();
    const start = performance.now();
    for (let n = 0; n < repeated; n++) operation();
    const time = performance.now() - start;
    if (i >= operations * WARM_UP) times[of].push(time);
  }
  return largestT(times[0], times[1]);
}

/** Time for the processor to end what the preparation began: what it still does must not run into the timing. */
function settle(): void {
  for (let i = 0; i < 2000; i++) settled = Math.imul(settled, 31) + i | 0;
}

let settled = 1;

async function subjects(random: (length: number) => Bytes, share: number): Promise<readonly Subject[]> {
  const portable = portableProvider({ random });
  return [
    ...comparisons(random),
    {
      name: `${LEAK_CONTROL}powers by squaring, exponents of few and of many ones`,
      leaks: true,
      operations: TIMINGS.power,
      repeated: 1,
      prepare: (of) => {
        const exponent = of === 0 ? 1n << 255n : (1n << 256n) - 1n;
        return () => power(3n, exponent, (1n << 521n) - 1n);
      },
    },
    ...[...await signatures(portable), ...opened(portable, random)].map((subject): Subject => ({
      ...subject,
      operations: Math.max(Math.ceil(subject.operations * share), FEWEST_TIMINGS),
    })),
  ];
}

/** Comparisons of secrets: tokens, MACs, tags. Whether they are the same is told by the answer; where they differ is not. */
function comparisons(random: (length: number) => Bytes): readonly Subject[] {
  const compared = (
    name: string,
    length: number,
    differing: readonly [readonly [from: number, to: number], readonly [from: number, to: number]],
    equal: (a: Bytes, b: Bytes) => boolean,
  ): Subject => {
    const secret = random(length);
    const given = new Uint8Array(length);
    const mask = new Uint8Array(length);
    return {
      name: `${name}, ${length.toLocaleString("en")} octets`,
      operations: TIMINGS.comparison,
      repeated: length > 1000 ? 4 : 64,
      // Both classes are made the same way, of memory in the same place: the way to an input must not tell its class.
      prepare: (of) => {
        mask.fill(0).fill(1, ...differing[of]);
        for (let at = 0; at < length; at++) given[at] = secret[at]! ^ mask[at]!;
        return () => equal(secret, given);
      },
    };
  };
  return [
    {
      ...compared(`${LEAK_CONTROL}a comparison that stops early`, 4096, [[0, 1], [4095, 4096]], stopsEarly),
      leaks: true,
    },
    compared("constantTimeEqual(), the first or the last wrong", 4096, [[0, 1], [4095, 4096]], constantTimeEqual),
    compared("constantTimeEqual(), the first or the last wrong", 32, [[0, 1], [31, 32]], constantTimeEqual),
    compared("constantTimeEqual(), one or every one wrong", 32, [[31, 32], [0, 32]], constantTimeEqual),
    compared(INNOCENT_CONTROL, 32, [[0, 1], [0, 1]], constantTimeEqual),
  ];
}

/** Signatures of one fixed key, and of keys that are another each time; the same message. */
async function signatures(portable: SynchronousProvider): Promise<readonly Subject[]> {
  const kinds: readonly [name: string, specification: KeySpecification, operations: number][] = [
    ["RSA-2048", { type: "rsa", bits: 2048 }, TIMINGS.rsa],
    ["P-256", { type: "ec", curve: "P-256" }, TIMINGS.ecdsa],
    ["ML-DSA-65", { type: "ml-dsa", parameterSet: "ML-DSA-65" }, TIMINGS.mlDsa],
  ];
  const all: Subject[] = [];
  for (const [name, specification, operations] of kinds) {
    const signerOf = (key: PrivateKey) => portable.importPrivateKey(key, sessionAlgorithm(key));
    const others: ReturnType<typeof signerOf>[] = [];
    for (let i = 0; i < 16; i++) others.push(signerOf(await keyOf(specification, portable)));
    const fixed = others.pop()!;
    all.push({
      name: `portable ${name}: signing with one key, or with others`,
      operations,
      repeated: 1,
      prepare: (of) => {
        const signer = of === 0 ? fixed : others[Math.floor(Math.random() * others.length)]!;
        return () => signer.sign(MESSAGE);
      },
    });
  }
  return all;
}

async function keyOf(specification: KeySpecification, portable: SynchronousProvider): Promise<PrivateKey> {
  // The platform makes RSA keys in a moment.
  return await (specification.type === "rsa" ? webCryptoProvider() : portable).generatePrivateKey(specification);
}

/** AES-GCM that is opened with a wrong tag. */
function opened(portable: SynchronousProvider, random: (length: number) => Bytes): readonly Subject[] {
  const key = random(32);
  const iv = random(12);
  const sealed = portable.seal(key, iv, random(256));
  return [{
    name: "portable AES-GCM: a tag that is wrong first or last",
    operations: TIMINGS.aesGcm,
    repeated: 1,
    prepare: (of) => {
      const damaged = sealed.slice();
      damaged[damaged.length - (of === 0 ? 16 : 1)]! ^= 1;
      return () => {
        try {
          portable.decipher({ name: "AES-GCM", iv }, key, damaged);
        } catch (error) {
          if (isCoded(error) && error.code === "ERR_CRYPTO_DECIPHER") return;
          throw error;
        }
        throw new Error("a wrong tag was taken");
      };
    },
  }];
}

function stopsEarly(a: Bytes, b: Bytes): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let bits = exponent; bits > 0n; bits >>= 1n) {
    if (bits & 1n) result = result * base % modulus;
    base = base * base % modulus;
  }
  return result;
}
