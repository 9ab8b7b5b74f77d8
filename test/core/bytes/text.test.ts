import { decodeLatin1, decodeUtf8, encodeLatin1, encodeUtf8 } from "../../../core/bytes/text.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/bytes/text");

test("encodeUtf8() and decodeUtf8() agree at the borders of every length", () => {
  const vectors: readonly (readonly [number, readonly number[]])[] = [
    [0x00, [0x00]],
    [0x7f, [0x7f]],
    [0x80, [0xc2, 0x80]],
    [0x7ff, [0xdf, 0xbf]],
    [0x800, [0xe0, 0xa0, 0x80]],
    [0xd7ff, [0xed, 0x9f, 0xbf]],
    [0xe000, [0xee, 0x80, 0x80]],
    [0xffff, [0xef, 0xbf, 0xbf]],
    [0x10000, [0xf0, 0x90, 0x80, 0x80]],
    [0x10ffff, [0xf4, 0x8f, 0xbf, 0xbf]],
  ];
  for (const [point, octets] of vectors) {
    const text = `a${String.fromCodePoint(point)}b`;
    const encoded = Uint8Array.from([0x61, ...octets, 0x62]);
    assert.equal(encodeUtf8(text), encoded);
    assert.is(decodeUtf8(encoded), text);
  }
});

test("encodeUtf8() replaces every unpaired surrogate", () => {
  const replacement = [0xef, 0xbf, 0xbd];
  assert.equal(encodeUtf8("\ud800"), Uint8Array.from(replacement));
  assert.equal(encodeUtf8("\udc00"), Uint8Array.from(replacement));
  assert.equal(encodeUtf8("\ud800x"), Uint8Array.from([...replacement, 0x78]));
  assert.equal(encodeUtf8("\ud800\ud800\udc00"), Uint8Array.from([...replacement, 0xf0, 0x90, 0x80, 0x80]));
  assert.equal(encodeUtf8("\udc00\ud800"), Uint8Array.from([...replacement, ...replacement]));
});

test("decodeUtf8() refuses overlong, cut, stray and impossible sequences", () => {
  const wrong = [
    [0x80],
    [0xbf],
    [0xc0, 0x80],
    [0xc1, 0xbf],
    [0xc2],
    [0xc2, 0x41],
    [0xc2, 0xc2],
    [0xe0, 0x80, 0x80],
    [0xe0, 0x9f, 0xbf],
    [0xe1, 0x80],
    [0xed, 0xa0, 0x80],
    [0xed, 0xbf, 0xbf],
    [0xf0, 0x80, 0x80, 0x80],
    [0xf0, 0x8f, 0xbf, 0xbf],
    [0xf0, 0x90, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xfe],
    [0xff],
  ];
  for (const octets of wrong) {
    assert.is(decodeUtf8(Uint8Array.from(octets)), undefined, octets.join());
    for (const long of eitherSide(octets)) assert.is(decodeUtf8(long), undefined, octets.join());
  }
});

test("decodeUtf8() reads long texts as short ones, with a platform's decoder and without", () => {
  const text = "\ufeffa\0\u00e4\u20ac\u{1f511}%41";
  const octets = encodeUtf8(text);
  assert.is(decodeUtf8(octets), text);
  const read = () => eitherSide(octets).map((long) => decodeUtf8(long));
  const expected = [text + FILLING, FILLING + text];
  assert.equal(read(), expected);
  const platform = Object.getOwnPropertyDescriptor(globalThis, "TextDecoder");
  if (platform === undefined) return;
  Object.defineProperty(globalThis, "TextDecoder", { configurable: true, value: undefined });
  try {
    assert.equal(read(), expected);
  } finally {
    Object.defineProperty(globalThis, "TextDecoder", platform);
  }
});

const FILLING = "x".repeat(200);

/** The octets before and behind many others. */
function eitherSide(octets: Iterable<number>): Uint8Array[] {
  const filling = encodeUtf8(FILLING);
  return [Uint8Array.from([...octets, ...filling]), Uint8Array.from([...filling, ...octets])];
}

test("decodeLatin1() is the inverse of encodeLatin1(), also beyond one slice", () => {
  const octets = Uint8Array.from({ length: 20_000 }, (_, i) => i & 0xff);
  assert.equal(encodeLatin1(decodeLatin1(octets)), octets);
  assert.is(encodeLatin1("\u0100"), undefined);
});

test.run();
