// runtimes: node
/**
 * The edge examples, each in its own runtime: they get credentials of the local service and make a call with them. The one
 * of Cloudflare is in worker.test.ts, and the browser's among the interoperability items.
 *
 * @module
 */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

import type { Emulator } from "../../../runtimes/emulator/mod.ts";
import type { RunningServer } from "../../../runtimes/host.ts";
import { nodeHost } from "../../../runtimes/node/host.ts";
import { repositoryRoot } from "../../support/capabilities.ts";
import {
  answerAws,
  answerForwarded,
  bundleExample,
  EXAMPLES,
  forwardingText,
  packageSources,
} from "../../support/edge-examples.ts";
import { freePort } from "../../support/free-port.ts";
import { SESSION_ARNS, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { memoryRedis } from "../../support/memory-redis.ts";
import { runtimeProgram } from "../../support/programs.ts";
import { assert, skip, suite } from "../../support/suite.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import type { TestIdentity } from "../../support/test-identity.ts";

const test = suite("runtimes/edge/examples");

const { trustAnchorArn, profileArn, roleArn } = SESSION_ARNS;
const SECRET = "a sealing secret of the examples, as long as it must be";
const folder = temporaryFolder();
const redis = memoryRedis();
let emulator: Emulator;
let client: TestIdentity;
let server: RunningServer;
let environment: Record<string, string>;

/** Sends what a program wants to send to AWS to the local service. */
const TO_LOCAL_SERVICE = forwardingText("process.env.LOCAL_SERVICE");

test.before(async () => {
  const authority = await testAuthority();
  client = await authority.issue("edge example");
  emulator = trustingEmulator(authority, Date.now);
  server = await nodeHost().serve(async (request) => {
    if (new URL(request.url).pathname === "/redis") return await answerRest(request);
    return await answerForwarded(emulator, request) ?? await emulator.fetch(request);
  }, { hostname: "127.0.0.1", port: 0 });
  const endpoint = `http://127.0.0.1:${server.port}`;
  environment = {
    CERTIFICATE: client.certificatePem,
    PRIVATE_KEY: client.keyPem,
    CERTIFICATE_FILE: folder.write("client.pem", client.certificatePem),
    PRIVATE_KEY_FILE: folder.write("client-key.pem", client.keyPem),
    SEALING_SECRET: SECRET,
    TRUST_ANCHOR_ARN: trustAnchorArn,
    PROFILE_ARN: profileArn,
    ROLE_ARN: roleArn,
    AWS_ENDPOINT_URL_ROLESANYWHERE: endpoint,
    LOCAL_SERVICE: endpoint,
    PATH: process.env["PATH"] ?? "",
    HOME: folder.path,
    NO_COLOR: "1",
  };
});

test.after(async () => {
  await server.close();
  folder.remove();
});

const decisions = () => emulator.decisions().length;

test("the example of Vercel answers who we are, and its isolates share a session in Redis", async () => {
  const { EdgeRuntime } = await import(
    pathToFileURL(join(repositoryRoot(), "test/runtimes/node_modules/edge-runtime/dist/index.js")).href
  );
  const code = await bundleExample(
    `import caller, { config } from "./vercel-edge/api/caller.js";
     if (config.runtime !== "edge") throw new Error("it is for another runtime");
     addEventListener("fetch", (event) => event.respondWith(caller(event.request)));`,
    { format: "iife" },
  );
  const variables = {
    ...environment,
    KV_REST_API_URL: `${environment["LOCAL_SERVICE"]}/redis`,
    KV_REST_API_TOKEN: "token",
  };
  const isolate = () =>
    new EdgeRuntime({
      initialCode: TO_LOCAL_SERVICE + code,
      extend: (context: object) => Object.assign(context, { process: { env: variables } }),
    });
  const before = decisions();
  for (let i = 0; i < 2; i++) {
    const answer = await isolate().dispatchFetch("https://example.com/api/caller");
    assert.match(await answer.text(), /assumed-role\/ExampleRole\//);
  }
  assert.is(decisions(), before + 1);
});

/** Answers as the REST interface of Upstash does. */
async function answerRest(request: Request): Promise<Response> {
  assert.is(request.headers.get("authorization"), "Bearer token");
  return Response.json({ result: await redis(await request.json() as string[]) });
}

test("the example of Lambda@Edge signs an origin request that S3 accepts", async () => {
  const code = await bundleExample(`export { handler } from "./lambda-at-edge/index.js";`, {
    plugins: [{
      name: "identity",
      setup: (build: { onLoad(filter: object, load: () => object): void }) =>
        build.onLoad({ filter: /lambda-at-edge.identity\.js$/ }, () => ({
          contents: `export const identity = ${
            JSON.stringify({ certificate: client.certificatePem, privateKey: client.keyPem, ...SESSION_ARNS })
          };`,
        })),
    }],
  });
  const { handler } = await import(pathToFileURL(folder.write("lambda.mjs", code)).href);
  const uri = "/folder/a%20key";
  const querystring = "response-content-type=text%2Fplain";
  const custom = { domainName: "example-bucket.s3.eu-central-1.amazonaws.com" };
  const event = {
    Records: [{ cf: { request: { method: "GET", uri, querystring, headers: {}, origin: { custom } } } }],
  };
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => await answerAws(emulator, new Request(input, init));
  try {
    const { headers } = await handler(event);
    const fields = Object.values(headers as Record<string, readonly { key: string; value: string }[]>)
      .map(([field]): [string, string] => [field!.key, field!.value]);
    const answer = await emulator.fetch(
      new Request(`https://${custom.domainName}${uri}?${querystring}`, { headers: fields }),
    );
    // The signature was verified, and the session's role looked at: there is no such bucket, or it may not see it.
    assert.match(await answer.text(), /<Code>(NoSuchBucket|AccessDenied)<\/Code>/);
    const other = await emulator.fetch(
      new Request(`https://${custom.domainName}${uri}x?${querystring}`, { headers: fields }),
    );
    assert.match(await other.text(), "<Code>SignatureDoesNotMatch</Code>");
  } finally {
    globalThis.fetch = real;
  }
});

/** Starts a server, asks it once and ends it. */
async function askServer(
  command: readonly [string, ...string[]],
  more: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(command[0], command.slice(1), {
    env: { ...environment, ...more },
    cwd: folder.path,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors += text);
  try {
    let printed = "";
    for await (const text of child.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
      printed += text;
      const port = /listening on (\d+)/.exec(printed)?.[1];
      if (port !== undefined) return await (await fetch(`http://127.0.0.1:${port}/`)).text();
    }
    throw new Error(`it ended without listening: ${printed}${errors}`);
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

test("the example of Deno Deploy answers who we are, with a session in Deno KV", async () => {
  const { program, missing } = await runtimeProgram("deno");
  if (program === undefined) skip(missing!);
  const imports = Object.entries(packageSources()).map(([name, path]) => [name, pathToFileURL(path).href]);
  const map = folder.write("map.json", JSON.stringify({ imports: Object.fromEntries(imports) }));
  const main = pathToFileURL(join(EXAMPLES, "deno-deploy/main.js")).href;
  const script = folder.write(
    "deno.mjs",
    `import process from "node:process";
     ${TO_LOCAL_SERVICE}
     const serve = Deno.serve;
     Deno.serve = (handler) =>
       serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log("listening on " + port) }, handler);
     await import(${JSON.stringify(main)});`,
  );
  const before = decisions();
  const flags = ["--no-config", "--unstable-kv", "--allow-net=127.0.0.1", "--allow-env", "--allow-read"];
  for (let i = 0; i < 2; i++) {
    const answer = await askServer([program, "run", ...flags, "--allow-write", `--import-map=${map}`, script], {
      DENO_KV_DEFAULT_PATH: join(folder.path, "sessions.db"),
      DENO_DIR: process.env["DENO_DIR"] ?? join(process.env["HOME"] ?? "", ".cache/deno"),
    });
    assert.match(answer, /assumed-role\/ExampleRole\//);
  }
  assert.is(decisions(), before + 1);
});

test("the example of Bun answers who we are, with a session in Redis", async () => {
  const { program, missing } = await runtimeProgram("bun");
  if (program === undefined) skip(missing!);
  const name = ["redis-server", "valkey-server"].find((each) => spawnSync(each, ["--version"]).status === 0);
  if (name === undefined) skip("redis-server is not on this machine; install redis-server or valkey");
  const port = await freePort();
  const server = spawn(name, ["--port", String(port), "--bind", "127.0.0.1", "--save", ""], { cwd: folder.path });
  try {
    let printed = "";
    for await (const text of server.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
      if ((printed += text).includes("Ready to accept connections")) break;
    }
    server.stdout.resume();
    const code = await bundleExample(
      `import server from "./bun/server.js";
       const { port } = Bun.serve({ ...server, hostname: "127.0.0.1", port: 0 });
       console.log("listening on " + port);`,
    );
    const script = folder.write("bun.mjs", code);
    const preload = folder.write("preload.mjs", TO_LOCAL_SERVICE);
    const before = decisions();
    for (let i = 0; i < 2; i++) {
      const answer = await askServer([program, `--preload=${preload}`, script], {
        REDIS_URL: `redis://127.0.0.1:${port}`,
      });
      assert.match(answer, /assumed-role\/ExampleRole\//);
    }
    assert.is(decisions(), before + 1);
  } finally {
    const ended = once(server, "close");
    server.kill("SIGKILL");
    await ended;
  }
});

test.run();
