// runtimes: bun
import { bunHost } from "../../../runtimes/bun/mod.ts";
import { addCacheTests } from "../../support/cache-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/cache-files");

addCacheTests(test, bunHost);

test.run();
