// runtimes: bun
import { bunHost } from "../../../runtimes/bun/mod.ts";
import { addListenerTests } from "../../support/listener-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/listeners");

await addListenerTests(test, bunHost(), "limited");

test.run();
