/**
 * Why a figure is not reached, by row. Kept and reviewed by hand: each says what was found out, and nothing else; a row
 * that misses its figure and is not explained here says on the page that it is not.
 *
 * @module
 */

import type { RowSelector } from "./figures.ts";

/** The reason why rows miss what they have to reach. */
export interface Explanation extends Partial<Pick<RowSelector, "against">> {
  readonly topic: string;
  /** What the name of the row, group and contender, begins with. */
  readonly name: string;
  /** Absent: in all of them. */
  readonly runtimes?: readonly string[];
  readonly reason: string;
}

/** Every explanation; of several that fit a row the first counts. */
export const EXPLANATIONS: readonly Explanation[] = [
  {
    topic: "path",
    name: "P-256 chain: intermediate's key imported",
    against: "two bare verifications",
    runtimes: ["node"],
    reason: "One bare import and the two bare verifications, the least that there is to do, are 0.57 of two bare " +
      "verifications on Node 24 themselves; anyrole, whose own import is the cheaper one, is above that.",
  },
  {
    topic: "crl",
    name: "1,000,000 entries, index: look-up",
    reason:
      "The index of a million serial numbers is larger than the processor's caches, and one read of memory that no " +
      'cache holds takes 170 to 190 ns on this machine: see the group "caches cold".',
  },
  {
    topic: "crl",
    name: "1,000,000 entries, ",
    runtimes: ["deno"],
    against: "SHA-256 alone",
    reason: "Deno's own verification of the 42 MB takes 230 ms, 97 % of the whole.",
  },
  {
    topic: "crl",
    name: "1,000,000 entries, first list of a process: check",
    runtimes: ["deno"],
    against: "libcrypto",
    reason: "Deno's own verification of the 42 MB takes 230 ms, 97 % of the whole.",
  },
  {
    topic: "size",
    name: "gzip of a consumer: validate",
    reason: "`x509`, `keys` and the verification of signatures alone are 18 kB.",
  },
  {
    topic: "decision",
    name: "RSA-2048, one intermediate: decisions",
    reason:
      "An RSA-2048 verification takes 25 µs, and a decision makes three: the cryptography is so cheap that its share " +
      "is small.",
  },
  {
    topic: "sign",
    name: "SigV4-X509 P-256, node:crypto: full signature",
    reason:
      "A profile on Node 24 shows 3.8 µs beside the bare signature's 22.5: 2.0 are the SHA-256 of the canonical " +
      "request, which holds the certificate, and the rest is spread over putting it together.",
  },
  {
    topic: "startup",
    name: "Bun, one file: credential-process",
    reason: "The program's `version` alone takes about 0.3 of `node -e 0`. Most of the rest is Bun's: `fetch` and " +
      "WebCrypto start threads when they are first asked for, and each step of a signature goes to one and back.",
  },
  {
    topic: "edge-start",
    name: "cold worker: anyrole",
    against: "aws4fetch and the round trip",
    reason:
      "A profile of workerd shows what this worker takes of the processor beyond aws4fetch's with the round trip: " +
      "V8's compiling of functions when they are first called 28 %, its optimising in other threads 20 %, running the code " +
      "that once, interpreted, 18 %, memory and pages of the process 15 %, reading and parsing a module of 69 kB instead of " +
      "9 10 %, regular expressions 5 %. WebCrypto is below 1 %, the proof that the key is the certificate's included.",
  },
  {
    topic: "edge-start",
    name: "cold worker: anyrole, static keys",
    reason:
      "The module is of 62 kB and aws4fetch's of 8: a profile shows V8's parsing it, compiling functions when they " +
      "are first called, and optimising SHA-256, which aws4fetch leaves to WebCrypto.",
  },
  {
    topic: "fleet",
    name: "1,000 at once, beyond CreateSession: p99",
    reason:
      "All thousand isolates, and the object, run in one thread here. Each makes one request of the object, waits in " +
      "it, and opens one answer; the row of bare answers says what a thousand such requests take in the same thread without " +
      "any of that.",
  },
];
