// runtimes: node20 node deno bun workerd
import { derSequence } from "../../../../core/der/writer.ts";
import { encodePem } from "../../../../core/pem/pem.ts";
import { blob, bundle, caPem, type ControlPlane, controlPlane, emptyList } from "../../../support/control-plane.ts";
import { assert, suite } from "../../../support/suite.ts";
import { testKey, TRUST_ANCHOR_ARN } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/routes/crls");

interface WithAnchor extends ControlPlane {
  readonly trustAnchorArn: string;
}

async function withAnchor(...names: readonly string[]): Promise<WithAnchor> {
  const client = controlPlane();
  const pem = (await Promise.all(names.map((name) => caPem(name)))).join("");
  const { trustAnchorArn } = await client.done("POST", "/trustanchors", { name: "ca", source: bundle(pem) });
  return { ...client, trustAnchorArn };
}

test("IMPORT_CRL makes a disabled list and keeps its octets as they came, PEM or DER", async () => {
  const { call, done, trustAnchorArn } = await withAnchor("Root");
  const der = await emptyList("Root");
  const pem = `some text\n${encodePem("X509 CRL", der)}`;
  for (const [octets, enabled] of [[der, undefined], [pem, true]] as const) {
    const body = { name: "c", crlData: blob(octets), trustAnchorArn, enabled, tags: [{ key: "a", value: "b" }] };
    const { status, body: { crl } } = await call("POST", "/crls", { body });
    assert.is(status, 201);
    assert.equal(crl, {
      crlId: crl.crlId,
      crlArn: `arn:aws:rolesanywhere:us-east-1:123456789012:crl/${crl.crlId}`,
      name: "c",
      enabled: enabled ?? false,
      crlData: blob(octets),
      trustAnchorArn,
      createdAt: crl.createdAt,
      updatedAt: crl.createdAt,
    });
    assert.equal(await done("GET", `/crl/${crl.crlId}`), crl);
  }
  assert.is((await done("GET", "/crls")).length, 2);
  const third = await call("POST", "/crls", { body: { name: "c", crlData: blob(der), trustAnchorArn } });
  assert.equal([third.status, third.code], [400, "ValidationException"]);
  assert.match(third.message, "the number of CRLs of a trust anchor would be 3, at most 2 are allowed");
});

test("IMPORT_CRL checks the signature when the issuer is one of the trust anchor's certificates", async () => {
  const { call, trustAnchorArn } = await withAnchor("Root", "Next Root");
  const forged = await emptyList("Root", await testKey("Mallory"));
  const p384 = await emptyList("Root", await testKey("Root", { type: "ec", curve: "P-384" }));
  for (const octets of [forged, p384]) {
    const answer = await call("POST", "/crls", { body: { name: "c", crlData: blob(octets), trustAnchorArn } });
    assert.equal([answer.status, answer.code], [400, "ValidationException"]);
    assert.is(answer.message, "The signature of the revocation list is not one of the trust anchor's CA");
  }
  for (const issuer of ["Next Root", "Subordinate"]) {
    const body = { name: "c", crlData: blob(await emptyList(issuer)), trustAnchorArn };
    assert.is((await call("POST", "/crls", { body })).status, 201, issuer);
  }
});

test("IMPORT_CRL tells the certificates of a rotated CA apart by their keys", async () => {
  const client = controlPlane();
  const other = await testKey("Root's next key");
  const { trustAnchorArn } = await client.done("POST", "/trustanchors", {
    name: "ca",
    source: bundle(await caPem("Root")),
  });
  const body = { name: "c", crlData: blob(await emptyList("Root", other)), trustAnchorArn };
  assert.is((await client.call("POST", "/crls", { body })).code, "ValidationException");
});

test("IMPORT_CRL refuses what is no list", async () => {
  const { call, trustAnchorArn } = await withAnchor("Root");
  const der = await emptyList("Root");
  const pem = encodePem("X509 CRL", der);
  const cases: readonly (readonly [unknown, string])[] = [
    [blob(""), "at 'crlData' failed to satisfy constraint: Member must have length greater than or equal to 1"],
    [blob(new Uint8Array(300_001)), "Member must have length less than or equal to 300000"],
    [blob(new Uint8Array(300_000)), "Cannot read crlData"],
    ["***", "Value '***' at 'crlData' failed to satisfy constraint: Member must be octets in base64"],
    [7, "Member must be octets in base64"],
    [blob("abc"), "Cannot read crlData"],
    [blob("-----BEGIN X509 CRL-----\n"), "Cannot read crlData"],
    [blob(pem + pem), "Cannot read crlData: it holds 2 revocation lists, one is wanted"],
    [blob(der.subarray(0, der.length - 1)), "Cannot read crlData"],
    [blob(await caPem("Root")), "Cannot read crlData"],
    [blob(derSequence()), "Cannot read crlData"],
  ];
  for (const [crlData, message] of cases) {
    const answer = await call("POST", "/crls", { body: { name: "c", crlData, trustAnchorArn } });
    assert.equal([answer.status, answer.code], [400, "ValidationException"], message);
    assert.match(answer.message, message);
  }
});

test("IMPORT_CRL refuses a trust anchor that is not there: the operation has no ResourceNotFoundException", async () => {
  const { call, trustAnchorArn } = await withAnchor("Root");
  const crlData = blob(await emptyList("Root"));
  for (const arn of [TRUST_ANCHOR_ARN, trustAnchorArn.replace("us-east-1", "eu-west-1")]) {
    const answer = await call("POST", "/crls", { body: { name: "c", crlData, trustAnchorArn: arn } });
    assert.equal([answer.status, answer.code], [400, "ValidationException"]);
    assert.is(answer.message, "Specified Trust Anchor wasn't found.");
  }
  const pattern = await call("POST", "/crls", {
    body: { name: "c", crlData, trustAnchorArn: "arn:aws:iam::1:role/r" },
  });
  assert.match(pattern.message, "pattern: arn:aws(-[^:]+)?:rolesanywhere(:.*){2}(:trust-anchor.*)");
});

test("UPDATE_CRL changes name and octets", async () => {
  const { call, done, trustAnchorArn } = await withAnchor("Root");
  const first = blob(await emptyList("Root"));
  const { crlId } = await done("POST", "/crls", { name: "c", crlData: first, trustAnchorArn });
  const path = `/crl/${crlId}`;
  const renamed = await done("PATCH", path, { name: "d", enabled: true, trustAnchorArn: TRUST_ANCHOR_ARN });
  assert.equal([renamed.name, renamed.crlData, renamed.enabled], ["d", first, false]);
  assert.is(renamed.trustAnchorArn, trustAnchorArn);
  const next = blob(encodePem("X509 CRL", await emptyList("Root")));
  const changed = await done("PATCH", path, { crlData: next });
  assert.equal([changed.name, changed.crlData], ["d", next]);
  assert.ok(changed.updatedAt > renamed.updatedAt);
  const forged = blob(await emptyList("Root", await testKey("Mallory")));
  for (const crlData of [forged, "YWJj", ""]) {
    assert.is((await call("PATCH", path, { body: { crlData } })).code, "ValidationException");
  }
  assert.equal(await done("GET", path), changed);
});

test("ENABLE_CRL, DISABLE_CRL and DELETE_CRL work without the trust anchor", async () => {
  const { call, done, trustAnchorArn } = await withAnchor("Root");
  const crlData = blob(await emptyList("Root"));
  const { crlId } = await done("POST", "/crls", { name: "c", crlData, trustAnchorArn });
  await done("DELETE", `/trustanchor/${trustAnchorArn.slice(-36)}`);
  const path = `/crl/${crlId}`;
  assert.is((await done("POST", `${path}/enable`)).enabled, true);
  const disabled = await done("POST", `${path}/disable`);
  assert.is(disabled.enabled, false);
  assert.is((await done("PATCH", path, { crlData })).crlData, crlData);
  assert.is((await done("DELETE", path)).crlId, crlId);
  for (
    const [method, target] of [["GET", path], ["PATCH", path], ["DELETE", path], ["POST", `${path}/enable`]] as const
  ) {
    const { status, message } = await call(method, target);
    assert.equal([status, message], [404, "Specified CRL wasn't found."]);
  }
});

test.run();
