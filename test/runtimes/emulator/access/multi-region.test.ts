// runtimes: node20 node deno bun workerd
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import { createSigV4aSigner, type SigV4Credentials } from "../../../../core/sigv4/mod.ts";
import {
  ADMINISTRATOR,
  assertRefused,
  type EmulatedAccount,
  emulatedAccount,
  readAnswer,
  type ServiceAnswer,
  trusting,
} from "../../../support/emulated-account.ts";
import { assert, suite } from "../../../support/suite.ts";
import { NOW } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/authenticate");

const HOST = "127.0.0.1:8080";
const ROLES = [{ arn: "arn:aws:iam::123456789012:role/Edge", trustPolicy: trusting({ AWS: "*" }) }];
const crypto = portableProvider();

/** Calls GetObject with SigV4a, by headers or by query. */
async function get(
  { emulator }: EmulatedAccount,
  how: "headers" | "query",
  credentials: SigV4Credentials,
  change: (text: string) => string = (text) => text,
): Promise<ServiceAnswer> {
  const signer = await createSigV4aSigner(credentials, { regionSet: ["*"], service: "s3", crypto });
  const request = { method: "GET", path: "/bucket/key", headers: { host: HOST } };
  if (how === "query") {
    const { query } = await signer.presign(request, NOW, 60);
    return await readAnswer(await emulator.fetch(new Request(`http://${HOST}/bucket/key?${change(query)}`)));
  }
  const { headers } = await signer.sign(request, NOW);
  const changed = { ...headers, authorization: change(headers["authorization"]!) };
  return await readAnswer(await emulator.fetch(new Request(`http://${HOST}/bucket/key`, { headers: changed })));
}

async function withObject(): Promise<EmulatedAccount> {
  const account = emulatedAccount({ roles: ROLES });
  await account.s3({ method: "PUT", path: "/bucket" });
  await account.s3({ method: "PUT", path: "/bucket/key", body: "value" });
  return account;
}

test("authenticate() accepts SigV4a by headers and by query", async () => {
  const account = await withObject();
  for (const how of ["headers", "query"] as const) {
    const answer = await get(account, how, ADMINISTRATOR);
    assert.is(answer.status, 200, answer.text);
    assert.is(answer.text, "value");
  }
});

test("authenticate() knows the session behind a SigV4a signature", async () => {
  const account = await withObject();
  const session = await account.assume("Edge");
  // The role's policies allow nothing: the caller is known, and is refused as such.
  for (const how of ["headers", "query"] as const) {
    assertRefused(await get(account, how, session), 403, "AccessDenied");
    assertRefused(await get(account, how, { ...session, secretAccessKey: "another" }), 403, "SignatureDoesNotMatch");
  }
});

test("authenticate() refuses SigV4a with another key, and for an access key that nobody has", async () => {
  const account = await withObject();
  const wrong = { ...ADMINISTRATOR, secretAccessKey: "another" };
  const unknown = { ...ADMINISTRATOR, accessKeyId: "AKIAUNKNOWN" };
  for (const how of ["headers", "query"] as const) {
    assertRefused(await get(account, how, wrong), 403, "SignatureDoesNotMatch");
    assertRefused(await get(account, how, unknown), 403, "InvalidAccessKeyId");
  }
});

test("authenticate() refuses a scope of SigV4a that names a region", async () => {
  const account = await withObject();
  const regional = await get(account, "headers", ADMINISTRATOR, (text) => text.replace("/s3/", "/us-east-1/s3/"));
  assert.is(regional.status, 400, regional.text);
  assertRefused(
    await get(account, "headers", ADMINISTRATOR, (text) => text.replace(";x-amz-region-set", "")),
    403,
    "AccessDenied",
  );
});

test.run();
