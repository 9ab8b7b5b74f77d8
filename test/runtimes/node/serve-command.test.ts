// runtimes: node20 node
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addServeCommandTests } from "../../support/serve-command-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/node/serve-command");

await addServeCommandTests(test, nodeHost);

test.run();
