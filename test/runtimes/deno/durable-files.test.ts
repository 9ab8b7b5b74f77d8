// runtimes: deno
import { denoHost } from "../../../runtimes/deno/mod.ts";
import { addDurableTests } from "../../support/durable-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/durable-files");

addDurableTests(test, denoHost);

test.run();
