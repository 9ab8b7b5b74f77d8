import {
  adviseTrustPolicy,
  DEFAULT_ATTRIBUTE_MAPPINGS,
  parsePolicy,
  type PolicyAdvice,
  type TrustPolicyFacts,
} from "../../../core/policy/mod.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/policy/trust-policy-advice");

const ANCHOR = "arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/0d3b4a8a-1111-2222-3333-444455556666";
const ROLES_ANYWHERE = { Service: "rolesanywhere.amazonaws.com" };
const ACTIONS = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
const SUBJECT = "aws:PrincipalTag/x509Subject/CN";
const ISSUER = "aws:PrincipalTag/x509Issuer/CN";
const GOOD = {
  ArnEquals: { "aws:SourceArn": ANCHOR },
  StringEquals: { [SUBJECT]: "server-a.example.com", [ISSUER]: "Example Issuing CA" },
};
const PLACE = "/Statement/0/Condition";

function advise(
  statements: readonly object[],
  facts: TrustPolicyFacts = {},
  version = "2012-10-17",
): readonly PolicyAdvice[] {
  const Statement = statements.map((one) => ({ Effect: "Allow", Principal: ROLES_ANYWHERE, Action: ACTIONS, ...one }));
  return adviseTrustPolicy(parsePolicy({ Version: version, Statement }, "trust"), facts);
}

/** Advice on a statement that is sound but for one condition more. */
function adviseOn(Condition: Record<string, unknown>, facts: TrustPolicyFacts = {}): readonly PolicyAdvice[] {
  return advise([{ Condition: GOOD }, { Effect: "Allow", Action: "sts:TagSession", Condition }], facts);
}

function ids(advice: readonly PolicyAdvice[]): readonly string[] {
  return advice.map(({ id }) => id);
}

function only(advice: readonly PolicyAdvice[], id: string, pointer: string, says: RegExp): void {
  assert.equal(ids(advice), [id], JSON.stringify(advice));
  assert.is(advice[0]?.pointer, pointer);
  assert.match(advice[0]?.message ?? "", says);
  assert.match(advice[0]?.advice ?? "", /\.$/);
}

test("adviseTrustPolicy() has nothing to say about the recommended policy", () => {
  const facts = { attributeMappings: DEFAULT_ATTRIBUTE_MAPPINGS, trustAnchorArn: ANCHOR };
  assert.equal(advise([{ Condition: GOOD }], facts), []);
  const identity = { ArnEquals: GOOD.ArnEquals, StringEquals: { "sts:SourceIdentity": "CN=server-a.example.com" } };
  assert.equal(advise([{ Condition: identity }], facts), []);
});

test("adviseTrustPolicy() RA001: nothing is asked", () => {
  only(advise([{}]), "RA001", "/Statement/0", /any certificate of any trust anchor/);
});

test("adviseTrustPolicy() RA002: any trust anchor is accepted", () => {
  only(advise([{ Condition: { StringEquals: GOOD.StringEquals } }]), "RA002", "/Statement/0", /any trust anchor/);
  const account = { StringEquals: { ...GOOD.StringEquals, "aws:SourceAccount": "111122223333" } };
  only(advise([{ Condition: account }]), "RA002", "/Statement/0", /any trust anchor/);
});

test("adviseTrustPolicy() RA003: nothing is asked of the certificate", () => {
  only(
    advise([{ Condition: { ArnEquals: GOOD.ArnEquals } }]),
    "RA003",
    "/Statement/0",
    /nothing is asked of the certificate/,
  );
  const present = { ArnEquals: GOOD.ArnEquals, Null: { [SUBJECT]: "false" } };
  only(advise([{ Condition: present }]), "RA003", "/Statement/0", /nothing is asked of the certificate/);
});

test("adviseTrustPolicy() RA004: nothing is asked of the issuer", () => {
  const Condition = { ArnEquals: GOOD.ArnEquals, StringEquals: { [SUBJECT]: "server-a" } };
  only(advise([{ Condition }]), "RA004", "/Statement/0", /issuer/);
});

test("adviseTrustPolicy() RA005: aws:SourceArn is no single trust anchor", () => {
  const arn = (value: string, facts: TrustPolicyFacts = {}) =>
    advise([{ Condition: { ...GOOD, ArnEquals: { "aws:SourceArn": value } } }], facts);
  const place = `${PLACE}/ArnEquals/aws:SourceArn`;
  only(arn("*"), "RA005", place, /is not the ARN of a trust anchor/);
  only(arn(ANCHOR.replace(/\/.*/, "/*")), "RA005", place, /more than one trust anchor/);
  only(arn(ANCHOR.replace("trust-anchor", "profile")), "RA005", place, /is not the ARN of a trust anchor/);
  only(arn(ANCHOR, { trustAnchorArn: `${ANCHOR}1` }), "RA005", place, /does not let in the trust anchor/);
});

test("adviseTrustPolicy() RA006: aws:SourceArn is compared as text", () => {
  const { StringEquals } = GOOD;
  const like = advise([{ Condition: { StringEquals, StringLike: { "aws:SourceArn": ANCHOR } } }]);
  only(like, "RA006", `${PLACE}/StringLike/aws:SourceArn`, /across the parts/);
  const pattern = { ...StringEquals, "aws:SourceArn": `${ANCHOR.slice(0, -4)}*` };
  const equals = advise([{ Condition: { StringEquals: pattern } }]);
  assert.equal(ids(equals), ["RA005", "RA006"]);
  assert.match(equals[1]?.message ?? "", /literally: it never matches/);
});

test("adviseTrustPolicy() RA007: an action is missing", () => {
  only(
    advise([{ Action: "sts:AssumeRole", Condition: GOOD }]),
    "RA007",
    "",
    /sts:TagSession and sts:SetSourceIdentity/,
  );
  const nobody = adviseTrustPolicy(
    parsePolicy(
      { Statement: { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:*" } },
      "trust",
    ),
  );
  only(nobody, "RA007", "", /sts:AssumeRole and/);
  assert.equal(advise([{ Action: ACTIONS.slice(0, 2), Condition: GOOD }, { Action: ACTIONS[2], Condition: GOOD }]), []);
});

test("adviseTrustPolicy() RA008: another statement lets in without the condition on the certificate", () => {
  const advice = advise([{ Condition: GOOD }, { Action: "sts:AssumeRole", Condition: { ArnEquals: GOOD.ArnEquals } }]);
  only(advice, "RA008", "/Statement/1", /that another statement has/);
});

test("adviseTrustPolicy() RA009 and RA010: met when the tag is missing", () => {
  const place = "/Statement/1/Condition";
  only(
    adviseOn({ StringNotEquals: { [SUBJECT]: "a" } }),
    "RA009",
    `${place}/StringNotEquals/${escape(SUBJECT)}`,
    /not mapped/,
  );
  only(
    adviseOn({ StringEqualsIfExists: { [SUBJECT]: "a" } }),
    "RA010",
    `${place}/StringEqualsIfExists/${escape(SUBJECT)}`,
    /missing/,
  );
  only(
    adviseOn({ "ForAllValues:StringEquals": { [ISSUER]: "a" } }),
    "RA010",
    `${place}/ForAllValues:StringEquals/${escape(ISSUER)}`,
    /missing/,
  );
  only(
    adviseOn({ ArnEqualsIfExists: { "aws:SourceArn": ANCHOR } }),
    "RA010",
    `${place}/ArnEqualsIfExists/aws:SourceArn`,
    /missing/,
  );
  const denied = advise([{ Condition: GOOD }, { Effect: "Deny", Condition: { StringNotEquals: { [SUBJECT]: "a" } } }]);
  assert.equal(denied, [], "in a Deny statement a missing tag denies, as it should");
});

test("adviseTrustPolicy() RA011: open patterns", () => {
  const open = (key: string, value: string) => ids(adviseOn({ StringLike: { [`aws:PrincipalTag/${key}`]: value } }));
  for (const value of ["*", "*.example.com"]) assert.equal(open("x509Subject/CN", value), ["RA011"], value);
  assert.equal(open("x509SAN/DNS", "*.example.com"), ["RA011"]);
  assert.equal(open("x509SAN/URI", "spiffe://example.org/ns/*/sa/web"), ["RA011"]);
  assert.equal(open("x509SAN/URI", "spiffe://example.org/ns*"), ["RA011"]);
  assert.equal(open("x509SAN/URI", "spiffe://example.org/ns/*"), []);
  assert.equal(open("x509Subject/CN", "server-*"), []);
  assert.equal(open("x509Subject/O", "*"), []);
});

test("adviseTrustPolicy() RA012: a tag that the profile does not map", () => {
  const issuerOnly: TrustPolicyFacts = {
    attributeMappings: [{ certificateField: "x509Issuer", mappingRules: [{ specifier: "*" }] }],
  };
  only(
    advise([{ Condition: GOOD }], issuerOnly),
    "RA012",
    `${PLACE}/StringEquals/${escape(SUBJECT)}`,
    /the profile does not map x509Subject\/CN: the condition is never met, and its statement never applies/,
  );
  const negated = adviseOn({ StringNotEquals: { "aws:PrincipalTag/x509SAN/URI": "a" } }, issuerOnly);
  assert.match(negated.find(({ pointer }) => pointer.includes("URI"))?.message ?? "", /always met/);
  const variable = adviseOn({ StringLike: { "sts:RoleSessionName": `\${${SUBJECT}}` } }, issuerOnly);
  assert.ok(variable.some(({ id, message }) => id === "RA012" && /The variable .* nothing equals it/.test(message)));
  const names: TrustPolicyFacts = {
    attributeMappings: [
      { certificateField: "x509Subject", mappingRules: [{ specifier: "CN" }] },
      { certificateField: "x509Issuer", mappingRules: [{ specifier: "*" }] },
      { certificateField: "x509SAN", mappingRules: [{ specifier: "Name" }] },
    ],
  };
  const mapped = (tag: string) => ids(adviseOn({ StringEquals: { [`aws:PrincipalTag/${tag}`]: "a" } }, names));
  assert.equal(mapped("x509subject/cn"), []);
  assert.equal(mapped("x509Subject/O"), ["RA012"]);
  assert.equal(mapped("x509SAN/Name/O"), []);
  assert.equal(mapped("x509SAN/DNS"), ["RA012"]);
  assert.equal(mapped("x509Issuer/2.5.4.3"), ["RA012"], "a star maps attributes under their short names");
});

test("adviseTrustPolicy() RA012: a tag that the certificate does not give", () => {
  const tags = [{ key: "x509Subject/CN", value: "server-a.example.com" }];
  for (const facts of [{ tags }, { tags, attributeMappings: DEFAULT_ATTRIBUTE_MAPPINGS }]) {
    const advice = advise([{ Condition: GOOD }], facts);
    only(advice, "RA012", `${PLACE}/StringEquals/${escape(ISSUER)}`, /the certificate gives the session no tag/);
  }
});

test("adviseTrustPolicy() lets a Deny statement ask for any anchor and any name", () => {
  const denied = (Condition: object) =>
    advise([{ Condition: GOOD }, { Effect: "Deny", Condition }], { trustAnchorArn: ANCHOR });
  assert.equal(denied({ ArnEquals: { "aws:SourceArn": ANCHOR.replace("444455556666", "*") } }), []);
  assert.equal(denied({ StringLike: { "aws:PrincipalTag/x509SAN/DNS": "*.example.com" } }), []);
  assert.equal(denied({ StringEqualsIfExists: { [SUBJECT]: "a" } }), []);
  assert.equal(ids(denied({ StringEquals: { "aws:PrincipalTag/x509Serial": "01" } })), ["RA013"]);
});

test("adviseTrustPolicy() RA013: a tag that no certificate has", () => {
  const advice = (tag: string, operator = "StringEquals") =>
    adviseOn({ [operator]: { [`aws:PrincipalTag/${tag}`]: "a" } });
  const serial = advice("x509Serial");
  only(
    serial,
    "RA013",
    "/Statement/1/Condition/StringEquals/aws:PrincipalTag~1x509Serial",
    /no certificate gives a session the tag x509Serial: the condition is never met/,
  );
  assert.match(serial[0]?.advice ?? "", /Serial numbers are no tags/);
  assert.match(advice("x509Serial", "StringNotEquals")[0]?.message ?? "", /is always met/);
  const cases: Record<string, RegExp> = {
    "x509SAN/IP": /x509SAN\/DNS, x509SAN\/URI/,
    "x509SAN/Email": /x509SAN\/DNS/,
    "x509SAN/CN": /x509SAN\/Name\/CN/,
    "x509SAN/Name": /x509SAN\/Name\/CN/,
    "x509/Subject/CN": /x509/,
    "x509Subjct/CN": /x509/,
    "Subject/CN": /write aws:PrincipalTag\/x509Subject\/CN/i,
    "x509Subject": /x509Subject\/CN/,
    "x509Subject/": /x509/,
    "x509Subject/CommonName": /x509/,
    "x509Subject/toString": /x509/,
    department: /x509/,
  };
  for (const [tag, says] of Object.entries(cases)) {
    assert.equal(ids(advice(tag)), ["RA013"], tag);
    assert.match(advice(tag)[0]?.advice ?? "", says, tag);
  }
  assert.equal(ids(advice("X509SUBJECT/cn")), [], "case does not count");
  const variable = adviseOn({ StringEquals: { "sts:RoleSessionName": "${aws:PrincipalTag/x509Serial}" } });
  only(variable, "RA013", "/Statement/1/Condition/StringEquals/sts:RoleSessionName", /The variable/);
});

test("adviseTrustPolicy() RA014: a value that can never occur", () => {
  const of = (value: string, facts: TrustPolicyFacts = {}, operator = "StringEquals") =>
    adviseOn({ [operator]: { "aws:PrincipalTag/x509Subject/OU": value } }, facts);
  const place = "/Statement/1/Condition/StringEquals/aws:PrincipalTag~1x509Subject~1OU";
  only(of("Smith & Co"), "RA014", place, /letters, digits/);
  only(of("a".repeat(257)), "RA014", place, /256 characters/);
  assert.equal(of("Sm?th*", {}, "StringLike"), []);
  const tags = [{ key: "x509Subject/CN", value: "server-a.example.com" }, {
    key: "x509Issuer/CN",
    value: "Example Issuing CA",
  }, {
    key: "x509Subject/OU",
    value: "Security/Engineering",
  }];
  only(of("Security", { tags }), "RA014", place, /joins it to "Security\/Engineering"/);
  assert.equal(of("Security/Engineering", { tags }), []);
  assert.equal(of("Sales", { tags }), []);
});

test("adviseTrustPolicy() RA015: a source identity that never occurs", () => {
  const of = (value: string, operator = "StringEquals") =>
    ids(adviseOn({ [operator]: { "sts:SourceIdentity": value } }));
  assert.equal(of("server-a"), ["RA015"]);
  assert.equal(of("CN="), ["RA015"]);
  assert.equal(of(`CN=${"a".repeat(62)}`), ["RA015"]);
  assert.equal(of("ID=123"), ["RA015"]);
  assert.equal(of("server-*", "StringLike"), ["RA015"]);
  assert.equal(of("${sourceIdentityPrefix}${sourceIdentityValue}"), ["RA015"]);
  for (const value of ["CN=server-a", `CN=${"a".repeat(61)}`, "a".repeat(62), "ID=0123", `CN=\${${SUBJECT}}`]) {
    assert.equal(of(value), [], value);
  }
  assert.equal(of("CN=server-*", "StringLike"), []);
});

test("adviseTrustPolicy() RA016: a tag compared with itself", () => {
  const advice = adviseOn({ StringEquals: { [SUBJECT]: "${aws:RequestTag/x509Subject/CN}" } });
  only(advice, "RA016", `/Statement/1/Condition/StringEquals/${escape(SUBJECT)}`, /always equal/);
});

test("adviseTrustPolicy() RA017: keys that a service has not", () => {
  for (
    const key of [
      "aws:SourceIp",
      "aws:VpcSourceIp",
      "aws:PrincipalArn",
      "aws:PrincipalOrgID",
      "sts:ExternalId",
      "AWS:multifactorauthpresent",
    ]
  ) {
    assert.equal(ids(adviseOn({ StringEquals: { [key]: "a" } })), ["RA017"], key);
  }
  assert.match(adviseOn({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } })[0]?.message ?? "", /never met/);
  assert.match(adviseOn({ NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } })[0]?.message ?? "", /always met/);
});

test("adviseTrustPolicy() RA018 and RA019: other principals", () => {
  only(advise([{ Principal: "*", Condition: GOOD }]), "RA018", "/Statement/0/Principal", /everybody/);
  only(advise([{ Principal: { AWS: "*" }, Condition: GOOD }]), "RA018", "/Statement/0/Principal/AWS", /everybody/);
  const mixed = { ...ROLES_ANYWHERE, AWS: "111122223333" };
  only(advise([{ Principal: mixed, Condition: GOOD }]), "RA019", "/Statement/0/Principal", /111122223333/);
  const tag = { ...GOOD, StringEquals: { ...GOOD.StringEquals, "aws:PrincipalTag/team": "a" } };
  only(advise([{ Principal: mixed, Condition: tag }]), "RA019", "/Statement/0/Principal", /./);
});

test("adviseTrustPolicy() RA020: variables in an old policy", () => {
  const advice = advise(
    [{ Condition: { ...GOOD, StringLike: { "sts:RoleSessionName": "${aws:username}" } } }],
    {},
    "2008-10-17",
  );
  only(advice, "RA020", `${PLACE}/StringLike/sts:RoleSessionName`, /2008-10-17/);
});

test("adviseTrustPolicy() RA021: more actions than three", () => {
  only(advise([{ Action: "sts:*", Condition: GOOD }]), "RA021", "/Statement/0/Action", /sts:\*/);
  only(advise([{ Action: ["*"], Condition: GOOD }]), "RA021", "/Statement/0/Action", /\*/);
  only(
    advise([{ Action: undefined, NotAction: "s3:*", Condition: GOOD }]),
    "RA021",
    "/Statement/0/NotAction",
    /NotAction/,
  );
});

test("adviseTrustPolicy() RA022: the profile's duration is longer than the role's", () => {
  only(
    advise([{ Condition: GOOD }], { maxSessionDurationSeconds: 3600, profileDurationSeconds: 7200 }),
    "RA022",
    "",
    /3600 s is less than .* 7200 s/,
  );
  for (const facts of [{ maxSessionDurationSeconds: 3600 }, { profileDurationSeconds: 3600 }]) {
    assert.equal(advise([{ Condition: GOOD }], facts), []);
    assert.equal(advise([{ Condition: GOOD }], { ...facts, maxSessionDurationSeconds: 3600 }), []);
  }
});

test("adviseTrustPolicy() leaves statements about others alone, and takes trust policies only", () => {
  const other = { Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole", Condition: undefined };
  assert.equal(advise([{ Condition: GOOD }, other]), []);
  const permissions = parsePolicy({ Statement: { Effect: "Allow", Action: "*", Resource: "*" } }, "permissions");
  assert.throws(() => adviseTrustPolicy(permissions), (error: Error) => error instanceof TypeError);
});

/** A member's name as a JSON pointer writes it. */
function escape(member: string): string {
  return member.replace(/\//g, "~1");
}

test.run();
