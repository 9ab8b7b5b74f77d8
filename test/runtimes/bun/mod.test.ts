// runtimes: bun
import { bunHost, fromRolesAnywhere } from "../../../runtimes/bun/mod.ts";
import { addRuntimeTests } from "../../support/runtime-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/mod");

await addRuntimeTests(test, { host: bunHost, fromRolesAnywhere, skipsServerCertificate: true });

test.run();
