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
    name: "Bun, one file: credential-process, HTTPS",
    against: "node -e 0",
    reason:
      "A bare program in one file that does no more than read the two files, sign by WebCrypto, post by `fetch` " +
      "over TLS and print takes 0.43 of `node -e 0` itself, timed interleaved with ours at 0.55: this is above the " +
      "figure before a line of ours runs. What is ours beside that is the same as over HTTP.",
  },
  {
    topic: "startup",
    name: "Bun, one file: credential-process, HTTP",
    against: "node -e 0",
    reason: "A bare program in one file that reads the two files, signs by WebCrypto, posts by `fetch` and prints " +
      "takes 0.32 of `node -e 0`, timed interleaved with ours at 0.49. Timestamps inside ours, of 7 ms from the first " +
      "statement to the last: words and profile 0.9, options and connection 0.8, files to identity 1.6, request and " +
      "signature 1.9, call 1.2, answer and output 0.7; the bare program's are 2.7 altogether. A second run in the same " +
      "process takes 3 ms, call included: 4 of the 7 are those of about 350 functions that are each decoded and linked " +
      "for one call (the bare program has 10), with 600 page faults more. `node:crypto`, which signs without a thread, " +
      "is slower to load than the thread's way takes: 0.37 with it where WebCrypto has 0.32. Bytecode laid out by a " +
      "profile won 1 to 4 %, and a connection of `Bun.connect` in place of `fetch` nothing.",
  },
  {
    topic: "startup",
    name: "Bun, one file: credential-process, cached",
    against: "version",
    reason: "A bare program that reads two files and does one AES-GCM by WebCrypto takes 1.2 of one that prints a " +
      "word. Timestamps inside ours, of 4.5 ms: words and profile 0.9, options 0.4, files to identity and sealing key " +
      "1.6, entry found and opened 1.4, of which 0.6 are WebCrypto's import and decipherment, and output 0.2. A second " +
      "run in the same process takes 1.1 ms: the rest is decoding and linking each function for its one call.",
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
  {
    topic: "hsm",
    name: "P-256 signature in a TPM: HMAC session",
    runtimes: ["deno"],
    reason:
      "Each signature has a session of its own, salted with a fresh key of ECDH: making that by `node:crypto` takes 0.26 " +
      "ms at best in Deno and 0.04 in Node, connecting and starting the session 1.1 ms at best in Deno and 0.7 in Node, and " +
      "the signature itself 0.45 ms in both.",
  },
];
