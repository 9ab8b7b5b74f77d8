/**
 * The drawings of the page, as options for Apache ECharts: of the results, and of nothing else.
 *
 * @module
 */

import type { Slope } from "./growth.ts";
import type { Row } from "./harness.ts";
import { type PageChart, RUNTIMES, type TopicResult } from "./page.ts";

/** Colours of the surroundings. */
export interface Theme {
  readonly name: "light" | "dark";
  readonly text: string;
  readonly faint: string;
  /** Of the runtimes, in their order, and what is held against them last. */
  readonly colours: readonly string[];
}

/** Light and dark; the colours are told apart by those who confuse red and green, too. */
export const THEMES: readonly Theme[] = [
  {
    name: "light",
    text: "#1f2328",
    faint: "#d1d9e0",
    colours: ["#7a8b99", "#0b6e4f", "#1f5fbf", "#c2570c", "#8250df", "#59636e"],
  },
  {
    name: "dark",
    text: "#e6edf3",
    faint: "#3d444d",
    colours: ["#a3b3c2", "#3fb98a", "#6ca8ff", "#f0883e", "#bc8cff", "#9198a1"],
  },
];

/** A drawing. */
export interface Chart extends PageChart {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** Options of ECharts, without what the theme says. */
  option(theme: Theme): object;
}

/** The drawings of these results; one whose rows are not there is left out. */
export function chartsOf(results: readonly TopicResult[]): Chart[] {
  return [
    timesAsFast(results, {
      topic: "sigv4",
      name: "signing",
      title: "Signing a request with an access key: anyrole over others, times as fast",
      row: "SigV4-HMAC headers: anyrole",
    }),
    timesAsFast(results, {
      topic: "parse",
      name: "parsing",
      title: "Parsing a P-256 certificate, fields decoded: anyrole over others, times as fast",
      row: "P-256 leaf, fields: anyrole",
    }),
    timesAsFast(results, {
      topic: "path",
      name: "paths",
      title: "Validating a P-256 chain from octets: anyrole over others, times as fast",
      row: "P-256 chain: issuers' keys cached, from octets",
      without: ["two bare verifications"],
    }),
    ...growthCharts(results),
  ].flatMap((chart) => chart ?? []);
}

interface RatioChart {
  readonly topic: string;
  readonly name: string;
  readonly title: string;
  readonly row: string;
  readonly without?: readonly string[];
}

/** Bars that begin at 1, by a logarithmic scale: to the left the other is the faster one. */
function timesAsFast(results: readonly TopicResult[], chart: RatioChart): Chart | undefined {
  const rows =
    results.find(({ topic }) => topic === chart.topic)?.rows.filter(({ name, against }) =>
      name === chart.row && chart.without?.includes(against) !== true
    ) ?? [];
  if (rows.length === 0) return undefined;
  const others = [...new Set(rows.map(({ against }) => against))];
  const runtimes = Object.keys(RUNTIMES).filter((runtime) => rows.some((row) => row.runtime === runtime));
  return {
    topic: chart.topic,
    path: `charts/${chart.name}`,
    title: chart.title,
    alternative: `${chart.title}. ${sentences(rows)}`,
    width: WIDTH,
    height: 104 + others.length * (runtimes.length * 15 + 16),
    option: (theme) => ({
      ...base(theme, chart.title),
      legend: { ...legend(theme), data: runtimes.map((runtime) => RUNTIMES[runtime]) },
      grid: { left: 200, right: 32, top: 68, bottom: 32 },
      yAxis: {
        type: "category",
        inverse: true,
        data: others,
        axisLabel: { color: theme.text, fontSize: 12, formatter: (name: string) => name.replace(", ", ",\n") },
        axisTick: { show: false },
        axisLine: { lineStyle: { color: theme.text } },
      },
      xAxis: {
        type: "value",
        interval: 1,
        // Room for the last bar's label.
        min: Math.min(0, Math.floor(Math.log10(Math.min(...rows.map(({ ratio }) => ratio))))),
        max: Math.log10(Math.max(...rows.map(({ ratio }) => ratio))) + 0.2,
        axisLabel: {
          color: theme.text,
          fontSize: 12,
          showMaxLabel: false,
          formatter: (power: number) => `${Number((10 ** power).toPrecision(3))}×`,
        },
        splitLine: { lineStyle: { color: theme.faint } },
      },
      series: runtimes.map((runtime) => ({
        name: RUNTIMES[runtime],
        type: "bar",
        barWidth: 12,
        barGap: "25%",
        itemStyle: { color: colourOf(theme, runtime) },
        label: {
          show: true,
          position: "right",
          color: theme.text,
          fontSize: 11,
        },
        data: others.map((other) => {
          const row = rows.find(({ against, runtime: where }) => against === other && where === runtime);
          return row === undefined ? null : {
            value: Math.log10(row.ratio),
            label: { formatter: timesText(row.ratio), position: row.ratio < 1 ? "left" : "right" },
          };
        }),
      })),
    }),
  };
}

function timesText(ratio: number): string {
  return `${ratio >= 100 ? Math.round(ratio) : Number(ratio.toPrecision(2))}×`;
}

function sentences(rows: readonly Row[]): string {
  return rows.map(({ runtime, against, ratio }) => `${RUNTIMES[runtime] ?? runtime}, ${against}: ${timesText(ratio)}`)
    .join("; ");
}

interface GrowthPanel {
  readonly group: string;
  readonly axis: string;
  readonly cost: string;
  /** What is drawn for size and cost. */
  readonly value?: (size: number, cost: number) => number;
}

function growthCharts(results: readonly TopicResult[]): (Chart | undefined)[] {
  return [
    growthChart(results, {
      topic: "crl",
      name: "crl-growth",
      title: "Checking a certificate against a revocation list",
      panels: [
        { group: "check by entries", axis: "entries", cost: "time, ms" },
        { group: "anonymous pages by entries, streamed", axis: "entries", cost: "peak of the whole process, MB" },
      ],
    }),
    growthChart(results, {
      topic: "session",
      name: "session-concurrency",
      title: "Sessions over loopback, by how many are asked for at once",
      panels: [{
        group: "sessions at once",
        axis: "at once",
        cost: "sessions a second",
        value: (size, cost) => size / cost * 1000,
      }],
    }),
    growthChart(results, {
      topic: "serve",
      name: "serve-concurrency",
      title: "Reads of credentials from anyrole serve, by connections",
      panels: [{
        group: "IMDS credentials by connections",
        axis: "connections",
        cost: "reads a second",
        value: (size, cost) => size / cost * 1000,
      }],
    }),
    growthChart(results, {
      topic: "path",
      name: "path-growth",
      title: "Validating a chain, by its length",
      panels: [{ group: "P-256 by length", axis: "certificates below the anchor", cost: "time, ms" }],
    }),
  ];
}

function growthChart(
  results: readonly TopicResult[],
  { topic, name, title, panels }: {
    readonly topic: string;
    readonly name: string;
    readonly title: string;
    readonly panels: readonly GrowthPanel[];
  },
): Chart | undefined {
  const slopes = results.find((result) => result.topic === topic)?.slopes ?? [];
  const drawn = panels.map((panel) => ({ ...panel, lines: slopes.filter((slope) => slope.name === panel.group) }))
    .filter(({ lines }) => lines.length > 0);
  if (drawn.length === 0) return undefined;
  const runtimes = Object.keys(RUNTIMES).filter((runtime) =>
    drawn.some(({ lines }) => lines.some((line) => line.runtime === runtime))
  );
  const share = 100 / drawn.length;
  return {
    topic,
    path: `charts/${name}`,
    title,
    alternative: `${title}. ${drawn.flatMap(({ lines }) => lines).map(slopeSentence).join("; ")}`,
    width: WIDTH,
    height: 360,
    option: (theme) => ({
      ...base(theme, title),
      legend: { ...legend(theme), data: runtimes.map((runtime) => RUNTIMES[runtime]) },
      grid: drawn.map((_, at) => ({
        left: `${at * share + 8}%`,
        width: `${share - 12}%`,
        top: 96,
        bottom: 56,
      })),
      xAxis: drawn.map(({ axis, lines }, gridIndex) => ({
        ...markedAt(axisOf(theme), sizesOf(lines)),
        gridIndex,
        min: "dataMin",
        max: "dataMax",
        name: axis,
        nameLocation: "middle",
        nameGap: 30,
      })),
      yAxis: drawn.map(({ cost }, gridIndex) => ({
        ...axisOf(theme),
        gridIndex,
        name: cost,
        nameTextStyle: { color: theme.text, fontSize: 12, align: "left", padding: [0, 0, 4, -36] },
      })),
      series: drawn.flatMap(({ lines, value = (_: number, cost: number) => cost }, at) =>
        lines.map(({ runtime, points }) => ({
          name: RUNTIMES[runtime],
          type: "line",
          xAxisIndex: at,
          yAxisIndex: at,
          symbol: SYMBOLS[Object.keys(RUNTIMES).indexOf(runtime)],
          symbolSize: 8,
          lineStyle: { width: 2 },
          color: colourOf(theme, runtime),
          data: points.map(([size, cost]) => [size, value(size, cost)]),
        }))
      ),
    }),
  };
}

/** The sizes that were measured, and nothing in between. */
function sizesOf(slopes: readonly Slope[]): readonly number[] {
  return [...new Set(slopes.flatMap(({ points }) => points.map(([size]) => size)))].sort((a, b) => a - b);
}

function slopeSentence({ name, runtime, points }: Slope): string {
  const told = points.map(([size, cost]) => `${size.toLocaleString("en")}: ${cost}`).join(", ");
  return `${name}, ${RUNTIMES[runtime] ?? runtime}: ${told}`;
}

const WIDTH = 840;

const SYMBOLS = ["circle", "circle", "rect", "triangle", "diamond"];

const FONT = "ui-sans-serif, system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif";

function base({ text }: Theme, title: string): object {
  return {
    animation: false,
    backgroundColor: "transparent",
    textStyle: { fontFamily: FONT },
    title: { text: title, left: 8, top: 8, textStyle: { color: text, fontSize: 15, fontWeight: 600 } },
  };
}

function legend({ text }: Theme): object {
  return { top: 38, left: 8, itemGap: 16, itemWidth: 18, itemHeight: 10, textStyle: { color: text, fontSize: 12 } };
}

/** An axis with marks at these values alone. */
function markedAt(axis: ReturnType<typeof axisOf>, customValues: readonly number[]): object {
  return {
    ...axis,
    axisLabel: { ...axis.axisLabel, customValues },
    axisTick: { customValues },
    splitLine: { show: false },
  };
}

function axisOf({ text, faint }: Theme): { readonly axisLabel: object; readonly [option: string]: unknown } {
  return {
    type: "log",
    nameTextStyle: { color: text, fontSize: 12 },
    axisLabel: { color: text, fontSize: 12, formatter: shortNumber },
    axisLine: { lineStyle: { color: text } },
    splitLine: { lineStyle: { color: faint } },
    minorSplitLine: { show: false },
  };
}

function shortNumber(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1000 ? `${value / 1000}k` : String(Number(value.toPrecision(3)));
}

function colourOf({ colours }: Theme, runtime: string): string {
  return colours[Object.keys(RUNTIMES).indexOf(runtime)]!;
}
