/**
 * The page of the benchmarks, bench/README.md: a Markdown text of the results, and of nothing else.
 *
 * @module
 */

import { type Explanation, EXPLANATIONS } from "./explanations.ts";
import { type Figure, FIGURES, type RowSelector } from "./figures.ts";
import { type Slope, WORSE_THAN_LINEAR } from "./growth.ts";
import { CONTROL, reaches, type Row } from "./harness.ts";
import { LEAST_SHARE } from "./movement.ts";
import { PEERS, TOPIC_NOTES } from "./topics.ts";

/** A file of bench/results. */
export interface TopicResult {
  readonly topic: string;
  /** When the run began that this is a part of, ISO 8601: the same in all results of one run. */
  readonly run?: string;
  /** ISO 8601. */
  readonly date: string;
  /** How long it took. */
  readonly seconds?: number;
  readonly command: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly system: string; readonly load: number };
  readonly runtimes: { readonly [runtime: string]: string };
  /** Why there is nothing of a runtime, or not everything. */
  readonly missing?: { readonly [runtime: string]: string };
  /** What the machine lacks, in sentences. */
  readonly leftOut?: readonly string[];
  readonly peers: { readonly [name: string]: string };
  readonly slopes?: readonly Slope[];
  readonly rows: readonly Row[];
}

/** A drawing of the page: two files, one for light and one for dark surroundings. */
export interface PageChart {
  readonly topic: string;
  /** Path of the files without `-light.svg` and `-dark.svg`, from the page. */
  readonly path: string;
  /** What it says, for those who do not see it. */
  readonly alternative: string;
}

/** Names of runtimes for people. */
export const RUNTIMES: { readonly [runtime: string]: string } = {
  node20: "Node 20",
  node: "Node 24",
  deno: "Deno",
  bun: "Bun",
  workerd: "workerd",
};

/** The page. The same results give the same page. */
export function pageOf(results: readonly TopicResult[], charts: readonly PageChart[]): string {
  const topics = Object.keys(TOPIC_NOTES).flatMap((name) => results.filter(({ topic }) => topic === name));
  return [
    "# Benchmarks",
    "<!-- Written by `npm run bench -- --page` from bench/results; do not edit. -->",
    introduction(topics),
    "## What was promised",
    "Ratios; how they spread, and what they are ratios of, stands in the tables of the topics below.",
    promises(results),
    ...unreached(results),
    "## Where a peer is faster",
    lost(results),
    ...topics.flatMap((result) => topicSection(result, charts.filter(({ topic }) => topic === result.topic))),
    "",
  ].join("\n\n").replace(/\n+$/, "\n");
}

function introduction(results: readonly TopicResult[]): string {
  return `\
Every figure is a **ratio of two things that were timed interleaved in one run**: machines differ and are noisy, and times
with them; ratios of things timed in turn much less so. A cell says the median of the rounds' ratios, ± the distance between
their quartiles, and then this side's own median. Of speeds (operations a second) a ratio above 1 is faster than what it is
held against; of times, octets and memory it is more. **✗** marks a ratio that misses what it has to reach, **✓** one that
reaches it, **◂** one at which a peer is ahead.

To measure it all again, on a machine that has nothing else to do:

\`\`\`sh
npm run bench
\`\`\`

It installs what it needs from npm, says what it lacks of the machine, ${durationOf(results)}and ends with this page.
\`npm run bench -- sign parse --runtime node,bun\` measures a part, and \`npm run bench -- --against bench/results/sign.json\`
measures a topic again and says what moved: a ratio has moved when the two are further apart than the sum of both spreads,
than what the controls of the group show, and than ${
    LEAST_SHARE * 100
  } %. A slope is that of the cost over the size, both
logarithmic: 1 is linear. Above ${WORSE_THAN_LINEAR.slope} over all, or above ${WORSE_THAN_LINEAR.lastStep} in the last step,
it is marked.`;
}

/** How long it took, where all topics are of one run. */
function durationOf(results: readonly TopicResult[]): string {
  const [first] = results;
  const isOneRun = first?.run !== undefined &&
    results.every(({ run, seconds }) => run === first.run && seconds !== undefined);
  if (!isOneRun) return "";
  const minutes = Math.ceil(results.reduce((sum, { seconds = 0 }) => sum + seconds, 0) / 60);
  const { cpu, cores } = first.machine;
  return `takes ${minutes} minutes on a machine like the one that made this page (${cpu}, ${cores} cores), `;
}

/** A table of each part of the project: a line of each row, a column of each runtime. */
function promises(results: readonly TopicResult[]): string {
  return [...new Set(FIGURES.map((figure) => figure.of))].map((part) => {
    const lines = FIGURES.filter((figure) => figure.of === part).flatMap((figure) => figureLines(figure, results));
    return [
      `### ${part.charAt(0).toUpperCase()}${part.slice(1)}`,
      tableText(["what", "", "to reach", ...Object.values(RUNTIMES)], lines),
    ].join("\n\n");
  }).join("\n\n");
}

/** The rows of a figure that count, with their verdicts; and the proof. */
function figureLines({ what, reach, rows, proof }: Figure, results: readonly TopicResult[]): string[][] {
  const nowhere = Object.keys(RUNTIMES).map(() => "");
  const found = rows.flatMap((selector): string[][] => {
    const parts = rowsOf(results, selector).filter((row) => row.reach !== undefined);
    const label = rows.length === 1 ? "" : briefly(selector, rows);
    if (parts.length === 0) return [[[label, "**not measured**"].filter(Boolean).join(": "), ...nowhere]];
    const cells = Object.keys(RUNTIMES).map((runtime) => {
      const row = parts.find((part) => part.runtime === runtime);
      return row === undefined ? "" : `${verdict(row)}${row.topic === "size" ? " everywhere" : ""}`;
    });
    return [[label, ...cells]];
  });
  if (proof !== undefined) found.push([proof, ...nowhere]);
  return found.map(([label, ...cells], at) => [at === 0 ? what : "", label!, at === 0 ? reach : "", ...cells]);
}

/** The ratio, with a mark where something is to be reached. */
export function verdict(row: Row): string {
  const met = reaches(row);
  if (met === undefined) return String(row.ratio);
  return met ? `${row.ratio} ✓` : `**${row.ratio} ✗**`;
}

/** What tells a row from the figure's others: their group goes without saying where it is the same. */
function briefly({ name, against }: RowSelector, rows: readonly RowSelector[]): string {
  const sameName = rows.every((other) => other.name === name);
  const sameOther = rows.every((other) => other.against === against);
  if (sameName) return against;
  const group = groupName({ name });
  const short = rows.every((other) => groupName(other) === group) ? name.slice(group.length + 2) : name;
  return sameOther ? short : `${short} over ${against}`;
}

/** The rows that miss what they have to reach, each with its reason. */
function unreached(results: readonly TopicResult[]): string[] {
  const missed = results.flatMap(({ rows }) => rows).filter((row) => reaches(row) === false);
  if (missed.length === 0) return [];
  const byReason = new Map<string, Row[]>();
  for (const row of missed) {
    const reason = explanationOf(row)?.reason ?? UNEXPLAINED;
    byReason.set(reason, [...byReason.get(reason) ?? [], row]);
  }
  const last = [...byReason].sort(([a], [b]) => Number(a === UNEXPLAINED) - Number(b === UNEXPLAINED));
  const items = last.map(([reason, rows]) => {
    const named = together(rows).map(([row, measured]) =>
      `  - ${row.topic}: ${row.name} over ${row.against}, to reach ${row.unit === "ops/s" ? "≥" : "≤"} ${row.reach}: ` +
      measured.map((each) => `${placeOf(each)}${each.ratio}`).join(", ")
    );
    return [`- ${reason}`, ...named].join("\n");
  });
  return ["## What is not reached, and why", items.join("\n")];
}

const UNEXPLAINED = "Not explained.";

/** The rows of one name and one figure, of several runtimes. */
function together(rows: readonly Row[]): readonly (readonly [Row, readonly Row[]])[] {
  const found = new Map<string, [Row, Row[]]>();
  for (const row of rows) {
    const key = JSON.stringify([row.topic, row.name, row.against, row.reach]);
    const others = found.get(key)?.[1] ?? [];
    found.set(key, [row, [...others, row]]);
  }
  return [...found.values()];
}

/** The runtime; sizes are the same in all of them. */
function placeOf({ topic, runtime }: Row): string {
  return topic === "size" ? "" : `${RUNTIMES[runtime] ?? runtime} `;
}

/** The reason why a row misses; undefined: nobody has said. */
export function explanationOf(row: Row, all: readonly Explanation[] = EXPLANATIONS): Explanation | undefined {
  return all.find(({ topic, name, against, runtimes }) =>
    topic === row.topic && row.name.startsWith(name) && (against ?? row.against) === row.against &&
    (runtimes?.includes(row.runtime) ?? true)
  );
}

function lost(results: readonly TopicResult[]): string {
  const rows = results.flatMap((result) => result.rows).filter(peerWins);
  if (rows.length === 0) return "In no row.";
  const items = together(rows).map(([row, lost]) =>
    `- ${row.topic}: ${row.name} over **${row.against}**, ${row.unit === "ops/s" ? "speeds" : "times"}: ` +
    lost.map((each) => `${placeOf(each)}${each.ratio} ± ${Number(each.spread.toPrecision(2))}`).join(", ")
  );
  return items.join("\n");
}

/** Whether the row is about a peer, and the peer is ahead. */
export function peerWins({ name, against, unit, ratio }: Row): boolean {
  if (name.endsWith(`: ${CONTROL}`) || !PEERS.some((peer) => against.startsWith(peer))) return false;
  return unit === "ops/s" ? ratio < 1 : ratio > 1;
}

function topicSection(result: TopicResult, charts: readonly PageChart[]): string[] {
  const { topic, machine, runtimes, peers, rows, slopes = [] } = result;
  const { title, what, limit } = TOPIC_NOTES[topic]!;
  const versions = Object.entries(runtimes).map(([name, version]) =>
    `${(RUNTIMES[name] ?? name).split(" ")[0]} ${version}`
  );
  const others = Object.entries(peers).map(([name, version]) =>
    version.startsWith(name) ? version : `${name} ${version}`
  );
  return [
    `## ${title}: \`${topic}\``,
    `${what} Held against: ${limit}.`,
    ...charts.map(pictureOf),
    ...groupsOf(rows).map((group) => groupTable(group, Object.keys(runtimes))),
    ...slopes.length === 0 ? [] : [slopeTable(slopes)],
    ...lackings(result),
    [
      `<sub>\`${result.command}\`, ${result.date.slice(0, 10)}${
        result.seconds === undefined ? "" : `, ${result.seconds} s`
      }; ` +
      `${machine.cpu}, ${machine.cores} cores, ${machine.system}, ` +
      `load ${machine.load}; ${roundsOf(rows)}. ${versions.join(", ")}.`,
      ...others.length > 0 ? [`Beside: ${others.join(", ")}.`] : [],
    ].join(" ") + "</sub>",
  ];
}

/** What is not there, and why. */
function lackings({ rows, missing = {}, leftOut = [] }: TopicResult): string[] {
  const lines = [
    ...Object.entries(missing).map(([runtime, reason]) => {
      const what = rows.some((row) => row.runtime === runtime) ? "not all measured" : "not measured";
      return `${RUNTIMES[runtime] ?? runtime}: **${what}**: ${reason}`;
    }),
    ...leftOut,
  ];
  return lines.length === 0 ? [] : [lines.map((line) => `- ${line}`).join("\n")];
}

/** How many rounds the rows are of, from the fewest to the most; in workerd, whose batches are longer, beside it. */
function roundsOf(all: readonly Row[]): string {
  // Rows of earlier results do not say it.
  const rows = all.filter(({ rounds }) => rounds > 0);
  if (rows.length === 0) return "rounds as commanded";
  const among = (those: readonly Row[]): string => {
    const counts = those.map(({ rounds }) => rounds);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    return least === most ? String(most) : `${least} to ${most}`;
  };
  const inWorkerd = rows.filter(({ runtime }) => runtime === "workerd");
  const elsewhere = rows.filter(({ runtime }) => runtime !== "workerd");
  if (inWorkerd.length === 0 || elsewhere.length === 0) return `${among(rows)} rounds`;
  return `${among(elsewhere)} rounds, ${among(inWorkerd)} in workerd`;
}

/** A picture that follows the reader's surroundings. */
export function pictureOf({ path, alternative }: PageChart): string {
  return [
    "<picture>",
    `  <source media="(prefers-color-scheme: dark)" srcset="${path}-dark.svg">`,
    `  <img alt="${alternative.replaceAll('"', "&quot;")}" src="${path}-light.svg">`,
    "</picture>",
  ].join("\n");
}

function groupsOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = groupName(row);
    groups.set(name, [...groups.get(name) ?? [], row]);
  }
  return [...groups.values()];
}

function groupTable(rows: readonly Row[], runtimes: readonly string[]): string {
  const present = runtimes.filter((runtime) => rows.some((row) => row.runtime === runtime));
  const lines = new Map<string, readonly [Row, Map<string, Row>]>();
  for (const row of rows) {
    const key = JSON.stringify([row.name, row.against]);
    if (!lines.has(key)) lines.set(key, [row, new Map()]);
    lines.get(key)![1].set(row.runtime, row);
  }
  // The control is about the noise: last.
  const sorted = [...lines.values()].sort(([a], [b]) => Number(isControl(a)) - Number(isControl(b)));
  return tableText(
    [
      groupName(rows[0]!),
      "over",
      ...present.map((runtime) => rows[0]!.topic === "size" ? "ratio" : RUNTIMES[runtime] ?? runtime),
    ],
    sorted.map(([{ name, against }, cells]) => [
      name.slice(groupName(rows[0]!).length + 2),
      against,
      ...present.map((runtime) => cells.has(runtime) ? cellOf(cells.get(runtime)!) : ""),
    ]),
  );
}

function cellOf(row: Row): string {
  const spread = row.spread === 0 ? "" : ` ± ${Number(row.spread.toPrecision(2))}`;
  const marks = peerWins(row) ? " **◂**" : "";
  const median = row.median.toLocaleString("en");
  return `${verdict(row)}${spread}${marks}<br>${
    row.unit === "|t|" ? `${row.unit} ${median}` : `${median} ${row.unit}`
  }`;
}

function slopeTable(slopes: readonly Slope[]): string {
  return tableText(
    ["growth", "with", "runtime", "sizes", "cost", "slope", "last step"],
    slopes.map(({ name, parameter, runtime, unit, points, slope, lastStep, worse }) => [
      name,
      parameter,
      RUNTIMES[runtime] ?? runtime,
      points.map(([size]) => size.toLocaleString("en")).join(" / "),
      `${points.map(([, cost]) => cost.toLocaleString("en", { maximumSignificantDigits: 3 })).join(" / ")} ${unit}`,
      worse ? `**${slope.toFixed(2)}**` : slope.toFixed(2),
      worse ? `**${lastStep.toFixed(2)}, worse than linear**` : lastStep.toFixed(2),
    ]),
  );
}

function rowsOf(results: readonly TopicResult[], { topic, name, against }: RowSelector): readonly Row[] {
  const rows = results.find((result) => result.topic === topic)?.rows ?? [];
  return rows.filter((row) => row.name === name && row.against === against);
}

function isControl({ name }: Row): boolean {
  return name.endsWith(`: ${CONTROL}`);
}

function groupName({ name }: Pick<Row, "name">): string {
  return name.slice(0, name.indexOf(": "));
}

/** A table in Markdown. */
export function tableText(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...lines.map(line)].join("\n");
}
