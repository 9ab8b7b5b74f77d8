// runtimes: deno
import { denoHost } from "../../../runtimes/deno/mod.ts";
import { addListenerTests } from "../../support/listener-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/listeners");

await addListenerTests(test, denoHost(), "endless");

test.run();
