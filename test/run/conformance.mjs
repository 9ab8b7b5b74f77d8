/**
 * The conformance stage: runs `test/conformance/run.mjs` with `--json` and adds up the lines it prints, one object
 * a suite. A suite's `excepted` cases are failures that are expected, with a reason, and count as skipped.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { ROOT } from "../../build/bootstrap.mjs";

const SCRIPT = join(ROOT, "test", "conformance", "run.mjs");

/** The stage, or none while there is no such script. */
export function conformanceStages() {
  return existsSync(SCRIPT) ? [{ name: "conformance", run }] : [];
}

function run() {
  const total = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
  let suites = 0;
  let errors = "";
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [SCRIPT, "--json"], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 900_000,
    });
    child.stderr.on("data", (chunk) => errors += chunk);
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      suites++;
      add(JSON.parse(line), total);
    });
    child.on("close", (code, signal) => {
      const failed = (text) => {
        total.failed++;
        total.failures.push({ name: "conformance", text: `${text}\n${errors.trim()}`.trim() });
      };
      if (suites === 0) failed(`it reported no suite and ended with ${signal ?? code}`);
      else if (code !== 0 && total.failed === 0) failed(`it ended with ${signal ?? code}`);
      resolve(total);
    });
  });
}

function add(line, total) {
  const excepted = Array.isArray(line.excepted) ? line.excepted.length : line.excepted ?? 0;
  total.passed += line.passed;
  total.failed += line.failed;
  total.skipped += line.skipped + excepted;
  const where = `${line.suite} (${line.runtime}, ${line.provider})`;
  if (line.skipped > 0) {
    const reason = line.reason ?? `${line.skipped} cases that this run does not score`;
    total.skips.push({ name: where, reason });
  }
  if (line.failed > 0) total.failures.push({ name: where, text: (line.failures ?? []).join("\n") });
}
