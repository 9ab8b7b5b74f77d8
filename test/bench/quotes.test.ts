// runtimes: node20 node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chartsOf, THEMES } from "../../bench/charts.ts";
import type { Row } from "../../bench/harness.ts";
import { pageOf, type TopicResult } from "../../bench/page.ts";
import { QUOTES, withQuotes } from "../../bench/quotes.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { assert, suite } from "../support/suite.ts";

const test = suite("bench/quotes");

const ROOT = repositoryRoot();

function keptResults(): TopicResult[] {
  const folder = join(ROOT, "bench/results");
  return readdirSync(folder).sort().map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
}

function result(topic: string, rows: readonly Partial<Row>[]): TopicResult {
  const rest = { topic, runtime: "node", median: 1, unit: "ops/s" as const, spread: 0.1, rounds: 7 };
  return {
    topic,
    date: "2026-11-22T06:00:00.000Z",
    command: "npm run bench",
    machine: { cpu: "Example", cores: 2, system: "linux x64", load: 0.5 },
    runtimes: { node: "24.21.0", bun: "1.4.5" },
    peers: {},
    rows: rows.map((row) => ({ ...rest, name: "", against: "", ratio: 1, ...row })),
  };
}

function quoted(file: string, results: readonly TopicResult[]): string {
  const places = QUOTES.filter((quote) => quote.file === file).map(({ name }) =>
    `<!-- ${name}: written by \`npm run bench -- --page\` from bench/results -->\nold\n<!-- end of ${name} -->`
  );
  return withQuotes(file, `before\n${places.join("\n")}\nafter`, results);
}

for (const file of ["README.md", "SECURITY.md"]) {
  test(`${file} quotes what bench/results say: npm run bench -- --page writes it`, () => {
    const page = readFileSync(join(ROOT, file), "utf8");
    assert.is(page, withQuotes(file, page, keptResults()));
  });
}

test("bench/README.md is the page of bench/results: npm run bench -- --page writes it", () => {
  const results = keptResults();
  assert.is(readFileSync(join(ROOT, "bench/README.md"), "utf8"), pageOf(results, chartsOf(results)));
});

test("bench/charts has the charts of the page, and no others", () => {
  const kept = readdirSync(join(ROOT, "bench/charts")).filter((name) => name.endsWith(".svg")).sort();
  const drawn = chartsOf(keptResults()).flatMap(({ path }) => THEMES.map(({ name }) => `${path}-${name}.svg`));
  assert.equal(kept.map((name) => `charts/${name}`), drawn.sort());
});

test("withQuotes() marks ratios that reach their goal and those that do not, and says what was not measured", () => {
  const name = "SigV4-X509 RSA-2048, node:crypto: full signature";
  const against = "bare signature";
  const rows = [
    { name, against, ratio: 0.9611, reach: 0.95 },
    { name, against, ratio: 0.9, reach: 0.95, runtime: "bun" },
  ];
  const page = quoted("README.md", [result("sign", rows)]);
  assert.match(
    page,
    "| the bare `crypto.sign` | speeds | Node 24 0.9611 ✓ / not measured; Bun **0.9 ✗** / not measured | ≥ 0.95 |",
  );
  assert.match(page, "\n\nExample, 2 cores, linux x64; 2026-11-22; Node 24.21.0, Bun 1.4.5.\n\n<!-- end of speed -->");
});

test("withQuotes() replaces a part and nothing else, and gives the same again", () => {
  const results = [result("sign", [])];
  const page = quoted("README.md", results);
  assert.match(page, /^before\n<!-- speed/);
  assert.match(page, /<!-- end of speed -->\nafter$/);
  assert.not.match(page, "old");
  assert.is(withQuotes("README.md", page, results), page);
});

test("withQuotes() tells the weakest control that leaks and the largest of all others", () => {
  const row = (name: string, median: number, change: Partial<Row> = {}) => {
    return { name: `Welch's t: ${name}`, median, unit: "|t|" as const, ratio: median / 4.5, against: "4.5", ...change };
  };
  const rows = [
    row("control: a comparison that stops early, 4,096 octets", 830.7),
    row("control: powers by squaring", 69.03),
    row("control: constantTimeEqual() of one class with itself, 32 octets", 1.4),
    row("constantTimeEqual(), 32 octets", 2.5),
  ];
  const page = quoted("SECURITY.md", [result("timing-leak", rows)]);
  assert.match(page, "600 to 20,000 timings of each, on 2026-11-22, in Node 24.21.0, Bun 1.4.5:");
  assert.match(page, "- the smallest |t| of a control that leaks: 69.03 (control: powers by squaring; Node 24);");
  assert.match(page, "- the largest |t| of all others: 2.5 (constantTimeEqual(), 32 octets; Node 24);");
  assert.match(page, "of these: none.");
  const leaking = quoted("SECURITY.md", [result("timing-leak", [...rows, row("portable RSA-2048", 9)])]);
  assert.match(leaking, "- above the threshold of 4.5, of these: 9 (portable RSA-2048; Node 24).");
});

test("withQuotes() refuses a page that has no place for a part", () => {
  assert.throws(() => withQuotes("README.md", "nothing", []), "Cannot write speed in README.md: it has no place there");
});

test.run();
