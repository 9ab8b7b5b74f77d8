// runtimes: deno
import { denoHost } from "../../../runtimes/deno/mod.ts";
import { addChunkedUploadTests } from "../../support/chunked-upload-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("core/sigv4/aws-chunked");

await addChunkedUploadTests(test, denoHost());

test.run();
