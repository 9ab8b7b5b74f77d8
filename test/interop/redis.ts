/**
 * The store of Redis against a real server, from every runtime over TCP, and over HTTP as Upstash's service speaks it.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { type RedisConnection, redisOverRest, redisOverTcp, redisStore } from "../../runtimes/edge/mod.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { freePort } from "../support/free-port.ts";
import { runProgram, runtimeProgram } from "../support/programs.ts";
import { storeCases } from "../support/store-conformance.ts";
import { type InteropContext, type InteropItem, Missing, requireProgram } from "./interop.ts";
import type { RedisPlace } from "./redis-cases.ts";

const PASSWORD = "a-password-of-the-test";

/** How the runtimes open a connection; `place` is there. */
const CONNECT: Readonly<Record<string, string>> = {
  node: `import { connect } from "node:net"; import { Duplex } from "node:stream";
    const open = () => Duplex.toWeb(connect(place.port, "127.0.0.1"));`,
  deno: `const open = () => Deno.connect({ hostname: "127.0.0.1", port: place.port });`,
  workerd: `import { connect } from "cloudflare:sockets";
    const open = () => connect({ hostname: "127.0.0.1", port: place.port });`,
};

/** The items of this file. */
export function redisItems(context: InteropContext): readonly InteropItem[] {
  const item = (name: string, run: (place: RedisPlace) => Promise<void>): InteropItem => ({
    name: `Redis: ${name}`,
    quick: false,
    run: () => withRedis(context, run),
  });
  return [
    ...(["node20", "node", "bun", "deno"] as const).map((runtime) =>
      item(`sessions shared over TCP from ${runtime}`, async (place) => {
        const script = await bundle(context, runtime === "deno" ? "deno" : "node", place, "console.log(await run());");
        const program = await located(runtime);
        const args = runtime === "deno"
          ? ["run", "--no-config", "--allow-net=127.0.0.1", "--allow-env", script]
          : [script];
        expectOk(await runProgram([program], args));
      })
    ),
    item("sessions shared over TCP from workerd", async (place) => {
      await bundle(context, "workerd", place, "export default { test: () => run() };");
      const program = await located("workerd");
      const config = join(context.folder.path, "redis.capnp");
      writeFileSync(config, WORKER);
      const { code, errors } = await runProgram([program], ["test", config]);
      if (code !== 0) throw new Error(`it ended with ${code}: ${errors}`);
    }),
    item("sessions shared over HTTP as Upstash speaks it", overHttp),
  ];
}

/** A worker that runs one test and reaches this machine. */
const WORKER = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [
  (name = "tests", worker = .tests),
  (name = "internet", network = (allow = ["local", "private"])),
]);
const tests :Workerd.Worker = (
  modules = [(name = "redis-workerd.mjs", esModule = embed "redis-workerd.mjs")],
  compatibilityDate = "2026-07-01",
);
`;

/** Starts a server of its own for the item. */
async function withRedis({ folder }: InteropContext, run: (place: RedisPlace) => Promise<void>): Promise<void> {
  const program = ["redis-server", "valkey-server"].find((name) => {
    try {
      return requireProgram(name, ["--version"], "");
    } catch {
      return false;
    }
  });
  if (program === undefined) throw new Missing("redis-server is not on this machine; install redis-server or valkey");
  const port = await freePort();
  const directory = join(folder.path, "redis");
  mkdirSync(directory, { recursive: true });
  const settings = { port, bind: "127.0.0.1", requirepass: PASSWORD, save: "", appendonly: "no", dir: directory };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn(program, flags, { stdio: ["ignore", "pipe", "ignore"] });
  try {
    let printed = "";
    for await (const chunk of server.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
      printed += chunk;
      if (printed.includes("Ready to accept connections")) break;
    }
    server.stdout.resume();
    if (server.exitCode !== null) throw new Error(`${program} ended with ${server.exitCode}: ${printed}`);
    await run({ port, password: PASSWORD });
  } finally {
    const ended = once(server, "close");
    server.kill("SIGKILL");
    await ended;
  }
}

async function located(runtime: string): Promise<string> {
  const { program, missing } = await runtimeProgram(runtime);
  if (program === undefined) throw new Missing(missing ?? runtime);
  return program;
}

/** A module that has `run()`, for this kind of runtime. */
async function bundle({ folder }: InteropContext, kind: string, place: RedisPlace, ending: string): Promise<string> {
  const { build } = await import("esbuild");
  const outfile = join(folder.path, `redis-${kind}.mjs`);
  const root = repositoryRoot();
  await build({
    stdin: {
      contents: `import { runRedisCases } from "./test/interop/redis-cases.ts";
        const place = ${JSON.stringify(place)};
        ${CONNECT[kind]}
        const run = () => runRedisCases(place, open);
        ${ending}`,
      resolveDir: root,
      loader: "ts",
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    external: ["node:*", "cloudflare:*"],
    nodePaths: [join(root, "test/runtimes/node_modules")],
    logLevel: "error",
  });
  return outfile;
}

function expectOk({ code, output, errors }: Awaited<ReturnType<typeof runProgram>>): void {
  const printed = new TextDecoder().decode(output);
  if (code !== 0 || !/^ok \d+\n$/.test(printed)) throw new Error(`it ended with ${code}\n${printed}${errors}`.trim());
}

/** The cases over a server that hands commands on to Redis, as the service of Upstash does. */
async function overHttp({ port, password }: RedisPlace): Promise<void> {
  const open = () => Duplex.toWeb(connect(port, "127.0.0.1")) as unknown as RedisConnection;
  const send = redisOverTcp({ connect: open, password });
  const server = createServer(async (request, response) => {
    try {
      if (request.headers.authorization !== "Bearer a-token") throw new Error("Unauthorized");
      response.end(JSON.stringify({ result: await send(JSON.parse(await text(request))) }));
    } catch (error) {
      response.writeHead(400).end(JSON.stringify({ error: (error as Error).message }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const store = () => redisStore(redisOverRest({ url, token: "a-token" }));
    for (const { name, run } of storeCases("exclusive")) {
      await run({ leases: "exclusive", open: store }).catch((error) => {
        throw new Error(`${name}: ${error.message}`, { cause: error });
      });
    }
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
