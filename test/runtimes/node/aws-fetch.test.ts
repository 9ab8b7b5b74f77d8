// runtimes: node20 node
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addAwsFetchTests } from "../../support/aws-fetch-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/node/aws-fetch");

await addAwsFetchTests(test, nodeHost());

test.run();
