// runtimes: bun
import { bunHost } from "../../../runtimes/bun/mod.ts";
import { addSocketTests } from "../../support/socket-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/serve");

await addSocketTests(test, bunHost(), "service");

test.run();
