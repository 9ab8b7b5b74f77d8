import { decodeHex, encodeHex } from "../../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { deriveWithPkcs12, pkcs12Password } from "../../../../core/crypto/password/pkcs12-derivation.ts";
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import { webCryptoProvider } from "../../../../core/crypto/webcrypto-provider.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("core/crypto/password/pkcs12-derivation");

test("deriveWithPkcs12() derives what another implementation derives, with either provider", async () => {
  const long = Uint8Array.from({ length: 70 }, (_, i) => i);
  const vectors = [
    ["smeg", decodeHex("0a58cf64530d823f")!, 1, 1, "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3"],
    ["smeg", decodeHex("0a58cf64530d823f")!, 1, 2, "79993dfe048d3b76"],
    ["queeg", decodeHex("05dec959acff72f7")!, 1000, 1, "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4"],
    [
      "sm\u00e9\u{1f511}".repeat(20),
      long,
      3,
      3,
      "669185f4fe43d4917f42f77d10628b8c46c318c499135393163c1effc987228e4aabe91ae04dc43725",
    ],
  ] as const;
  for (const crypto of [portableProvider({}), webCryptoProvider()]) {
    for (const [password, salt, iterations, id, expected] of vectors) {
      const parameters = { salt, iterations };
      const derived = await deriveWithPkcs12(id, pkcs12Password(password), parameters, expected.length / 2, crypto);
      assert.is(encodeHex(derived), expected);
    }
  }
});

test("pkcs12Password() writes UTF-16 with two zero octets behind it", () => {
  assert.is(encodeHex(pkcs12Password("")), "0000");
  assert.is(encodeHex(pkcs12Password("Aé\u{1f511}")), "004100e9d83ddd110000");
});

test("pkcs12Password() takes octets as UTF-8, or else one by one", () => {
  assert.is(encodeHex(pkcs12Password(encodeUtf8("é"))), "00e90000");
  assert.is(encodeHex(pkcs12Password(Uint8Array.of(0xe9, 0xff))), "00e900ff0000");
});

test.run();
