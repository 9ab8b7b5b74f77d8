// runtimes: node20 node deno bun workerd
import {
  derContextConstructed,
  derElement,
  derInteger,
  derObjectIdentifier,
  derSequence,
  derSetOf,
} from "../../../core/der/writer.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { ECDSA_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import { encodeExtensions } from "../../../core/issue/extension-encoding.ts";
import {
  encodeName,
  issueCertificateRequest,
  keyUsageExtension,
  subjectAlternativeNameExtension,
} from "../../../core/issue/mod.ts";
import { signStructure } from "../../../core/issue/signed-structure-encoding.ts";
import { isCoded } from "../../../core/base-error.ts";
import {
  KEY_USAGE,
  MAX_CERTIFICATE_REQUEST_LENGTH,
  nameText,
  parseCertificateRequest,
  SUBJECT_ALTERNATIVE_NAME,
} from "../../../core/x509/mod.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";
import { testRandom } from "../../support/test-authority.ts";
import { NOBODY } from "../../support/x509-fixtures.ts";

const test = suite("core/x509/certificate-request");

const crypto = portableProvider({ random: testRandom("certificate request") });
const SUBJECT = [{ type: "O", value: "Example" }, { type: "CN", value: "edge-7" }];
const EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

test("parseCertificateRequest() reads what was asked for, and the signature proves the key", async () => {
  const signer = await crypto.importPrivateKey(
    await crypto.generatePrivateKey({ type: "ec", curve: "P-256" }),
    ECDSA_SHA256,
  );
  const der = await issueCertificateRequest({
    subject: SUBJECT,
    extensions: [
      keyUsageExtension(["digitalSignature"]),
      subjectAlternativeNameExtension([{ form: "dNSName", value: "edge-7.example.com" }]),
    ],
  }, signer);
  const request = parseCertificateRequest(der);
  assert.is(nameText(request.subject), "CN=edge-7,O=Example");
  assert.equal(request.spki, signer.publicKey);
  assert.is(request.publicKey.type, "ec");
  assert.equal(request.extensions.map(({ oid }) => oid), [KEY_USAGE.oid, SUBJECT_ALTERNATIVE_NAME.oid]);
  assert.equal(request.extensions[0]!.decode(KEY_USAGE), ["digitalSignature"]);
  const verifier = await crypto.importPublicKey(request.publicKey, ECDSA_SHA256);
  assert.is(await verifier.verify(request.certificationRequestInfo, request.signature), true);
});

test("parseCertificateRequest() reads a request for nothing but a name, and one without a name", async () => {
  const plain = parseCertificateRequest(await issueCertificateRequest({ subject: [] }, NOBODY));
  assert.is(plain.subject.empty, true);
  assert.equal(plain.extensions, []);
});

/** A request whose attributes and version are given. */
function requestOf(attributes: Uint8Array[], version: number = 0): Promise<Uint8Array<ArrayBuffer>> {
  const info = derSequence(
    derInteger(version),
    encodeName(SUBJECT),
    NOBODY.publicKey,
    derContextConstructed(0, ...attributes as Uint8Array<ArrayBuffer>[]),
  );
  return signStructure(info, NOBODY);
}

const attribute = (type: string, ...values: Uint8Array<ArrayBuffer>[]) =>
  derSequence(derObjectIdentifier(type), derSetOf(...values));

test("parseCertificateRequest() skips attributes that are not the extension request", async () => {
  const challenge = attribute("1.2.840.113549.1.9.7", derElement(0x0c, Uint8Array.of(0x70, 0x77)));
  const asked = attribute(EXTENSION_REQUEST, encodeExtensions([keyUsageExtension(["cRLSign"])]));
  const request = parseCertificateRequest(await requestOf([challenge, asked]));
  assert.equal(request.extensions.map(({ oid }) => oid), [KEY_USAGE.oid]);
});

test("parseCertificateRequest() refuses what RFC 2986 does not have", async () => {
  const asked = attribute(EXTENSION_REQUEST, encodeExtensions([keyUsageExtension(["cRLSign"])]));
  const twice = attribute(
    EXTENSION_REQUEST,
    encodeExtensions([keyUsageExtension(["cRLSign"])]),
    encodeExtensions([keyUsageExtension(["digitalSignature"])]),
  );
  for (
    const [wrong, code] of [
      [await requestOf([], 1), "ERR_DER_VALUE"],
      [await requestOf([asked, asked]), "ERR_DER_VALUE"],
      [await requestOf([twice]), "ERR_DER_TRAILING_DATA"],
      [await requestOf([attribute(EXTENSION_REQUEST)]), "ERR_DER_TRUNCATED"],
      [await requestOf([derInteger(1)]), "ERR_DER_UNEXPECTED_TAG"],
      [new Uint8Array(MAX_CERTIFICATE_REQUEST_LENGTH + 1), "ERR_DER_SIZE"],
      [new Uint8Array(), "ERR_DER_TRUNCATED"],
    ] as const
  ) {
    assertThrows(() => parseCertificateRequest(wrong), code);
  }
});

test("parseCertificateRequest() answers every truncation and every changed octet with a request or a coded error", async () => {
  const der = await requestOf([attribute(EXTENSION_REQUEST, encodeExtensions([keyUsageExtension(["cRLSign"])]))]);
  const attempt = (octets: Uint8Array<ArrayBuffer>, what: string): boolean => {
    try {
      parseCertificateRequest(octets);
      return true;
    } catch (error) {
      assert.ok(isCoded(error), `${what}: ${error}`);
      return false;
    }
  };
  for (let length = 0; length < der.length; length++) {
    assert.is(attempt(der.slice(0, length), `cut to ${length}`), false);
  }
  for (let at = 0; at < der.length; at++) {
    const changed = der.slice();
    changed[at] = changed[at]! ^ 0x55;
    attempt(changed, `octet ${at}`);
  }
});

test.run();
