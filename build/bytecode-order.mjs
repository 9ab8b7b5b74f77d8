/**
 * In which order a program of Bun needs its bytecode. SDKs start `credential-process` again and again: it is run beside a
 * local service, and what it took is written down, for the next build to put together. Without that it lies between what
 * other commands need, and costs a start more pages.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { flagsOf, startService } from "../bench/startup-service.mjs";
import { removeOutput } from "../test/run/bundle.mjs";

/** How often a machine may be so slow that a run does something besides, such as showing that it goes on. */
const MAX_REHEARSALS = 5;

/** Runs the program, which writes the orders into the folder; answers their names, most important first. */
export async function bytecodeOrder(program, folder) {
  const service = await startService(process.execPath, folder);
  try {
    const cache = join(folder, "cache");
    const rehearse = () => {
      rmSync(cache, { recursive: true, force: true });
      // The first gets a session and keeps it, the second finds it.
      return RUNS.map((name) => {
        const args = ["credential-process", ...flagsOf(service, service.https)];
        const env = {
          SystemRoot: process.env.SystemRoot,
          AWS_CA_BUNDLE: service.ca,
          ANYROLE_CACHE_DIR: cache,
          BUN_BYTECODE_ORDER_OUT: join(folder, name),
        };
        rmSync(env.BUN_BYTECODE_ORDER_OUT, { force: true });
        const { status, error, stderr } = spawnSync(program, args, { encoding: "utf8", env });
        if (status !== 0) throw new Error(`credential-process ended with ${error ?? status}: ${stderr}`);
        return readFileSync(env.BUN_BYTECODE_ORDER_OUT, "utf8");
      }).join("");
    };
    let before;
    for (let count = 1; count <= MAX_REHEARSALS; count++) {
      const order = rehearse();
      // The same sources are to make the same octets.
      if (order === before) return RUNS;
      before = order;
    }
    throw new Error(`no two of ${MAX_REHEARSALS} runs needed the same bytecode`);
  } finally {
    service.child.stdin.end();
    removeOutput();
  }
}

const RUNS = ["session.order", "cached.order"];
