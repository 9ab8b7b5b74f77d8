import { concatBytes } from "../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { encodePkcs8 } from "../../../core/crypto/pkcs8-encoding.ts";
import type { EcPrivateKey } from "../../../core/crypto/private-key.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import {
  derContextConstructed,
  derInteger,
  derObjectIdentifier,
  derOctetString,
  derSequence,
} from "../../../core/der/writer.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import { decodePem, encodePem } from "../../../core/pem/pem.ts";
import { sessionAlgorithm } from "../../../core/crypto/signature-algorithm.ts";
import { verifySignature } from "../../../core/sign/verify-signature.ts";
import { webCryptoIdentity } from "../../../core/sign/webcrypto-identity.ts";
import { createX509Signer } from "../../../core/sigv4/mod.ts";
import { parseCertificate } from "../../../core/x509/certificate.ts";
import { readCertificates } from "../../../core/x509/read-certificates.ts";
import { has } from "../../support/capabilities.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { GOLDEN_MESSAGE, GOLDEN_PEM, GOLDEN_SIGNATURE } from "./golden-identity.ts";
import { madeCertificate } from "./made-certificate.ts";

const test = suite("core/sign/webcrypto-identity");

const native = webCryptoProvider();
const golden = readCertificates(GOLDEN_PEM)[0]!;
const pkcs8 = encodePkcs8(parsePrivateKey(GOLDEN_PEM));

test("webCryptoIdentity() makes the golden signature with PKCS#1 and PKCS#8, PEM and DER", async () => {
  const pkcs1 = decodePem(GOLDEN_PEM).find(({ label }) => label === "RSA PRIVATE KEY")!.octets;
  for (const key of [GOLDEN_PEM, encodeUtf8(GOLDEN_PEM), pkcs1, pkcs8, encodePem("PRIVATE KEY", pkcs8)]) {
    for (const certificate of [GOLDEN_PEM, encodeUtf8(GOLDEN_PEM), golden.der]) {
      const { signer, chain, ...identity } = await webCryptoIdentity(certificate, key);
      assert.is(encodeHex(await signer.sign(encodeUtf8(GOLDEN_MESSAGE))), GOLDEN_SIGNATURE);
      assert.equal(signer.publicKey, golden.spki);
      assert.is(identity.certificate.serialNumberDecimal, golden.serialNumberDecimal);
      assert.equal(identity.certificate.der, golden.der);
      assert.equal(chain, []);
    }
  }
});

test("webCryptoIdentity() leaves octets that it is given as they are", async () => {
  const pkcs1 = decodePem(GOLDEN_PEM).find(({ label }) => label === "RSA PRIVATE KEY")!.octets;
  for (const key of [pkcs1, pkcs8]) {
    const before = key.slice();
    await webCryptoIdentity(golden.der, key);
    assert.equal(key, before);
  }
});

test("webCryptoIdentity() signs requests with elliptic-curve keys, PKCS#8 and SEC1", async () => {
  const oids = { "P-256": "1.2.840.10045.3.1.7", "P-384": "1.3.132.0.34" };
  for (const curve of ["P-256", "P-384"] as const) {
    const key = await native.generatePrivateKey({ type: "ec", curve }) as EcPrivateKey;
    const algorithm = sessionAlgorithm(key);
    const spki = (await native.importPrivateKey(key, algorithm)).publicKey;
    const certificate = madeCertificate({ subject: "leaf", issuer: "A", spki });
    const issuer = madeCertificate({ subject: "A", issuer: "root", spki });
    const chain = encodePem("CERTIFICATE", certificate.der) + encodePem("CERTIFICATE", issuer.der);
    const info = encodePkcs8(key);
    // The octets of ECPrivateKey stand last in PKCS#8; the file form names its curve.
    const inner = decodeInner(info);
    const sec1 = derSequence(
      derInteger(1),
      derOctetString(key.scalar),
      derContextConstructed(0, derObjectIdentifier(oids[curve])),
      inner,
    );
    for (const file of [encodePem("PRIVATE KEY", info), encodePem("EC PRIVATE KEY", sec1), info, sec1]) {
      const identity = await webCryptoIdentity(chain, file);
      assert.equal(identity.chain, [{ der: issuer.der }]);
      const signer = createX509Signer(identity, { region: "us-east-1", service: "rolesanywhere" });
      const request = { method: "POST", path: "/sessions", headers: { host: "example.com" } };
      const signed = await signer.sign(request, 0);
      assert.match(signed.headers["authorization"]!, /^AWS4-X509-ECDSA-SHA256 Credential=/);
      const signature = fromHex(signed.signature);
      const message = encodeUtf8(signed.stringToSign);
      assert.ok(
        await verifySignature(native, algorithm, parseCertificate(certificate.der).publicKey, message, signature),
      );
    }
  }
});

test("webCryptoIdentity() takes ML-DSA keys where WebCrypto has them, and says so where it has not", async () => {
  const key = await native.generatePrivateKey({ type: "ml-dsa", parameterSet: "ML-DSA-44" });
  const portable = portableProvider({ random: native.random });
  const algorithm = sessionAlgorithm(key);
  const spki = (await portable.importPrivateKey(key, algorithm)).publicKey;
  const { der } = madeCertificate({ subject: "leaf", issuer: "A", spki });
  if (!await has("webcrypto-ml-dsa")) {
    await assertRejects(() => webCryptoIdentity(der, encodePkcs8(key)), "ERR_CRYPTO_UNSUPPORTED");
    return;
  }
  const { signer } = await webCryptoIdentity(der, encodePkcs8(key));
  assert.is(signer.algorithm, algorithm);
});

test("webCryptoIdentity() refuses what is no key of the certificate, with a code", async () => {
  const key = await native.generatePrivateKey({ type: "ec", curve: "P-256" });
  const other = await native.importPrivateKey(key, sessionAlgorithm(key));
  const stranger = madeCertificate({ subject: "leaf", issuer: "A", spki: other.publicKey }).der;
  const encrypted = derSequence(derSequence(derObjectIdentifier("1.2.840.113549.1.5.13")), derOctetString(pkcs8));
  const dek = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n" +
    "-----END RSA PRIVATE KEY-----\n";
  const cases: readonly [
    certificate: string | Uint8Array<ArrayBuffer>,
    key: string | Uint8Array<ArrayBuffer>,
    code: string,
  ][] = [
    [stranger, pkcs8, "ERR_CRYPTO_INVALID_KEY"],
    [golden.der, encodePkcs8(key), "ERR_CRYPTO_INVALID_KEY"],
    [golden.der, encodePem("ENCRYPTED PRIVATE KEY", encrypted), "ERR_CRYPTO_INVALID_KEY"],
    [golden.der, concatBytes([pkcs8.subarray(0, 40)]), "ERR_DER_TRUNCATED"],
    [golden.der, dek, "ERR_PEM_MISSING"],
    [golden.der, "", "ERR_PEM_MISSING"],
    [golden.der, "-----BEGIN PRIVATE KEY-----\n?\n-----END PRIVATE KEY-----", "ERR_PEM_MALFORMED"],
    ["", pkcs8, "ERR_PEM_MISSING"],
    [encodePem("PRIVATE KEY", pkcs8), pkcs8, "ERR_PEM_MISSING"],
    [golden.der.subarray(0, 100), pkcs8, "ERR_DER_TRUNCATED"],
    [new Uint8Array(0), pkcs8, "ERR_PEM_MISSING"],
  ];
  for (const [certificate, file, code] of cases) {
    await assertRejects(() => webCryptoIdentity(certificate, file), code);
  }
});

test("webCryptoIdentity() refuses a certificate whose key signs no request", async () => {
  const spki = derSequence(derSequence(derObjectIdentifier("1.3.101.112")), derOctetString(new Uint8Array(32)));
  const { der } = madeCertificate({ subject: "leaf", issuer: "A", spki });
  await assertRejects(() => webCryptoIdentity(der, pkcs8), "ERR_CRYPTO_UNSUPPORTED");
});

/** `[1] publicKey` of the ECPrivateKey inside PKCS#8. */
function decodeInner(info: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return info.slice(info.findIndex((octet, i) => octet === 0xa1 && info[i + 2] === 0x03));
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g)!, (pair) => parseInt(pair, 16));
}

test.run();
