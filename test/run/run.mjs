/**
 * `npm test`: everything that must pass; the last line is `N passed, N failed, N skipped`.
 *
 *     npm test                                            everything
 *     npm test -- --only core/der                         unit tests below test/core/der, in every runtime
 *     npm test -- --only core/der --runtime node20        … in one (a comma-separated list works too)
 *     npm test -- --stage format,lint,types               the stages whose names begin so
 *     npm test -- --list                                  names of the stages
 *
 * The build comes first, where a chosen stage needs `dist/`; then stages run two at a time. When something fails, what
 * the tests have printed is kept below `dist/test/`.
 */
import { relative } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { OUTPUT, removeOldOutput, removeOutput } from "./bundle.mjs";
import { conformanceStages } from "./conformance.mjs";
import { RUNTIME_NAMES } from "./runtimes.mjs";
import { reportStage, reportTotal } from "./report.mjs";
import { buildStage, toolStages } from "./tools.mjs";
import { unitStages } from "./units.mjs";

const AT_ONCE = 2;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    runtime: { type: "string" },
    stage: { type: "string" },
    list: { type: "boolean" },
  },
});

const stages = chooseStages();
if (values.list) {
  for (const stage of stages) console.log(stage.name);
} else {
  removeOldOutput();
  // `dist/` is written before anybody reads it.
  const first = stages.filter((stage) => stage.name === buildStage.name);
  const results = [...await runStages(first), ...await runStages(stages.filter((stage) => !first.includes(stage)))];
  if (stages.length === 0) console.log("no stage and no test file matches");
  if (results.every((result) => result.failed === 0)) removeOutput();
  else console.log(`logs: ${relative(process.cwd(), OUTPUT)}`);
  const failed = reportTotal(results);
  process.exitCode = failed > 0 || stages.length === 0 ? 1 : 0;
}

function chooseStages() {
  const runtimes = values.runtime?.split(",") ?? RUNTIME_NAMES;
  const unknown = runtimes.filter((name) => !RUNTIME_NAMES.includes(name));
  if (unknown.length > 0) throw new RangeError(`"--runtime" knows ${RUNTIME_NAMES.join(", ")}, not ${unknown}`);
  const only = values.only?.replace(/^(\.\/)?test\//, "");
  const units = unitStages({ only, runtimes });
  // A filter that leaves a runtime without files is meant so; without a filter it is a fault.
  const chosen = only === undefined ? units : units.filter((stage) => stage.files > 0);
  if (only !== undefined || values.runtime !== undefined) {
    return chosen.some((stage) => stage.needsBuild) ? [buildStage, ...chosen] : chosen;
  }
  // The longest come first, so that the two lanes end together.
  const all = [buildStage, ...units, ...conformanceStages(), ...toolStages()];
  const prefixes = values.stage?.split(",");
  return prefixes === undefined ? all : all.filter(({ name }) => prefixes.some((prefix) => name.startsWith(prefix)));
}

async function runStages(waiting) {
  const queue = [...waiting];
  const results = [];
  const lane = async () => {
    for (let stage = queue.shift(); stage !== undefined; stage = queue.shift()) {
      const startedAt = performance.now();
      const result = await runStage(stage);
      results.push({ stage: stage.name, ...result });
      reportStage(stage.name, result, (performance.now() - startedAt) / 1000);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

/** A stage that throws has failed; the others still run. */
async function runStage(stage) {
  try {
    return await stage.run();
  } catch (error) {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    return { passed: 0, failed: 1, skipped: 0, failures: [{ name: stage.name, text }], skips: [] };
  }
}
