// runtimes: node20 node
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addCacheTests } from "../../support/cache-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/node/cache-files");

addCacheTests(test, nodeHost);

test.run();
