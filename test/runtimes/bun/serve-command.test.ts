// runtimes: bun
import { bunHost } from "../../../runtimes/bun/mod.ts";
import { addServeCommandTests } from "../../support/serve-command-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/serve-command");

await addServeCommandTests(test, bunHost);

test.run();
