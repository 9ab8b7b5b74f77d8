import type { Bytes } from "../../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { decryptWithPassword } from "../../../../core/crypto/password/decrypt.ts";
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import type { CryptoProvider } from "../../../../core/crypto/provider.ts";
import { assert, assertRejects, suite } from "../../../support/suite.ts";

const test = suite("core/crypto/password/decrypt");
const PORTABLE = portableProvider({});
const SALT = new Uint8Array(8).fill(1);
const IV = new Uint8Array(12).fill(2);

test("decryptWithPassword() derives as many octets as the cipher takes, of the password's UTF-8", async () => {
  for (const keyLength of [16, 24, 32] as const) {
    const derivation = { name: "PBKDF2", hash: "SHA-256", salt: SALT, iterations: 2 } as const;
    const key = PORTABLE.deriveKey({ ...derivation, length: keyLength }, encodeUtf8("pässword"));
    const data = PORTABLE.seal(key, IV, Uint8Array.of(1, 2, 3));
    const scheme = { derivation, cipher: { name: "AES-GCM", keyLength, iv: IV, tagLength: 128 } } as const;
    for (const password of ["pässword", encodeUtf8("pässword")]) {
      assert.equal(await decryptWithPassword(scheme, password, data, PORTABLE), Uint8Array.of(1, 2, 3));
    }
    await assertRejects(decryptWithPassword(scheme, "password", data, PORTABLE), "ERR_CRYPTO_DECIPHER");
  }
});

test("decryptWithPassword() overwrites the derived key, also after a failure, and leaves the caller's octets", async () => {
  const seen: Bytes[] = [];
  const watched: CryptoProvider = {
    ...PORTABLE,
    deriveKey: ({ length }) => {
      const key = new Uint8Array(length).fill(7);
      seen.push(key);
      return key;
    },
  };
  const derivation = { name: "scrypt", salt: SALT, cost: 2, blockSize: 1, parallelization: 1 } as const;
  const scheme = { derivation, cipher: { name: "AES-CBC", keyLength: 16, iv: new Uint8Array(16) } } as const;
  const password = encodeUtf8("secret");
  await assertRejects(decryptWithPassword(scheme, password, new Uint8Array(16), watched), "ERR_CRYPTO_DECIPHER");
  assert.is(seen.length, 1);
  assert.ok(seen[0]!.every((octet) => octet === 0));
  assert.equal(password, encodeUtf8("secret"));
});

test.run();
