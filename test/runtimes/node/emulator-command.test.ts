// runtimes: node20 node
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addEmulatorCommandTests } from "../../support/emulator-command-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/node/emulator-command");

addEmulatorCommandTests(test, nodeHost);

test.run();
