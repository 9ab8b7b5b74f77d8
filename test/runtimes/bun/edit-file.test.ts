// runtimes: bun
import { bunHost } from "../../../runtimes/bun/mod.ts";
import { addEditFileTests } from "../../support/edit-file-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/edit-file");

addEditFileTests(test, bunHost);

test.run();
