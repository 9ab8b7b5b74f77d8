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
    topic: "path",
    name: "P-256 chain: intermediate's key imported, from octets",
    runtimes: ["node"],
    reason:
      "The limit is no further away: on Node 24 one bare import and two bare verifications, with nothing parsed or " +
      "checked, come to 4,532 a second, where anyrole comes to 4,481, octets and all, and @peculiar/x509 and pkijs to " +
      "240: the bare calls themselves are less than 19 times as fast.",
  },
  {
    topic: "path",
    name: "P-256 chain: ",
    against: "@peculiar/x509",
    runtimes: ["workerd"],
    reason:
      "The limit is below the figure: two bare verifications in workerd come to 7,548 a second, with one bare import " +
      "to 6,818, and @peculiar/x509 to 385: 19.6 and 17.7 times.",
  },
  {
    topic: "path",
    name: "P-256 chain: intermediate's key imported, from octets",
    against: "pkijs",
    runtimes: ["workerd"],
    reason:
      "One bare import and two bare verifications in workerd are 25 times as fast as pkijs, with nothing parsed. To " +
      "parse and to decode the two certificates takes anyrole as much as a fifth of its time.",
  },
  {
    topic: "path",
    name: "worst of 2,500 hostile chains: issuers of one name",
    runtimes: ["deno"],
    reason:
      "A search may check a hundred signatures, as in rustls-webpki and Go; to import a hundred new P-256 keys and verify " +
      "once with each takes Deno 36 to 42 ms of processor, with nothing parsed. Runs of 200 chains gave 68 and 82 ms.",
  },
  ...["sign", "sigv4"].map((topic) => ({
    topic,
    name: "SigV4-HMAC headers: anyrole",
    against: "aws4",
    runtimes: ["node20"],
    reason:
      "A signature takes 4 µs on Node 20 as on Node 24; four native hashes are 2.4 of them. It is aws4 that is twice as " +
      "fast on Node 20: `createHmac` with the digest takes 6 µs there and 24 on Node 24.",
  })),
  {
    topic: "crl",
    name: "100,000 entries, index: look-up",
    reason:
      "The index of a hundred thousand serial numbers has 3.75 MB, and a processor's own cache here 1 MB: beyond it " +
      'a look-up waits for memory, as the group "caches cold" tells, and that of 1,000 entries, by the same code, takes 80 ns.',
  },
  {
    topic: "crl",
    name: "1,000,000 entries, first list of a process: check",
    runtimes: ["node20", "node", "deno", "bun"],
    reason:
      "A process that sees its first list searches it with code that is not compiled yet, which the SHA-256 beside " +
      "it is: on Bun the first search takes 2 to 3 times as long as the next one.",
  },
  {
    topic: "crl",
    name: "1,000,000 entries streamed, peak above that of reading the file: anonymous pages",
    runtimes: ["bun"],
    reason:
      "2.4 MB are the optimising compilers' (`BUN_JSC_useDFGJIT=0` spares them), 1.8 the first one's and 1.5 those " +
      "of `node:crypto`. JavaScript's heap grows by 0.3.",
  },
  {
    topic: "crl",
    name: "1,000 entries, index: look-up",
    reason:
      "To hand a serial number over, which is in the time, takes 64 ns of 120 to 127 on Node 20, and 43 of 105 in " +
      "workerd: the look-up itself is below 65.",
  },
  {
    topic: "parse",
    name: "RSA-2048 leaf, fields: anyrole",
    against: "X509Certificate",
    runtimes: ["node"],
    reason:
      "anyrole takes 4.2 µs for this leaf and 4.3 for that with a P-256 key; Node's `X509Certificate`, which imports " +
      "the key for its getter, takes 55 and 80.",
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
      "Node 24 takes 2.9 µs beside the bare signature's 22.0: 1.2 are the SHA-256 of the canonical request, which holds " +
      "the certificate, and the rest is spread over putting it together.",
  },
  {
    topic: "startup",
    name: "Bun, one file: credential-process, HTTPS",
    against: "node -e 0",
    reason:
      "A bare program in one file that does no more than read the two files, sign by WebCrypto, post by `fetch` " +
      "over TLS and print takes 0.36 to 0.48 of `node -e 0` itself, from one run to another, timed interleaved with ours at " +
      "0.55 to 0.68: this is about the figure before a line of ours runs. What is ours beside that is the same as over HTTP.",
  },
  {
    topic: "startup",
    name: "Bun, one file: credential-process, HTTP",
    against: "node -e 0",
    reason: "A bare program in one file that reads the two files, signs by WebCrypto, posts by `fetch` and prints " +
      "takes 0.30 to 0.42 of `node -e 0`, from one run to another, timed interleaved with ours at 0.49 to 0.56. An empty " +
      "program takes 3.7 ms where `node -e 0` takes 23.4, and ours 12.0: loading it takes 1.3 more, of which 0.6 to 0.9 " +
      "are Bun's `node:fs`, which the bare program loads as well, and its top level 0.5. Timestamps " +
      "inside ours, of 7 ms from the first statement to the last: words and profile 0.9, options and connection 0.8, files to " +
      "identity 1.6, request and signature 1.9, call 1.2, answer and output 0.7; the bare program's are 2.7 altogether. A " +
      "second run in the same process takes 3 ms, call included: 4 of the 7 are first calls, of 290 functions, each of " +
      "which takes 1 to 9 µs to decode and link, and of what the engine makes ready behind them, from regular expressions " +
      "to timers (the bare program has 10 functions), with 600 page faults more. terser can inline 6 of 565 functions, " +
      "which shows in no time. `node:crypto`, which signs without a thread, is slower to load than the thread's way " +
      "takes: 0.37 with it where WebCrypto has 0.32. A CommonJS program takes 0.4 to 0.6 ms longer. The code of the other " +
      "commands left out, `--smol`, WebCrypto's threads started ahead, no line of progress, and one question to the environment in " +
      "place of one a flag show in no time. Bytecode laid out by a profile won 1 to 4 %, and a connection of " +
      "`Bun.connect` in place of `fetch` nothing. When Linux's cache of files has forgotten the program and its own start " +
      "reads it in again, in smaller pieces, each start takes 15.6 ms where it took 11.8 freshly written; Node's takes " +
      "3 ms more as well.",
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
      "The main thread takes about 11 ms longer than with aws4fetch and the round trip. In a sampled profile three tenths " +
      "of that are V8's scanner and parser, and as much is the rest of compiling: 255 functions, 75 with static keys. " +
      "Interpreted code and builtins take a sixth, memory a tenth, regular expressions a twentieth. A worker whose SHA-256 " +
      "hashes nothing takes 1.5 ms less, and 0.7 ms less in other threads, which optimise it; one without the 16 kB of " +
      "modules that a first request does not load, about 1 ms less. With each of these functions compiled together with the " +
      "module the request takes 2 ms less and the start nearly as much more; modules that the bundler runs at once instead of " +
      "behind wrappers change nothing. WebCrypto is below 1 %, the proof that the key is the certificate's included.",
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
      "All thousand isolates, and the object, run in one thread here: 100 ms are 100 µs for each of them. Each makes one " +
      "request of the object, waits in it, and opens one answer. The row of bare answers says what a thousand such requests " +
      "take in the same thread without any of that, which is half of it; importing the key takes 5 µs at best in workerd, " +
      "and AES-GCM 7. Three quarters of the thread's time come after the answer of CreateSession; to do without all " +
      "timers, the object's and the isolates', gains less than runs differ by.",
  },
  {
    topic: "path",
    name: "P-256 chain: issuers' keys cached, from octets",
    against: "pkijs",
    runtimes: ["workerd"],
    reason:
      "Two bare verifications in workerd, with nothing parsed, are 22 times as fast as pkijs: what is left for parsing " +
      "and decoding three certificates, and for every check, is a tenth of the time.",
  },
  {
    topic: "decision",
    name: "P-256, one intermediate: decisions",
    reason: "The figure is about what is measured: five runs of two days gave 0.68 to 0.71, with spreads of 0.1.",
  },
  {
    topic: "timing-leak",
    name: "Welch's t: portable RSA-2048: signing with one key, or with others",
    reason:
      "Above 4.5 in 5 of 36 rows of nine runs of one day, 13.7 at most, on Node 20 and Node 24 and nowhere else; why is " +
      "not known. The portable provider promises no constant time.",
  },
];
