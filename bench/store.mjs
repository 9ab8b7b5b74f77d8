/**
 * Topic `store`: a Redis of this machine, where there is one, and the processes that are measured.
 */
import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import process from "node:process";
import { EXTERNAL } from "../build/bundle.mjs";
import { bundleText } from "../test/run/bundle.mjs";
import { locateRuntime } from "../test/run/runtimes.mjs";
import { leaveOut } from "./left-out.mjs";

/** Samples of a runtime. */
export async function storeSamples(runtime, program, harness, rounds) {
  if (runtime === "workerd") {
    const { program: node, missing } = locateRuntime("node");
    if (missing !== undefined) throw new Error(missing);
    const text = `import { measureEdgeStores } from "./bench/store-edge.ts"; await measureEdgeStores(${rounds});`;
    return records(node, [await bundle("store-edge", text)], harness);
  }
  const redis = await startRedis();
  try {
    const folder = runtime === "node20" ? "node" : runtime;
    const effort = { rounds, batchMs: 5, warmUpMs: 200 };
    const text = [
      `import { ${folder}Host } from "./runtimes/${folder}/host.ts";`,
      `import { measureStores } from "./bench/store.bench.ts";`,
      `await measureStores(${folder}Host(), ${redis?.port ?? 0}, ${JSON.stringify(effort)});`,
    ].join("\n");
    const module = await bundle(`store-${runtime}`, text);
    return records(program, [...runtime === "deno" ? ["run", "--no-prompt", "--allow-all"] : [], module], harness);
  } finally {
    redis?.child.kill();
  }
}

function bundle(name, text) {
  return bundleText(name, text, { platform: "node", sourcemap: false, external: [...EXTERNAL, "esbuild"] });
}

function records(program, args, { RECORD }) {
  const { status, signal, stdout } = spawnSync(program, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
  });
  if (status !== 0) throw new Error(`${program} ended with ${signal ?? status}`);
  return stdout.split("\n").filter((line) => line.startsWith(RECORD)).map((line) =>
    JSON.parse(line.slice(RECORD.length))
  );
}

/** A server that keeps nothing; undefined, with a word, where there is none. */
async function startRedis() {
  if (spawnSync("redis-server", ["--version"]).status !== 0) {
    leaveOut("Redis is left out: it is not on this machine; install redis-server with your system's packages");
    return undefined;
  }
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn("redis-server", args, { stdio: "ignore" });
  for (let tries = 0; tries < 100; tries++) {
    if (spawnSync("redis-cli", ["-p", String(port), "ping"], { encoding: "utf8" }).stdout?.trim() === "PONG") break;
    await sleep(50);
  }
  return { child, port };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
