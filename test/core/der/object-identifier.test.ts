import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import { decodeObjectIdentifier, encodeObjectIdentifier } from "../../../core/der/object-identifier.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/der/object-identifier");
const decode = (text: string) => decodeObjectIdentifier(decodeHex(text)!, "x", 0);

test("decodeObjectIdentifier() and encodeObjectIdentifier() agree at every border", () => {
  const vectors: readonly (readonly [string, string])[] = [
    ["00", "0.0"],
    ["27", "0.39"],
    ["28", "1.0"],
    ["4f", "1.39"],
    ["50", "2.0"],
    ["7f", "2.47"],
    ["8100", "2.48"],
    ["8837", "2.999"],
    ["2a864886f70d010101", "1.2.840.113549.1.1.1"],
    ["55ffffffffffff7f", "2.5.562949953421311"],
    [
      "6987ffffffffffffffffffffffffffffffffffffffffffffffffffff40",
      "2.25.6277101735386680763835789423207666416102355444464034512832",
    ],
    ["87ffffffffffffffff7f", "2.73786976294838206383"],
  ];
  for (const [content, dotted] of vectors) {
    assert.is(decode(content), dotted);
    assert.is(encodeHex(encodeObjectIdentifier(dotted)), content);
  }
});

test("decodeObjectIdentifier() reads arcs of six, seven and eight groups of bits", () => {
  for (const bits of [41n, 42n, 43n, 48n, 49n, 50n, 55n, 56n, 63n, 64n, 128n]) {
    for (const arc of [2n ** bits - 1n, 2n ** bits]) {
      for (const dotted of [`1.2.${arc}.3`, `2.${arc}`]) {
        assert.is(decodeObjectIdentifier(encodeObjectIdentifier(dotted), "x", 0), dotted);
      }
    }
  }
});

test("decodeObjectIdentifier() reads one arc of as many octets as are accepted", () => {
  for (let octets = 1; octets < 64; octets++) {
    const content = "2a" + "ff".repeat(octets - 1) + "7f";
    assert.is(
      decode(content + "05".repeat(64 > octets + 1 ? 1 : 0)).split(".")[2],
      String(2n ** BigInt(7 * octets) - 1n),
    );
  }
});

test("decodeObjectIdentifier() reads one that stands anywhere in other octets", () => {
  const octets = new Uint8Array(300).fill(0x80);
  octets.set([0x2a, 0x03], 200);
  assert.is(decodeObjectIdentifier(octets, "x", 0, 200, 202), "1.2.3");
});

test("decodeObjectIdentifier() refuses what is not DER, and what is too long", () => {
  for (const text of ["", "80", "2a80", "2a8001", "8000", "2a86", "ff", "01".repeat(65)]) {
    assertThrows(() => decode(text), "ERR_DER_VALUE");
  }
  assert.is(decode("01".repeat(64)).length, 3 + 63 * 2);
});

test("encodeObjectIdentifier() refuses text that is not one", () => {
  for (
    const text of ["", "1", "1.", ".1", "3.1", "0.40", "1.40", "1.2.03", "1.2.-3", "1.2.x", "1..2", " 1.2", "1.2 "]
  ) {
    assert.throws(() => encodeObjectIdentifier(text), RangeError, text);
  }
});

test.run();
