// runtimes: deno
import { denoHost } from "../../../runtimes/deno/mod.ts";
import { addEmulatorCommandTests } from "../../support/emulator-command-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/emulator-command");

addEmulatorCommandTests(test, denoHost);

test.run();
