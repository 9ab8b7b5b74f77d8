import { decodeHex } from "../../../core/bytes/hex.ts";
import { hasBit, readBitString } from "../../../core/der/bit-string.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/der/bit-string");

test("hasBit() counts from the top bit of the first octet, and knows no bit beyond the last", () => {
  const set = (hex: string) => {
    const bits = readBitString(decodeHex(hex)!, "x", 0);
    return Array.from({ length: 40 }, (_, index) => index).filter((index) => hasBit(bits, index));
  };
  assert.equal(set("00"), []);
  assert.equal(set("0780"), [0]);
  assert.equal(set("000180"), [7, 8]);
});

test.run();
