// runtimes: bun
import { bunHost } from "../../../runtimes/bun/mod.ts";
import { addEmulatorCommandTests } from "../../support/emulator-command-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/emulator-command");

addEmulatorCommandTests(test, bunHost);

test.run();
