// runtimes: bun
import { bunHost } from "../../../runtimes/bun/mod.ts";
import { addDirectoryTests } from "../../support/directory-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/certificate-directory");

addDirectoryTests(test, bunHost);

test.run();
