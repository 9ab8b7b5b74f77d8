// runtimes: bun
import process from "node:process";
import { bunHost } from "../../../runtimes/bun/mod.ts";
import { addRemoteKeyTests } from "../../support/remote-key-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/remote-key");

await addRemoteKeyTests(test, bunHost, { sockets: true, script: [process.execPath] });

test.run();
