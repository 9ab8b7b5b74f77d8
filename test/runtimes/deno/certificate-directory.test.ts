// runtimes: deno
import { denoHost } from "../../../runtimes/deno/mod.ts";
import { addDirectoryTests } from "../../support/directory-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/certificate-directory");

addDirectoryTests(test, denoHost);

test.run();
