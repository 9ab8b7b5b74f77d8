// runtimes: bun
import { bunHost } from "../../../runtimes/bun/mod.ts";
import { addBridgeCommandTests } from "../../support/bridge-command-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/bridge-command");

await addBridgeCommandTests(test, bunHost, true);

test.run();
