import { parseAuthorization } from "../../../core/sigv4/mod.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/sigv4/authorization");

const CREDENTIAL = "Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request";
const HEADERS = "SignedHeaders=host;x-amz-date";
const SIGNATURE = "Signature=00ff";

test("parseAuthorization() reads the parts in any order, with and without spaces", () => {
  const expected = {
    algorithm: "AWS4-HMAC-SHA256",
    credentialId: "AKIDEXAMPLE",
    day: "20150830",
    region: "us-east-1",
    service: "iam",
    signedHeaders: ["host", "x-amz-date"],
    signature: "00ff",
  };
  for (
    const text of [
      `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${HEADERS}, ${SIGNATURE}`,
      `AWS4-HMAC-SHA256 ${SIGNATURE},${HEADERS},${CREDENTIAL}`,
      `AWS4-HMAC-SHA256  ${HEADERS} , ${CREDENTIAL} , ${SIGNATURE} `,
    ]
  ) assert.equal(parseAuthorization(text), expected);
});

test("parseAuthorization() refuses what cannot be read, and names the part", () => {
  const cases: [subject: string, text: string][] = [
    ["Authorization", ""],
    ["Authorization", "AWS4-HMAC-SHA256"],
    ["Authorization", " AWS4-HMAC-SHA256"],
    ["Authorization", "Bearer token"],
    ["Authorization", `AWS4_HMAC! ${CREDENTIAL}, ${HEADERS}, ${SIGNATURE}`],
    ["Authorization", `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${HEADERS}, ${SIGNATURE}, Extra=1`],
    ["Authorization", `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${HEADERS}, ${SIGNATURE},`],
    ["Signature", `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${HEADERS}`],
    ["SignedHeaders", `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${SIGNATURE}`],
    ["Credential", `AWS4-HMAC-SHA256 ${HEADERS}, ${SIGNATURE}`],
    ["Signature", `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${HEADERS}, ${SIGNATURE}, ${SIGNATURE}`],
    ["Credential", `AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/iam, ${HEADERS}, ${SIGNATURE}`],
    ["Credential", `AWS4-HMAC-SHA256 Credential=A/B/20150830/us-east-1/iam/aws4_request, ${HEADERS}, ${SIGNATURE}`],
    ["Credential", `AWS4-HMAC-SHA256 Credential=A/2015083/us-east-1/iam/aws4_request, ${HEADERS}, ${SIGNATURE}`],
    ["Credential", `AWS4-HMAC-SHA256 Credential=A/20150830//iam/aws4_request, ${HEADERS}, ${SIGNATURE}`],
    ["Credential", `AWS4-HMAC-SHA256 Credential=/20150830/us-east-1/iam/aws4_request, ${HEADERS}, ${SIGNATURE}`],
    ["Credential", `AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/iam/aws4, ${HEADERS}, ${SIGNATURE}`],
    ["SignedHeaders", `AWS4-HMAC-SHA256 ${CREDENTIAL}, SignedHeaders=, ${SIGNATURE}`],
    ["SignedHeaders", `AWS4-HMAC-SHA256 ${CREDENTIAL}, SignedHeaders=host;, ${SIGNATURE}`],
    ["SignedHeaders", `AWS4-HMAC-SHA256 ${CREDENTIAL}, SignedHeaders=Host, ${SIGNATURE}`],
    ["SignedHeaders", `AWS4-HMAC-SHA256 ${CREDENTIAL}, SignedHeaders=x-amz-date;host, ${SIGNATURE}`],
    ["SignedHeaders", `AWS4-HMAC-SHA256 ${CREDENTIAL}, SignedHeaders=host;host, ${SIGNATURE}`],
    ["SignedHeaders", `AWS4-HMAC-SHA256 ${CREDENTIAL}, SignedHeaders=ho st, ${SIGNATURE}`],
    ["SignedHeaders", `AWS4-HMAC-SHA256 ${CREDENTIAL}, SignedHeaders=a:b, ${SIGNATURE}`],
    ["Signature", `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${HEADERS}, Signature=`],
    ["Signature", `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${HEADERS}, Signature=0`],
    ["Signature", `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${HEADERS}, Signature=00FF`],
    ["Signature", `AWS4-HMAC-SHA256 ${CREDENTIAL}, ${HEADERS}, Signature=0g`],
  ];
  for (const [subject, text] of cases) {
    const error = assertThrows(() => parseAuthorization(text), "ERR_SIGV4_MALFORMED_AUTHORIZATION");
    assert.is(error["subject"], subject, text);
  }
});

test.run();
