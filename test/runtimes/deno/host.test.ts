// runtimes: deno
import { denoHost } from "../../../runtimes/deno/mod.ts";
import { addObjectKeyTests } from "../../support/object-key-tests.ts";
import { addSocketTests } from "../../support/socket-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/host");

await addSocketTests(test, denoHost(), "platform");
await addObjectKeyTests(test, denoHost());

test.run();
