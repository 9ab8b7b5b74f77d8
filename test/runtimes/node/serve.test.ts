// runtimes: node20 node
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addObjectKeyTests } from "../../support/object-key-tests.ts";
import { addSocketTests } from "../../support/socket-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/node/serve");

await addSocketTests(test, nodeHost(), "service");
await addObjectKeyTests(test, nodeHost());

test.run();
