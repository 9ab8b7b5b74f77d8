import { existsSync, readFileSync } from "node:fs";
import { decodeHex } from "../core/bytes/hex.ts";
import { encodeUtf8 } from "../core/bytes/text.ts";
import { createX509Signer, parseAuthorization, type SignedRequest } from "../core/sigv4/mod.ts";
import { sessionAlgorithm } from "../core/crypto/signature-algorithm.ts";
import { readCertificates } from "../core/x509/mod.ts";
import { assert, suite } from "./support/suite.ts";

const test = suite("core/sigv4: CreateSession vectors");

const FILE = "../shared/spec/data/createsession-test-vectors.json";

interface Vector {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly signatureHex: string;
  readonly leafPem: string;
  readonly now: string;
}

if (existsSync(FILE)) {
  const { vectors } = JSON.parse(readFileSync(FILE, "utf8")) as { vectors: readonly Vector[] };
  for (const vector of vectors) {
    test(`signer.sign() writes the texts and headers of ${vector.name}`, () => {
      const { authorization, "x-amz-date": date, "x-amz-x509": leaf, "x-amz-x509-chain": chain, ...headers } =
        vector.headers;
      const certificate = readCertificates(vector.leafPem)[0]!;
      const key = certificate.publicKey;
      if (key.type === "ed25519") throw new TypeError("no vector has an Ed25519 key");
      const signer = {
        algorithm: sessionAlgorithm(key),
        publicKey: key.spki,
        sign: (message: Uint8Array) => {
          assert.equal(message, encodeUtf8(vector.stringToSign));
          return decodeHex(vector.signatureHex)!;
        },
      };
      const identity = {
        certificate,
        chain: chain === undefined
          ? []
          : chain.split(",").map((each) => ({ der: new Uint8Array(Buffer.from(each, "base64")) })),
        signer,
      };
      const { region, service } = parseAuthorization(authorization!);
      const signed = createX509Signer(identity, { region, service })
        .sign({ ...vector, headers }, Date.parse(vector.now)) as SignedRequest;
      assert.is(signed.canonicalRequest, vector.canonicalRequest);
      assert.is(signed.stringToSign, vector.stringToSign);
      assert.equal(signed.headers, {
        "x-amz-date": date,
        "x-amz-x509": leaf,
        ...(chain === undefined ? {} : { "x-amz-x509-chain": chain }),
        authorization,
      });
    });
  }
} else test.skip("signer.sign() writes the texts of the CreateSession vectors", `${FILE} is not there`);

test.run();
