// runtimes: node20 node
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addListenerTests } from "../../support/listener-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/node/listeners");

await addListenerTests(test, nodeHost(), "limited");

test.run();
