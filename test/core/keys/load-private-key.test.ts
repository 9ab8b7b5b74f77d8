import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { CryptoError } from "../../../core/crypto/crypto-error.ts";
import { layeredProvider } from "../../../core/crypto/layered-provider.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import type { EcPrivateKey } from "../../../core/crypto/private-key.ts";
import type { CryptoProvider } from "../../../core/crypto/provider.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import { derInteger, derNull, derObjectIdentifier, derOctetString, derSequence } from "../../../core/der/writer.ts";
import { loadPrivateKey } from "../../../core/keys/load-private-key.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import { decodePem, encodePem } from "../../../core/pem/pem.ts";
import { oneMoreElement } from "../../support/one-more-element.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { KEYS, PASSWORD } from "../../vectors/keys/keys.ts";

const test = suite("core/keys/load-private-key");
const PORTABLE: CryptoProvider = portableProvider({});
const LAYERED: CryptoProvider = layeredProvider([webCryptoProvider(), PORTABLE]);
const octetsOf = (pem: string): Bytes => decodePem(pem).at(-1)!.octets;
const SCALAR = (parsePrivateKey(KEYS["P-256-pkcs8"]) as EcPrivateKey).scalar;

type Name = keyof typeof KEYS;
const ENCRYPTED = (Object.keys(KEYS) as Name[]).filter((name) =>
  name.startsWith("encrypted-") && !/camellia|-rsa$/.test(name)
);

test("loadPrivateKey() decrypts every scheme, with every provider, from PEM and DER", async () => {
  assert.is(ENCRYPTED.length, 15);
  for (const name of ENCRYPTED) {
    const inputs = name.includes("-pem-") ? [KEYS[name]] : [KEYS[name], octetsOf(KEYS[name])];
    for (const crypto of [LAYERED, PORTABLE]) {
      for (const input of inputs) {
        for (const password of [PASSWORD, encodeUtf8(PASSWORD)]) {
          const key = await loadPrivateKey(input, { crypto, password });
          assert.equal((key as EcPrivateKey).scalar, SCALAR, `${name} ${crypto.name}`);
        }
      }
    }
  }
  const rsa = await loadPrivateKey(KEYS["encrypted-pem-rsa"], { crypto: LAYERED, password: PASSWORD });
  assert.is(rsa.type, "rsa");
});

test("loadPrivateKey() turns every wrong password into one code", async () => {
  for (const name of ENCRYPTED) {
    for (const password of ["", "wrong", `${PASSWORD} `, new Uint8Array(), Uint8Array.of(255, 254)]) {
      const error = await assertRejects(
        loadPrivateKey(KEYS[name], { crypto: LAYERED, password }),
        "ERR_KEY_PASSWORD_WRONG",
      );
      assert.match(error.message, `the ${name.includes("-pem-") ? "PEM" : "PKCS#8"} password is wrong`);
    }
  }
});

test("loadPrivateKey() never takes random octets for a key, whatever the padding", async () => {
  // Some of these passwords make valid padding by chance.
  for (let i = 0; i < 600; i++) {
    const options = { crypto: PORTABLE, password: `wrong ${i}` };
    await assertRejects(loadPrivateKey(KEYS["encrypted-pem-aes128"], options), "ERR_KEY_PASSWORD_WRONG");
  }
});

test("loadPrivateKey() tells a missing password from one that is not needed", async () => {
  for (const name of ENCRYPTED) {
    await assertRejects(loadPrivateKey(KEYS[name], { crypto: PORTABLE }), "ERR_KEY_PASSWORD_MISSING");
  }
  const options = { crypto: PORTABLE, password: PASSWORD };
  await assertRejects(loadPrivateKey(KEYS["P-256-pkcs8"], options), "ERR_KEY_NOT_ENCRYPTED");
  assert.is((await loadPrivateKey(KEYS["P-256-pkcs8"], { crypto: PORTABLE })).type, "ec");
  assert.is((await loadPrivateKey(KEYS["P-256-pkcs8"], { crypto: PORTABLE, password: undefined })).type, "ec");
});

test("loadPrivateKey() takes the encrypted key with a password and the other one without", async () => {
  const text = KEYS["rsa-pkcs8"] + KEYS["certificate"] + KEYS["encrypted-aes-128-cbc"];
  assert.is((await loadPrivateKey(text, { crypto: LAYERED, password: PASSWORD })).type, "ec");
  assert.is((await loadPrivateKey(text, { crypto: LAYERED })).type, "rsa");
});

test("loadPrivateKey() throws a TypeError for options that it does not know", async () => {
  const wrong = [{ crypto: PORTABLE, passphrase: "x" }, { crypto: PORTABLE, password: 7 }, {
    crypto: PORTABLE,
    password: null,
  }];
  for (const options of wrong) {
    let error: unknown;
    await loadPrivateKey(KEYS["rsa-pkcs8"], options as never).catch((thrown: unknown) => error = thrown);
    assert.instance(error, TypeError);
  }
});

test("loadPrivateKey() names encryption that it does not support, before it asks for a password", async () => {
  for (const password of [PASSWORD, undefined]) {
    const camellia = await assertRejects(
      loadPrivateKey(KEYS["encrypted-pem-camellia"], { crypto: PORTABLE, password }),
      "ERR_KEY_UNSUPPORTED",
    );
    assert.is(camellia["found"], "PEM encryption with CAMELLIA-128-CBC");
  }
});

test("loadPrivateKey() passes on what the provider cannot do", async () => {
  const lacking: CryptoProvider = {
    ...PORTABLE,
    deriveKey: () => {
      throw new CryptoError("ERR_CRYPTO_UNSUPPORTED", "scrypt", "Cannot do scrypt");
    },
  };
  const options = { crypto: lacking, password: PASSWORD };
  await assertRejects(loadPrivateKey(KEYS["encrypted-scrypt"], options), "ERR_CRYPTO_UNSUPPORTED");
});

const SALT = derOctetString(new Uint8Array(8).fill(5));
const AES_128 = derSequence(
  derObjectIdentifier("2.16.840.1.101.3.4.1.2"),
  derOctetString(new Uint8Array(16)),
);
const pbkdf2 = (...parameters: Bytes[]) =>
  derSequence(derObjectIdentifier("1.2.840.113549.1.5.12"), derSequence(...parameters));
const scrypt = (...parameters: Bytes[]) =>
  derSequence(derObjectIdentifier("1.3.6.1.4.1.11591.4.11"), derSequence(...parameters));
const prf = (oid: string, ...parameters: Bytes[]) => derSequence(derObjectIdentifier(oid), ...parameters);
const encrypted = (kdf: Bytes, cipher: Bytes = AES_128, data: Bytes = new Uint8Array(16)) =>
  derSequence(
    derSequence(derObjectIdentifier("1.2.840.113549.1.5.13"), derSequence(kdf, cipher)),
    derOctetString(data),
  );
const rejects = (der: Bytes, code: string) =>
  assertRejects(loadPrivateKey(der, { crypto: PORTABLE, password: "x" }), code);

test("loadPrivateKey() reads an explicit keyLength, an absent PRF and absent NULLs", async () => {
  const plain = octetsOf(KEYS["P-256-pkcs8"]);
  const iv = new Uint8Array(12).fill(3);
  const kdfs = [
    ["SHA-1", pbkdf2(SALT, derInteger(2))],
    ["SHA-1", pbkdf2(SALT, derInteger(2), derInteger(16))],
    ["SHA-1", pbkdf2(SALT, derInteger(2), prf("1.2.840.113549.2.7", derNull()))],
    ["SHA-256", pbkdf2(SALT, derInteger(2), derInteger(16), prf("1.2.840.113549.2.9", derNull()))],
    ["SHA-512", pbkdf2(SALT, derInteger(2), derInteger(16), prf("1.2.840.113549.2.11"))],
  ] as const;
  for (const [hash, kdf] of kdfs) {
    const salt = new Uint8Array(8).fill(5);
    const derivation = { name: "PBKDF2", hash, salt, iterations: 2, length: 16 } as const;
    const secret = await PORTABLE.deriveKey(derivation, encodeUtf8("x"));
    const data = await PORTABLE.seal(secret, iv, plain);
    const gcm = derSequence(
      derObjectIdentifier("2.16.840.1.101.3.4.1.6"),
      derSequence(derOctetString(iv), derInteger(16)),
    );
    for (const crypto of [PORTABLE, LAYERED]) {
      const key = await loadPrivateKey(encrypted(kdf, gcm, data), { crypto, password: "x" });
      assert.equal((key as EcPrivateKey).scalar, SCALAR);
    }
    data[0]! ^= 1;
    await rejects(encrypted(kdf, gcm, data), "ERR_KEY_PASSWORD_WRONG");
  }
});

test("loadPrivateKey() refuses work and memory beyond its limits", async () => {
  await rejects(encrypted(pbkdf2(SALT, derInteger(10_000_001))), "ERR_KEY_LIMIT");
  await rejects(encrypted(pbkdf2(SALT, derInteger(0xffff_ffff))), "ERR_KEY_LIMIT");
  await rejects(encrypted(scrypt(SALT, derInteger(2 ** 19), derInteger(8), derInteger(1))), "ERR_KEY_LIMIT");
  await rejects(encrypted(scrypt(SALT, derInteger(2), derInteger(2 ** 30), derInteger(1))), "ERR_KEY_LIMIT");
  await rejects(encrypted(scrypt(SALT, derInteger(2 ** 14), derInteger(8), derInteger(129))), "ERR_KEY_LIMIT");
  const pkcs12 = derSequence(
    derSequence(derObjectIdentifier("1.2.840.113549.1.12.1.3"), derSequence(SALT, derInteger(1_000_001))),
    derOctetString(new Uint8Array(8)),
  );
  await rejects(pkcs12, "ERR_KEY_LIMIT");
});

test("loadPrivateKey() refuses parameters that make no sense", async () => {
  await rejects(encrypted(pbkdf2(SALT, derInteger(0))), "ERR_KEY_MALFORMED");
  await rejects(encrypted(pbkdf2(SALT, derInteger(-1))), "ERR_KEY_MALFORMED");
  await rejects(encrypted(pbkdf2(SALT, derInteger(2n ** 64n))), "ERR_KEY_MALFORMED");
  await rejects(encrypted(pbkdf2(derSequence(), derInteger(1))), "ERR_KEY_MALFORMED");
  await rejects(encrypted(pbkdf2(SALT, derInteger(1), derInteger(24))), "ERR_KEY_INVALID");
  await rejects(encrypted(pbkdf2(SALT, derInteger(1), prf("1.2.3"))), "ERR_KEY_UNSUPPORTED");
  await rejects(encrypted(scrypt(SALT, derInteger(1), derInteger(8), derInteger(1))), "ERR_KEY_INVALID");
  await rejects(encrypted(scrypt(SALT, derInteger(1000), derInteger(8), derInteger(1))), "ERR_KEY_INVALID");
  await rejects(encrypted(scrypt(SALT, derInteger(2 ** 16), derInteger(1), derInteger(1))), "ERR_KEY_INVALID");
  const shortVector = derSequence(derObjectIdentifier("2.16.840.1.101.3.4.1.2"), derOctetString(new Uint8Array(15)));
  await rejects(encrypted(pbkdf2(SALT, derInteger(1)), shortVector), "ERR_KEY_INVALID");
  for (const length of [0, 15, 17]) {
    await rejects(encrypted(pbkdf2(SALT, derInteger(1)), AES_128, new Uint8Array(length)), "ERR_KEY_MALFORMED");
  }
  await rejects(encrypted(derSequence(derObjectIdentifier("1.2.3"))), "ERR_KEY_UNSUPPORTED");
  await rejects(
    encrypted(pbkdf2(SALT, derInteger(1)), derSequence(derObjectIdentifier("1.2.3"))),
    "ERR_KEY_UNSUPPORTED",
  );
});

test("loadPrivateKey() refuses an element too many, wherever it stands", async () => {
  const derivations = [
    pbkdf2(SALT, derInteger(1), derInteger(16), prf("1.2.840.113549.2.9", derNull())),
    scrypt(SALT, derInteger(2), derInteger(8), derInteger(1), derInteger(16)),
  ];
  const gcm = derSequence(
    derObjectIdentifier("2.16.840.1.101.3.4.1.6"),
    derSequence(derOctetString(new Uint8Array(12)), derInteger(16)),
  );
  const pkcs12 = derSequence(
    derSequence(derObjectIdentifier("1.2.840.113549.1.12.1.3"), derSequence(SALT, derInteger(1))),
    derOctetString(new Uint8Array(8)),
  );
  const whole = derivations.flatMap((kdf) => [encrypted(kdf), encrypted(kdf, gcm)]);
  for (const der of [...whole, pkcs12]) {
    await rejects(der, "ERR_KEY_PASSWORD_WRONG");
    for (const variant of oneMoreElement(der)) await rejects(variant, "ERR_KEY_MALFORMED");
  }
});

test("loadPrivateKey() refuses DEK-Info fields that are not whole", async () => {
  const body = encodePem("EC PRIVATE KEY", new Uint8Array(16));
  const fields: readonly (readonly [string, string])[] = [
    ["", "ERR_KEY_MALFORMED"],
    ["DEK-Info: AES-128-CBC\n", "ERR_KEY_MALFORMED"],
    ["DEK-Info: AES-128-CBC,\n", "ERR_KEY_MALFORMED"],
    ["DEK-Info: AES-128-CBC,0011223344556677\n", "ERR_KEY_MALFORMED"],
    ["DEK-Info: AES-128-CBC,zz\n", "ERR_KEY_MALFORMED"],
    ["DEK-Info: DES-EDE3-CBC,0011\n", "ERR_KEY_MALFORMED"],
    ["DEK-Info: DES-CBC,0011223344556677\n", "ERR_KEY_UNSUPPORTED"],
    ["DEK-Info: constructor,0011223344556677\n", "ERR_KEY_UNSUPPORTED"],
  ];
  for (const [field, code] of fields) {
    const text = body.replace("-----\n", `-----\nProc-Type: 4,ENCRYPTED\n${field}\n`);
    await assertRejects(loadPrivateKey(text, { crypto: PORTABLE, password: "x" }), code);
  }
});

test("loadPrivateKey() answers a coded error or a key for every flipped bit", async () => {
  const der = octetsOf(KEYS["encrypted-pkcs12-3des"]);
  const crypto: CryptoProvider = {
    ...PORTABLE,
    // Iterations are not what is tested here.
    digest: (_, data) => data.slice(0, 20),
    deriveKey: ({ length }) => new Uint8Array(length),
  };
  for (const octets of [der, octetsOf(KEYS["encrypted-aes-128-cbc"])]) {
    for (let at = 0; at < Math.min(octets.length, 100); at++) {
      for (const bit of [0x01, 0x40]) {
        const changed = octets.slice();
        changed[at]! ^= bit;
        try {
          await loadPrivateKey(changed, { crypto, password: "x" });
        } catch (error) {
          assert.match(String((error as { code?: string }).code), /^ERR_KEY_/, `${(error as Error).stack}`);
        }
      }
    }
  }
});

test.run();
