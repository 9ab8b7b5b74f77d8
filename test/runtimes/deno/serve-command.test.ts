// runtimes: deno
import { denoHost } from "../../../runtimes/deno/mod.ts";
import { addServeCommandTests } from "../../support/serve-command-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/serve-command");

await addServeCommandTests(test, denoHost);

test.run();
