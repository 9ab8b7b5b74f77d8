// runtimes: node20 node deno bun workerd
import { ServiceRefusal } from "../../../../runtimes/emulator/protocols/service-refusal.ts";
import type { AuthorityRecord } from "../../../../runtimes/emulator/store/records.ts";
import { readSource, sourceView } from "../../../../runtimes/emulator/roles-anywhere/trust-anchor-source.ts";
import { caPem } from "../../../support/control-plane.ts";
import { callOf, serviceWith } from "../../../support/service-tables.ts";
import { assert, suite } from "../../../support/suite.ts";
import { TRUST_ANCHOR_ARN } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/trust-anchor-source");

const ARN = "arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/11111111-2222-3333-4444-555555555555";

const source = (acmPcaArn: string) => ({ sourceType: "AWS_ACM_PCA", sourceData: { acmPcaArn } }) as const;

function authority(record: Partial<AuthorityRecord>) {
  return serviceWith([{ table: "authorities", key: ARN, record: { arn: ARN, ...record } as AuthorityRecord }]);
}

function refusalOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof ServiceRefusal);
    assert.equal([error.failure.status, error.failure.code], [400, "ValidationException"]);
    return error.failure.message;
  }
  throw new Error("nothing was refused");
}

test("readSource() takes the certificate that a private CA has now", async () => {
  const certificatePem = await caPem("Private CA");
  const service = authority({ status: "ACTIVE", certificatePem });
  const record = readSource(service, callOf(), source(ARN));
  assert.equal(record, { sourceType: "AWS_ACM_PCA", certificatesPem: certificatePem, acmPcaArn: ARN });
  assert.equal(sourceView(record), source(ARN));
});

test("readSource() refuses a private CA that is not there, not the caller's or not active", async () => {
  const certificatePem = await caPem("Private CA");
  const service = authority({ status: "ACTIVE", certificatePem });
  const refused = (arn: string, call = callOf()) => refusalOf(() => readSource(service, call, source(arn)));
  const elsewhere = `Cannot use ${ARN}: it is no private CA of this account and region`;
  assert.is(refused(ARN, callOf("999999999999")), elsewhere);
  assert.is(refused(ARN, callOf("123456789012", "eu-west-1")), elsewhere);
  for (const arn of ["", "x", TRUST_ANCHOR_ARN]) assert.match(refused(arn), "it is no private CA of this account");
  assert.is(refused(`${ARN}0`), `Cannot use ${ARN}0: there is no such private CA`);

  for (const status of ["CREATING", "PENDING_CERTIFICATE", "DISABLED", "EXPIRED", "FAILED", "DELETED"] as const) {
    const message = refusalOf(() => readSource(authority({ status, certificatePem }), callOf(), source(ARN)));
    assert.is(message, `Cannot use ${ARN}: the private CA is ${status}, it must be ACTIVE`);
  }
  assert.match(refusalOf(() => readSource(authority({ status: "ACTIVE" }), callOf(), source(ARN))), "must be ACTIVE");
});

test.run();
