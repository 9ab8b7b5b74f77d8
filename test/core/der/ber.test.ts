import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import { derOfBer } from "../../../core/der/ber.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/der/ber");
const rewritten = (hex: string): string => encodeHex(derOfBer(decodeHex(hex)!, "test"));

test("derOfBer() answers DER as it is, without a copy", () => {
  for (const hex of ["", "0500", "30020500", "3003020100a0020500", "0402241f", "048180" + "00".repeat(128)]) {
    const octets = decodeHex(hex)!;
    assert.is(derOfBer(octets, "test"), octets);
  }
});

test("derOfBer() makes indefinite lengths definite, and long ones short", () => {
  assert.is(rewritten("308005000000"), "30020500");
  assert.is(rewritten("3080a080050000000000"), "3004a0020500");
  assert.is(rewritten("30810205 00".replace(" ", "")), "30020500");
  assert.is(rewritten("3006a080 05000000".replace(" ", "")), "3004a0020500");
  assert.is(rewritten("30800000" + "0500"), "30000500");
  assert.is(rewritten("0483000001ff"), "0401ff");
});

test("derOfBer() ends contents at two zero octets only (X.690 §8.1.5), and leaves primitive contents alone", () => {
  assert.is(rewritten("3080 0001 05 0000".replace(/ /g, "")), "3003000105");
  assert.is(rewritten("3080 03020580 0101ff 0000".replace(/ /g, "")), "3007030205800101ff");
});

test("derOfBer() joins the segments of OCTET STRINGs, also of nested ones", () => {
  assert.is(rewritten("2480040101040202030000"), "0403010203");
  assert.is(rewritten("2407040101040202 03".replace(" ", "")), "0403010203");
  assert.is(rewritten("2480240304010124800401020000040103 0000".replace(" ", "")), "0403010203");
  assert.is(rewritten("24800000"), "0400");
  const long = "ab".repeat(200);
  assert.is(rewritten(`24800481c8${long}0481c8${long}0000`), `04820190${long}${long}`);
});

test("derOfBer() refuses what does not end, or not where it says", () => {
  for (const hex of ["3080", "30800500", "3080050000", "30800500 00".replace(" ", ""), "3005a08005", "24800401"]) {
    assertThrows(() => derOfBer(decodeHex(hex)!, "test"), "ERR_DER_TRUNCATED");
  }
  // An element announces more than is there: alone, in an element, and behind one that is rewritten.
  for (const hex of ["040201", "3003040201", "300306810102", "308000000402 01".replace(" ", "")]) {
    assertThrows(() => derOfBer(decodeHex(hex)!, "test"), "ERR_DER_TRUNCATED");
  }
  // The inner end-of-contents stands behind the end of the outer element.
  assertThrows(() => derOfBer(decodeHex("3004a08005000000")!, "test"), "ERR_DER_TRUNCATED");
  assertThrows(() => derOfBer(decodeHex("30")!, "test"), "ERR_DER_TRUNCATED");
  assertThrows(() => derOfBer(decodeHex("0482")!, "test"), "ERR_DER_TRUNCATED");
  assertThrows(() => derOfBer(decodeHex("0480")!, "test"), "ERR_DER_LENGTH");
  assertThrows(() => derOfBer(decodeHex("04850000000001ff")!, "test"), "ERR_DER_LENGTH");
  assertThrows(() => derOfBer(decodeHex("1f8101ff")!, "test"), "ERR_DER_UNEXPECTED_TAG");
  assertThrows(() => derOfBer(decodeHex("2480050000 00".replace(" ", ""))!, "test"), "ERR_DER_UNEXPECTED_TAG");
});

test("derOfBer() has a limit to nesting, which it names with its place", () => {
  const nested = (depth: number): string => "3080".repeat(depth) + "0000".repeat(depth);
  assert.is(rewritten(nested(32)).slice(0, 6), "303e30");
  assertThrows(() => derOfBer(decodeHex(nested(33))!, "test"), "ERR_DER_DEPTH");
  const error = assertThrows(() => derOfBer(decodeHex("2480".repeat(10_000))!, "test"), "ERR_DER_DEPTH");
  assert.is(error["offset"], 64);
  assert.is(error["reading"], "test");
});

test.run();
