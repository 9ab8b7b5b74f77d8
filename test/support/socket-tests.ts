/**
 * What the local service answers on a real socket to what is no decent request: always something, never a stack trace.
 * For Node, Bun and Deno.
 *
 * @module
 */

import { connect } from "node:net";
import { createEmulator, malformedRequest } from "../../runtimes/emulator/mod.ts";
import type { Host } from "../../runtimes/host.ts";
import { assert, type Suite } from "./suite.ts";

/** Who answers what is no request: we, in the service's shape and time; or the platform, without words. */
export type Refuser = "service" | "platform";

/** How long the server waits for a request in these tests. */
const RECEIVE_TIMEOUT_MS = 1000;

/** Adds the tests. */
export async function addSocketTests(test: Suite, host: Host, refuser: Refuser): Promise<void> {
  const errors: unknown[] = [];
  const emulator = createEmulator({ now: Date.now, crypto: host.crypto(), onError: (error) => errors.push(error) });
  const server = await host.serve(emulator.fetch, {
    hostname: "127.0.0.1",
    port: 0,
    refuse: malformedRequest,
    receiveTimeoutMs: RECEIVE_TIMEOUT_MS,
  });
  test.after(() => server.close());

  const say = (...parts: readonly string[]) => conversation(server.port, parts);
  const shaped = (answer: string, status: number, code: string) => {
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
    if (refuser === "service") assert.match(answer, `"__type":"${code}"`);
  };

  test("serve() refuses what is no request", async () => {
    shaped(await say("\x16\x03\x01 nonsense\r\n\r\n"), 400, "BadRequestException");
    const smuggled = `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
    shaped(await say(smuggled), 400, "BadRequestException");
    shaped(await say(`GET / HTTP/1.1\r\nHost: a b\r\n${CLOSE}\r\n`), 400, "BadRequestException");
    // Cut off, or refused.
    assert.not.match(await say(`POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`), "HTTP/1.1 2");
  });

  test("serve() tells the length of its answers", async () => {
    const answer = await say(`GET /_emulator/clock HTTP/1.1\r\n${HOST}${CLOSE}\r\n`);
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    assert.match(head, new RegExp(`^content-length: ${body.length}$`, "im"));
    assert.not.match(head, /^transfer-encoding/im);
  });

  test("serve() ends a connection on which nonsense follows a request", async () => {
    const answer = await say(`GET /_emulator/clock HTTP/1.1\r\n${HOST}\r\n\0\x01 nonsense\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 (200|400) /);
  });

  test("serve() takes header blocks of 100 kB where the platform does, and says when they are too long", async () => {
    const get = (length: number) =>
      say(`GET /_emulator/clock HTTP/1.1\r\n${HOST}X-Large: ${"a".repeat(length)}\r\n${CLOSE}\r\n`);
    assert.match(await get(60_000), /^HTTP\/1\.1 200 /);
    if (refuser === "platform") {
      assert.match(await get(100_000), /^HTTP\/1\.1 4/);
    } else {
      assert.match(await get(100_000), /^HTTP\/1\.1 200 /);
      shaped(await get(200_000), 431, "RequestHeaderFieldsTooLargeException");
    }
  });

  test("serve() lets the service say that a body is too long, while it is still being sent", async () => {
    const head = `POST /sessions HTTP/1.1\r\n${HOST}Content-Length: 3000000\r\n${CLOSE}\r\n`;
    const answer = await say(head, "x".repeat(3_000_000));
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, '"__type":"RequestEntityTooLargeException"');
  });

  test("serve() takes whole URLs, unknown methods and unknown paths for what they are", async () => {
    for (const line of [`GET http://service.test/x`, "TRACE /", "BREW /", "OPTIONS *", "GET /../..//%00%ff?%zz"]) {
      const answer = await say(`${line} HTTP/1.1\r\n${HOST}${CLOSE}\r\n`);
      assert.match(answer, /^HTTP\/1\.1 (400|403|404|405) /, line);
      assert.not.match(answer, /\n\s+at /);
    }
  });

  test("serve() does not let slow clients keep others waiting, nor, where that can be set, stay", async () => {
    const slow = [
      `GET /_emulator/clock HTTP/1.1\r\n${HOST}X-Slow: `,
      `POST /sessions HTTP/1.1\r\n${HOST}Content-Length: 100\r\n\r\n{`,
      "",
    ].flatMap((text) => Array.from({ length: 30 }, () => openConversation(server.port, [text])));
    const answer = await say(`GET /_emulator/clock HTTP/1.1\r\n${HOST}${CLOSE}\r\n`);
    assert.match(answer, /^HTTP\/1\.1 200 /);
    if (refuser === "service") {
      for (const { ended } of slow.slice(0, 60)) shaped(await ended, 408, "RequestTimeoutException");
    }
    for (const { close } of slow) close();
    await Promise.all(slow.map(({ ended }) => ended));
  });

  test("serve() cuts the connection when the service is told to", async () => {
    emulator.setFaults([{ kind: "reset" }]);
    const answer = await say(`POST /sessions HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`);
    const fetched = await fetch(`http://127.0.0.1:${server.port}/sessions`, { method: "POST" }).then(
      (response) => response.text(),
    ).then(() => "whole", () => "cut");
    emulator.setFaults([]);
    // No whole answer: nothing at all, or one whose last chunk does not come.
    assert.not.match(answer, "\r\n0\r\n");
    assert.not.match(answer, /content-length/i);
    assert.is(fetched, "cut");
  });

  test("serve() had nothing to tell but what was refused", () => {
    assert.equal(errors, []);
  });
}

const HOST = "Host: 127.0.0.1\r\n";
const CLOSE = "Connection: close\r\n";

/** Sends the parts and answers what comes until the connection ends. */
export function conversation(port: number, parts: readonly string[]): Promise<string> {
  return openConversation(port, parts).ended;
}

function openConversation(
  port: number,
  parts: readonly string[],
): { readonly ended: Promise<string>; readonly close: () => void } {
  const socket = connect(port, "127.0.0.1", () => {
    for (const part of parts) if (part !== "") socket.write(part);
  });
  let text = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => text += chunk);
  const ended = new Promise<string>((resolve) => {
    // What came before a reset counts.
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
  });
  return { ended, close: () => void socket.destroy() };
}
