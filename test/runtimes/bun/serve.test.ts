// runtimes: bun
import { bunHost } from "../../../runtimes/bun/mod.ts";
import { addObjectKeyTests } from "../../support/object-key-tests.ts";
import { addSocketTests } from "../../support/socket-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/serve");

await addSocketTests(test, bunHost(), "service");
await addObjectKeyTests(test, bunHost());

test.run();
