/**
 * Writes bench/README.md and bench/charts/ of the results, and what other pages quote: see page.ts, charts.ts, quotes.ts.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import process from "node:process";
import { ensureInstalled, ROOT } from "../build/bootstrap.mjs";
import { bundleText } from "../test/run/bundle.mjs";

const CHARTS = join(ROOT, "bench", "charts");

const MODULES = ["page", "charts", "quotes"].map((name) => `export * from "./bench/${name}.ts";`).join("\n");

/** Makes available what the charts are drawn with. */
export function installCharts() {
  ensureInstalled(CHARTS);
}

/**
 * Writes the page of a folder of results: bench/README.md for those that are kept, and what the project's other pages quote
 * of them; else `README.md` in that folder.
 *
 * @param results where `<topic>.json` are
 */
export async function writePage(results) {
  installCharts();
  const { pageOf, chartsOf, QUOTES, THEMES, withQuotes } = await import(await bundleText("bench-page", MODULES));
  const found = readdirSync(results).filter((name) => name.endsWith(".json")).sort()
    .map((name) => JSON.parse(readFileSync(join(results, name), "utf8")));
  const areKept = resolve(results) === join(ROOT, "bench", "results");
  const folder = areKept ? join(ROOT, "bench") : results;
  const charts = chartsOf(found);
  const { init } = createRequire(join(CHARTS, "package.json"))("echarts");
  for (const chart of charts) {
    for (const theme of THEMES) {
      const file = join(folder, `${chart.path}-${theme.name}.svg`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, drawn(init, chart, chart.option(theme)));
    }
  }
  const page = join(folder, "README.md");
  writeFileSync(page, pageOf(found, charts));
  if (areKept) {
    for (const file of new Set(QUOTES.map(({ file }) => file))) {
      const path = join(ROOT, file);
      writeFileSync(path, withQuotes(file, readFileSync(path, "utf8"), found));
    }
  }
  console.log(`${relative(process.cwd(), page)} and ${2 * charts.length} charts`);
}

/** The drawing, with names of its own for what is defined in it: ECharts counts its drawings. */
function drawn(init, { width, height }, option) {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption(option);
    return `${chart.renderToSVGString().replace(/\bzr\d+-/g, "zr-")}\n`;
  } finally {
    chart.dispose();
  }
}
