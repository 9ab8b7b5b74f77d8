// runtimes: node20 node
import { chartsOf, THEMES } from "../../bench/charts.ts";
import { EXPLANATIONS } from "../../bench/explanations.ts";
import { FIGURES } from "../../bench/figures.ts";
import type { Row } from "../../bench/harness.ts";
import { explanationOf, pageOf, peerWins, pictureOf, type TopicResult } from "../../bench/page.ts";
import { TOPIC_NOTES } from "../../bench/topics.ts";
import { assert, suite } from "../support/suite.ts";

const test = suite("bench/page");

function row(change: Partial<Row>): Row {
  const rest = { topic: "sigv4", name: "SigV4-HMAC headers: anyrole", runtime: "node", against: "aws4" };
  return { ...rest, median: 12_345, unit: "ops/s", ratio: 3.6, spread: 0.123, rounds: 303, ...change };
}

function result(topic: string, rows: readonly Row[], rest: Partial<TopicResult> = {}): TopicResult {
  return {
    topic,
    date: "2026-11-22T06:00:00.000Z",
    command: `npm run bench -- ${topic}`,
    machine: { cpu: "Example", cores: 2, system: "linux x64", load: 0.5 },
    runtimes: { node: "24.21.0", workerd: "2026-11-17" },
    peers: { aws4: "1.13.2", libcrypto: "OpenSSL 3.0.19" },
    rows,
    ...rest,
  };
}

test("pageOf() says of every figure what was measured, whether it is reached, or that it was not measured", () => {
  const page = pageOf([
    result("sigv4", [row({ reach: 3.5 }), row({ against: "aws4fetch", ratio: 14, reach: 15 })]),
  ], []);
  const lines = page.split("\n");
  const first = lines.findIndex((each) => each.includes("SigV4 with an access key over aws4fetch"));
  assert.match(lines[first]!, /\| aws4fetch \| ≥ 15, [^|]+\| {2}\| \*\*14 ✗\*\* \| {2}\|/);
  assert.is(lines[first + 1], "|  | aws4 |  |  | 3.6 ✓ |  |  |  |");
  assert.match(lines[first + 2]!, "|  | @smithy/signature-v4, node:crypto: **not measured** |  |");
  const promised = FIGURES.flatMap(({ rows }) => rows).length;
  const measured = 2 + 1;
  assert.is(lines.filter((each) => each.includes("**not measured**")).length, promised - measured);
});

test("pageOf() lists what is not reached with its reason, and says where there is none", () => {
  const missed = { topic: "crl", unit: "ms", ratio: 4.6, reach: 1, against: "8 MB" } as const;
  const name = "1,000,000 entries streamed, peak above that of reading the file: anonymous pages";
  const page = pageOf([
    result("crl", ["bun", "deno", "node"].map((runtime) => row({ ...missed, name, runtime }))),
  ], []);
  const place = `  - crl: ${name} over 8 MB, to reach ≤ 1:`;
  const [explained, not] = page.split("- Not explained.\n");
  assert.match(explained!, `${place} Bun 4.6\n`);
  assert.match(not!, `${place} Deno 4.6, Node 24 4.6\n`);
});

test("pageOf() says plainly where a peer is faster", () => {
  const page = pageOf([result("sigv4", [row({ ratio: 0.56, runtime: "workerd", against: "aws4fetch" })])], []);
  assert.match(page, "- sigv4: SigV4-HMAC headers: anyrole over **aws4fetch**, speeds: workerd 0.56 ± 0.12\n");
  assert.match(page, "| anyrole | aws4fetch | 0.56 ± 0.12 **◂**<br>12,345 ops/s |");
  assert.match(pageOf([result("sigv4", [row({})])], []), "## Where a peer is faster\n\nIn no row.");
});

test("pageOf() tells machine, versions, date, rounds and command of each topic", () => {
  const rows = [row({}), row({ against: "aws4fetch", rounds: 102 }), row({ runtime: "workerd", rounds: 39 })];
  assert.match(
    pageOf([result("sigv4", rows)], []),
    "<sub>`npm run bench -- sigv4`, 2026-11-22; Example, 2 cores, linux x64, load 0.5; 102 to 303 rounds, 39 in workerd. " +
      "Node 24.21.0, workerd 2026-11-17. Beside: aws4 1.13.2, libcrypto OpenSSL 3.0.19.</sub>",
  );
});

test("pageOf() says what was not measured in which runtime, and what the machine lacks", () => {
  const page = pageOf([
    result("sigv4", [], {
      missing: { deno: "deno ended with SIGKILL" },
      leftOut: ["libcrypto is left out: no compiler"],
    }),
  ], []);
  assert.match(page, "- Deno: **not measured**: deno ended with SIGKILL\n- libcrypto is left out: no compiler\n");
  const part = pageOf([result("sigv4", [row({ runtime: "deno" })], { missing: { deno: "it ended" } })], []);
  assert.match(part, "- Deno: **not all measured**: it ended");
});

test("pageOf() says how long a run takes where all topics are of one, and nothing where they are not", () => {
  const of = (run: string, topic: string) => result(topic, [row({ topic })], { run, seconds: 100 });
  const one = pageOf([of("2026-11-22T06:00:00Z", "sign"), of("2026-11-22T06:00:00Z", "sigv4")], []);
  assert.match(one, "<sub>`npm run bench -- sign`, 2026-11-22, 100 s; Example, 2 cores,");
  assert.match(one, "takes 4 minutes on a machine like the one that made this page (Example, 2 cores), and ends");
  const several = pageOf([of("2026-11-22T06:00:00Z", "sign"), of("2026-11-22T07:00:00Z", "sigv4")], []);
  assert.not.match(several, "minutes on");
});

test("pageOf() makes a column a runtime, and puts the control last", () => {
  const control = row({ name: "SigV4-HMAC headers: control", against: "anyrole", ratio: 1.01 });
  const page = pageOf([result("sigv4", [control, row({}), row({ runtime: "workerd", ratio: 5 })])], []);
  const lines = page.split("\n");
  const head = lines.indexOf("| SigV4-HMAC headers | over | Node 24 | workerd |");
  assert.is(lines[head + 2], "| anyrole | aws4 | 3.6 ± 0.12<br>12,345 ops/s | 5 ± 0.12<br>12,345 ops/s |");
  assert.is(lines[head + 3], "| control | anyrole | 1.01 ± 0.12<br>12,345 ops/s |  |");
});

test("pageOf() states slopes, and marks what is worse than linear", () => {
  const points = [[1, 2], [10, 40]] as const;
  const slope = { topic: "sigv4", name: "bodies", runtime: "node", parameter: "octets", unit: "ms", points } as const;
  const slopes = [
    { ...slope, slope: 1.3, lastStep: 1.3, worse: true },
    { ...slope, name: "headers", slope: 0.9, lastStep: 1, worse: false },
  ];
  const page = pageOf([result("sigv4", [row({})], { slopes })], []);
  assert.match(page, "| bodies | octets | Node 24 | 1 / 10 | 2 / 40 ms | **1.30** | **1.30, worse than linear** |");
  assert.match(page, "| headers | octets | Node 24 | 1 / 10 | 2 / 40 ms | 0.90 | 1.00 |");
});

test("pageOf() gives the same page for the same results", () => {
  const results = [result("sigv4", [row({ reach: 3.5 })]), result("parse", [row({ topic: "parse" })])];
  assert.is(pageOf(results, chartsOf(results)), pageOf([...results].reverse(), chartsOf(results)));
});

test("peerWins() leaves limits and controls alone, and minds the unit", () => {
  assert.ok(peerWins(row({ ratio: 0.9 })));
  assert.not.ok(peerWins(row({ ratio: 1.1 })));
  assert.ok(peerWins(row({ ratio: 1.1, unit: "ms", against: "libcrypto" })));
  assert.not.ok(peerWins(row({ ratio: 0.9, against: "bare signature" })));
  assert.not.ok(peerWins(row({ ratio: 0.9, name: "group: control" })));
});

test("explanationOf() takes the first that fits topic, name, runtime and what is held against", () => {
  const of = (change: Partial<Row>) => explanationOf(row({ topic: "path", ...change }));
  const name = "P-256 chain: intermediate's key imported";
  assert.is(of({ name, against: "two bare verifications" }), EXPLANATIONS[0]);
  assert.is(of({ name, against: "two bare verifications", runtime: "bun" }), undefined);
  assert.is(of({ name, against: "pkijs" }), undefined);
});

test("FIGURES and EXPLANATIONS name topics that the page has", () => {
  for (const { topic } of [...FIGURES.flatMap(({ rows }) => rows), ...EXPLANATIONS]) {
    assert.ok(TOPIC_NOTES[topic] !== undefined, topic);
  }
});

test("chartsOf() draws bars from 1, to the left where a peer is faster, in both themes", () => {
  const rows = [row({}), row({ runtime: "workerd", ratio: 0.1, against: "aws4fetch" })];
  const [chart, ...others] = chartsOf([result("sigv4", rows)]);
  assert.equal(others, []);
  assert.is(chart!.alternative.split(". ")[1], "Node 24, aws4: 3.6×; workerd, aws4fetch: 0.1×");
  const [light, dark] = THEMES.map((theme) => JSON.stringify(chart!.option(theme)));
  assert.is.not(light, dark);
  assert.match(light!, '"value":-1,');
});

test("pictureOf() follows the surroundings of the reader", () => {
  const picture = pictureOf({ topic: "crl", path: "charts/x", alternative: 'the "same"' });
  assert.match(picture, '<source media="(prefers-color-scheme: dark)" srcset="charts/x-dark.svg">');
  assert.match(picture, '<img alt="the &quot;same&quot;" src="charts/x-light.svg">');
});

test.run();
