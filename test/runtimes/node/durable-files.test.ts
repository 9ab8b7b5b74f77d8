// runtimes: node20 node
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addDurableTests } from "../../support/durable-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/node/durable-files");

addDurableTests(test, nodeHost);

test.run();
