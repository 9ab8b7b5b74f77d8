/**
 * What the HTTP clients of Node and Bun must do with proxies, with real ones on loopback.
 *
 * @module
 */

import { createServer, request as httpRequest, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Host, HttpClientOptions, ProxyServer } from "../../runtimes/host.ts";
import { startService, testAuthority, trustingEmulator } from "./local-service.ts";
import { assert, type Suite } from "./suite.ts";

const USER = "Basic dXNlcjpodW50ZXIy";

/** A proxy, and what it was asked. */
interface TestProxy {
  readonly port: number;
  readonly asked: string[];
  close(): Promise<void>;
}

/** Starts a proxy that wants a user. */
async function startProxy(): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    if (incoming.headers["proxy-authorization"] !== USER) return void outgoing.writeHead(407).end();
    const { "proxy-authorization": _, ...headers } = incoming.headers;
    const forward = httpRequest(incoming.url!, { method: incoming.method!, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    forward.on("error", () => outgoing.destroy());
    incoming.pipe(forward);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
  });
  server.on("connect", (incoming, socket: Socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    if (incoming.headers["proxy-authorization"] !== USER) {
      return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nconnection: close\r\n\r\n");
    }
    const [hostname, port] = incoming.url!.split(":");
    const server = connect(Number(port), hostname!, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      server.pipe(socket).pipe(server);
    });
    server.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Adds the tests. */
export async function addProxyTests(test: Suite, host: () => Host): Promise<void> {
  const authority = await testAuthority();
  const emulator = trustingEmulator(authority, Date.now);
  const server = await authority.issue("localhost", { kind: "server" });
  const plain = await startService(host(), emulator);
  const secure = await startService(host(), emulator, server);
  const proxy = await startProxy();

  test.after(async () => {
    await Promise.all([plain.close(), secure.close(), proxy.close()]);
  });

  const through = (authorization: string | undefined): HttpClientOptions => {
    const address: ProxyServer = { secure: false, hostname: "127.0.0.1", port: proxy.port };
    return {
      serverCertificate: "verify",
      caBundle: () => authority.root.certificatePem,
      proxy: () => authorization === undefined ? address : { ...address, authorization },
    };
  };
  const post = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
    redirect: "manual",
  } as const;

  test("httpClient() sends plain requests through a proxy, whole target and authorization included", async () => {
    proxy.asked.length = 0;
    const answer = await host().httpClient(through(USER))(`${plain.endpoint}/sessions?x=1`, post);
    assert.is(answer.status, 400);
    assert.match(await answer.text(), "ValidationException");
    assert.equal(proxy.asked, [`POST ${plain.endpoint}/sessions?x=1`]);
  });

  test("httpClient() tunnels TLS through a proxy, and verifies the server behind it", async () => {
    proxy.asked.length = 0;
    const { port } = new URL(secure.endpoint);
    const answer = await host().httpClient(through(USER))(`https://localhost:${port}/sessions`, post);
    assert.is(answer.status, 400);
    assert.equal(proxy.asked, [`CONNECT localhost:${port}`]);
    const { caBundle: _, ...untrusting } = through(USER);
    await assertFails(host().httpClient(untrusting)(`https://localhost:${port}/sessions`, post));
  });

  test("httpClient() fails when the proxy wants another user, or is not there", async () => {
    const { port } = new URL(secure.endpoint);
    await assertFails(host().httpClient(through(undefined))(`https://localhost:${port}/sessions`, post));
    const nobody = { secure: false, hostname: "127.0.0.1", port: 1 };
    const options = { serverCertificate: "verify", proxy: () => nobody } as const;
    await assertFails(host().httpClient(options)(`https://localhost:${port}/sessions`, post));
    await assertFails(host().httpClient(options)(`${plain.endpoint}/sessions`, post));
  });

  test("httpClient() goes past the environment's proxies where the options name none", async () => {
    proxy.asked.length = 0;
    const answer = await host().httpClient({ serverCertificate: "verify" })(`${plain.endpoint}/sessions`, post);
    assert.is(answer.status, 400);
    assert.equal(proxy.asked, []);
  });
}

async function assertFails(call: Promise<unknown>): Promise<void> {
  const error = await call.then(() => undefined, (reason) => reason as Error);
  assert.ok(error !== undefined, "it did not fail");
  assert.not.match(String(error), /hunter2|dXNlcj/);
}
