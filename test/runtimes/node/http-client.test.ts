// runtimes: node20 node
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addProxyTests } from "../../support/proxy-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/node/http-client");

await addProxyTests(test, nodeHost);

test.run();
