// runtimes: node20 node
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addEditFileTests } from "../../support/edit-file-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/node/edit-file");

addEditFileTests(test, nodeHost);

test.run();
