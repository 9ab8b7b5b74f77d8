// runtimes: bun
import { bunHost } from "../../../runtimes/bun/mod.ts";
import { addChunkedUploadTests } from "../../support/chunked-upload-tests.ts";
import { suite } from "../../support/suite.ts";

const test = suite("core/sigv4/aws-chunked");

await addChunkedUploadTests(test, bunHost());

test.run();
