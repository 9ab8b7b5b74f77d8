import { decodeHex } from "../../../core/bytes/hex.ts";
import { decodeString, isPrintable } from "../../../core/der/strings.ts";
import { TAG } from "../../../core/der/tag.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/der/strings");
const decode = (tag: number, text: string) => decodeString(tag, decodeHex(text)!);

test("decodeString() reads each type in its own encoding", () => {
  assert.is(decode(TAG.utf8String, "c3a9"), "é");
  assert.is(decode(TAG.teletexString, "e9"), "é");
  assert.is(decode(TAG.bmpString, "00e92192"), "é→");
  assert.is(decode(TAG.universalString, "0001f511"), "\u{1f511}");
  assert.is(decode(TAG.universalString, "0000d7ff0000e0000010ffff"), "\ud7ff\ue000\u{10ffff}");
  assert.is(decode(TAG.printableString, "4120272829"), "A '()");
  assert.is(decode(TAG.ia5String, "007f"), "\u0000\u007f");
  assert.is(decode(TAG.numericString, "3120"), "1 ");
  assert.is(decode(TAG.visibleString, "7e"), "~");
  for (const tag of [TAG.utf8String, TAG.printableString, TAG.bmpString, TAG.ia5String]) assert.is(decode(tag, ""), "");
});

test("decodeString() answers undefined for contents outside the type", () => {
  const wrong: readonly (readonly [number, string])[] = [
    [TAG.utf8String, "c3"],
    [TAG.utf8String, "eda080"],
    [TAG.printableString, "40"],
    [TAG.printableString, "410a"],
    [TAG.printableString, "e9"],
    [TAG.ia5String, "80"],
    [TAG.visibleString, "1f"],
    [TAG.visibleString, "7f"],
    [TAG.visibleString, "410a"],
    [TAG.numericString, "41"],
    [TAG.bmpString, "00"],
    [TAG.bmpString, "d83dde00"],
    [TAG.bmpString, "d800"],
    [TAG.bmpString, "dfff"],
    [TAG.universalString, "0000d800"],
    [TAG.universalString, "00110000"],
    [TAG.universalString, "ffffffff"],
    [TAG.universalString, "000000"],
    [TAG.octetString, "41"],
    [-1, ""],
  ];
  for (const [tag, text] of wrong) assert.is(decode(tag, text), undefined, `${tag} ${text}`);
});

test("isPrintable() knows the alphabet of PrintableString", () => {
  assert.ok(isPrintable("Az09 '()+,-./:=?"));
  for (const text of ["*", "@", "&", "_", "é", "a\n", "\u0000"]) assert.not.ok(isPrintable(text), text);
});

test.run();
