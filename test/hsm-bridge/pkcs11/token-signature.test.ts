// runtimes: node20 node deno bun
import { encodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { ecdsaSignatureToDer } from "../../../core/crypto/ecdsa-signature.ts";
import { p256 } from "../../../core/crypto/portable/noble/curves.ts";
import { ECDSA_SHA256, ECDSA_SHA512, RSA_PKCS1_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import { CKM } from "../../../hsm-bridge/pkcs11/constants.ts";
import { openModule } from "../../../hsm-bridge/pkcs11/module.ts";
import { PinStore } from "../../../hsm-bridge/pkcs11/pin-store.ts";
import { Pkcs11Uri } from "../../../hsm-bridge/pkcs11/pkcs11-uri.ts";
import { listSlots } from "../../../hsm-bridge/pkcs11/slots.ts";
import { TokenSession } from "../../../hsm-bridge/pkcs11/token-session.ts";
import { signOnToken, type TokenSignatureOptions } from "../../../hsm-bridge/pkcs11/token-signature.ts";
import { FakeModule } from "../../support/fake-ffi.ts";
import { tokenCrypto } from "../../support/fake-token.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { testIdentity } from "../../support/test-identity.ts";
import { KEYS } from "../../vectors/keys/keys.ts";

const test = suite("hsm-bridge/pkcs11/token-signature");

const crypto = tokenCrypto();
const MESSAGE = encodeUtf8("abc");

/** Signs on a token that answers `signature`, and says what the token was given. */
async function sign(
  signature: Uint8Array<ArrayBuffer>,
  mechanisms: readonly number[],
  options: Pick<TokenSignatureOptions, "algorithm" | "publicKey">,
  message = MESSAGE,
) {
  let given = { data: "", mechanism: -1 };
  const fake = new FakeModule({
    mechanisms,
    sign: (data, _, mechanism) => {
      given = { data: encodeHex(data), mechanism };
      return signature;
    },
  });
  const handle = fake.add([]);
  const cryptoki = await openModule(fake.path, { foreign: fake });
  const token = await TokenSession.open(cryptoki, (await listSlots(cryptoki))[0]!);
  const key = { token, handle, uri: new Pkcs11Uri({}), alwaysAuthenticate: false };
  try {
    const result = await signOnToken(key, message, { ...options, crypto, pins: new PinStore({}, []) });
    return { ...given, result: encodeHex(result) };
  } finally {
    await token.close();
    await cryptoki.close();
    assert.is(fake.sessions.size, 0);
  }
}

const SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

test("signOnToken() gives RSA messages to a mechanism that hashes, or else a DigestInfo to one that does not", async () => {
  const { certificate: { publicKey } } = await testIdentity("rsa", { key: { type: "rsa", bits: 2048 } });
  const options = { algorithm: RSA_PKCS1_SHA256, publicKey };
  const whole = await sign(new Uint8Array(256), [CKM.RSA_PKCS, CKM.SHA256_RSA_PKCS], options);
  assert.equal([whole.mechanism, whole.data], [CKM.SHA256_RSA_PKCS, "616263"]);
  const info = await sign(new Uint8Array(256), [CKM.RSA_PKCS, CKM.SHA384_RSA_PKCS], options);
  assert.equal([info.mechanism, info.data], [CKM.RSA_PKCS, "3031300d060960864801650304020105000420" + SHA256]);
  await assertRejects(sign(new Uint8Array(256), [CKM.ECDSA], options), "ERR_TOKEN_KEY_UNSUPPORTED");
  const short = await assertRejects(sign(new Uint8Array(255), [CKM.RSA_PKCS], options), "ERR_TOKEN_SIGNATURE");
  assert.match(short.message, /made 255 octets, a signature has 256/);
});

test("signOnToken() gives ECDSA digests, no longer than the curve, and writes DER", async () => {
  const { certificate: { publicKey } } = await testIdentity("ec");
  const raw = new Uint8Array(64);
  raw[31] = 0x80;
  raw[63] = 0x01;
  const signed = await sign(raw, [CKM.ECDSA, CKM.ECDSA_SHA256], { algorithm: ECDSA_SHA256, publicKey });
  assert.equal(signed, { mechanism: CKM.ECDSA, data: SHA256, result: "300702020080020101" });
  const long = await sign(raw, [CKM.ECDSA], { algorithm: ECDSA_SHA512, publicKey });
  assert.is(long.data, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a");
  await assertRejects(
    sign(new Uint8Array(63), [CKM.ECDSA], { algorithm: ECDSA_SHA256, publicKey }),
    "ERR_TOKEN_SIGNATURE",
  );
});

test("signOnToken() fills up signatures whose leading zeros a token left out, where they verify then", async () => {
  // Messages whose signatures begin with a zero octet; both halves of the ECDSA one do.
  const rsa = await testIdentity("short rsa", { keyPem: KEYS["rsa-pkcs8"] });
  const rsaMessage = encodeUtf8("message 491");
  const whole = await rsa.signer.sign(rsaMessage);
  assert.is(whole[0], 0);
  const rsaOptions = { algorithm: RSA_PKCS1_SHA256, publicKey: rsa.certificate.publicKey };
  const filled = await sign(whole.slice(1), [CKM.SHA256_RSA_PKCS], rsaOptions, rsaMessage);
  assert.is(filled.result, encodeHex(whole));
  const ec = await testIdentity("short ec");
  const ecMessage = encodeUtf8("message 34713");
  if (ec.key.type !== "ec") throw new TypeError("the key is on no curve");
  const raw = p256.sign(await crypto.digest("SHA-256", ecMessage), ec.key.scalar, { prehash: false, lowS: false });
  assert.equal([raw[0], raw[32]], [0, 0]);
  const short = Uint8Array.from([...raw.subarray(1, 32), ...raw.subarray(33)]);
  const ecOptions = { algorithm: ECDSA_SHA256, publicKey: ec.certificate.publicKey };
  const split = await sign(short, [CKM.ECDSA], ecOptions, ecMessage);
  assert.is(split.result, encodeHex(ecdsaSignatureToDer(raw)));
});

test("signOnToken() refuses what is no signature by its length", async () => {
  const { certificate: { publicKey } } = await testIdentity("short ec");
  const options = { algorithm: ECDSA_SHA256, publicKey };
  for (const length of [0, 1, 2, 62, 65, 66, 132, 4000]) {
    await assertRejects(sign(new Uint8Array(length).fill(1), [CKM.ECDSA], options), "ERR_TOKEN_SIGNATURE");
  }
});

test.run();
