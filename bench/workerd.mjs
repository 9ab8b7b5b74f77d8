/**
 * Measures a worker over loopback: the time of a batch is that of its request, less that of a request with an empty
 * batch just before.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { OUTPUT } from "../test/run/bundle.mjs";

/** Starts workerd with the module `bundle` (in OUTPUT), measures its groups one after the other, and answers the samples. */
export async function measureWorker(program, bundle, harness, effort) {
  const config = join(OUTPUT, `${bundle}.capnp`);
  writeFileSync(config, workerConfig(bundle));
  const child = spawn(program, ["serve", config, "--control-fd=3"], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const port = await listeningPort(child);
    const get = (path) => request(agent, port, path);
    const samples = [];
    for (const plan of JSON.parse(await get("/plan"))) {
      const clock = async (contender, operations) => {
        const batch = (count) => `/run?${new URLSearchParams({ group: plan.name, contender, operations: count })}`;
        const start = performance.now();
        await get(batch(0));
        const middle = performance.now();
        await get(batch(operations));
        const end = performance.now();
        return Math.max(end - middle - (middle - start), 0.001);
      };
      samples.push(await harness.measureGroup(plan, clock, effort));
    }
    return samples;
  } finally {
    agent.destroy();
    child.kill();
  }
}

/** The configuration of workerd for one module beside it. */
export function workerConfig(bundle) {
  return CONFIG.replace("@bundle@", bundle);
}

/** The port that workerd, whose file descriptor 3 is a pipe, says that it listens at. */
export function listeningPort(child) {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => reject(new Error(`workerd ended with ${signal ?? code}`)));
    createInterface({ input: child.stdio[3] }).on("line", (line) => {
      const { event, port } = JSON.parse(line);
      if (event === "listen") resolve(port);
    });
  });
}

function request(agent, port, path) {
  return new Promise((resolve, reject) => {
    http.get({ agent, host: "127.0.0.1", port, path }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => text += chunk);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`the worker answered ${response.statusCode}: ${text}`));
      });
    }).on("error", reject);
  });
}

const CONFIG = `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "bench", worker = .bench), (name = "internet", network = (allow = ["local"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "bench")],
);

const bench :Workerd.Worker = (
  modules = [(name = "bench.mjs", esModule = embed "@bundle@")],
  compatibilityDate = "2026-06-01",
);
`;
