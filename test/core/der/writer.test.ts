import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import { decimalInteger } from "../../../core/der/integer.ts";
import { DerReader } from "../../../core/der/reader.ts";
import {
  derBitString,
  derBoolean,
  derContextConstructed,
  derContextPrimitive,
  derIa5String,
  derInteger,
  derNull,
  derObjectIdentifier,
  derOctetString,
  derPrintableString,
  derSequence,
  derSetOf,
  derTime,
  derUnsignedInteger,
  derUtf8String,
} from "../../../core/der/writer.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/der/writer");

test("derInteger() writes the shortest two's complement", () => {
  const vectors: readonly (readonly [number | bigint, string])[] = [
    [0, "020100"],
    [127, "02017f"],
    [128, "02020080"],
    [255, "020200ff"],
    [256, "02020100"],
    [-1, "0201ff"],
    [-128, "020180"],
    [-129, "0202ff7f"],
    [2n ** 64n, "0209010000000000000000"],
    [-(2n ** 63n), "02088000000000000000"],
  ];
  for (const [value, der] of vectors) {
    assert.is(encodeHex(derInteger(value)), der);
    const content = new DerReader(decodeHex(der)!).integer("x");
    assert.is(decimalInteger(content), String(value));
  }
  assert.throws(() => derInteger(1.5), RangeError);
});

test("decimalInteger() reads numbers of any length, as strangers make them", () => {
  const text = decimalInteger(new Uint8Array(300_000).fill(0xff, 0, 1));
  assert.is(text.length, 722_471);
  assert.match(text, /^-\d+6$/);
  assert.is(decimalInteger(decodeHex("7fffffffffffff")!), "36028797018963967");
  assert.is(decimalInteger(decodeHex("80000000000001")!), "-36028797018963967");
});

test("derUnsignedInteger() drops leading zeros and adds the sign octet", () => {
  for (const [octets, der] of [["", "020100"], ["0000", "020100"], ["00ff", "020200ff"], ["7f", "02017f"]] as const) {
    assert.is(encodeHex(derUnsignedInteger(decodeHex(octets)!)), der);
  }
});

test("derOctetString() writes lengths that the reader takes, at every border", () => {
  for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
    const der = derOctetString(new Uint8Array(length));
    const reader = new DerReader(der);
    assert.is(reader.octetString("x").length, length);
    reader.finish("x");
  }
  assert.is(encodeHex(derOctetString(new Uint8Array(256)).subarray(0, 4)), "04820100");
});

test("derSetOf() puts its elements in order and leaves the argument as it is", () => {
  const elements = [derInteger(2), derBoolean(true), derInteger(1)];
  assert.is(encodeHex(derSetOf(...elements)), "31090101ff020101020102");
  assert.is(encodeHex(elements[0]!), "020102");
});

test("the other writers write one element each", () => {
  assert.is(encodeHex(derSequence(derNull(), derNull())), "300405000500");
  assert.is(encodeHex(derBitString(Uint8Array.of(0xf0), 4)), "030204f0");
  assert.is(encodeHex(derObjectIdentifier("1.2.840.113549.1.1.1")), "06092a864886f70d010101");
  assert.is(encodeHex(derUtf8String("é")), "0c02c3a9");
  assert.is(encodeHex(derContextConstructed(1, derNull())), "a1020500");
  assert.is(encodeHex(derContextPrimitive(2, Uint8Array.of(7))), "820107");
});

test("derPrintableString() and derIa5String() refuse what is not ASCII", () => {
  assert.throws(() => derPrintableString("é"), RangeError);
  assert.throws(() => derIa5String("\u0100"), RangeError);
  assert.throws(() => derIa5String("\x80"), RangeError);
  assert.is(encodeHex(derIa5String("\0\x7f")), "1602007f");
});

test("derTime() chooses the type by the year and refuses years that it cannot write", () => {
  const at = (iso: string) => {
    const der = derTime(Date.parse(iso));
    assert.is(new DerReader(der).time("x"), Math.floor(Date.parse(iso) / 1000) * 1000);
    return String.fromCharCode(...der.subarray(2)) + ` ${der[0]}`;
  };
  assert.is(at("2049-12-31T23:59:59.999Z"), "491231235959Z 23");
  assert.is(at("2050-01-01T00:00:00Z"), "20500101000000Z 24");
  assert.is(at("1950-01-01T00:00:00Z"), "500101000000Z 23");
  assert.is(at("1949-12-31T23:59:59Z"), "19491231235959Z 24");
  assert.is(at("9999-12-31T23:59:59Z"), "99991231235959Z 24");
  assert.is(at("0000-01-01T00:00:00Z"), "00000101000000Z 24");
  for (const milliseconds of [253_402_300_800_000, -62_167_219_200_001, NaN, Infinity]) {
    assert.throws(() => derTime(milliseconds), RangeError);
  }
});

test.run();
