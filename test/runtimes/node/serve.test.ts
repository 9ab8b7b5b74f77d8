// runtimes: node20 node
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addObjectKeyTests } from "../../support/object-key-tests.ts";
import { addSocketTests } from "../../support/socket-tests.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/node/serve");

await addSocketTests(test, nodeHost(), "service");
await addObjectKeyTests(test, nodeHost());

test("serve() keeps a quiet connection for longer than clients do, and says so", async () => {
  const server = await nodeHost().serve(() => new Response("here"), { hostname: "127.0.0.1", port: 0 });
  try {
    const response = await fetch(`http://127.0.0.1:${server.port}/`);
    assert.is(await response.text(), "here");
    assert.is(response.headers.get("keep-alive"), "timeout=75");
  } finally {
    await server.close();
  }
});

test.run();
