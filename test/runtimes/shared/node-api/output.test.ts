// runtimes: node20 bun
import { writeOutput } from "../../../../runtimes/shared/node-api/output.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/shared/node-api/output");

function failing(code: string): () => never {
  return () => {
    throw Object.assign(new Error(`${code}: write`), { code });
  };
}

test("writeOutput() says with a code of ours that nobody reads, or that the disk is full", () => {
  for (const [code, state] of [["EPIPE", "nobody reads it any more"], ["ENOSPC", "the disk is full"]] as const) {
    let caught: unknown;
    try {
      writeOutput(failing(code), "text");
    } catch (error) {
      caught = error;
    }
    const { code: ours, message } = caught as { readonly code: string; readonly message: string };
    assert.is(ours, "ERR_FILE_WRITE");
    assert.is(message, `Cannot write standard output: ${state}`);
  }
});

test("writeOutput() writes what is left when a reader takes a part, or is slow", () => {
  const written: number[] = [];
  let turn = 0;
  writeOutput((_file, octets) => {
    if (++turn === 2) failing("EAGAIN")();
    written.push(octets[0]!);
    return 1;
  }, "abc");
  assert.equal(written, [97, 98, 99]);
});

test.run();
