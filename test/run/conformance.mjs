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

/** Everything where the oldest Node does it natively; elsewhere a sample, because each full run takes minutes. */
const RUNS = {
  "conformance": [],
  "conformance samples": [
    ...["--runtime", "node20", "--provider", "webcrypto,portable"],
    ...["--every", "25", "--max-iterations", "5000"],
  ],
  "conformance runtimes": [
    ...["--runtime", "node,deno,bun,workerd", "--provider", "all"],
    ...["--every", "25", "--max-iterations", "5000"],
  ],
  // The two largest suites take minutes in an interpreter within WebAssembly: `npm run conformance` runs them there.
  "conformance quickjs": [
    ...["--runtime", "quickjs", "--every", "100"],
    ...["--suite", "acvp-ec-rsa,fuzz-der,keys,mldsa-x509,rfc6979,sigv4,sigv4-x509"],
    ...["--suite", "bettertls,boringssl-chains,boringssl-crl,boringssl-names,boringssl-parse,boringssl-signed-data"],
    ...["--suite", "botan-name-constraints,botan-pss,botan-x509test,pkits,webpki-names,x509-limbo"],
  ],
};

/** The stages, or none while there is no such script. */
export function conformanceStages() {
  if (!existsSync(SCRIPT)) return [];
  return Object.entries(RUNS).map(([name, args]) => ({ name, run: () => run(args) }));
}

function run(args) {
  const total = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [], notes: [] };
  // Folders that nothing is run for, and samples, by what is said of them.
  const remarks = new Map();
  let suites = 0;
  let errors = "";
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [SCRIPT, "--json", ...args], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 900_000,
    });
    child.stderr.on("data", (chunk) => errors += chunk);
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      suites++;
      add(JSON.parse(line), total, remarks);
    });
    child.on("close", (code, signal) => {
      const failed = (text) => {
        total.failed++;
        total.failures.push({ name: "conformance", text: `${text}\n${errors.trim()}`.trim() });
      };
      if (suites === 0) failed(`it reported no suite and ended with ${signal ?? code}`);
      else if (code !== 0 && total.failed === 0) failed(`it ended with ${signal ?? code}`);
      else if (total.failed > 0) total.failures.push({ name: "reasons", text: errors.trim() });
      for (const [remark, names] of remarks) total.notes.push(`${remark}: ${[...names].join(", ")}`);
      if (args.includes("--every")) total.notes.push(`every ${args[args.indexOf("--every") + 1]}th case of each kind`);
      resolve(total);
    });
  });
}

function add(line, total, remarks) {
  const excepted = Array.isArray(line.excepted) ? line.excepted.length : line.excepted ?? 0;
  total.passed += line.passed;
  total.failed += line.failed;
  total.skipped += line.skipped + excepted;
  const where = `${line.suite} (${line.runtime}, ${line.provider})`;
  const reasons = (line.notes ?? []).filter((note) => /^(skipped|excepted): /.test(note));
  if (line.skipped + excepted > 0) {
    const reason = line.reason ?? (reasons.join("; ") || `${line.skipped} cases that this run does not score`);
    total.skips.push({ name: where, reason });
  }
  if (line.passed + line.failed + line.skipped + excepted === 0) {
    for (const note of line.notes ?? []) remarks.set(note, (remarks.get(note) ?? new Set()).add(line.suite));
  }
  if (line.failed > 0) total.failures.push({ name: where, text: (line.failures ?? []).join("\n") });
}
