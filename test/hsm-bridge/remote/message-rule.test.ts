// runtimes: node20 node deno bun workerd
import { decodeLatin1, encodeLatin1, encodeUtf8 } from "../../../core/bytes/text.ts";
import { ECDSA_SHA256, ECDSA_SHA384, ML_DSA_65, RSA_PKCS1_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import { messageObjection } from "../../../hsm-bridge/remote/message-rule.ts";
import { stringToSign } from "../../support/signing-bench.ts";
import { assert, suite } from "../../support/suite.ts";
import { NOW } from "../../support/test-authority.ts";

const test = suite("hsm-bridge/remote/message-rule");

test("messageObjection() has none to strings to sign of IAM Roles Anywhere, each for its algorithm", () => {
  const cases = [
    [ECDSA_SHA256, "AWS4-X509-ECDSA-SHA256"],
    [RSA_PKCS1_SHA256, "AWS4-X509-RSA-SHA256"],
    [ML_DSA_65, "AWS4-X509-MLDSA"],
  ] as const;
  for (const [algorithm, token] of cases) {
    assert.is(messageObjection("roles-anywhere", algorithm, stringToSign(token), NOW), undefined);
  }
  for (const time of ["20260601T114500Z", "20260601T121500Z"]) {
    assert.is(messageObjection("roles-anywhere", ECDSA_SHA256, stringToSign(undefined, time), NOW), undefined);
  }
});

test("messageObjection() objects to everything else", () => {
  const good = decodeLatin1(stringToSign());
  const messages = [
    "",
    "message",
    `${good}\n`,
    `\n${good}`,
    `x${good}`,
    good.slice(0, -1),
    `${good}0`,
    good.toUpperCase(),
    good.replace("rolesanywhere", "sts"),
    good.replace("rolesanywhere", "rolesanywhere2"),
    good.replace("/us-east-1/", "//"),
    good.replace("/us-east-1/", "/us-east-1/x/"),
    good.replace("/us-east-1/", "/us\neast-1/"),
    good.replace("aws4_request", "aws4_request/"),
    good.replace("AWS4-X509-ECDSA-SHA256", "AWS4-X509-RSA-SHA256"),
    good.replace("AWS4-X509-ECDSA-SHA256", "AWS4-HMAC-SHA256"),
    good.replace("20260601/", "20260602/"),
    good.replaceAll("20260601", "20260631"),
    good.replaceAll("20260601", "20261301"),
    good.replace("T120000Z", "T250000Z"),
    good.replace("T120000Z", "T121501Z"),
    good.replace("T120000Z", "T114459Z"),
    good.replaceAll("20260601", "20260602"),
    good.replaceAll("\n", "\r\n"),
    `${good}${"0".repeat(1000)}`,
  ];
  for (const message of messages) {
    assert.type(messageObjection("roles-anywhere", ECDSA_SHA256, encodeLatin1(message)!, NOW), "string", message);
  }
  assert.type(messageObjection("roles-anywhere", ECDSA_SHA384, stringToSign(), NOW), "string");
  assert.type(messageObjection("roles-anywhere", ECDSA_SHA256, encodeUtf8(good.replace("us", "ü")), NOW), "string");
});

test("messageObjection() has one to any message that is too long alone", () => {
  assert.is(messageObjection("any-message", ECDSA_SHA256, new Uint8Array(131_072), NOW), undefined);
  assert.match(messageObjection("any-message", ECDSA_SHA256, new Uint8Array(131_073), NOW)!, "131073 octets");
});

test.run();
