// runtimes: bun
import { bunHost } from "../../../runtimes/bun/mod.ts";
import { addAwsFetchTests } from "../../support/aws-fetch-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/aws-fetch");

await addAwsFetchTests(test, bunHost());

test.run();
