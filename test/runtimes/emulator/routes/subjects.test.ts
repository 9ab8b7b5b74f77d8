// runtimes: node20 node deno bun workerd
import { GET_SUBJECT, LIST_SUBJECTS } from "../../../../runtimes/emulator/routes/subjects.ts";
import type { SubjectRecord } from "../../../../runtimes/emulator/store/records.ts";
import { controlPlane } from "../../../support/control-plane.ts";
import { callOf, serviceWith } from "../../../support/service-tables.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/routes/subjects");

const ID = "11111111-2222-8333-8444-555555555555";

const SUBJECT: SubjectRecord = {
  arn: `arn:aws:rolesanywhere:us-east-1:123456789012:subject/${ID}`,
  id: ID,
  x509Subject: "CN=Alice,OU=Security",
  createdAt: "2026-06-01T12:00:00.129722Z",
  updatedAt: "2026-06-01T12:00:01.129722Z",
  lastSeenAt: "2026-06-01T12:00:02.129722Z",
  credentials: [{
    seenAt: "2026-06-01T12:00:02.129722Z",
    serialNumber: "41781",
    issuer: "CN=Root",
    enabled: true,
    x509CertificateData: "-----BEGIN CERTIFICATE-----\n",
    failed: false,
  }],
  instanceProperties: [{ seenAt: "2026-06-01T12:00:02.129722Z", properties: { a: "b" }, failed: true }],
};

const SUMMARY = {
  subjectArn: SUBJECT.arn,
  subjectId: ID,
  enabled: true,
  x509Subject: "CN=Alice,OU=Security",
  createdAt: SUBJECT.createdAt,
  updatedAt: SUBJECT.updatedAt,
  lastSeenAt: SUBJECT.lastSeenAt,
};

test("GET_SUBJECT shows certificates and properties, LIST_SUBJECTS leaves them out", async () => {
  const service = serviceWith([{ table: "subjects", key: SUBJECT.arn, record: SUBJECT }]);
  const { credentials, instanceProperties } = SUBJECT;
  const one = await GET_SUBJECT.run(service, callOf(), { subjectId: ID });
  assert.equal(one.output, { subject: { ...SUMMARY, credentials, instanceProperties } });
  const all = await LIST_SUBJECTS.run(service, callOf(), {});
  assert.equal(all.output, { subjects: [SUMMARY], nextToken: undefined });
  const others = await LIST_SUBJECTS.run(service, callOf("999999999999"), {});
  assert.equal(others.output, { subjects: [], nextToken: undefined });
});

test("GET_SUBJECT and LIST_SUBJECTS know nobody who was never seen", async () => {
  const { call } = controlPlane();
  assert.equal((await call("GET", "/subjects")).body, { subjects: [] });
  const unknown = await call("GET", `/subject/${ID}`);
  assert.equal([unknown.status, unknown.code], [404, "ResourceNotFoundException"]);
  assert.is(unknown.message, "Specified Subject wasn't found.");
  assert.is((await call("GET", "/subject/1")).code, "ValidationException");
});

test.run();
