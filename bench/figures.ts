/**
 * The figures that the project has promised, and the rows of the results that they are read from. Kept by hand: what a row
 * has to reach stands where it is measured, and comes with the row.
 *
 * @module
 */

/** Rows of a topic: those of this group and contender, over these things. */
export interface RowSelector {
  readonly topic: string;
  /** Group and contender. */
  readonly name: string;
  readonly against: string;
}

/** One promise. */
export interface Figure {
  /** Of which part of the project. */
  readonly of: string;
  readonly what: string;
  /** What is to be reached, in the words of the promise. */
  readonly reach: string;
  /** Rows that carry it; the first row of a list that a runtime has tells its part. */
  readonly rows: readonly RowSelector[];
  /** What proves it besides, or instead, where it is not a matter of time. */
  readonly proof?: string;
}

const CREDENTIALS = "from a certificate to credentials";
const TRUST = "trust";
const SERVICE = "the local service";
const HELPER = "the command line";
const DEVICES = "keys in devices";
const EDGE = "edge workers";

/** Every promise, in order. */
export const FIGURES: readonly Figure[] = [
  {
    of: CREDENTIALS,
    what: "full SigV4-X509 signature over the raw signature of the same key, `node:crypto`, Node 24 and Bun",
    reach: "≥ 0.95 RSA-2048, ≥ 0.85 P-256",
    rows: ["RSA-2048", "P-256"].map((key) => full(`SigV4-X509 ${key}, node:crypto`)),
  },
  {
    of: CREDENTIALS,
    what: "the same over raw `subtle.sign`, WebCrypto",
    reach: "≥ 0.85 Node, ≥ 0.95 Deno, ≥ 0.60 workerd (P-256)",
    rows: ["RSA-2048", "P-256"].map((key) => full(`SigV4-X509 ${key}, WebCrypto`)),
  },
  {
    of: CREDENTIALS,
    what: "SigV4 with an access key over aws4fetch, aws4 and @smithy/signature-v4",
    reach: "≥ 15, 3.5 and 6 in Node; over aws4fetch ≥ 4 in workerd",
    rows: ["aws4fetch", "aws4", "@smithy/signature-v4, node:crypto"].map((against) => ({
      topic: "sigv4",
      name: "SigV4-HMAC headers: anyrole",
      against,
    })),
  },
  {
    of: CREDENTIALS,
    what: "leaf certificate parsed and decoded over `X509Certificate` and the same getters / over pkijs",
    reach: "≥ 15 / ≥ 300",
    rows: ["P-256", "RSA-2048", "ML-DSA-65"].flatMap((key) =>
      ["X509Certificate", "pkijs"].map((against) => ({ topic: "parse", name: `${key} leaf, fields: anyrole`, against }))
    ),
  },
  {
    of: CREDENTIALS,
    what: "`credential-process` on Node 24 over `node -e 0`: HTTP / TLS",
    reach: "≤ 1.75 / ≤ 2.1",
    rows: ["HTTP", "HTTPS"].map((scheme) => startup("Node", `credential-process, ${scheme}`, "node -e 0")),
  },
  {
    of: CREDENTIALS,
    what: "gzip of the consumers `sigv4` / `sign`",
    reach: "≤ 2.6 kB / ≤ 6 kB",
    rows: [size("sigv4", "2.6 kB"), size("sign", "6 kB")],
  },
  {
    of: CREDENTIALS,
    what: "`dependencies` of the published package",
    reach: "0",
    rows: [],
    proof: "`dependencies` in package.json is empty",
  },
  {
    of: TRUST,
    what:
      "P-256 chain over two raw verifications with imported keys, Node 24: issuers' keys cached / the intermediate's imported each time",
    reach: "≥ 0.90 / ≥ 0.80",
    rows: ["issuers' keys cached", "intermediate's key imported"].map((keys) => chain(keys, "two bare verifications")),
  },
  {
    of: TRUST,
    what: "the same from octets over pkijs and @peculiar/x509, Node 24, Bun, workerd",
    reach: "≥ 20",
    rows: ["issuers' keys cached, from octets", "intermediate's key imported, from octets"].flatMap((keys) =>
      ["pkijs", "@peculiar/x509"].map((against) => chain(keys, against))
    ),
  },
  {
    of: TRUST,
    what: "CRL of 1,000,000 entries parsed, searched and verified, over the SHA-256 of the file",
    reach: "≤ 2.0",
    rows: ["again and again", "first list of a process"].map((when) => million(when, "check", "SHA-256 alone")),
  },
  {
    of: TRUST,
    what: "the same over libcrypto",
    reach: "at least 20 times as fast",
    rows: [million("first list of a process", "check", "libcrypto")],
  },
  {
    of: TRUST,
    what: "streamed check of that CRL: peak memory above the runtime's own",
    reach: "≤ 8 MB",
    rows: [{
      topic: "crl",
      name: "1,000,000 entries streamed, peak above that of reading the file: anonymous pages",
      against: "8 MB",
    }],
  },
  {
    of: TRUST,
    what: "look-up in an index",
    reach: "≤ 100 ns",
    rows: ["1,000", "100,000", "1,000,000"].flatMap((entries) =>
      ["a listed", "another"].map((which) => ({
        topic: "crl",
        name: `${entries} entries, index: look-up of ${which} serial number`,
        against: "100 ns",
      }))
    ),
  },
  {
    of: TRUST,
    what: "the worst of 10,000 hostile chains",
    reach: "≤ 100 ms",
    rows: ["cycles", "issuers of one name", "deep nesting", "name constraints"].map((kind) => ({
      topic: "path",
      name: `worst of 2,500 hostile chains: ${kind}`,
      against: "100 ms",
    })),
    proof: "budgets of steps, whatever the machine: test/core/path",
  },
  { of: TRUST, what: "gzip of the consumer `validate`", reach: "≤ 14 kB", rows: [size("validate", "14 kB")] },
  {
    of: SERVICE,
    what: "share of the cryptography in the time of a decision",
    reach: "≥ 70 %",
    rows: ["P-256", "RSA-2048", "ML-DSA-65"].map((key) => ({
      topic: "decision",
      name: `${key}, one intermediate: decisions`,
      against: "the cryptography in them",
    })),
  },
  {
    of: HELPER,
    what: "`credential-process` of the binary over `node -e 0`: HTTP and TLS",
    reach: "≤ 0.41",
    rows: ["HTTP", "HTTPS"].map((scheme) => startup("Bun, one file", `credential-process, ${scheme}`, "node -e 0")),
  },
  {
    of: HELPER,
    what: "warm cache hit of the binary over its own `version`",
    reach: "≤ 1.3",
    rows: [startup("Bun, one file", "credential-process, cached", "version")],
  },
  {
    of: HELPER,
    what: "`serve`, 64 connections, over a bare server of the runtime with the same answer",
    reach: "≥ 0.6",
    rows: [
      ["IMDS credentials", "bare server, the same answer"],
      ["container credentials", "bare server, that answer"],
    ].map(([name, against]) => ({ topic: "serve", name: `64 connections: ${name}`, against: against! })),
    proof: "one CreateSession in the hour: test/runtimes/endpoints",
  },
  {
    of: HELPER,
    what: "fifty concurrent starts of `credential-process`",
    reach: "1 CreateSession, 0 failures",
    rows: [],
    proof: "counted by tests, not timed",
  },
  {
    of: DEVICES,
    what: "signature through the bridge over the same C calls by pkcs11js, Node",
    reach: "≤ 1.15",
    rows: [{ topic: "hsm", name: "P-256 signature: bridge", against: "pkcs11js" }],
  },
  {
    of: DEVICES,
    what: "P-256 on SoftHSM in Deno and Bun over Node with koffi",
    reach: "≤ 1.2",
    rows: ["Deno", "Bun with bun:ffi"].map((name) => ({
      topic: "hsm",
      name: `P-256 signature: ${name}`,
      against: "Node with koffi, the same OpenSSL",
    })),
  },
  {
    of: DEVICES,
    what: "event loop stands still while a token signs",
    reach: "< 1 ms",
    rows: ["asynchronous RSA-2048 signature", "its part on the thread of JavaScript"].map((name) => ({
      topic: "hsm",
      name: `event loop stands still: ${name}`,
      against: "1 ms",
    })),
  },
  {
    of: DEVICES,
    what: "P-256 signature of a TPM (swtpm) over the time of `tpm2_sign` in the TPM, HMAC session included",
    reach: "≤ 2",
    rows: [{ topic: "hsm", name: "P-256 signature in a TPM: HMAC session", against: "tpm2_sign" }],
  },
  {
    of: DEVICES,
    what: "`credential-process` with a SoftHSM key over the run with a key in a file",
    reach: "≤ 1.5",
    rows: [startup("Node", "credential-process, SoftHSM, HTTP", "credential-process, HTTP")],
  },
  {
    of: EDGE,
    what: "SigV4 signing over aws4fetch: workerd / Node / Bun / Deno",
    reach: "≥ 4 / 15 / 5 / 15",
    rows: [{ topic: "sigv4", name: "SigV4-HMAC headers: anyrole", against: "aws4fetch" }],
  },
  {
    of: EDGE,
    what: "octets allocated for a signed request over aws4 / aws4fetch",
    reach: "≤ 0.45 / ≤ 0.15",
    rows: ["aws4", "aws4fetch"].map((against) => ({
      topic: "sigv4",
      name: "SigV4-HMAC headers, allocated: anyrole",
      against,
    })),
  },
  { of: EDGE, what: "gzip of the consumer `edge`", reach: "≤ 10 kB", rows: [size("edge", "10 kB")] },
  {
    of: EDGE,
    what:
      "worker's cold start: import and first signed request over the same worker with static keys and aws4fetch, which makes the round trip of CreateSession too",
    reach: "≤ 1.25",
    rows: [{ topic: "edge-start", name: "cold worker: anyrole", against: "aws4fetch and the round trip" }],
  },
  {
    of: EDGE,
    what: "1,000 isolates that start at once: what the 99th percentile waits beyond CreateSession",
    reach: "< 100 ms, 1 CreateSession",
    rows: [{ topic: "fleet", name: "1,000 at once, beyond CreateSession: p99", against: "100 ms" }],
    proof: "a start with more than one CreateSession ends the benchmark",
  },
];

function full(group: string): RowSelector {
  return { topic: "sign", name: `${group}: full signature`, against: "bare signature" };
}

function startup(group: string, name: string, against: string): RowSelector {
  return { topic: "startup", name: `${group}: ${name}`, against };
}

function size(consumer: string, against: string): RowSelector {
  return { topic: "size", name: `gzip of a consumer: ${consumer}`, against };
}

function chain(keys: string, against: string): RowSelector {
  return { topic: "path", name: `P-256 chain: ${keys}`, against };
}

function million(when: string, name: string, against: string): RowSelector {
  return { topic: "crl", name: `1,000,000 entries, ${when}: ${name}`, against };
}
