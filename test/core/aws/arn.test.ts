import { formatArn, parseArn } from "../../../core/aws/arn.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/aws/arn");

test("parseArn() takes the six sections apart and keeps colons of the resource", () => {
  assert.equal(parseArn("arn:aws:logs:eu-west-1:123456789012:log-group:a:b"), {
    partition: "aws",
    service: "logs",
    region: "eu-west-1",
    account: "123456789012",
    resource: "log-group:a:b",
  });
});

test("formatArn() is the inverse of parseArn()", () => {
  for (const text of ["arn:aws:iam::123456789012:role/team a/Example+Role", "arn:aws-cn:s3:::bucket/key:with:colons"]) {
    assert.is(formatArn(parseArn(text)), text);
  }
});

test("parseArn() names what is wrong with text that is no ARN", () => {
  assert.match(assertThrows(() => parseArn(""), "ERR_ARN_PREFIX").message, "it is empty");
  assertThrows(() => parseArn("ARN:aws:iam::123456789012:role/r"), "ERR_ARN_PREFIX");
  assertThrows(() => parseArn(" arn:aws:iam::123456789012:role/r"), "ERR_ARN_PREFIX");
  const error = assertThrows(() => parseArn("arn:aws:iam:role/r", "role ARN"), "ERR_ARN_SECTIONS");
  assert.match(error.message, 'Cannot read role ARN "arn:aws:iam:role/r": it has 4 sections of six');
  assert.is(error["reading"], "role ARN");
  for (const odd of ["\n", "\u0000", "\u007f", "\ud800"]) {
    const told = assertThrows(() => parseArn(`arn:aws:iam::1:role/${odd}x`), "ERR_ARN_CHARACTER");
    assert.not.match(told.message, odd);
  }
});

test("parseArn() accepts characters outside the basic plane", () => {
  assert.is(parseArn("arn:aws:iam::123456789012:role/\u{1f511}").resource, "role/\u{1f511}");
});

test("parseArn() throws a TypeError for a value that is no string", () => {
  assert.throws(() => parseArn(undefined as unknown as string, "role ARN"), /The role ARN must be a string/);
});

test.run();
