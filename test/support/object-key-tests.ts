/**
 * Keys of S3 over a real socket, where the target of a request is what the client sent, dot segments included. For
 * Node, Bun and Deno.
 *
 * @module
 */

import { signRequest } from "../../core/sigv4/mod.ts";
import { createEmulator } from "../../runtimes/emulator/mod.ts";
import type { Host } from "../../runtimes/host.ts";
import { ADMINISTRATOR } from "./emulated-account.ts";
import { conversation } from "./socket-tests.ts";
import { assert, type Suite } from "./suite.ts";

/** Adds the test. */
export async function addObjectKeyTests(test: Suite, host: Host): Promise<void> {
  const { accessKeyId, secretAccessKey } = ADMINISTRATOR;
  const { fetch } = createEmulator({
    accessKeys: [{ accessKeyId, secretAccessKey }],
    now: host.now,
    crypto: host.crypto(),
  });
  const server = await host.serve(fetch, { hostname: "127.0.0.1", port: 0 });
  test.after(() => server.close());

  const send = async (method: string, path: string, body = ""): Promise<string> => {
    const own = { "host": `127.0.0.1:${server.port}`, "connection": "close", "content-length": String(body.length) };
    const { headers } = signRequest({ method, path, headers: { host: own.host }, body }, {
      credentials: ADMINISTRATOR,
      region: "us-east-1",
      service: "s3",
      timeMs: host.now(),
    });
    const lines = Object.entries({ ...own, ...headers }).map((pair) => pair.join(": ")).join("\r\n");
    return await conversation(server.port, [`${method} ${path} HTTP/1.1\r\n${lines}\r\n\r\n${body}`]);
  };

  test("serve() leaves dot segments and slashes of a path as they were sent", async () => {
    assert.match(await send("PUT", "/bucket"), /^HTTP\/1\.1 200 /);
    for (const key of ["x/../y", "../q", "./z/.", "%2e%2E/r", "a//b", "/lead", "s%20p+q%2B", "%C3%A9"]) {
      assert.match(await send("PUT", `/bucket/${key}`, `of ${key}`), /^HTTP\/1\.1 200 /, key);
      const read = await send("GET", `/bucket/${key}`);
      assert.match(read, /^HTTP\/1\.1 200 /, key);
      assert.ok(read.includes(`of ${key}`), read);
    }
    assert.match(await send("GET", "/bucket/y"), /^HTTP\/1\.1 404 /);
    assert.match(await send("HEAD", "/bucket/x/../y"), /^HTTP\/1\.1 200 [^]*\r\ncontent-length: 9\r\n/i);
  });
}
