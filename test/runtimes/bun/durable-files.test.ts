// runtimes: bun
import { bunHost } from "../../../runtimes/bun/mod.ts";
import { addDurableTests } from "../../support/durable-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/durable-files");

addDurableTests(test, bunHost);

test.run();
