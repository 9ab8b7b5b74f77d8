// runtimes: node20 node
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addBridgeCommandTests } from "../../support/bridge-command-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/node/bridge-command");

await addBridgeCommandTests(test, nodeHost, true);

test.run();
