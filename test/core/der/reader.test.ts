import { decodeHex } from "../../../core/bytes/hex.ts";
import { DEFAULT_MAX_DEPTH, DerReader, openSequence } from "../../../core/der/reader.ts";
import { TAG } from "../../../core/der/tag.ts";
import { derSequence } from "../../../core/der/writer.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/der/reader");
const hex = (text: string) => decodeHex(text.replace(/ /g, ""))!;
const reader = (text: string) => new DerReader(hex(text));

test("DerReader.next() reads lengths of one to four octets", () => {
  for (const [header, length] of [["04 00", 0], ["04 7f", 127], ["04 81 80", 128], ["04 82 0100", 256]] as const) {
    const octets = new Uint8Array(hex(header).length + length);
    octets.set(hex(header));
    const cursor = new DerReader(octets);
    assert.is(cursor.octetString("x").length, length);
    assert.ok(cursor.done);
  }
});

test("DerReader.next() refuses lengths that are not DER", () => {
  const wrong = ["04 80 0000", "04 81 7f", "04 81 00", "04 82 0080", "04 82 00ff", "04 83 00ffff", "04 85 0000000001"];
  for (const text of [...wrong, "04 ff", "04 84 00000001"]) {
    const error = assertThrows(() => new DerReader(padded(text, 300)).octetString("x"), "ERR_DER_LENGTH");
    assert.is(error["offset"], 0);
  }
});

test("DerReader.next() refuses what runs past the end, also of the element that holds it", () => {
  for (const text of ["", "04", "04 01", "04 81", "04 82 01", "04 84 ffffffff", "04 02 00"]) {
    assertThrows(() => reader(text).octetString("x"), "ERR_DER_TRUNCATED");
  }
  const inner = reader("30 03 04 02 01 02 03").sequence("outer");
  const error = assertThrows(() => inner.octetString("the inner"), "ERR_DER_TRUNCATED");
  assert.is(error["offset"], 2);
  assert.is(error["reading"], "the inner");
  assert.match(error.message, "Cannot read the inner at offset 2: 2 octets announced, 1 are there");
});

test("DerReader.next() refuses other tags and tag numbers above 30", () => {
  const error = assertThrows(() => reader("05 00").sequence("x"), "ERR_DER_UNEXPECTED_TAG");
  assert.match(error.message, "tag 0x30 expected, 0x05 found");
  assertThrows(() => reader("1f 81 01 00").skip("x"), "ERR_DER_UNEXPECTED_TAG");
  assertThrows(() => reader("bf 20 00").skip("x"), "ERR_DER_UNEXPECTED_TAG");
  assertThrows(() => reader("24 02 04 00").octetString("x"), "ERR_DER_UNEXPECTED_TAG");
});

test("DerReader.open() stops at the depth limit", () => {
  let octets = derSequence();
  for (let i = 0; i < DEFAULT_MAX_DEPTH; i++) octets = derSequence(octets);
  let cursor = new DerReader(octets);
  const descend = () => {
    while (!cursor.done) cursor = cursor.sequence("nested");
  };
  assertThrows(descend, "ERR_DER_DEPTH");
  cursor = new DerReader(octets, 0, octets.length, DEFAULT_MAX_DEPTH + 1);
  descend();
});

test("DerReader answers views, and offsets that count from the start of the input", () => {
  const octets = hex("ffff 30 05 02 01 07 04 00");
  const inner = new DerReader(octets, 2).sequence("x");
  const integer = inner.integer("x");
  assert.is(integer.buffer, octets.buffer);
  assert.is(integer.byteOffset, 6);
  assert.is(inner.position, 7);
  assert.equal(inner.raw(TAG.octetString, "x"), hex("0400"));
  inner.finish("x");
});

test("DerReader.finish() refuses what is left over", () => {
  const cursor = reader("05 00 05 00");
  cursor.null("x");
  assert.is(assertThrows(() => cursor.finish("x"), "ERR_DER_TRAILING_DATA")["offset"], 2);
  assert.equal(cursor.rest(), hex("0500"));
  cursor.finish("x");
});

test("DerReader.openOptional() and contentOptional() stay when the tag is another one", () => {
  const cursor = reader("04 01 09");
  assert.is(cursor.openOptional(0xa0, "x"), undefined);
  assert.is(cursor.contentOptional(TAG.integer, "x"), undefined);
  assert.equal(cursor.contentOptional(TAG.octetString, "x"), hex("09"));
  assert.is(cursor.contentOptional(TAG.octetString, "x"), undefined);
  assert.is(cursor.peek(), -1);
});

test("DerReader.boolean() knows 00 and FF only", () => {
  assert.is(reader("01 01 ff").boolean("x"), true);
  assert.is(reader("01 01 00").boolean("x"), false);
  for (const text of ["01 01 01", "01 00", "01 02 ffff"]) {
    assertThrows(() => reader(text).boolean("x"), "ERR_DER_VALUE");
  }
});

test("DerReader.null() has no contents", () => {
  assertThrows(() => reader("05 01 00").null("x"), "ERR_DER_VALUE");
});

test("DerReader.integer() demands the shortest form", () => {
  for (const text of ["02 00", "02 02 0000", "02 02 007f", "02 02 ff80", "02 03 ffffff"]) {
    assertThrows(() => reader(text).integer("x"), "ERR_DER_VALUE");
  }
  for (const text of ["02 01 00", "02 02 0080", "02 01 80", "02 02 ff7f"]) reader(text).integer("x");
});

test("DerReader.unsignedInteger() drops the sign octet and refuses negative numbers", () => {
  assert.equal(reader("02 02 0080").unsignedInteger("x"), hex("80"));
  assert.equal(reader("02 01 00").unsignedInteger("x"), hex("00"));
  assert.equal(reader("02 02 0102").unsignedInteger("x"), hex("0102"));
  for (const text of ["02 00", "02 02 0000", "02 02 007f"]) {
    assertThrows(() => reader(text).unsignedInteger("x"), "ERR_DER_VALUE");
  }
  assertThrows(() => reader("02 01 80").unsignedInteger("x"), "ERR_DER_VALUE");
});

test("DerReader.smallInteger() keeps to its bounds", () => {
  assert.is(reader("02 01 ff").smallInteger("x", -1, 1), -1);
  assert.is(reader("02 06 7fffffffffff").smallInteger("x", 0, 2 ** 47), 2 ** 47 - 1);
  assert.is(reader("02 02 ff7f").smallInteger("x", -200, 0), -129);
  assertThrows(() => reader("02 01 02").smallInteger("x", 0, 1), "ERR_DER_VALUE");
  assertThrows(() => reader("02 01 ff").smallInteger("x", 0, 1), "ERR_DER_VALUE");
  assertThrows(() => reader("02 08 0100000000000000").smallInteger("x", 0, Infinity), "ERR_DER_VALUE");
  assertThrows(() => reader("02 07 01000000000000").smallInteger("x", 0, Infinity), "ERR_DER_VALUE");
});

test("DerReader.bitString() checks the count and the unused bits", () => {
  assert.equal(reader("03 02 04 f0").bitString("x"), { unusedBits: 4, octets: hex("f0") });
  assert.equal(reader("03 02 07 80").bitString("x"), { unusedBits: 7, octets: hex("80") });
  assert.equal(reader("03 01 00").bitString("x"), { unusedBits: 0, octets: hex("") });
  for (const text of ["03 00", "03 01 01", "03 02 08 00", "03 02 04 f8", "03 02 07 40"]) {
    assertThrows(() => reader(text).bitString("x"), "ERR_DER_VALUE");
  }
  assertThrows(() => reader("03 02 04 f0").octetAlignedBitString("x"), "ERR_DER_VALUE");
  assert.equal(reader("03 02 00 f0").octetAlignedBitString("x"), hex("f0"));
});

test("DerReader.enterLastBitString() goes into whole octets behind which nothing follows", () => {
  const inside = reader("03 04 00 02 01 07");
  inside.enterLastBitString("x");
  assert.is(inside.smallInteger("y", 0, 9), 7);
  inside.finish("x");
  for (const text of ["03 00", "03 01 01", "03 02 04 f0"]) {
    assertThrows(() => reader(text).enterLastBitString("x"), "ERR_DER_VALUE");
  }
  assertThrows(() => reader("03 04 00 02 01 07 00").enterLastBitString("x"), "ERR_DER_TRAILING_DATA");
  assertThrows(() => reader("04 04 00 02 01 07").enterLastBitString("x"), "ERR_DER_UNEXPECTED_TAG");
});

test("DerReader takes a zero octet behind a BIT STRING without contents for no count of its own", () => {
  assertThrows(() => reader("03 00 00 00").octetAlignedBitString("x"), "ERR_DER_VALUE");
  assertThrows(() => reader("30 02 03 00 00 00").sequence("x").enterLastBitString("x"), "ERR_DER_VALUE");
});

test("DerReader.time() refuses other types and the end of the input", () => {
  assertThrows(() => reader("04 00").time("x"), "ERR_DER_UNEXPECTED_TAG");
  assertThrows(() => reader("").time("x"), "ERR_DER_TRUNCATED");
});

test("openSequence() refuses large inputs and what follows", () => {
  assertThrows(() => openSequence(hex("30 00 00"), "x"), "ERR_DER_TRAILING_DATA");
  assertThrows(() => openSequence(hex("30 00"), "x", 1), "ERR_DER_SIZE");
  assert.ok(openSequence(hex("30 00"), "x", 2).done);
});

test("DerReader answers a coded error or a value for every two octets in front of a few", () => {
  const octets = new Uint8Array(8).fill(1);
  for (let pair = 0; pair < 65_536; pair++) {
    octets[0] = pair >> 8;
    octets[1] = pair & 0xff;
    const cursor = new DerReader(octets);
    try {
      while (!cursor.done) cursor.skip("x");
      assert.is(cursor.position, 8);
    } catch (error) {
      assert.match((error as { code: string }).code, /^ERR_DER_/);
    }
  }
});

function padded(text: string, length: number): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(length);
  octets.set(hex(text));
  return octets;
}

test.run();
