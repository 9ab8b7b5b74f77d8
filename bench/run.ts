/**
 * Benchmarks with Deno alone: our own code against its limits, and against the peers whose packages `deno.json` names.
 *
 *     deno task bench                 every topic that runs inside one process
 *     deno task bench sign --json     one topic, one JSON object a line
 *
 * `npm run bench` measures every runtime and all peers, and writes `bench/results/`.
 *
 * @module
 */

import { crlGroups } from "./crl.bench.ts";
import { pkijs, pkijsChain, pkijsRevocation } from "./compare/pkijs.ts";
import { type Effort, type Group, rowsOf } from "./harness.ts";
import { measureAll } from "./inside.ts";
import { parseGroups } from "./parse.bench.ts";
import { decisionGroups } from "./decision.bench.ts";
import { pathGroups } from "./path.bench.ts";
import { platform } from "./platform/deno.ts";
import { signGroups } from "./sign.bench.ts";
import { sigV4TopicGroups } from "./sigv4.bench.ts";
import { tableOf } from "./table.ts";

const TOPICS: { readonly [topic: string]: () => Promise<Group[]> } = {
  sign: () => signGroups(platform),
  sigv4: () => sigV4TopicGroups(platform, []),
  parse: () => parseGroups(platform, [pkijs]),
  path: () => pathGroups(platform, [pkijsChain]),
  decision: () => decisionGroups(platform),
  crl: () => crlGroups(platform, [pkijsRevocation]),
};

const EFFORT: Effort = { rounds: 201, batchMs: 2, warmUpMs: 200 };

const json = Deno.args.includes("--json");
const names = Deno.args.filter((argument) => argument !== "--json");
const unknown = names.filter((name) => TOPICS[name] === undefined);
if (unknown.length > 0) {
  throw new RangeError(`Cannot run topic ${unknown}: the topics are ${Object.keys(TOPICS).join(", ")}`);
}
for (const topic of names.length === 0 ? Object.keys(TOPICS) : names) {
  for (const samples of await measureAll(await TOPICS[topic]!(), EFFORT)) {
    const rows = rowsOf(topic, "deno", samples);
    if (json) { for (const row of rows) console.log(JSON.stringify(row)); }
    else console.log(`${topic}, deno ${Deno.version.deno}\n${tableOf(rows)}\n`);
  }
}
