/**
 * What the small servers of a runtime must do on real sockets: with credential endpoints behind them, to clients who
 * are not what they should be. For Node, Bun and Deno.
 *
 * @module
 */

import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { Host } from "../../runtimes/host.ts";
import type { RunningListener } from "../../runtimes/listeners.ts";
import { type EndpointsBench, endpointsBench } from "./credential-endpoints.ts";
import { assert, assertRejects, skip, type Suite } from "./suite.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** What a runtime does with clients that send a request slowly: cut them off, or wait. */
export type Patience = "limited" | "endless";

const RECEIVE_TIMEOUT_MS = 1000;

const CREDENTIALS = "/latest/meta-data/iam/security-credentials/Example";
const LOOPBACK = { kind: "tcp", hostname: "127.0.0.1", port: 0 } as const;

/** Adds the tests. */
export async function addListenerTests(test: Suite, host: Host, patience: Patience): Promise<void> {
  const { listen } = await host.listeners();
  const folder = temporaryFolder();
  const bench = endpointsBench();
  await bench.clock.run(bench.roles[0]!.look());
  const server = await listen(bench.handler, LOOPBACK, RECEIVE_TIMEOUT_MS);
  const { authorization } = bench.authorized() as { readonly authorization: string };
  const metadata = (await bench.token())["x-aws-ec2-metadata-token"]!;
  const port = server.port!;
  test.after(async () => {
    await server.close();
    folder.remove();
  });

  const say = (...lines: readonly string[]) => talk({ port, host: "127.0.0.1" }, `${lines.join("\r\n")}\r\n\r\n`).ended;
  const get = (path: string, ...lines: readonly string[]) =>
    say(`GET ${path} HTTP/1.1`, ...lines, `Authorization: ${authorization}`, `${TOKEN}: ${metadata}`, CLOSE);

  test("listen() serves credentials to those who ask for them as they should", async () => {
    for (const path of ["/v1/credentials", CREDENTIALS]) {
      const answer = await get(path, `Host: 127.0.0.1:${port}`);
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
      assert.match(answer, '"AccessKeyId":"ASIA');
      assert.match(answer, /\r\ncache-control: no-store\r\n/i);
    }
    assert.is(server.hostname, "127.0.0.1");
  });

  test("listen() shows the guard the Host that was sent: rebound names, several, none", async () => {
    for (const path of ["/v1/credentials", CREDENTIALS, "/metrics"]) {
      for (const name of ["attacker.example", `attacker.example:${port}`, "127.0.0.1.attacker.example", "127.1"]) {
        const answer = await get(path, `Host: ${name}`);
        assert.match(answer, /^HTTP\/1\.1 403 /, name);
        assert.not.match(answer, "ASIA");
      }
      for (const lines of [["Host: attacker.example", "Host: 127.0.0.1"], []]) {
        const answer = await get(path, ...lines);
        assert.match(answer, /^HTTP\/1\.1 4\d\d /);
        assert.not.match(answer, "ASIA");
      }
      assert.match(await say(`GET ${path} HTTP/1.0`, `Authorization: ${authorization}`), /^HTTP\/1\.[01] 4\d\d /);
    }
  });

  test("listen() shows the guard browsers and proxies", async () => {
    const good = `Host: localhost:${port}`;
    for (const path of ["/v1/credentials", CREDENTIALS]) {
      assert.match(await get(path, good, "Origin: http://attacker.example"), /^HTTP\/1\.1 403 /);
      assert.match(await get(path, good, `Origin: http://localhost:${port}`), /^HTTP\/1\.1 403 /);
      assert.match(await get(path, good, "Sec-Fetch-Site: cross-site"), /^HTTP\/1\.1 403 /);
      assert.match(await get(path, good, "X-Forwarded-For: 127.0.0.1"), /^HTTP\/1\.1 400 /);
      assert.match(await get(path, good, "Forwarded: for=127.0.0.1"), /^HTTP\/1\.1 400 /);
      assert.match(
        await say(`OPTIONS ${path} HTTP/1.1`, good, "Origin: http://attacker.example", CLOSE),
        /^HTTP\/1\.1 403 /,
      );
    }
    const put = await say(
      "PUT /latest/api/token HTTP/1.1",
      good,
      "X-Forwarded-For: 10.0.0.1",
      "Content-Length: 0",
      CLOSE,
    );
    assert.match(put, /^HTTP\/1\.1 400 [^]*\r\n\r\nunable to process requests with X-Forwarded-For header$/);
  });

  test("listen() gives nothing for whole URLs of other hosts and for what is no request", async () => {
    const cases = [
      [`GET http://attacker.example/v1/credentials HTTP/1.1`, "Host: attacker.example"],
      [`CONNECT attacker.example:443 HTTP/1.1`, "Host: attacker.example:443"],
      ["\x16\x03\x01 nonsense"],
      ["GET /v1/credentials", "Host: 127.0.0.1"],
      ["GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1", "Host : 127.0.0.1", "Content-Length: 3, 4"],
      ["GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1", `X-Large: ${"a".repeat(200_000)}`],
    ];
    for (const [line, ...fields] of cases) {
      const answer = await say(line!, ...fields, CLOSE);
      assert.not.match(answer, "ASIA");
      assert.not.match(answer, /^HTTP\/1\.1 2/, line);
    }
    const smuggled = `POST /v1/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\n` +
      `Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
      `Authorization: ${authorization}\r\n${CLOSE}\r\n\r\n`;
    assert.not.match(await talk({ port, host: "127.0.0.1" }, smuggled).ended, "ASIA");
  });

  test("listen() answers ten thousand tokens, of which the last 256 are good, and ten thousand guesses", async () => {
    const fresh = await listen((await readyBench()).handler, LOOPBACK);
    try {
      const put = `PUT /latest/api/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`;
      const bodies = await pipelined(fresh.port!, Array.from({ length: 10_000 }, () => put));
      assert.is(new Set(bodies).size, 10_000);
      const read = (token: string) => `GET ${CREDENTIALS} HTTP/1.1\r\nHost: localhost\r\n${TOKEN}: ${token}\r\n\r\n`;
      const answers = await pipelined(fresh.port!, bodies.map(read));
      const good = answers.map((answer) => answer.includes("ASIA"));
      assert.is(good.filter(Boolean).length, 256);
      assert.ok(good.slice(-256).every(Boolean));
      const guesses = Array.from(
        { length: 10_000 },
        (_, i) => read(bodies.at(-1)!.slice(0, -4) + `${i}`.padStart(4, "+")),
      );
      const guessed = await pipelined(fresh.port!, guesses);
      assert.ok(guessed.every((answer) => answer === "invalid token provided"));
    } finally {
      await fresh.close();
    }
  });

  test("listen() lets slow clients keep nobody waiting, nor, where that can be set, stay", async () => {
    const heads = ["", "G", `GET ${CREDENTIALS} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: `];
    const slow = heads.flatMap((head) => Array.from({ length: 30 }, () => talk({ port, host: "127.0.0.1" }, head)));
    assert.match(await get("/v1/credentials", "Host: 127.0.0.1"), /^HTTP\/1\.1 200 /);
    if (patience === "limited") await Promise.all(slow.slice(30).map(({ ended }) => ended));
    for (const { close } of slow) close();
    await Promise.all(slow.map(({ ended }) => ended));
    assert.match(await get("/v1/credentials", "Host: 127.0.0.1"), /^HTTP\/1\.1 200 /);
  });

  test("listen() serves IPv6", async () => {
    let six: RunningListener;
    try {
      six = await listen(bench.handler, { kind: "tcp", hostname: "::1", port: 0 });
    } catch (error) {
      skip(`this machine has no ::1: ${(error as Error).message}`);
    }
    const answer = await talk(
      { port: six.port!, host: "::1" },
      `GET /v1/credentials HTTP/1.1\r\nHost: [::1]:${six.port}\r\nAuthorization: ${authorization}\r\n${CLOSE}\r\n\r\n`,
    ).ended;
    assert.match(answer, /^HTTP\/1\.1 200 /);
    await six.close();
  });

  test("listen() makes a Unix socket for its owner alone, and takes it away", async () => {
    if (host.runtime === "deno") skip("the task of Deno's tests has no permission for Unix sockets");
    const path = `${folder.path}/socket`;
    const unix = await listen(bench.handler, { kind: "unix", path });
    assert.is(statSync(path).mode & 0o777, 0o600);
    assert.is(unix.port, undefined);
    const request =
      `GET /v1/credentials HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n${CLOSE}\r\n\r\n`;
    assert.match(await talk({ path }, request).ended, /^HTTP\/1\.1 200 /);
    const taken = await assertRejects(listen(bench.handler, { kind: "unix", path }), "ERR_LISTEN_ADDRESS");
    assert.match(taken.message, "something else listens there already");
    assert.match(await talk({ path }, request).ended, /^HTTP\/1\.1 200 /);
    await unix.close();
    assert.not(existsSync(path));
  });

  test("listen() makes no Unix socket at what is left of a path that is too long", async () => {
    const long = await assertRejects(
      listen(bench.handler, { kind: "unix", path: `${folder.path}/${"long".repeat(30)}` }),
      "ERR_LISTEN_ADDRESS",
    );
    assert.match(long.message, "107 octets");
    assert.equal(readdirSync(folder.path).filter((name) => name.startsWith("long")), []);
  });

  test("listen() replaces a Unix socket that a crash left behind, and no other file", async () => {
    if (host.runtime === "deno") skip("the task of Deno's tests has no permission for Unix sockets");
    const path = `${folder.path}/stale`;
    await leaveSocket(path);
    const unix = await listen(bench.handler, { kind: "unix", path });
    assert.match(
      await talk({ path }, `GET /healthz HTTP/1.1\r\nHost: localhost\r\n${CLOSE}\r\n\r\n`).ended,
      /^HTTP\/1\.1 200 /,
    );
    await unix.close();
    writeFileSync(`${folder.path}/file`, "precious");
    await assertRejects(listen(bench.handler, { kind: "unix", path: `${folder.path}/file` }), "ERR_LISTEN_ADDRESS");
    assert.ok(statSync(`${folder.path}/file`).isFile());
    const nowhere = await assertRejects(
      listen(bench.handler, { kind: "unix", path: `${folder.path}/none/socket` }),
      "ERR_LISTEN_ADDRESS",
    );
    assert.match(nowhere.message, "there is no such directory");
  });

  test("listen() says that a port is taken, and that an address is not there", async () => {
    const taken = await assertRejects(listen(bench.handler, { ...LOOPBACK, port }), "ERR_LISTEN_ADDRESS");
    assert.match(taken.message, `Cannot listen on 127.0.0.1 port ${port}: something else listens there already`);
    if (host.runtime === "deno") return; // The task of its tests has permission for loopback alone.
    await assertRejects(listen(bench.handler, { ...LOOPBACK, hostname: "192.0.2.1" }), "ERR_LISTEN_ADDRESS");
  });

  test("close() finishes what is under way and then takes nobody", async () => {
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => release = resolve);
    let asked: () => void = () => {};
    const arrived = new Promise<void>((resolve) => asked = resolve);
    const brief = await listen(async () => {
      asked();
      await held;
      return { status: 200, headers: {}, body: "late" };
    }, LOOPBACK);
    const answer =
      talk({ port: brief.port!, host: "127.0.0.1" }, `GET / HTTP/1.1\r\nHost: localhost\r\n${CLOSE}\r\n\r\n`).ended;
    await arrived;
    const closed = brief.close();
    release();
    assert.match(await answer, /\r\n\r\nlate$/);
    await closed;
    assert.is(await talk({ port: brief.port!, host: "127.0.0.1" }, "").ended, "");
  });
}

const TOKEN = "X-aws-ec2-metadata-token";
const CLOSE = "Connection: close";

async function readyBench(): Promise<EndpointsBench> {
  const bench = endpointsBench();
  await bench.clock.run(bench.roles[0]!.look());
  return bench;
}

interface Talk {
  /** What came until the connection ended. */
  readonly ended: Promise<string>;
  readonly close: () => void;
}

function talk(to: { readonly port: number; readonly host: string } | { readonly path: string }, text: string): Talk {
  const socket = connect(to, () => {
    if (text !== "") socket.write(text, "latin1");
  });
  let answer = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => answer += chunk);
  const ended = new Promise<string>((resolve) => {
    // What came before a reset counts.
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
  });
  return { ended, close: () => void socket.destroy() };
}

/** Sends requests one after the other over one connection and answers the bodies. */
function pipelined(port: number, requests: readonly string[]): Promise<readonly string[]> {
  const bodies: string[] = [];
  return new Promise((resolve, reject) => {
    const next = () => socket.write(requests[bodies.length]!);
    const socket = connect({ port, host: "127.0.0.1" }, next);
    let text = "";
    socket.setEncoding("latin1");
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`the connection ended after ${bodies.length} answers`)));
    socket.on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      if (end < 0 || text.length < end + 4 + length) return;
      bodies.push(text.slice(end + 4));
      text = "";
      if (bodies.length < requests.length) return void next();
      socket.removeAllListeners("close").destroy();
      resolve(bodies);
    });
  });
}

/** Leaves a socket's file as a killed process does. */
async function leaveSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.made`, resolve));
  const { renameSync } = await import("node:fs");
  // Closing takes the file away that it knows.
  renameSync(`${path}.made`, path);
  await new Promise((resolve) => server.close(resolve));
}
