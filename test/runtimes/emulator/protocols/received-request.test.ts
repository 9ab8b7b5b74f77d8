// runtimes: node20 node deno bun workerd
import { MAX_HEADER_CHARACTERS, receiveRequest } from "../../../../runtimes/emulator/protocols/received-request.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/received-request");

const never = () => new Promise<void>(() => {});
const atOnce = () => Promise.resolve();

function post(body: ReadableStream<Uint8Array> | string, headers: Record<string, string> = {}): Request {
  return new Request("http://127.0.0.1/a?b", { method: "POST", headers, body, duplex: "half" } as RequestInit);
}

/** A body that begins and does not end. */
function endless(cancelled: () => void = () => {}): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)), cancel: cancelled });
}

const failure = async (request: Request, sleep: () => Promise<void>) => {
  const received = await receiveRequest(request, 100, sleep);
  return "failure" in received ? [received.failure.status, received.failure.code] : undefined;
};

test("receiveRequest() reads a request whole", async () => {
  const received = await receiveRequest(post("body", { "x-a": "b" }), 4, never);
  assert.ok("request" in received);
  const { method, path, query, headers, body } = received.request;
  assert.equal([method, path, query, new TextDecoder().decode(body)], ["POST", "/a", "b", "body"]);
  assert.ok(headers.some(([name, value]) => name === "x-a" && value === "b"));
  assert.ok(headers.some(([name, value]) => name === "host" && value === "127.0.0.1"));
});

test("receiveRequest() gives up on a body that takes too long, and lets go of it", async () => {
  let cancelled = false;
  assert.equal(await failure(post(endless(() => cancelled = true)), atOnce), [408, "RequestTimeoutException"]);
  assert.is(cancelled, true);
});

test("receiveRequest() stops reading where a body is too long", async () => {
  let sent = 0;
  const body = new ReadableStream({
    pull: (controller) => {
      controller.enqueue(new Uint8Array(60));
      sent++;
    },
  });
  assert.equal(await failure(post(body), never), [413, "RequestEntityTooLargeException"]);
  assert.ok(sent < 10);
});

test("receiveRequest() says so when a body breaks off", async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) });
  assert.equal(await failure(post(body), never), [400, "BadRequestException"]);
});

test("receiveRequest() refuses header fields beyond the limit", async () => {
  const large = { "x-large": "a".repeat(MAX_HEADER_CHARACTERS) };
  assert.equal(await failure(post("", large), never), [431, "RequestHeaderFieldsTooLargeException"]);
  assert.is(await failure(post("", { "x-large": "a".repeat(100_000) }), never), undefined);
});

test.run();
