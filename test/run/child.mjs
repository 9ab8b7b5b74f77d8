/**
 * Starts a runtime under test, reads its records, and judges the run: a run that did not reach its end has failed,
 * whatever its exit code says.
 */
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { ROOT } from "../../build/bootstrap.mjs";
import { OUTPUT } from "./bundle.mjs";

/** A runtime that prints nothing for so long hangs: every test prints its name, and has a shorter limit. */
const SILENCE_LIMIT_MS = 150_000;

/** How long a runtime may take to end after its last test. */
const ENDING_LIMIT_MS = 10_000;

/**
 * Runs a program and answers `{ passed, failed, skipped, failures, skips }`. Everything it prints goes to
 * `<OUTPUT>/<name>.log`.
 */
export function runTests(name, program, args, { env = {}, silenceLimitMs = SILENCE_LIMIT_MS } = {}) {
  mkdirSync(OUTPUT, { recursive: true });
  const log = createWriteStream(join(OUTPUT, `${name}.log`));
  const state = { end: undefined, failures: [], skips: [], notes: [], running: "the first test", tail: [] };

  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      // Nothing goes into the developer's cache of credentials.
      env: { ...process.env, NO_COLOR: "1", ANYROLE_NO_CACHE: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that ending it also ends what its tests have started.
      detached: process.platform !== "win32",
    });
    running.add(child);
    let killed;
    let timer;
    const watch = (limitMs, reason) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        killed = reason();
        endGroup(child);
      }, limitMs);
    };
    const watchSilence = () =>
      watch(silenceLimitMs, () => `no sign of life for ${silenceLimitMs / 1000} s in "${state.running}"`);
    const onLine = (line) => {
      log.write(`${line}\n`);
      readLine(line, state);
      if (state.end === undefined) watchSilence();
      else watch(ENDING_LIMIT_MS, () => `still running ${ENDING_LIMIT_MS / 1000} s after its last test`);
    };
    watchSilence();
    createInterface({ input: child.stdout }).on("line", onLine);
    createInterface({ input: child.stderr }).on("line", onLine);
    child.on("error", (error) => killed = `it does not start: ${error.message}`);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      running.delete(child);
      log.end();
      resolve(judge(state, killed, signal ?? code));
    });
  });
}

function readLine(line, state) {
  if (!line.startsWith("@@ ")) {
    if (line.trim() !== "") state.tail = [...state.tail.slice(-19), line];
    return;
  }
  const record = JSON.parse(line.slice(3));
  if (record.event === "file") state.running = record.file;
  else if (record.event === "test") state.running = record.name;
  else if (record.event === "skip") state.skips.push(record);
  else if (record.event === "note") state.notes.push(record.text);
  else if (record.event === "failure") state.failures.push(record);
  else if (record.event === "end") state.end = record;
}

function judge({ end, failures, skips, notes, running, tail }, killed, ending) {
  const result = {
    passed: end?.passed ?? 0,
    failed: end?.failed ?? 0,
    skipped: end?.skipped ?? 0,
    failures,
    skips,
    notes,
  };
  const broken = (text) => {
    result.failed = Math.max(result.failed, failures.length) + 1;
    result.failures = [...failures, { name: "run", text }];
  };
  if (killed !== undefined) broken(killed);
  else if (end === undefined) broken(`it ended (${ending}) in "${running}" before its last test\n${tail.join("\n")}`);
  else if (end.passed + end.failed + end.skipped === 0) broken("it collected no test");
  else if (ending !== 0 && end.failed === 0) broken(`it ended with ${ending}\n${tail.join("\n")}`);
  return result;
}

/** The runtimes at work: an interrupted runner takes them with it. */
const running = new Set();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));
process.on("exit", () => running.forEach(endGroup));

function endGroup(child) {
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
  } catch {
    // It has ended by itself in between.
  }
}
