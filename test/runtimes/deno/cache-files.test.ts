// runtimes: deno
import { denoHost } from "../../../runtimes/deno/mod.ts";
import { addCacheTests } from "../../support/cache-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/cache-files");

addCacheTests(test, denoHost);

test.run();
