/**
 * Topic `edge-start`: workerd started with a worker, until the answer to its first request, for which the worker signs a
 * call to AWS, makes it, and answers its status.
 *
 * One worker is the consumer `edge` of `npm run size`, which has a certificate and its key in PEM, and makes its session
 * first; another takes them by `anyrole/edge`, which reads every form of key and puts chains in order. What they are held
 * against signs with static keys by aws4fetch, and makes the bare round trip of CreateSession, the same service asked with a
 * request of the same length, before: what is left is the import of the package, of the key, two signatures, and what is
 * done about credentials. Beside it is the least that any worker with a certificate does more than that: it imports the
 * key, and signs once, by bare WebCrypto. The workers are minified, as they are when they are deployed; the service is
 * another process on loopback, and verifies the first request of the run alone.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { bundleText, OUTPUT } from "../test/run/bundle.mjs";
import { sessionTarget } from "./session.mjs";
import { listeningPort, workerConfig } from "./workerd.mjs";

const KEYS = `{ accessKeyId: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" }`;

const OURS = "anyrole";
const EVERY_FORM = "anyrole/edge, every form of key";
const STATIC = "anyrole, static keys";
const PEER = "aws4fetch";
const PEER_AND_TRIP = "aws4fetch and the round trip";
const PEER_AND_KEY = "aws4fetch, the round trip, and the bare key";
const NOTHING = "an empty worker";

/** The workers, as text of their modules. */
function workers({ endpoint, certificate, privateKey, arns }) {
  const url = JSON.stringify(`${endpoint}/bucket/key`);
  const hosts = JSON.stringify([new URL(endpoint).host]);
  const scope = `service: "s3", region: "eu-central-1"`;
  const session = JSON.stringify({ endpoint, ...arns });
  const pem = JSON.stringify([certificate, privateKey]).slice(1, -1);
  const identity = JSON.stringify({ certificate, privateKey, endpoint, ...arns });
  const ours = (imported, options) => `
    import { ${imported} } from "./core/fetch/mod.ts";
    const aws = createAwsFetch({ ${options}, callers: "requests", hosts: ${hosts}, ${scope} });
    export default { async fetch() { return new Response(String((await aws(${url})).status)); } };`;
  const everyForm = `
    import { createAwsFetch } from "./runtimes/edge/aws-fetch.ts";
    const aws = createAwsFetch({ credentials: ${identity}, hosts: ${hosts}, ${scope} });
    export default { async fetch() { return new Response(String((await aws(${url})).status)); } };`;
  const theirs = (before) => `
    import { AwsClient } from "aws4fetch";
    const aws = new AwsClient({ ...${KEYS}, ${scope} });
    export default { async fetch() {
      ${before}
      return new Response(String((await aws.fetch(${url})).status));
    } };`;
  const trip = `await (await fetch(${JSON.stringify(`${endpoint}/sessions`)}, {
    method: "POST", headers: { "x-amz-x509": ${JSON.stringify("A".repeat(1200))} }, body: '{"durationSeconds":3600}',
  })).text();`;
  const pkcs8 = JSON.stringify(privateKey.replace(/-----[^-]+-----|\s/g, ""));
  const key = `
    const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    const octets = Uint8Array.from(atob(${pkcs8}), (character) => character.charCodeAt(0));
    const key = await crypto.subtle.importKey("pkcs8", octets, algorithm, false, ["sign"]);
    await crypto.subtle.sign(algorithm, key, octets);`;
  return {
    [OURS]: ours("createAwsFetch, pemIdentity", `credentials: { source: pemIdentity(${pem}), ...${session} }`),
    [EVERY_FORM]: everyForm,
    [STATIC]: ours("createAwsFetch", `credentials: ${KEYS}`),
    [PEER]: theirs(""),
    [PEER_AND_TRIP]: theirs(trip),
    [PEER_AND_KEY]: theirs(trip + key),
    [NOTHING]: `export default { async fetch() { return new Response("201"); } };`,
  };
}

/** After that a worker has failed, and said why. */
const LONGEST_MS = 20_000;

/** Samples of workerd at `program`. */
export async function edgeStartSamples(program, packages, harness, rounds) {
  const configs = {};
  for (const [name, text] of Object.entries(workers(await sessionTarget()))) {
    const file = `edge-start-${Object.keys(configs).length}`;
    await bundleText(file, text, {
      minify: true,
      sourcemap: false,
      ignoreAnnotations: false,
      nodePaths: [packages],
      mainFields: ["browser", "module", "main"],
    });
    configs[name] = join(OUTPUT, `${file}.capnp`);
    writeFileSync(configs[name], workerConfig(`${file}.mjs`));
  }
  const plan = {
    name: "cold worker",
    unit: "ms",
    contenders: Object.keys(configs),
    comparisons: [
      { name: OURS, against: PEER_AND_TRIP, reach: { workerd: 1.25 } },
      { name: EVERY_FORM, against: PEER_AND_TRIP },
      { name: STATIC, against: PEER, reach: { workerd: 1.25 } },
      { name: PEER_AND_KEY, against: PEER_AND_TRIP },
      { name: OURS, against: NOTHING },
      { name: EVERY_FORM, against: NOTHING },
      { name: PEER_AND_TRIP, against: NOTHING },
      { name: STATIC, against: NOTHING },
      { name: PEER, against: NOTHING },
    ],
  };
  const clock = async (name) => await coldStart(program, configs[name]);
  return [await harness.measureGroup(plan, clock, { rounds, batchMs: 0, warmUpMs: 0 })];
}

async function coldStart(program, config) {
  const start = performance.now();
  const child = spawn(program, ["serve", config, "--control-fd=3"], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
    timeout: LONGEST_MS,
  });
  try {
    const status = await get(await listeningPort(child));
    const time = performance.now() - start;
    if (status !== "201") throw new Error(`the call was answered ${status}`);
    return time;
  } finally {
    const ended = new Promise((resolve) => child.removeAllListeners("exit").once("exit", resolve));
    child.kill();
    await ended;
  }
}

function get(port) {
  return new Promise((resolve, reject) => {
    http.get({ agent: false, host: "127.0.0.1", port, path: "/" }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => text += chunk).on("end", () => resolve(text));
    }).on("error", reject);
  });
}
