// runtimes: deno
import { denoHost } from "../../../runtimes/deno/mod.ts";
import { addAwsFetchTests } from "../../support/aws-fetch-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/aws-fetch");

await addAwsFetchTests(test, denoHost());

test.run();
