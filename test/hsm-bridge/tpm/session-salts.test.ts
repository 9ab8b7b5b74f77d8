// runtimes: node20 node deno bun
import { createECDH, generateKeyPairSync, privateDecrypt } from "node:crypto";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../core/bytes/hex.ts";
import { ecPublicKey, rsaPublicKey } from "../../../core/crypto/spki-encoding.ts";
import type { PublicArea } from "../../../hsm-bridge/tpm/public-area.ts";
import { deriveByHash, type SharedSecret } from "../../../hsm-bridge/tpm/session-cryptography.ts";
import { SessionSalts } from "../../../hsm-bridge/tpm/session-salts.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/tpm/session-salts");

interface Holder {
  readonly area: PublicArea;
  /** What the key of the TPM reads out of what it was sent. */
  secretOf(encrypted: Bytes): Bytes;
}

function areaOf(key: PublicArea["key"], name: number): PublicArea {
  const nothing = new Uint8Array(0);
  const rest = { nameHash: "SHA-256", attributes: 0, authPolicy: nothing, scheme: undefined } as const;
  return { octets: nothing, name: Uint8Array.of(0, 0xb, name), ...rest, key };
}

function curveHolder(name: number): Holder {
  const ecdh = createECDH("prime256v1");
  const point = new Uint8Array(ecdh.generateKeys());
  return {
    area: areaOf(ecPublicKey({ curve: "P-256", point }), name),
    secretOf: (encrypted) => {
      const [x, y] = [encrypted.subarray(2, 34), encrypted.subarray(36)];
      const z = new Uint8Array(ecdh.computeSecret(Buffer.concat([Buffer.from([4]), x, y])));
      return deriveByHash("SHA-256", z, "SECRET", x, point.subarray(1, 33), 32);
    },
  };
}

function rsaHolder(name: number): Holder {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { n } = publicKey.export({ format: "jwk" });
  const modulus = new Uint8Array(Buffer.from(n!, "base64url"));
  const options = { key: privateKey, oaepHash: "sha256", oaepLabel: Buffer.from("SECRET\0"), padding: 4 };
  return {
    area: areaOf(rsaPublicKey({ modulus, exponent: Uint8Array.of(1, 0, 1) }), name),
    secretOf: (encrypted) => new Uint8Array(privateDecrypt(options, encrypted)),
  };
}

function requireFor({ secretOf }: Holder, { secret, encrypted }: SharedSecret): void {
  assert.equal(secret(), secretOf(encrypted));
}

test("SessionSalts.take() answers another salt each time, which the key can read, made ahead or not", () => {
  for (const holder of [curveHolder(1), rsaHolder(2)]) {
    const salts = new SessionSalts();
    const seen = new Set<string>();
    salts.take(holder.area);
    for (const times of [0, 1, 2, 0, 1, 2]) {
      for (let left = times; left > 0; left--) salts.prepare();
      const salt = salts.take(holder.area);
      assert.is(salt.isReady ?? false, times > 0);
      requireFor(holder, salt);
      seen.add(encodeHex(salt.encrypted)).add(encodeHex(salt.secret()));
    }
    assert.is(seen.size, 12);
  }
});

test("SessionSalts.take() makes a new salt where it was made ahead for another key", () => {
  const [one, other] = [curveHolder(1), curveHolder(2)];
  const salts = new SessionSalts();
  salts.take(one.area);
  salts.prepare();
  const salt = salts.take(other.area);
  assert.not(salt.isReady);
  requireFor(other, salt);
  salts.prepare();
  requireFor(one, salts.take(one.area));
});

test("SessionSalts.prepare() makes nothing before it knows for whom", () => {
  const salts = new SessionSalts();
  salts.prepare();
  const holder = curveHolder(1);
  assert.not(salts.take(holder.area).isReady);
  requireFor(holder, salts.take(holder.area));
});

test("SessionSalts.forget() leaves nothing that was made ahead", () => {
  const holder = curveHolder(1);
  const salts = new SessionSalts();
  salts.take(holder.area);
  salts.prepare();
  salts.forget();
  salts.prepare();
  assert.not(salts.take(holder.area).isReady);
});

test.run();
