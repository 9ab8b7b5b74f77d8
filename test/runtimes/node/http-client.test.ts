// runtimes: node20 node
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addProxyTests } from "../../support/proxy-tests.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("runtimes/node/http-client");

await addProxyTests(test, nodeHost);

test("httpClient() names the proxy that cannot be reached", async () => {
  const proxy = () => ({ secure: false, hostname: "127.0.0.1", port: 1, authorization: "Basic Y2FuYXJ5" });
  const client = nodeHost().httpClient({ serverCertificate: "verify", proxy });
  const post = { method: "POST", headers: {}, body: new Uint8Array(1), redirect: "manual" } as const;
  const error = await assertRejects(() => client("https://localhost:1/sessions", post), "ERR_PROXY");
  assert.match(error.message, /^Cannot connect through the proxy 127\.0\.0\.1:1: .*ECONNREFUSED/);
  assert.not.match(error.message, "Y2FuYXJ5");
});

test.run();
