/**
 * What other pages say of the results: parts of README.md and SECURITY.md, each between two comments, written by the run
 * that writes the page.
 *
 * @module
 */

import type { RowSelector } from "./figures.ts";
import type { Row, Unit } from "./harness.ts";
import { RUNTIMES, tableText, type TopicResult, verdict } from "./page.ts";
import { INNOCENT_CONTROL, LEAK_CONTROL, TIMINGS } from "./timings.ts";

/** One part of a page. */
export interface Quote {
  /** The page, from the top of the project. */
  readonly file: string;
  /** Stands in the comments. */
  readonly name: string;
  /** The same results give the same text. */
  text(results: readonly TopicResult[]): string;
}

/** Every part. */
export const QUOTES: readonly Quote[] = [
  { file: "README.md", name: "speed", text: speedTable },
  { file: "SECURITY.md", name: "timing", text: timingResults },
];

/**
 * A page with its parts as the results have them.
 *
 * @throws {Error} when a part of this page has no place in it
 */
export function withQuotes(file: string, page: string, results: readonly TopicResult[]): string {
  return QUOTES.filter((quote) => quote.file === file).reduce((text, quote) => {
    const first = `<!-- ${quote.name}: written by \`npm run bench -- --page\` from bench/results -->`;
    const last = `<!-- end of ${quote.name} -->`;
    const [before, rest] = [text.indexOf(first), text.indexOf(last)];
    if (before < 0 || rest < before) throw new Error(`Cannot write ${quote.name} in ${file}: it has no place there`);
    return `${text.slice(0, before)}${first}\n\n${quote.text(results)}\n\n${text.slice(rest)}`;
  }, page);
}

interface SpeedLine {
  readonly what: string;
  readonly over: string;
  readonly rows: readonly RowSelector[];
  /** Default: Node 24. */
  readonly runtimes?: readonly string[];
}

function full(key: string): RowSelector {
  return { topic: "sign", name: `SigV4-X509 ${key}, node:crypto: full signature`, against: "bare signature" };
}

function startup(group: string, name: string, against: string): RowSelector {
  return { topic: "startup", name: `${group}: ${name}`, against };
}

const SPEED: readonly SpeedLine[] = [
  {
    what: "full SigV4-X509 signature, RSA-2048 / P-256",
    over: "the bare `crypto.sign`",
    rows: ["RSA-2048", "P-256"].map(full),
    runtimes: ["node", "bun"],
  },
  {
    what: "SigV4 signing with an access key",
    over: "aws4fetch / aws4 / @smithy/signature-v4",
    rows: ["aws4fetch", "aws4", "@smithy/signature-v4, node:crypto"].map((against) => ({
      topic: "sigv4",
      name: "SigV4-HMAC headers: anyrole",
      against,
    })),
  },
  {
    what: "the same with a body of 16 KiB / with `withBodyHash`",
    over: "aws4fetch",
    rows: ["anyrole", "anyrole, withBodyHash()"].map((name) => ({
      topic: "sigv4",
      name: `SigV4-HMAC, body of 16 KiB: ${name}`,
      against: "aws4fetch",
    })),
    runtimes: ["workerd"],
  },
  {
    what: "parsing a leaf, fields decoded, P-256 / RSA-2048",
    over: "`X509Certificate`",
    rows: ["P-256", "RSA-2048"].map((key) => ({
      topic: "parse",
      name: `${key} leaf, fields: anyrole`,
      against: "X509Certificate",
    })),
  },
  {
    what: "P-256 chain, parsed, issuers' keys cached",
    over: "two bare verifications",
    rows: [{ topic: "path", name: "P-256 chain: issuers' keys cached", against: "two bare verifications" }],
    runtimes: ["node", "bun"],
  },
  {
    what: "CRL of 1,000,000 entries parsed, searched, verified: again and again / first in a process",
    over: "SHA-256 of the file",
    rows: ["again and again", "first list of a process"].map((when) => ({
      topic: "crl",
      name: `1,000,000 entries, ${when}: check`,
      against: "SHA-256 alone",
    })),
    runtimes: ["node", "bun", "deno"],
  },
  {
    what: "`serve`, reads of credentials over 64 connections: IMDS / container endpoint",
    over: "a bare server of the runtime with the same answer",
    rows: [
      { topic: "serve", name: "64 connections: IMDS credentials", against: "bare server, the same answer" },
      { topic: "serve", name: "64 connections: container credentials", against: "bare server, that answer" },
    ],
    runtimes: ["node", "deno", "bun"],
  },
  {
    what: "P-256 signature by a key in SoftHSM",
    over: "the same C calls by pkcs11js",
    rows: [{ topic: "hsm", name: "P-256 signature: bridge", against: "pkcs11js" }],
    runtimes: ["node20", "node"],
  },
  {
    what: "`credential-process`, HTTP / HTTPS",
    over: "`node -e 0`",
    rows: ["HTTP", "HTTPS"].map((scheme) => startup("Node", `credential-process, ${scheme}`, "node -e 0")),
  },
  {
    what: "the same, the program in one file",
    over: "`node -e 0`",
    rows: ["HTTP", "HTTPS"].map((scheme) => startup("Bun, one file", `credential-process, ${scheme}`, "node -e 0")),
    runtimes: ["bun"],
  },
  {
    what: "credentials that are in the cache, the program in one file",
    over: "its own `version`",
    rows: [startup("Bun, one file", "credential-process, cached", "version")],
    runtimes: ["bun"],
  },
];

/** What a ratio is one of, in words. */
const RATIO_OF: { readonly [unit in Unit]?: string } = { "ops/s": "speeds", ms: "times" };

function speedTable(results: readonly TopicResult[]): string {
  const speeds = SPEED.map(({ what, over, rows, runtimes = ["node"] }) => {
    const found = runtimes.map((runtime) => rows.map((selector) => rowOf(results, selector, runtime)));
    const all = found.flat().filter((row) => row !== undefined);
    const measured = found.map((cells, at) =>
      `${RUNTIMES[runtimes[at]!]} ${cells.map((row) => row === undefined ? NOT_MEASURED : verdict(row)).join(" / ")}`
    );
    const limit = all[0]?.unit === "ops/s" ? "≥" : "≤";
    const goals = rows.flatMap(({ name, against }) =>
      all.find((row) => row.name === name && row.against === against)?.reach ?? []
    );
    const ratioOf = all[0] === undefined ? "" : RATIO_OF[all[0].unit] ?? all[0].unit;
    return [
      what,
      over,
      ratioOf,
      measured.join("; "),
      [...new Set(goals)].map((goal) => `${limit} ${goal}`).join(" / "),
    ];
  });
  const sizes = SIZES.map(({ what, consumer, budget }) => {
    const row = rowOf(results, { topic: "size", name: `gzip of a consumer: ${consumer}`, against: budget }, "node20");
    return [what, row === undefined ? NOT_MEASURED : sizeVerdict(row), `≤ ${budget}`];
  });
  const rows = [...SPEED.flatMap((line) => line.rows), { topic: "size" }];
  return [
    tableText(["what", "over", "ratio of", "measured", "goal"], speeds),
    tableText(["what a program takes over, minified and gzipped", "measured", "goal"], sizes),
    whereOf(results, rows),
  ].join("\n\n");
}

const NOT_MEASURED = "not measured";

const SIZES: readonly { readonly what: string; readonly consumer: string; readonly budget: string }[] = [
  { what: "signing with an access key", consumer: "sigv4", budget: "2.6 kB" },
  { what: "an identity in PEM and its signatures through WebCrypto", consumer: "sign", budget: "6 kB" },
  { what: "`createAwsFetch` with such an identity", consumer: "edge", budget: "10 kB" },
  { what: "certification paths and CRLs beside the identity", consumer: "validate", budget: "14 kB" },
];

function sizeVerdict(row: Row): string {
  const octets = `${row.median.toLocaleString("en")} octets`;
  return row.ratio <= 1 ? `${octets} ✓` : `**${octets} ✗**`;
}

function rowOf(
  results: readonly TopicResult[],
  { topic, name, against }: RowSelector,
  runtime: string,
): Row | undefined {
  return results.find((result) => result.topic === topic)?.rows.find((row) =>
    row.name === name && row.against === against && row.runtime === runtime
  );
}

/** Machines, dates and versions of the topics that are quoted. */
function whereOf(results: readonly TopicResult[], rows: readonly Pick<RowSelector, "topic">[]): string {
  const quoted = results.filter(({ topic }) => rows.some((row) => row.topic === topic));
  const machines = new Set(quoted.map(({ machine: { cpu, cores, system } }) => `${cpu}, ${cores} cores, ${system}`));
  const dates = [...new Set(quoted.map(({ date }) => date.slice(0, 10)))].sort();
  return `${[...machines].sort().join("; ")}; ${dates.join(" and ")}; ${versionsOf(quoted)}.`;
}

function versionsOf(results: readonly TopicResult[]): string {
  return Object.entries(RUNTIMES).flatMap(([runtime, name]) => {
    const versions = new Set(results.flatMap(({ runtimes }) => runtimes[runtime] ?? []));
    return [...versions].map((version) => `${name.split(" ")[0]} ${version}`);
  }).join(", ");
}

function timingResults(results: readonly TopicResult[]): string {
  const result = results.find(({ topic }) => topic === "timing-leak");
  if (result === undefined || result.rows.length === 0) return "Not measured.";
  const named = result.rows.map((row) => ({ ...row, name: row.name.slice(row.name.indexOf(": ") + 2) }));
  const isLeak = ({ name }: Row) => name.startsWith(LEAK_CONTROL) && !name.startsWith(INNOCENT_CONTROL);
  const sorted = named.sort((a, b) => a.median - b.median);
  const [leaks, others] = [sorted.filter(isLeak), sorted.filter((row) => !isLeak(row))];
  const told = ({ name, runtime, median }: Row): string =>
    `${median.toLocaleString("en")} (${name}; ${RUNTIMES[runtime]})`;
  const above = others.filter(({ ratio }) => ratio > 1);
  const timings = Object.values(TIMINGS);
  return [
    `${Math.min(...timings).toLocaleString("en")} to ${Math.max(...timings).toLocaleString("en")} timings of each, on ${
      result.date.slice(0, 10)
    }, in ${versionsOf([result])}:`,
    "",
    `- the smallest |t| of a control that leaks: ${told(leaks[0]!)};`,
    `- the largest |t| of all others: ${told(others.at(-1)!)};`,
    above.length === 0
      ? "- above the threshold of 4.5, of these: none."
      : `- above the threshold of 4.5, of these: ${above.map(told).join(", ")}.`,
  ].join("\n");
}
