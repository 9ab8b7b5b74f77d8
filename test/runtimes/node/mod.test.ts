// runtimes: node20 node
import { fromRolesAnywhere, nodeHost } from "../../../runtimes/node/mod.ts";
import { addRuntimeTests } from "../../support/runtime-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/node/mod");

await addRuntimeTests(test, { host: nodeHost, fromRolesAnywhere, skipsServerCertificate: true });

test.run();
