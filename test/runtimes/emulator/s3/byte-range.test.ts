// runtimes: node20 node deno bun workerd
import { byteRange } from "../../../../runtimes/emulator/s3/byte-range.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/byte-range");

test("byteRange() reads one range, and ignores what is none", () => {
  assert.equal(byteRange("bytes=0-0", 1), { start: 0, end: 1 });
  assert.equal(byteRange(" bytes=3-999999999999999 ", 5), { start: 3, end: 5 });
  assert.equal(byteRange("bytes=-2", 5), { start: 3, end: 5 });
  for (const header of [undefined, "", "bytes=", "bytes=-", "bytes=a-b", "bytes=2-1", "bytes=0-1,2-3", "bytes=1e3-"]) {
    assert.is(byteRange(header, 5), undefined, header);
  }
});

test("byteRange() says when none of the octets is there", () => {
  for (const header of ["bytes=5-", "bytes=5-9", "bytes=-0"]) assert.is(byteRange(header, 5), "unsatisfiable", header);
  for (const header of ["bytes=0-", "bytes=-1", "bytes=0-0"]) assert.is(byteRange(header, 0), "unsatisfiable", header);
});

test.run();
