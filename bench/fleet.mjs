/**
 * Topic `fleet`: isolates that start at once and share their session in a Durable Object. What is told is what each waits
 * beyond the one CreateSession that is made for all of them: the median and the 99th percentile of every start.
 *
 * All isolates, and the object, run in one workerd, on one core: what a thousand machines do side by side is done here one
 * after the other, so the figures are upper bounds. How much of it is that is told by the control of each round: as many
 * bare requests at once, which an object holds until the last has come and answers then, with as many octets; its time is
 * from that answer on. The round before the first is not counted.
 */
import { spawnSync } from "node:child_process";
import { EXTERNAL } from "../build/bundle.mjs";
import { bundleText } from "../test/run/bundle.mjs";
import { locateRuntime } from "../test/run/runtimes.mjs";

const SIZES = [1, 100, 1000];

const BARE = "p99 of bare answers of an object";

/** Starts fleets of every size. */
export async function fleetSamples(rounds) {
  const { program, missing } = locateRuntime("node");
  if (missing !== undefined) throw new Error(missing);
  const bundle = await bundleText("fleet", `import "./bench/fleet.ts";`, {
    platform: "node",
    external: [...EXTERNAL, "esbuild"],
  });
  return SIZES.map((isolates) => {
    const [, ...starts] = runFleet(program, bundle, isolates, rounds + 1);
    const limit = "100 ms";
    const times = {
      p50: starts.map(({ p50 }) => p50),
      p99: starts.map(({ p99 }) => p99),
      [BARE]: starts.map(({ bare }) => bare.p99),
    };
    return {
      name: `${isolates.toLocaleString("en")} at once, beyond CreateSession`,
      unit: "ms",
      contenders: Object.keys(times),
      comparisons: [
        { name: "p99", against: limit, reach: { workerd: 1 } },
        // One bare answer takes less than the clock of workerd shows.
        ...(isolates === 1 ? [] : [{ name: "p99", against: BARE }]),
        { name: BARE, against: limit },
      ],
      limits: { [limit]: 100 },
      times,
    };
  });
}

function runFleet(program, bundle, isolates, rounds) {
  const { status, stdout, signal } = spawnSync(program, [bundle, String(isolates), String(rounds)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`the fleet ended with ${signal ?? status}`);
  const starts = stdout.trim().split("\n").map((line) => JSON.parse(line));
  for (const start of starts) {
    const { calls, sessions, failures } = start;
    if (calls !== 1 || sessions !== 1 || failures.length > 0) {
      throw new Error(`it went wrong: ${JSON.stringify(start)}`);
    }
  }
  return starts;
}
