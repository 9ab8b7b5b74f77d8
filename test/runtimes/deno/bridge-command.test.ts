// runtimes: deno
import { denoHost } from "../../../runtimes/deno/mod.ts";
import { addBridgeCommandTests } from "../../support/bridge-command-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/bridge-command");

await addBridgeCommandTests(test, denoHost, false);

test.run();
