// runtimes: bun
import process from "node:process";
import { bunHost } from "../../../runtimes/bun/host.ts";
import { addProxyTests } from "../../support/proxy-tests.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/host");

await addProxyTests(test, bunHost);

test("bunHost() sends nothing through a proxy of the environment that the options do not name", async () => {
  process.env["HTTP_PROXY"] = "http://127.0.0.1:1";
  try {
    // Nobody listens there either; through the proxy the failure would be the proxy's.
    const call = bunHost().httpClient({ serverCertificate: "verify" })("http://127.0.0.1:2/", {
      method: "GET",
      headers: {},
      redirect: "manual",
    });
    assert.is(process.env["NO_PROXY"], undefined);
    const error = await call.then(() => undefined, (reason) => reason as { path?: string });
    assert.match(String(error?.path), "127.0.0.1:2");
  } finally {
    delete process.env["HTTP_PROXY"];
  }
});

test.run();
