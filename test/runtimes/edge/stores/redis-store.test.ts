// runtimes: node20 node deno bun workerd
import {
  type RedisConnection,
  redisOverRest,
  redisOverTcp,
  type RedisRestOptions,
  redisStore,
  type RedisTcpOptions,
} from "../../../../runtimes/edge/mod.ts";
import { idle } from "../../../core/fetch/fetch-clock.ts";
import { memoryRedis } from "../../../support/memory-redis.ts";
import { addStoreTests } from "../../../support/store-conformance.ts";
import { assert, assertRejects, suite } from "../../../support/suite.ts";

const test = suite("runtimes/edge/stores/redis");

const NAME = "ab".repeat(32);
const KEY = `anyrole/session/${NAME}`;

const server = memoryRedis();
addStoreTests(test, "redisStore()", { leases: "exclusive", open: () => redisStore(server) });

test("redisStore() takes what is no base64 for no entry, and another's reply for a fault", async () => {
  assert.is(await redisStore(() => "not base64!").get(NAME), undefined);
  await assertRejects(async () => await redisStore(() => 7).get(NAME), "ERR_STORE_ANSWER");
});

/** A connection that answers these chunks, whatever it is sent, and then ends or stays silent. */
function scripted(chunks: readonly string[], end: "closes" | "is silent" = "closes") {
  let sent = "";
  let closed = 0;
  let next = 0;
  const connect = (): RedisConnection => ({
    readable: new ReadableStream({
      pull: (controller) => {
        const chunk = chunks[next++];
        if (chunk !== undefined) return controller.enqueue(new TextEncoder().encode(chunk));
        if (end === "closes") controller.close();
      },
    }),
    writable: new WritableStream({ write: (chunk) => void (sent += new TextDecoder().decode(chunk)) }),
    close: () => void closed++,
  });
  return { connect, sent: () => sent, closed: () => closed };
}

test("redisOverTcp() sends authentication, database and command in one go, and closes", async () => {
  const { connect, sent, closed } = scripted(["+OK\r\n+OK", "\r\n$5\r", "\nval", "ue\r\n"]);
  const send = redisOverTcp({ connect, username: "edge", password: "pä", database: 2 });
  assert.is(await send(["GET", "key"]), "value");
  assert.is(
    sent(),
    "*3\r\n$4\r\nAUTH\r\n$4\r\nedge\r\n$3\r\npä\r\n" +
      "*2\r\n$6\r\nSELECT\r\n$1\r\n2\r\n" +
      "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n",
  );
  assert.is(closed(), 1);
});

test("redisOverTcp() reads every reply of RESP2 that there can be", async () => {
  const replies: readonly (readonly [string, unknown])[] = [
    ["+OK\r\n", "OK"],
    [":1\r\n", 1],
    [":-7\r\n", -7],
    ["$-1\r\n", null],
    ["$0\r\n\r\n", ""],
    ["$4\r\na\r\nb\r\n", "a\r\nb"],
  ];
  for (const [text, reply] of replies) {
    assert.is(await redisOverTcp({ connect: scripted([text]).connect })(["GET", "key"]), reply, text);
    assert.is(await redisOverTcp({ connect: scripted(text.split("")).connect })(["GET", "key"]), reply, text);
  }
});

test("redisOverTcp() refuses what is no reply", async () => {
  const bad = [
    "",
    "$5\r\nval",
    "$9999999\r\n",
    "$1\r\nab",
    "$x\r\n",
    ":1.5\r\n",
    "*1\r\n$1\r\na\r\n",
    "HTTP/1.1 400 Bad Request\r\n",
    "\r\n",
    "\n",
    "+OK\n",
    "x".repeat(5000),
  ];
  for (const text of bad) {
    await assertRejects(
      async () => await redisOverTcp({ connect: scripted([text]).connect })(["GET", "key"]),
      "ERR_STORE_ANSWER",
    );
  }
});

test("redisOverTcp() says the code of a refusal, and nothing of what was sent", async () => {
  const answer = "-WRONGPASS invalid username-password pair, beginning with: `edge` `geheim`\r\n";
  const { connect, closed } = scripted([answer, "-NOAUTH Authentication required.\r\n"]);
  const send = redisOverTcp({ connect, password: "geheim" });
  const { message } = await assertRejects(async () => await send(["GET", "key"]), "ERR_STORE_ANSWER");
  assert.is(message, "Cannot use the credential store: AUTH was refused with WRONGPASS");
  assert.is(closed(), 1);
});

test("redisOverTcp() closes the connection of a server that is silent", async () => {
  const { connect, closed } = scripted([], "is silent");
  await assertRejects(async () => await redisOverTcp({ connect })(["GET", "key"]), "ERR_STORE_TIMEOUT");
  await idle();
  assert.is(closed(), 1);
});

test("redisOverTcp() waits no longer for a connection that does not open, and closes one that opens late", async () => {
  const { connect, sent, closed } = scripted(["+OK\r\n"]);
  let open: (connection: RedisConnection) => void;
  const opening = new Promise<RedisConnection>((resolve) => open = resolve);
  const send = redisOverTcp({ connect: () => opening, password: "geheim" });
  await assertRejects(async () => await send(["GET", "key"]), "ERR_STORE_TIMEOUT");
  open!(connect());
  await idle();
  assert.is(closed(), 1);
  assert.is(sent(), "");
});

test("redisOverTcp() reads the longest entry octet by octet, and refuses a line end alone at once", async () => {
  const entry = "a".repeat(87_384);
  const answer = scripted(`$87384\r\n${entry}\r\n`.split(""));
  assert.is(await redisOverTcp({ connect: answer.connect })(["GET", "key"]), entry);
  const { connect } = scripted(["\n"], "is silent");
  await assertRejects(async () => await redisOverTcp({ connect })(["GET", "key"]), "ERR_STORE_ANSWER");
});

test("redisOverTcp() keeps line ends in values and keys inside their texts", async () => {
  const { connect, sent } = scripted(["+OK\r\n"]);
  const evil = "v\r\n*1\r\n$8\r\nFLUSHALL\r\n";
  await redisOverTcp({ connect })(["SET", evil, evil]);
  const text = `$${evil.length}\r\n${evil}\r\n`;
  assert.is(sent(), `*3\r\n$3\r\nSET\r\n${text}${text}`);
});

test("redisOverRest() sends its token to no URL that would show it", () => {
  for (const url of ["http://redis.example", "http://127.0.0.1.example.com/", "ftp://redis.example"]) {
    assert.throws(() => redisOverRest({ url, token: "t" }), /"url" must be https/);
  }
  assert.throws(
    () => redisOverRest({ url: "https://user:geheim@redis.example", token: "t" }),
    /"url" holds a user name/,
  );
  for (const url of ["http://127.0.0.1:8079", "http://localhost:8079", "http://[::1]:8079"]) {
    redisOverRest({ url, token: "t" });
  }
});

test("redisOverRest() reads no reply that is longer than an entry", async () => {
  const { send } = rest(200, JSON.stringify({ result: "x".repeat(100_000) }));
  await assertRejects(async () => await send(["GET", KEY]), "ERR_STORE_ANSWER");
});

test("redisOverTcp() and redisOverRest() refuse options that do not exist", () => {
  const { connect } = scripted([]);
  assert.throws(() => redisOverTcp({ connect, user: "x" } as unknown as RedisTcpOptions), /no option "user"/);
  assert.throws(() => redisOverTcp({ connect, username: "x" }), /without "password"/);
  const rest = { url: "https://redis.example", token: "t", bearer: "x" };
  assert.throws(() => redisOverRest(rest as RedisRestOptions), /no option "bearer"/);
});

/** Answers one request to the REST interface, and keeps it. */
function rest(status: number, body: string) {
  const requests: Request[] = [];
  const send = redisOverRest({
    url: "https://redis.example",
    token: "geheim",
    fetch: (url, init) => {
      requests.push(new Request(url, init as RequestInit));
      return Promise.resolve(new Response(body, { status }));
    },
  });
  return { send, requests };
}

test("redisOverRest() sends the command as JSON, with the token", async () => {
  const { send, requests } = rest(200, `{"result":"value"}`);
  assert.is(await send(["GET", KEY]), "value");
  assert.is(requests[0]!.method, "POST");
  assert.is(requests[0]!.headers.get("authorization"), "Bearer geheim");
  assert.equal(await requests[0]!.json(), ["GET", KEY]);
});

test("redisOverRest() refuses errors and what is no reply, without their text", async () => {
  const bad: readonly (readonly [number, string])[] = [
    [400, `{"error":"ERR unknown command, with args beginning with: geheim"}`],
    [401, `{"error":"Unauthorized"}`],
    [200, `{"error":"ERR"}`],
    [200, "null"],
    [200, "<html>"],
    [302, ""],
  ];
  for (const [status, body] of bad) {
    const { message } = await assertRejects(
      async () => await rest(status, body).send(["GET", KEY]),
      "ERR_STORE_ANSWER",
    );
    assert.is(message, `Cannot use the credential store: GET was refused with status ${status}`);
  }
});

test.run();
