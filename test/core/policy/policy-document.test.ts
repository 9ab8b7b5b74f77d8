import { isCoded } from "../../../core/errors.ts";
import { DEFAULT_MAX_POLICY_SIZE, parsePolicy, type PolicyKind } from "../../../core/policy/mod.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/policy/policy-document");

const TRUST = {
  Effect: "Allow",
  Principal: { Service: "rolesanywhere.amazonaws.com" },
  Action: "sts:AssumeRole",
};
const PERMISSION = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

/** A document of the statement; members that are undefined are left out. */
function trust(changes: object): object {
  return { Version: "2012-10-17", Statement: [{ ...TRUST, ...changes }] };
}

function permission(changes: object): object {
  return { Version: "2012-10-17", Statement: [{ ...PERMISSION, ...changes }] };
}

function refuse(source: string | object, kind: PolicyKind, code: string, pointer: string, says: RegExp = /./): void {
  const error = assertThrows(() => parsePolicy(source, kind), code);
  assert.is(error["pointer"], pointer, error.message);
  assert.match(error.message, says);
  assert.match(error.message, /^Cannot read policy/);
}

test("parsePolicy() reads a trust policy", () => {
  const source = {
    Version: "2012-10-17",
    Id: "policy 1",
    Statement: {
      Sid: "Session1",
      ...TRUST,
      Principal: { Service: ["rolesanywhere.amazonaws.com"], AWS: "111122223333" },
      Condition: {
        ArnLike: { "aws:SourceArn": ["arn:aws:rolesanywhere:*:1:trust-anchor/a", "b"] },
        "ForAnyValue:StringNotLikeIfExists": { "aws:TagKeys": "x" },
        Bool: { "aws:SecureTransport": true },
        NumericEquals: { "aws:EpochTime": 1.50 },
      },
    },
  };
  for (const given of [source, JSON.stringify(source), JSON.stringify(source, null, 2)]) {
    const document = parsePolicy(given, "trust");
    assert.is(document.kind, "trust");
    assert.is(document.version, "2012-10-17");
    assert.is(document.id, "policy 1");
    const [statement] = document.statements;
    assert.is(statement?.index, 0);
    assert.is(statement?.sid, "Session1");
    assert.is(statement?.pointer, "/Statement");
    assert.is(statement?.effect, "Allow");
    assert.equal(statement?.actions, { negated: false, patterns: ["sts:AssumeRole"], pointer: "/Statement/Action" });
    assert.is(statement?.resources, undefined);
    assert.equal(statement?.principals, {
      negated: false,
      values: [
        { type: "Service", value: "rolesanywhere.amazonaws.com", pointer: "/Statement/Principal/Service/0" },
        { type: "AWS", value: "111122223333", pointer: "/Statement/Principal/AWS" },
      ],
    });
    assert.equal(statement?.conditions.map(({ operator, key, values }) => [operator.name, key, values]), [
      ["ArnLike", "aws:SourceArn", ["arn:aws:rolesanywhere:*:1:trust-anchor/a", "b"]],
      ["ForAnyValue:StringNotLikeIfExists", "aws:TagKeys", ["x"]],
      ["Bool", "aws:SecureTransport", ["true"]],
      ["NumericEquals", "aws:EpochTime", ["1.5"]],
    ]);
    assert.equal(statement?.conditions[1]?.operator, {
      name: "ForAnyValue:StringNotLikeIfExists",
      comparison: "StringLike",
      negated: true,
      ifExists: true,
      set: "ForAnyValue",
    });
    assert.is(statement?.conditions[0]?.pointer, "/Statement/Condition/ArnLike/aws:SourceArn");
  }
});

test("parsePolicy() reads a permissions policy, whose version is the older one by default", () => {
  const document = parsePolicy(
    { Statement: [{ ...PERMISSION, Sid: "" }, { ...PERMISSION, Effect: "Deny" }] },
    "permissions",
  );
  assert.is(document.version, "2008-10-17");
  assert.equal(document.statements.map(({ effect, sid, pointer }) => [effect, sid, pointer]), [
    ["Allow", undefined, "/Statement/0"],
    ["Deny", undefined, "/Statement/1"],
  ]);
  assert.equal(document.statements[0]?.resources, {
    negated: false,
    patterns: ["*"],
    pointer: "/Statement/0/Resource",
  });
  const negated = parsePolicy(
    { Statement: { Effect: "Allow", NotAction: ["iam:*"], NotResource: "arn:aws:s3:::a" } },
    "permissions",
  );
  assert.is(negated.statements[0]?.actions.negated, true);
  assert.is(negated.statements[0]?.resources?.negated, true);
});

test("parsePolicy() keeps the digits of a number that is no double", () => {
  const text =
    '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"a:b":[1e400,-0.10]}}}}';
  assert.equal(parsePolicy(text, "permissions").statements[0]?.conditions[0]?.values, ["1e400", "-0.10"]);
});

test("parsePolicy() refuses what is not JSON, and says where", () => {
  const cases: readonly (readonly [text: string, pointer: string, offset: number])[] = [
    ["", "", 0],
    ["{", "", 1],
    ["policy", "", 0],
    ['{"Version":"2012-10-17",}', "", 24],
    ["{'Version':1}", "", 1],
    ['{"Statement":[{"Effect":Allow}]}', "/Statement/0/Effect", 24],
    ['{"Statement":[1 2]}', "/Statement", 16],
    ['{"Statement":01}', "", 14],
    ['{"a":"\\x"}', "/a", 6],
    ['{"a":"\\u12g4"}', "/a", 6],
    ['{"a":"\n"}', "/a", 6],
    ['{"a":"', "/a", 6],
    ['{"a" 1}', "/a", 5],
    ["{} {}", "", 3],
    ['{"a":nul}', "/a", 5],
    ["[1,]", "/1", 3],
    ["\ufeff{}", "", 0],
  ];
  for (const [text, pointer, offset] of cases) {
    const error = assertThrows(() => parsePolicy(text, "trust"), "ERR_POLICY_SYNTAX");
    assert.is(error["pointer"], pointer, text);
    assert.is(error["offset"], offset, text);
  }
});

test("parsePolicy() refuses a member that stands twice, however it is spelt", () => {
  const twice = '{"Statement":[{"Effect":"Deny","\\u0045ffect":"Allow","Action":"*","Resource":"*"}]}';
  refuse(twice, "permissions", "ERR_POLICY_DUPLICATE", "/Statement/0/Effect", /stands twice/);
  refuse('{"Version":"2012-10-17","Version":"2012-10-17"}', "trust", "ERR_POLICY_DUPLICATE", "/Version");
  const tilde = '{"Statement":{"Condition":{"StringEquals":{"a/b~c":1,"a/b~c":2}}}}';
  refuse(tilde, "trust", "ERR_POLICY_DUPLICATE", "/Statement/Condition/StringEquals/a~1b~0c");
});

test("parsePolicy() refuses documents and statements of another shape, with a pointer", () => {
  refuse("[]", "trust", "ERR_POLICY_TYPE", "");
  refuse("null", "trust", "ERR_POLICY_TYPE", "");
  refuse("{}", "trust", "ERR_POLICY_MISSING", "", /Statement/);
  refuse({ Statement: [] }, "trust", "ERR_POLICY_EMPTY", "/Statement");
  refuse({ Statement: "*" }, "trust", "ERR_POLICY_TYPE", "/Statement");
  refuse({ Statement: [TRUST, null] }, "trust", "ERR_POLICY_TYPE", "/Statement/1");
  refuse({ Id: 1, Statement: [TRUST] }, "trust", "ERR_POLICY_TYPE", "/Id");
  refuse({ Version: "2012-10-18", Statement: [TRUST] }, "trust", "ERR_POLICY_VERSION", "/Version", /2012-10-17/);
  refuse({ Version: 20121017, Statement: [TRUST] }, "trust", "ERR_POLICY_TYPE", "/Version");
  refuse({ Statements: [TRUST] }, "trust", "ERR_POLICY_ELEMENT", "/Statements", /known are Version/);
  refuse({ statement: [TRUST] }, "trust", "ERR_POLICY_ELEMENT", "/statement", /case-sensitive: Statement/);
  refuse(trust({ Effect: undefined }), "trust", "ERR_POLICY_MISSING", "/Statement/0", /Effect/);
  refuse(trust({ Effect: "allow" }), "trust", "ERR_POLICY_EFFECT", "/Statement/0/Effect", /"Allow" or "Deny"/);
  refuse(trust({ Effect: true }), "trust", "ERR_POLICY_EFFECT", "/Statement/0/Effect");
  refuse(trust({ "a/b": 1 }), "trust", "ERR_POLICY_ELEMENT", "/Statement/0/a~1b");
  refuse(trust({ Sid: "with space" }), "trust", "ERR_POLICY_SID", "/Statement/0/Sid");
  refuse(trust({ Sid: null }), "trust", "ERR_POLICY_TYPE", "/Statement/0/Sid");
  refuse({ Id: null, Statement: [TRUST] }, "trust", "ERR_POLICY_TYPE", "/Id");
  refuse({ Version: null, Statement: [TRUST] }, "trust", "ERR_POLICY_TYPE", "/Version");
  refuse({ Statement: null }, "trust", "ERR_POLICY_TYPE", "/Statement");
  refuse(trust({ Condition: null }), "trust", "ERR_POLICY_TYPE", "/Statement/0/Condition");
  refuse(trust({ Sid: 1 }), "trust", "ERR_POLICY_TYPE", "/Statement/0/Sid");
  const same = { Statement: [{ ...TRUST, Sid: "A" }, { ...TRUST, Sid: "B" }, { ...TRUST, Sid: "A" }] };
  refuse(same, "trust", "ERR_POLICY_SID", "/Statement/2/Sid", /called "A"/);
});

test("parsePolicy() refuses principals of permissions, and resources of trust", () => {
  refuse(trust({ Resource: "*" }), "trust", "ERR_POLICY_ELEMENT", "/Statement/0/Resource", /remove it/);
  refuse(trust({ NotResource: "*" }), "trust", "ERR_POLICY_ELEMENT", "/Statement/0/NotResource");
  refuse(permission({ Principal: "*" }), "permissions", "ERR_POLICY_ELEMENT", "/Statement/0/Principal", /remove it/);
  refuse(permission({ NotPrincipal: "*" }), "permissions", "ERR_POLICY_ELEMENT", "/Statement/0/NotPrincipal");
  refuse(trust({ Principal: undefined }), "trust", "ERR_POLICY_MISSING", "/Statement/0", /Principal/);
  refuse(permission({ Resource: undefined }), "permissions", "ERR_POLICY_MISSING", "/Statement/0", /Resource/);
  refuse(permission({ Action: undefined }), "permissions", "ERR_POLICY_MISSING", "/Statement/0", /Action/);
  refuse(permission({ NotAction: "s3:*" }), "permissions", "ERR_POLICY_ELEMENT", "/Statement/0/NotAction", /both/);
  refuse(permission({ NotResource: "*" }), "permissions", "ERR_POLICY_ELEMENT", "/Statement/0/NotResource", /both/);
  refuse(trust({ NotPrincipal: "*" }), "trust", "ERR_POLICY_ELEMENT", "/Statement/0/NotPrincipal", /both/);
  const wide = { Statement: { Effect: "Allow", NotPrincipal: { AWS: "111122223333" }, Action: "sts:AssumeRole" } };
  refuse(wide, "trust", "ERR_POLICY_ELEMENT", "/Statement/NotPrincipal", /with Deny only/);
});

test("parsePolicy() refuses principals that can never be one", () => {
  const place = "/Statement/0/Principal";
  refuse(trust({ Principal: "rolesanywhere.amazonaws.com" }), "trust", "ERR_POLICY_PRINCIPAL", place, /"Service"/);
  refuse(trust({ Principal: ["*"] }), "trust", "ERR_POLICY_TYPE", place);
  refuse(trust({ Principal: {} }), "trust", "ERR_POLICY_EMPTY", place);
  refuse(trust({ Principal: { Service: [] } }), "trust", "ERR_POLICY_EMPTY", `${place}/Service`);
  refuse(trust({ Principal: { service: "a.b" } }), "trust", "ERR_POLICY_PRINCIPAL", `${place}/service`);
  refuse(trust({ Principal: { Service: "*" } }), "trust", "ERR_POLICY_PRINCIPAL", `${place}/Service`, /exact name/);
  refuse(trust({ Principal: { Service: ["a.b", ""] } }), "trust", "ERR_POLICY_PRINCIPAL", `${place}/Service/1`);
  refuse(trust({ Principal: { AWS: "12345" } }), "trust", "ERR_POLICY_PRINCIPAL", `${place}/AWS`, /12 digits/);
  refuse(trust({ Principal: { AWS: 111122223333 } }), "trust", "ERR_POLICY_TYPE", `${place}/AWS`);
  refuse(trust({ Principal: { AWS: "arn:aws:iam::1:role/*" } }), "trust", "ERR_POLICY_PRINCIPAL", `${place}/AWS`);
  for (const AWS of ["*", "111122223333", "arn:aws:iam::111122223333:root", "AROAEXAMPLEEXAMPLE123"]) {
    parsePolicy(trust({ Principal: { AWS } }), "trust");
  }
});

test("parsePolicy() refuses actions and resources of another shape", () => {
  const action = "/Statement/0/Action";
  for (const Action of ["", "AssumeRole", "sts:", ":AssumeRole", "s*:Get", "sts:Assume Role", "sts:${aws:username}"]) {
    refuse(trust({ Action }), "trust", "ERR_POLICY_ACTION", action, /service:Name/);
  }
  refuse(trust({ Action: ["sts:*", "x"] }), "trust", "ERR_POLICY_ACTION", `${action}/1`);
  refuse(trust({ Action: [] }), "trust", "ERR_POLICY_EMPTY", action, /empty/);
  refuse(trust({ Action: {} }), "trust", "ERR_POLICY_TYPE", action);
  refuse(trust({ Action: [["*"]] }), "trust", "ERR_POLICY_TYPE", `${action}/0`);
  const resource = "/Statement/0/Resource";
  for (const Resource of ["", "bucket", "s3:::a", "**"]) {
    refuse(permission({ Resource }), "permissions", "ERR_POLICY_RESOURCE", resource, /ARN/);
  }
  refuse(permission({ Resource: [] }), "permissions", "ERR_POLICY_EMPTY", resource);
  refuse(
    permission({ Resource: ["*", "arn:aws:s3:${aws:Region}::a"] }),
    "permissions",
    "ERR_POLICY_VARIABLE",
    `${resource}/1`,
    /fifth colon/,
  );
  for (const Resource of ["arn:aws:s3:::a/${aws:username", "arn:aws:s3:::a/${}", "arn:aws:s3:::${aws:a b}"]) {
    refuse(permission({ Resource }), "permissions", "ERR_POLICY_VARIABLE", resource);
  }
});

test("parsePolicy() takes white space wherever JSON has it (RFC 8259 §2), and no other", () => {
  const text = JSON.stringify(trust({}));
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[^"]/g)!;
  const spaced = ` \t\r\n${tokens.join(" \n\t\r ")}\n`;
  assert.equal(parsePolicy(spaced, "trust"), parsePolicy(text, "trust"));
  for (const space of ["\u00a0", "\u000b", "\u000c", "\ufeff", "\u2028"]) {
    refuse(space + text, "trust", "ERR_POLICY_SYNTAX", "");
  }
});

test("parsePolicy() refuses operators, keys and values that the language does not have", () => {
  const place = "/Statement/0/Condition";
  const refused = (Condition: unknown, code: string, below: string, says?: RegExp) =>
    refuse(trust({ Condition }), "trust", code, place + below, says);
  refused([], "ERR_POLICY_TYPE", "");
  refused({ StringEquals: "a" }, "ERR_POLICY_TYPE", "/StringEquals");
  for (
    const name of [
      "StringEqual",
      "StringsEquals",
      "NullIfExists",
      "ForAllValues:Null",
      "ForSome:StringEquals",
      "BoolNot",
      "",
    ]
  ) {
    refused({ [name]: { "a:b": "c" } }, "ERR_POLICY_OPERATOR", `/${name}`, /is no condition operator/);
  }
  refused({ stringequals: { "a:b": 1 } }, "ERR_POLICY_OPERATOR", "/stringequals", /case-sensitive: StringEquals/);
  refused(
    { "forallvalues:arnlikeifexists": {} },
    "ERR_POLICY_OPERATOR",
    "/forallvalues:arnlikeifexists",
    /ForAllValues:ArnLikeIfExists/,
  );
  refused({ StringEquals: { SourceArn: "a" } }, "ERR_POLICY_KEY", "/StringEquals/SourceArn", /prefix/);
  refused({ StringEquals: { "": "a" } }, "ERR_POLICY_KEY", "/StringEquals/");
  refused({ StringEquals: { "a:b": [] } }, "ERR_POLICY_EMPTY", "/StringEquals/a:b");
  refused({ StringEquals: { "a:b": null } }, "ERR_POLICY_TYPE", "/StringEquals/a:b");
  refused({ StringEquals: { "a:b": ["x", {}] } }, "ERR_POLICY_TYPE", "/StringEquals/a:b/1");
  for (const text of ["${", "${}", "${a:b", "${a b}", "${a, b}", "${a, 'b}", "x${a:${b}}", "${aws:username }"]) {
    refused({ StringLike: { "a:b": [text] } }, "ERR_POLICY_VARIABLE", "/StringLike/a:b/0", /policy variable/);
  }
  parsePolicy(trust({ Condition: { NumericEquals: { "a:b": "${" } } }), "trust");
  parsePolicy({ Statement: { ...TRUST, Condition: { StringLike: { "a:b": "${" } } } }, "trust");
});

test("parsePolicy() bounds size and depth", () => {
  const long = permission({ Sid: "A".repeat(DEFAULT_MAX_POLICY_SIZE) });
  refuse(long, "permissions", "ERR_POLICY_SIZE", "", /characters without white space/);
  refuse(JSON.stringify(long), "permissions", "ERR_POLICY_SIZE", "");
  const size = JSON.stringify(permission({})).length;
  const padded = JSON.stringify(permission({})).replace(/,/g, `,${" \n".repeat(DEFAULT_MAX_POLICY_SIZE)}`);
  parsePolicy(padded, "permissions", { maxSize: size });
  assertThrows(() => parsePolicy(padded, "permissions", { maxSize: size - 1 }), "ERR_POLICY_SIZE");
  let nested: unknown = "x";
  for (let i = 0; i < 5000; i++) nested = [nested];
  refuse({ Statement: nested }, "trust", "ERR_POLICY_DEPTH", `/Statement${"/0".repeat(16)}`);
  refuse(`${"[".repeat(5000)}${"]".repeat(5000)}`, "trust", "ERR_POLICY_DEPTH", "/0".repeat(17));
  const loop: Record<string, unknown> = {};
  loop["Statement"] = loop;
  assertThrows(() => parsePolicy(loop, "trust"), "ERR_POLICY_DEPTH");
});

test("parsePolicy() survives a megabyte of anything", () => {
  const megabyte = 1 << 20;
  const texts = [
    "[".repeat(megabyte),
    '{"a":'.repeat(megabyte / 5),
    `"${"\\u0041".repeat(megabyte / 6)}"`,
    `[${"1,".repeat(megabyte / 2)}1]`,
    " ".repeat(megabyte),
    `"${"a".repeat(megabyte)}`,
    JSON.stringify({ Statement: Array(10_000).fill(TRUST) }),
  ];
  for (const text of texts) {
    for (const maxSize of [DEFAULT_MAX_POLICY_SIZE, Infinity]) {
      try {
        parsePolicy(text, "trust", { maxSize });
      } catch (error) {
        assert.ok(isCoded(error), String(error));
      }
    }
  }
});

test("parsePolicy() takes members that are called like those of every object for what they are", () => {
  const text = (member: string) => `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*",${member}}}`;
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    refuse(text(`"${name}":{}`), "permissions", "ERR_POLICY_ELEMENT", `/Statement/${name}`);
    const operator = `"Condition":{"${name}":{"a:b":"c"}}`;
    refuse(text(operator), "permissions", "ERR_POLICY_OPERATOR", `/Statement/Condition/${name}`);
    const key = `"Condition":{"StringEquals":{"${name}":"c"}}`;
    refuse(text(key), "permissions", "ERR_POLICY_KEY", `/Statement/Condition/StringEquals/${name}`);
  }
  const source = JSON.parse(text('"__proto__":{"Effect":"Deny"}')) as object;
  refuse(source, "permissions", "ERR_POLICY_ELEMENT", "/Statement/__proto__");
});

test("parsePolicy() shows nothing unseen of a stranger's policy in its messages", () => {
  const error = assertThrows(() => parsePolicy(trust({ Action: "\u202ea\ud800" }), "trust"), "ERR_POLICY_ACTION");
  assert.not.match(error.message, /[\u202e\ud800]/);
  assert.ok(
    assertThrows(() => parsePolicy(trust({ Action: "x".repeat(9000) }), "trust"), "ERR_POLICY_ACTION").message.length <
      400,
  );
});

test("parsePolicy() throws a TypeError for what is neither text nor an object, and for another kind", () => {
  assert.throws(() => parsePolicy("{}", "resource" as PolicyKind), (error: Error) => error instanceof TypeError);
  for (const source of [undefined, null, 1, true]) {
    assert.throws(
      () => parsePolicy(source as unknown as string, "trust"),
      (error: Error) => error instanceof TypeError,
    );
  }
});

test.run();
