// runtimes: node20 node
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addDirectoryTests } from "../../support/directory-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/node/certificate-directory");

addDirectoryTests(test, nodeHost);

test.run();
