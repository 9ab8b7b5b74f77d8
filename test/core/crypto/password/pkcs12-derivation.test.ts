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

test("deriveWithPkcs12() derives what OpenSSL derives, with every hash", async () => {
  const vectors = [
    [
      "SHA-224",
      1,
      "28198cd5e8d0927b320ed6a1bda4d9b329caf190188f85a2359ebadfea6fbad85a6f30258e9bc76fcfbde146f2ac02983d5f" +
      "0c2d17231328c128f72471343176ce751f092dc66fb84ad83d0bece3bfa73cbfb88ab2b269a2394560b8c9f242fed526ef35",
    ],
    [
      "SHA-224",
      3,
      "24195d320b8517fd588d57bd718d8baec1c5a5de8e25888cf7e335f128bf3ccf164ca1749434dae3c42ecfdd8bfa8a555b8d" +
      "1d73f9df42d385847662c93682a1594026b9f5b30a08b6dc47448d4f2d756279191883ceaa4310084b16cbf75ecd09cc3f41",
    ],
    [
      "SHA-256",
      1,
      "b2b33dfab25bc5d004fb39da49aaaca3752970cff98089256f962aa4bc9d8c482b2096655708e46d0cf2c4de2555135c5f5a" +
      "e85ddaf1c653493c93ef8f9550ad1a5aee4c4cbc451aad2ea83653f01f25aacc65fc08cd1ec66a4b8aab5e43b5303865bc05",
    ],
    [
      "SHA-256",
      3,
      "b0ec7a467dc996a377ff9d8217c858f7f9ce12dee4bbde07da1988bd6fa5cdc7d2cc8d9c57cfb30cdbefab7222d48a9bedbc" +
      "7e08f3f45d2b3938e8fa632f5eee11a422880a1366918c2fd558b0eef473e624488e3d3a215592953fb0e53e1fceb3f6206b",
    ],
    [
      "SHA-384",
      1,
      "e2742602f72955429e698aa8662704c75c3390740f21e24babb875d91f6b006e9a56d114e361d4ff2a91fc62df2bee52664d" +
      "e0165afe98c4549fab9b9b52b0621498491beb3918a7f6069130bcf2f741609804d32af85637c1ba7586be99c1da62de1f99",
    ],
    [
      "SHA-384",
      3,
      "7ee96ae88a4147ab48c9e2edc04f2324915c14ebf42d63821e8eae961e5fbc00cdcd211f2ee9d3f6c699a09f1c1cdba8cf07" +
      "90e911e27d7dc37b3f649be0b678a7a5a09ca36fffedf33d49ed62f44deff9577231ab1dbc0bdeedf4deebfb78a01a2755d0",
    ],
    [
      "SHA-512",
      1,
      "a238e9cb542ef90bd5bdb2cbdd4cbd88bbfecbc351f8013c6373dcd7f93bcbef7fa3e60f56fea179be557ebc0fff3e64ae9e" +
      "6ee5931537b8810e0fd5393e7c434c23ed7e4b714d284387d353fec1f06a8483fd89d7158a21df61482bd3401276c8ba818a",
    ],
    [
      "SHA-512",
      3,
      "1357c77284705fb1ca233af913f4b1d2d880e21a8fe6d47d4817defbe4214c4e618f4496fc5f34e92129112818e86c52bc50" +
      "0ab2ff542b4f2261880af464a2ebfd46d514f316a0e049179d011d3e6ba7e583c0617e82054228e38ef0959ade0f9ed31486",
    ],
  ] as const;
  for (const [hash, id, expected] of vectors) {
    const parameters = { hash, salt: decodeHex("0a58cf64530d823f")!, iterations: 3 };
    const derived = await deriveWithPkcs12(id, pkcs12Password("sm\u00e9"), parameters, 100, portableProvider({}));
    assert.is(encodeHex(derived), expected, hash);
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
