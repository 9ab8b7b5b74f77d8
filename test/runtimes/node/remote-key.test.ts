// runtimes: node20 node
import process from "node:process";
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { addRemoteKeyTests } from "../../support/remote-key-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/node/remote-key");

await addRemoteKeyTests(test, nodeHost, { sockets: true, script: [process.execPath] });

test.run();
