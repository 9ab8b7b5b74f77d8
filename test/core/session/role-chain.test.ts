import { chainRoles } from "../../../core/session/role-chain.ts";
import type { Session } from "../../../core/session/create-session.ts";
import { assert, assertRejects, assertThrows, suite } from "../../support/suite.ts";
import { answer, ARNS, fakeFetch, NOON, ports } from "./fake-service.ts";
import { VirtualClock } from "./virtual-clock.ts";

const test = suite("core/session/role-chain");

const FIRST: Session = {
  credentials: {
    accessKeyId: "ASIAFIRST",
    secretAccessKey: "s",
    sessionToken: "t",
    expiration: "2026-06-01T13:00:00Z",
    accountId: "123456789012",
  },
  expiresAtMs: NOON + 3_600_000,
  assumedRoleUser: { arn: "arn:aws:sts::123456789012:assumed-role/First/1267", assumedRoleId: "AROAX:1267" },
  roleArn: ARNS.roleArn,
  requestId: "",
  attempts: 2,
  clockSkewMs: 0,
};

const roleArn = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

const success = (name: string, session: string) =>
  answer(
    200,
    `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA${name}</AccessKeyId><SecretAccessKey>s` +
      "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-06-01T12:15:00Z</Expiration></Credentials>" +
      `<AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/${name}/${session}` +
      "</Arn></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>",
  );

test("chainRoles() assumes each role with the credentials of the one before", async () => {
  const clock = new VirtualClock(NOON);
  const { fetch, sent } = fakeFetch(success("B", "build"), success("C", "build"));
  const chain = chainRoles({
    roles: [{ roleArn: roleArn("B"), roleSessionName: "build" }, { roleArn: roleArn("C"), externalId: "e1" }],
  });
  const options = { ...ARNS, durationSeconds: 900, fips: true };
  const session = await clock.run(chain.assume(FIRST, options, ports(clock, fetch)));
  assert.is(session.roleArn, roleArn("C"));
  assert.is(session.attempts, 4);
  assert.equal(sent.map(({ url }) => url), Array(2).fill("https://sts-fips.us-east-1.amazonaws.com/"));
  assert.match(sent[0]!.init.headers["authorization"]!, "Credential=ASIAFIRST/");
  assert.match(sent[1]!.init.headers["authorization"]!, "Credential=ASIAB/");
  assert.match(sent[1]!.init.body as string, "RoleSessionName=build&DurationSeconds=900&ExternalId=e1");
});

test("chainRoles() refuses to make or use chains that cannot be", async () => {
  assert.throws(() => chainRoles({ roles: [] }), /"roles" must hold at least one role/);
  const misspelled = { roleArn: roleArn("B"), polcy: "{}" };
  assert.throws(() => chainRoles({ roles: [misspelled] }), /a role of chainRoles\(\) has no option "polcy"/);
  const unknown = { roles: [{ roleArn: roleArn("B") }], region: "x" };
  assert.throws(() => chainRoles(unknown), /chainRoles\(\) has no option "region"/);
  assertThrows(() => chainRoles({ roles: [{ roleArn: roleArn("B") }, { roleArn: "x" }] }), "ERR_ARN_PREFIX");
  const chain = chainRoles({ roles: [{ roleArn: roleArn("B") }] });
  const clock = new VirtualClock(NOON);
  const { fetch, sent } = fakeFetch(success("B", "build"));
  const long = await assertRejects(
    chain.assume(FIRST, { ...ARNS, durationSeconds: 7200 }, ports(clock, fetch)),
    "ERR_SESSION_DURATION",
  );
  assert.match(long.message, "the duration is 7200 seconds and must be a whole number from 900 to 3600");
  assert.is(sent.length, 0);
});

test("chainRoles() tells one chain from another, however its members are ordered", () => {
  const text = (role: object, endpoint?: string) =>
    JSON.stringify(chainRoles({ roles: [{ roleArn: roleArn("B"), ...role }], endpoint }).subject);
  assert.is(text({ externalId: "e1", roleSessionName: "n1" }), text({ roleSessionName: "n1", externalId: "e1" }));
  const all = [
    text({}),
    text({ externalId: "e1" }),
    text({ roleSessionName: "e1" }),
    text({ policy: "{}" }),
    text({}, "http://x"),
  ];
  assert.is(new Set(all).size, all.length);
});

test.run();
