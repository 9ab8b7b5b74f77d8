// runtimes: node20 node deno bun workerd
import { readBounded } from "../../../runtimes/shared/bounded-read.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("runtimes/shared/bounded-read");

/** A file of this many octets 1, 2, 3 …, read in pieces of at most `step`. */
function file(length: number, step = Infinity): { read(into: Uint8Array): number; readonly octets: number } {
  let at = 0;
  return {
    read: (into) => {
      const count = Math.min(step, into.length, length - at);
      for (let i = 0; i < count; i++) into[i] = ++at;
      return count;
    },
    get octets() {
      return at;
    },
  };
}

const right = (octets: Uint8Array): boolean => octets.every((octet, index) => octet === ((index + 1) & 0xff));

test("readBounded() reads a file of the size that is said", () => {
  for (const length of [0, 1, 100, 70_000]) {
    const octets = readBounded("f", 70_000, length, file(length).read);
    assert.is(octets.length, length);
    assert.ok(right(octets));
  }
});

test("readBounded() reads on when the file is longer than is said, and stops when it is shorter", () => {
  for (const said of [0, 5, 99, 101, 150]) {
    const octets = readBounded("f", 200, said, file(100, 7).read);
    assert.is(octets.length, 100);
    assert.ok(right(octets));
  }
});

test("readBounded() reads what has no size, a pipe say", () => {
  const octets = readBounded("f", 1_000_000, 0, file(200_000, 4096).read);
  assert.is(octets.length, 200_000);
  assert.ok(right(octets));
});

test("readBounded() takes as many octets as are allowed", () => {
  assert.is(readBounded("f", 100, 100, file(100).read).length, 100);
  assert.is(readBounded("f", 100, 0, file(100).read).length, 100);
});

test("readBounded() refuses by the size that is said without reading anything", () => {
  const large = file(101);
  const error = assertThrows(() => readBounded("/etc/key.pem", 100, 101, large.read), "ERR_FILE_TOO_LARGE");
  assert.is(large.octets, 0);
  assert.is(error["path"], "/etc/key.pem");
  assert.match(error.message, "larger than 100 octets");
});

test("readBounded() refuses an endless file at the limit, whatever its size is said to be", () => {
  for (const said of [0, 50]) {
    const endless = file(Infinity);
    assertThrows(() => readBounded("/dev/zero", 100_000, said, endless.read), "ERR_FILE_TOO_LARGE");
    assert.ok(endless.octets <= 100_001, `${endless.octets} read`);
  }
});

test.run();
