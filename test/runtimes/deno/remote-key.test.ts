// runtimes: deno
import { denoHost } from "../../../runtimes/deno/mod.ts";
import { addRemoteKeyTests } from "../../support/remote-key-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/remote-key");

await addRemoteKeyTests(test, denoHost, { sockets: false, script: ["deno", "run", "--allow-read"] });

test.run();
