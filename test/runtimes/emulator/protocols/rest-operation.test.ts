// runtimes: node20 node deno bun workerd
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { AuthorizationLog } from "../../../../runtimes/emulator/access/authorization-log.ts";
import type { Call } from "../../../../runtimes/emulator/aws-service.ts";
import {
  bindRestOperation,
  matchPath,
  type RestOperation,
} from "../../../../runtimes/emulator/protocols/rest-operation.ts";
import { PUT_ATTRIBUTE_MAPPING } from "../../../../runtimes/emulator/routes/attribute-mappings.ts";
import { IMPORT_CRL } from "../../../../runtimes/emulator/routes/crls.ts";
import { CREATE_PROFILE, ENABLE_PROFILE, GET_PROFILE } from "../../../../runtimes/emulator/routes/profiles.ts";
import { TAG_RESOURCE } from "../../../../runtimes/emulator/routes/tags.ts";
import { ServiceRefusal } from "../../../../runtimes/emulator/protocols/service-refusal.ts";
import type { Service } from "../../../../runtimes/emulator/service.ts";
import type { Change } from "../../../../runtimes/emulator/store/emulator-store.ts";
import type { ProfileRecord, RoleRecord, TrustAnchorRecord } from "../../../../runtimes/emulator/store/records.ts";
import { blob, caPem, emptyList } from "../../../support/control-plane.ts";
import { callOf, serviceWith } from "../../../support/service-tables.ts";
import { assert, suite } from "../../../support/suite.ts";
import { NOW, PROFILE_ARN, ROLE_ARN, TRUST_ANCHOR_ARN } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/rest-operation");

const PROFILE_ID = PROFILE_ARN.slice(-36);

const PROFILE: Change = {
  table: "profiles",
  key: PROFILE_ARN,
  record: {
    arn: PROFILE_ARN,
    id: PROFILE_ID,
    roleArns: [ROLE_ARN],
    updatedAt: "2026-06-01T12:00:00.000000Z",
    attributeMappings: [],
  } as Partial<ProfileRecord> as ProfileRecord,
};

function call(body: unknown, caller?: Call["caller"]): Call {
  const plain = callOf();
  return {
    ...plain,
    caller: caller ?? plain.caller,
    request: { ...plain.request, body: body === undefined ? new Uint8Array() : encodeUtf8(JSON.stringify(body)) },
  };
}

test("matchPath() answers what stands in the place of braces", () => {
  assert.equal(matchPath("/crls", "/crls"), {});
  assert.equal(matchPath("/crl/{crlId}/enable", "/crl/%41b/enable"), { crlId: "%41b" });
  for (
    const path of ["/crl", "/crl/", "/crl//enable", "/crl/a", "/crl/a/enable/", "/crl/a/disable", "crl/a/enable", ""]
  ) {
    assert.is(matchPath("/crl/{crlId}/enable", path), undefined, path);
  }
});

test("bindRestOperation() tells events of input and output, but not of tags and lists", async () => {
  const anchor = { arn: TRUST_ANCHOR_ARN, certificatesPem: await caPem("Root") } as TrustAnchorRecord;
  const service = serviceWith([PROFILE, { table: "trustAnchors", key: TRUST_ANCHOR_ARN, record: anchor }]);
  const tag = { key: "secret", value: "secret" };
  const hidden = "HIDDEN_DUE_TO_SECURITY_REASONS";

  const tagged = await bindRestOperation(TAG_RESOURCE, {}).run(
    service,
    call({ resourceArn: PROFILE_ARN, tags: [tag], unknown: "x" }),
  );
  assert.equal(tagged.requestParameters, { resourceArn: PROFILE_ARN, tags: [{ key: hidden, value: hidden }] });
  assert.equal(tagged.responseElements, {});

  const list = { name: "c", crlData: blob(await emptyList("Subordinate")), trustAnchorArn: TRUST_ANCHOR_ARN };
  const imported = await bindRestOperation(IMPORT_CRL, {}).run(service, call(list));
  assert.equal(imported.requestParameters, { name: "c", trustAnchorArn: TRUST_ANCHOR_ARN });
  assert.not.ok("crlData" in (imported.responseElements as { crl: object }).crl);
  assert.is((await imported.response.json()).crl.crlData, list.crlData);

  const read = await bindRestOperation(GET_PROFILE, { profileId: PROFILE_ID }).run(service, call(undefined));
  assert.equal(read.requestParameters, { profileId: PROFILE_ID });
  assert.is(read.responseElements, undefined);
});

/** A session of a role that may do this. */
function session(...statements: readonly object[]): readonly [Service, Call["caller"]] {
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const role = { arn: ROLE_ARN, policies: { policy }, attachedPolicyArns: [] } as Partial<RoleRecord> as RoleRecord;
  const tags: Change = { table: "tags", key: PROFILE_ARN, record: { tags: [{ key: "team", value: "red" }] } };
  const changes: Change[] = [PROFILE, tags, { table: "roles", key: ROLE_ARN, record: role }];
  const service = { ...serviceWith(changes), authorizations: new AuthorizationLog() };
  return [service, {
    kind: "session",
    account: "123456789012",
    arn: "arn:aws:sts::123456789012:assumed-role/ExampleRole/s",
    userId: "AROAEXAMPLE:s",
    session: { roleArn: ROLE_ARN, tags: [], policies: [], issuedMs: NOW, expiresMs: NOW + 1000 },
  }];
}

async function outcome(
  [service, caller]: readonly [Service, Call["caller"]],
  operation: RestOperation<object>,
  values: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<string> {
  try {
    await bindRestOperation(operation, values).run(service, call(body, caller));
    return "allowed";
  } catch (error) {
    assert.ok(error instanceof ServiceRefusal, String(error));
    assert.equal([error.failure.status, error.failure.code], [403, "AccessDeniedException"]);
    return /perform: (\S+) on resource: (\S+)/.exec(error.failure.message)!.slice(1).join(" ");
  }
}

test("bindRestOperation() asks for the permission of a session", async () => {
  const allow = (Action: string | string[], Resource = "*", Condition = {}) => ({
    Effect: "Allow",
    Action,
    Resource,
    Condition,
  });
  const path = { profileId: PROFILE_ID };
  const get = (...statements: readonly object[]) => outcome(session(...statements), GET_PROFILE, path);
  assert.is(await get(allow("rolesanywhere:GetProfile", PROFILE_ARN)), "allowed");
  assert.is(await get(allow("rolesanywhere:*")), "allowed");
  const red = { StringEquals: { "aws:ResourceTag/team": "red" } };
  assert.is(await get(allow("rolesanywhere:Get*", "*", red)), "allowed");
  const blue = { StringEquals: { "aws:ResourceTag/team": "blue" } };
  const denied = `rolesanywhere:GetProfile ${PROFILE_ARN}`;
  assert.is(await get(allow("rolesanywhere:Get*", "*", blue)), denied);
  assert.is(await get(allow("rolesanywhere:GetProfile", `${PROFILE_ARN}x`)), denied);
  assert.is(await get(allow("rolesanywhere:ListProfiles")), denied);

  const mapping = { certificateField: "x509Subject", mappingRules: [] };
  const put = await outcome(session(allow("rolesanywhere:GetProfile")), PUT_ATTRIBUTE_MAPPING, path, mapping);
  assert.is(put, `rolesanywhere:PutAttributeMapping ${PROFILE_ARN}`);
});

test("bindRestOperation() asks for permission to pass roles and to set tags as well", async () => {
  const allow = (Action: string | string[], Condition = {}) => ({ Effect: "Allow", Action, Resource: "*", Condition });
  const anyProfile = "arn:aws:rolesanywhere:us-east-1:123456789012:profile/*";
  const body = { name: "p", roleArns: [ROLE_ARN] };
  const create = (given: object, ...statements: readonly object[]) =>
    outcome(session(...statements), CREATE_PROFILE, {}, given);
  assert.is(await create(body, allow("iam:PassRole")), `rolesanywhere:CreateProfile ${anyProfile}`);
  assert.is(await create(body, allow("rolesanywhere:CreateProfile")), `iam:PassRole ${ROLE_ARN}`);
  const toUs = { StringEquals: { "iam:PassedToService": "rolesanywhere.amazonaws.com" } };
  const pass = allow("iam:PassRole", toUs);
  assert.is(await create(body, allow("rolesanywhere:CreateProfile"), pass), "allowed");
  assert.is(await create({ ...body, roleArns: [] }, allow("rolesanywhere:CreateProfile")), "allowed");

  const tagged = { ...body, tags: [{ key: "team", value: "blue" }] };
  assert.is(
    await create(tagged, allow("rolesanywhere:CreateProfile"), pass),
    `rolesanywhere:TagResource ${anyProfile}`,
  );
  const blue = {
    StringEquals: { "aws:RequestTag/team": "blue" },
    "ForAllValues:StringEquals": { "aws:TagKeys": "team" },
  };
  assert.is(await create(tagged, allow("rolesanywhere:*", blue), pass), "allowed");
  const red = { StringEquals: { "aws:RequestTag/team": "red" } };
  assert.is(await create(tagged, allow("rolesanywhere:*", red), pass), `rolesanywhere:CreateProfile ${anyProfile}`);

  const path = { profileId: PROFILE_ID };
  assert.is(await outcome(session(allow("rolesanywhere:*")), ENABLE_PROFILE, path), `iam:PassRole ${ROLE_ARN}`);
  assert.is(await outcome(session(allow("rolesanywhere:*"), pass), ENABLE_PROFILE, path), "allowed");
});

test.run();
