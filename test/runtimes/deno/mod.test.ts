// runtimes: deno
import { denoHost, fromRolesAnywhere } from "../../../runtimes/deno/mod.ts";
import { addRuntimeTests } from "../../support/runtime-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/mod");

await addRuntimeTests(test, { host: denoHost, fromRolesAnywhere, skipsServerCertificate: false });

test.run();
