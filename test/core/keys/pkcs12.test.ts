import { decodeBase64, encodeBase64 } from "../../../core/bytes/base64.ts";
import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { CryptoError } from "../../../core/crypto/crypto-error.ts";
import { layeredProvider } from "../../../core/crypto/layered-provider.ts";
import { hmac } from "../../../core/crypto/password/hmac.ts";
import { deriveWithPkcs12, pkcs12Password } from "../../../core/crypto/password/pkcs12-derivation.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import type { EcPrivateKey } from "../../../core/crypto/private-key.ts";
import type { CryptoProvider } from "../../../core/crypto/provider.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import {
  derContextConstructed,
  derElement,
  derInteger,
  derNull,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  derSetOf,
} from "../../../core/der/writer.ts";
import { loadPkcs12 } from "../../../core/keys/pkcs12.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import { decodePem } from "../../../core/pem/pem.ts";
import { oneMoreElement } from "../../support/one-more-element.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { FILES, KEY, LEAF, PASSWORD, ROOT } from "../../vectors/pkcs12/files.ts";
import { FILES_OF_OTHERS, PASSWORD_OF_OTHERS } from "../../vectors/pkcs12/files-of-others.ts";

const test = suite("core/keys/pkcs12");
const PORTABLE: CryptoProvider = portableProvider({});
const LAYERED: CryptoProvider = layeredProvider([webCryptoProvider(), PORTABLE]);
const octetsOf = (pem: string): Bytes => decodePem(pem)[0]!.octets;
const file = (name: keyof typeof FILES): Bytes => decodeBase64(FILES[name].replace(/\s/g, ""))!;
const SCALAR = (parsePrivateKey(KEY) as EcPrivateKey).scalar;
const [LEAF_DER, ROOT_DER, KEY_DER] = [LEAF, ROOT, KEY].map(octetsOf) as [Bytes, Bytes, Bytes];

const load = (octets: Bytes, password?: string | Bytes, crypto: CryptoProvider = PORTABLE) =>
  loadPkcs12(octets, { crypto, password });

/** Refused with this code, and without the password in what the error says. */
async function refuses(octets: Bytes, code: string, password?: string | Bytes): Promise<string> {
  const error = await assertRejects(load(octets, password), code);
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (typeof password === "string" && password !== "" && at.message.includes(password)) {
      throw new Error(`the password is in a message: ${at.message}`);
    }
  }
  assert.match(error.message, /^Cannot read PKCS#12 file: /);
  return error.message;
}

const WITH_PASSWORD = (Object.keys(FILES) as (keyof typeof FILES)[]).filter((name) =>
  !/^(empty|rc4|no-key|ed25519|nothing-at-all)/.test(name)
);

test("loadPkcs12() loads what OpenSSL writes, old and new, with every provider", async () => {
  assert.is(WITH_PASSWORD.length, 8);
  for (const crypto of [LAYERED, PORTABLE]) {
    for (const name of WITH_PASSWORD) {
      for (const password of [PASSWORD, encodeUtf8(PASSWORD)]) {
        const { privateKeys, certificates, authenticated } = await load(file(name), password, crypto);
        assert.is(privateKeys.length, 1, name);
        assert.equal((privateKeys[0]!.key as EcPrivateKey).scalar, SCALAR, name);
        assert.is(privateKeys[0]!.friendlyName, "edge 7 ☂", name);
        assert.equal(certificates.map(({ der }) => der), [LEAF_DER, ROOT_DER], name);
        assert.equal(certificates[0]!.localKeyId, privateKeys[0]!.localKeyId, name);
        assert.is(certificates[0]!.localKeyId?.length, 20, name);
        assert.is(certificates[1]!.friendlyName, undefined, name);
        assert.is(authenticated, name !== "no-mac", name);
      }
    }
  }
});

test.slow(
  "loadPkcs12() loads what NSS, GnuTLS and Java write, which iterate up to 600,000 times",
  300_000,
  async () => {
    for (const [name, text] of Object.entries(FILES_OF_OTHERS)) {
      const octets = decodeBase64(text.replace(/\s/g, ""))!;
      const { privateKeys, certificates, authenticated } = await load(octets, PASSWORD_OF_OTHERS, LAYERED);
      assert.equal(privateKeys.map(({ key }) => (key as EcPrivateKey).scalar), [SCALAR], name);
      assert.is(privateKeys[0]!.friendlyName, "edge-7", name);
      const ders = certificates.map(({ der }) => encodeBase64(der));
      assert.equal(ders.sort(), [LEAF_DER, ROOT_DER].map(encodeBase64).sort(), name);
      assert.is(authenticated, true, name);
    }
  },
);

test("loadPkcs12() tries both encodings of the empty password when none is given", async () => {
  for (const name of ["empty", "empty-legacy"] as const) {
    for (const password of [undefined, "", new Uint8Array(0)]) {
      assert.is((await load(file(name), password)).privateKeys.length, 1, name);
    }
  }
  for (const name of ["nothing-at-all"] as const) {
    const { privateKeys, authenticated } = await load(file(name));
    assert.is(privateKeys.length, 1);
    assert.is(authenticated, false);
  }
});

test("loadPkcs12() tells a missing password, a wrong one and a needless one apart", async () => {
  for (const name of WITH_PASSWORD) {
    await refuses(file(name), "ERR_KEY_PASSWORD_MISSING");
    for (const wrong of ["", `${PASSWORD}!`, PASSWORD.toUpperCase(), Uint8Array.of(255, 254)]) {
      await refuses(file(name), "ERR_KEY_PASSWORD_WRONG", wrong);
    }
  }
  await refuses(file("empty"), "ERR_KEY_PASSWORD_WRONG", PASSWORD);
  await refuses(file("nothing-at-all"), "ERR_KEY_NOT_ENCRYPTED", PASSWORD);
});

test("loadPkcs12() never takes random octets for contents, whatever the padding", async () => {
  // Some of these passwords make valid padding by chance.
  const octets = pfx(safes(derSequence(shroudedBag(1))));
  for (let i = 0; i < 600; i++) await refuses(octets, "ERR_KEY_PASSWORD_WRONG", `wrong ${i}`);
});

test("loadPkcs12() tells a file that was changed from a wrong password", async () => {
  for (const name of ["modern", "plain-certificates"] as const) {
    const octets = file(name);
    octets[octets.length - 20]! ^= 1; // the salt of the MAC
    await refuses(octets, "ERR_KEY_INTEGRITY", PASSWORD);
    await refuses(octets, "ERR_KEY_PASSWORD_WRONG", "another");
    await refuses(octets, "ERR_KEY_PASSWORD_MISSING");
  }
  const open = file("nothing-encrypted");
  open[open.length - 20]! ^= 1;
  await refuses(open, "ERR_KEY_PASSWORD_WRONG", PASSWORD); // nothing in it tells which
});

test("loadPkcs12() refuses every file that is cut off, and octets behind it", async () => {
  for (const name of ["modern", "legacy"] as const) {
    const octets = file(name);
    for (let length = 0; length < octets.length; length++) {
      await assertRejects(load(octets.slice(0, length), PASSWORD), "ERR_KEY_MALFORMED");
    }
    await refuses(concatBytes([octets, Uint8Array.of(0)]), "ERR_KEY_MALFORMED", PASSWORD);
  }
});

test("loadPkcs12() answers damage anywhere with a code, or with the contents untouched", async () => {
  // Without a MAC, so that what is damaged is read.
  const octets = file("nothing-at-all");
  for (let at = 0; at < octets.length; at++) {
    const changed = octets.slice();
    changed[at]! ^= 0x15;
    try {
      await load(changed);
    } catch (error) {
      if (!/^ERR_(KEY|DER)_/.test(String((error as { code?: unknown }).code))) throw error;
    }
  }
});

test("loadPkcs12() answers certificates without a key, and says when no key is of a supported kind", async () => {
  const { privateKeys, certificates } = await load(file("no-key"), PASSWORD);
  assert.equal(privateKeys, []);
  assert.equal(certificates.map(({ der }) => der), [ROOT_DER]);
  assert.match(await refuses(file("ed25519"), "ERR_KEY_UNSUPPORTED", PASSWORD), /Ed25519 is not supported/);
});

test("loadPkcs12() names encryption that it does not support, before it asks for a password", async () => {
  for (const password of [PASSWORD, undefined]) {
    const message = await refuses(file("rc4"), "ERR_KEY_UNSUPPORTED", password);
    assert.match(message, /pbeWithSHAAnd128BitRC4/);
  }
});

test("loadPkcs12() passes on what the provider cannot do", async () => {
  const lacking: CryptoProvider = {
    ...PORTABLE,
    digest: () => {
      throw new CryptoError("ERR_CRYPTO_UNSUPPORTED", "SHA-256", "Cannot do SHA-256");
    },
  };
  await assertRejects(load(file("modern"), PASSWORD, lacking), "ERR_CRYPTO_UNSUPPORTED");
});

test("loadPkcs12() throws a TypeError for arguments that it does not know", async () => {
  const wrong: readonly (readonly [unknown, unknown])[] = [
    [file("modern"), { crypto: PORTABLE, passphrase: "x" }],
    [file("modern"), { crypto: PORTABLE, password: 7 }],
    [file("modern"), { crypto: PORTABLE, password: null }],
    [FILES["modern"], { crypto: PORTABLE }],
  ];
  for (const [input, options] of wrong) {
    let error: unknown;
    await loadPkcs12(input as never, options as never).catch((thrown: unknown) => error = thrown);
    assert.instance(error, TypeError);
  }
});

test("loadPkcs12() leaves input and password as they are, and wipes what it decrypts", async () => {
  const [input, password] = [file("modern"), encodeUtf8(PASSWORD)];
  const seen: Bytes[] = [];
  const kept = async (octets: Bytes | Promise<Bytes>): Promise<Bytes> => {
    const secret = await octets;
    seen.push(secret);
    return secret;
  };
  const watched: CryptoProvider = {
    ...PORTABLE,
    deriveKey: (derivation, secret) => kept(PORTABLE.deriveKey(derivation, secret)),
    decipher: (cipher, key, data) => kept(PORTABLE.decipher(cipher, key, data)),
  };
  const { privateKeys, certificates } = await loadPkcs12(input, { crypto: watched, password });
  assert.equal(input, file("modern"));
  assert.equal(password, encodeUtf8(PASSWORD));
  assert.is(seen.length, 4);
  assert.ok(seen.every((secret) => secret.every((octet) => octet === 0)));
  assert.equal((privateKeys[0]!.key as EcPrivateKey).scalar, SCALAR);
  assert.equal(certificates[0]!.der, LEAF_DER);
});

// Files of our own, for what OpenSSL does not write.

const oid = derObjectIdentifier;
const DATA = oid("1.2.840.113549.1.7.1");
const explicit = (...contents: Bytes[]) => derContextConstructed(0, ...contents);
const dataInfo = (octets: Bytes) => derSequence(DATA, explicit(derOctetString(octets)));
const bag = (type: number, value: Bytes, ...attributes: Bytes[]) =>
  derSequence(
    oid(`1.2.840.113549.1.12.10.1.${type}`),
    explicit(value),
    ...(attributes.length === 0 ? [] : [derSetOf(...attributes)]),
  );
const keyBag = (...attributes: Bytes[]) => bag(1, KEY_DER, ...attributes);
const certificateBag = (type: string, value: Bytes) => bag(3, derSequence(oid(type), explicit(value)));
const X509 = "1.2.840.113549.1.9.22.1";
const attribute = (type: number, ...values: Bytes[]) =>
  derSequence(oid(`1.2.840.113549.1.9.${type}`), derSetOf(...values));
const safes = (...contents: Bytes[]) => derSequence(...contents.map(dataInfo));
const pfx = (authenticated: Bytes, ...mac: Bytes[]) => derSequence(derInteger(3), dataInfo(authenticated), ...mac);
const scheme = (iterations: number) =>
  derSequence(
    oid("1.2.840.113549.1.12.1.3"),
    derSequence(derOctetString(new Uint8Array(8)), derInteger(iterations)),
  );
const shroudedBag = (iterations: number) => bag(2, derSequence(scheme(iterations), derOctetString(new Uint8Array(16))));

test("loadPkcs12() follows SafeContents in SafeContents, to a limit", async () => {
  const nested = (depth: number): Bytes => depth === 0 ? keyBag() : bag(6, derSequence(nested(depth - 1)));
  for (const depth of [0, 1, 3]) {
    assert.is((await load(pfx(safes(derSequence(nested(depth)))))).privateKeys.length, 1);
  }
  await refuses(pfx(safes(derSequence(nested(4)))), "ERR_KEY_LIMIT");
  await refuses(pfx(safes(derSequence(nested(40)))), "ERR_KEY_MALFORMED");
});

test("loadPkcs12() passes over bags that are neither keys nor X.509 certificates", async () => {
  const contents = derSequence(
    bag(4, derSequence(oid(X509), explicit(derNull()))),
    bag(5, derNull()),
    bag(99, derNull()),
    certificateBag("1.2.840.113549.1.9.22.2", derNull()),
    certificateBag(X509, derOctetString(LEAF_DER)),
    keyBag(),
  );
  const { privateKeys, certificates } = await load(pfx(safes(contents, derSequence())));
  assert.is(privateKeys.length, 1);
  assert.equal(certificates.map(({ der }) => der), [LEAF_DER]);
});

test("loadPkcs12() reads names with surrogate pairs, empty sets and unknown attributes", async () => {
  const name = derElement(0x1e, pkcs12Password("a🔑").slice(0, -2));
  const [key] = (await load(pfx(safes(derSequence(keyBag(
    attribute(20, name),
    attribute(21),
    attribute(99, derNull()),
  )))))).privateKeys;
  assert.is(key!.friendlyName, "a🔑");
  assert.is(key!.localKeyId, undefined);
});

test("loadPkcs12() reads a name in UTF-8, and passes over names and identifiers of other types", async () => {
  const named = async (...values: Bytes[]) => (await load(pfx(safes(derSequence(keyBag(...values)))))).privateKeys[0]!;
  assert.is((await named(attribute(20, derElement(0x0c, encodeUtf8("é🔑"))))).friendlyName, "é🔑");
  for (const other of [derElement(0x0c, Uint8Array.of(0xff)), derInteger(1), derNull()]) {
    const { friendlyName, localKeyId } = await named(attribute(20, other), attribute(21, derInteger(1)));
    assert.is(friendlyName, undefined);
    assert.is(localKeyId, undefined);
  }
});

test("loadPkcs12() refuses versions and contents that it does not read", async () => {
  const other = (type: string) => derSequence(derInteger(3), derSequence(oid(type), explicit(derSequence())));
  assert.match(await refuses(other("1.2.840.113549.1.7.2"), "ERR_KEY_UNSUPPORTED"), /signedData/);
  const enveloped = derSequence(derSequence(oid("1.2.840.113549.1.7.3"), explicit(derSequence())));
  assert.match(await refuses(pfx(enveloped), "ERR_KEY_UNSUPPORTED"), /envelopedData/);
  assert.match(
    await refuses(derSequence(derInteger(2), dataInfo(safes())), "ERR_KEY_UNSUPPORTED"),
    /version 2 of PFX/,
  );
});

test("loadPkcs12() refuses more bags, octets and iterations than are reasonable", async () => {
  const bags = Array.from({ length: 1001 }, () => bag(5, derNull()));
  await refuses(pfx(safes(derSequence(...bags))), "ERR_KEY_LIMIT");
  await refuses(derSequence(derInteger(3), derOctetString(new Uint8Array(1_048_576))), "ERR_KEY_LIMIT");
  for (const iterations of [1_000_001, 0x7fff_ffff]) {
    await refuses(pfx(safes(derSequence(shroudedBag(iterations)))), "ERR_KEY_LIMIT", "x");
    const mac = derSequence(
      derSequence(derSequence(oid("1.3.14.3.2.26"), derNull()), derOctetString(new Uint8Array(20))),
      derOctetString(new Uint8Array(8)),
      derInteger(iterations),
    );
    await refuses(pfx(safes(), mac), "ERR_KEY_LIMIT", "x");
  }
});

test("loadPkcs12() has one budget for all parts of a file", async () => {
  let derivations = 0;
  const counting: CryptoProvider = {
    ...PORTABLE,
    // Each password derives to one key, without the work.
    digest: (hash, data) => {
      derivations++;
      return PORTABLE.digest(hash, data.subarray(0, 1));
    },
    deriveKey: ({ length }) => {
      derivations++;
      return new Uint8Array(length);
    },
    decipher: () => derSequence(),
  };
  const pbes2 = derSequence(
    oid("1.2.840.113549.1.5.13"),
    derSequence(
      derSequence(
        oid("1.2.840.113549.1.5.12"),
        derSequence(derOctetString(new Uint8Array(8)), derInteger(4_000_000)),
      ),
      derSequence(oid("2.16.840.1.101.3.4.1.2"), derOctetString(new Uint8Array(16))),
    ),
  );
  const encrypted = derSequence(
    oid("1.2.840.113549.1.7.6"),
    explicit(
      derSequence(derInteger(0), derSequence(DATA, pbes2, derElement(0x80, new Uint8Array(16)))),
    ),
  );
  await loadPkcs12(pfx(derSequence(encrypted, encrypted)), { crypto: counting, password: "x" });
  assert.is(derivations, 2);
  await assertRejects(
    loadPkcs12(pfx(derSequence(encrypted, encrypted, encrypted)), { crypto: counting, password: "x" }),
    "ERR_KEY_LIMIT",
  );
  assert.is(derivations, 4);
});

test("loadPkcs12() says when the parts of a file have another password than the file", async () => {
  const authenticated = safes(derSequence(shroudedBag(1)));
  const salt = new Uint8Array(8).fill(9);
  const key = await deriveWithPkcs12(3, pkcs12Password("store"), { salt, iterations: 2 }, 20, PORTABLE);
  const mac = derSequence(
    derSequence(
      derSequence(oid("1.3.14.3.2.26"), derNull()),
      derOctetString(await hmac("SHA-1", key, authenticated, PORTABLE)),
    ),
    derOctetString(salt),
    derInteger(2),
  );
  const message = await refuses(pfx(authenticated, mac), "ERR_KEY_PASSWORD_WRONG", "store");
  assert.match(message, /its own password is right, but a part has another password/);
});

test("loadPkcs12() refuses an element too many, wherever it stands", async () => {
  const mac = derSequence(
    derSequence(derSequence(oid("1.3.14.3.2.26"), derNull()), derOctetString(new Uint8Array(20))),
    derOctetString(new Uint8Array(8)),
    derInteger(1),
  );
  for (const octets of oneMoreElement(pfx(safes(), mac))) await refuses(octets, "ERR_KEY_MALFORMED", "hunter2");
  const encrypted = derSequence(
    oid("1.2.840.113549.1.7.6"),
    explicit(derSequence(derInteger(0), derSequence(DATA, scheme(1), derElement(0x80, new Uint8Array(8))))),
  );
  await refuses(pfx(derSequence(encrypted)), "ERR_KEY_PASSWORD_WRONG", "hunter2");
  const contents = derSequence(keyBag(), certificateBag(X509, derOctetString(LEAF_DER)));
  assert.is((await load(pfx(safes(contents)))).privateKeys.length, 1);
  for (const authenticated of [derSequence(encrypted), safes(contents)]) {
    for (const octets of oneMoreElement(authenticated)) await refuses(pfx(octets), "ERR_KEY_MALFORMED", "hunter2");
  }
  for (const octets of oneMoreElement(contents)) await refuses(pfx(safes(octets)), "ERR_KEY_MALFORMED");
});

test("loadPkcs12() reads PBMAC1 whose key has twenty octets, and refuses those of less (RFC 9579 §5)", async () => {
  const authenticated = safes(derSequence(keyBag()));
  const salt = new Uint8Array(8).fill(4);
  const sha256 = derSequence(oid("1.2.840.113549.2.9"), derNull());
  const withKey = async (length: number, ...stated: Bytes[]): Promise<Bytes> => {
    const derivation = { name: "PBKDF2", hash: "SHA-256", salt, iterations: 2, length } as const;
    const key = await PORTABLE.deriveKey(derivation, encodeUtf8("store"));
    const kdf = derSequence(
      oid("1.2.840.113549.1.5.12"),
      derSequence(derOctetString(salt), derInteger(2), ...stated, sha256),
    );
    const mac = derSequence(
      derSequence(
        derSequence(oid("1.2.840.113549.1.5.14"), derSequence(kdf, sha256)),
        derOctetString(await hmac("SHA-256", key, authenticated, PORTABLE)),
      ),
      derOctetString(new Uint8Array(8)),
    );
    return pfx(authenticated, mac);
  };
  for (const length of [20, 32]) {
    assert.ok((await load(await withKey(length, derInteger(length)), "store")).authenticated, String(length));
  }
  await refuses(await withKey(19, derInteger(19)), "ERR_KEY_INVALID", "store");
  await refuses(await withKey(32), "ERR_KEY_INVALID", "store");
});

test("loadPkcs12() reads BER: indefinite lengths, and strings in segments", async () => {
  const indefinite = (tag: number, ...contents: Bytes[]) =>
    concatBytes([Uint8Array.of(tag, 0x80), ...contents, Uint8Array.of(0, 0)]);
  const segmented = (octets: Bytes) =>
    indefinite(0x24, derOctetString(octets.slice(0, 10)), derOctetString(octets.slice(10)));
  const berInfo = (octets: Bytes) => indefinite(0x30, DATA, indefinite(0xa0, segmented(octets)));
  const contents = indefinite(0x30, keyBag(), certificateBag(X509, derOctetString(LEAF_DER)));
  const octets = indefinite(0x30, derInteger(3), berInfo(indefinite(0x30, berInfo(contents))));
  const { privateKeys, certificates } = await load(octets);
  assert.is(encodeBase64((privateKeys[0]!.key as EcPrivateKey).scalar), encodeBase64(SCALAR));
  assert.equal(certificates.map(({ der }) => der), [LEAF_DER]);
  for (let length = 0; length < octets.length; length++) {
    await assertRejects(load(octets.slice(0, length)), "ERR_KEY_MALFORMED");
  }
});

test.run();
