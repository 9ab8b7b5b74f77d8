// runtimes: deno
import { denoHost } from "../../../runtimes/deno/host.ts";
import { addEditFileTests } from "../../support/edit-file-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/edit-file");

addEditFileTests(test, denoHost);

test.run();
