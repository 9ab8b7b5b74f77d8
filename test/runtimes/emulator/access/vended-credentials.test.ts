// runtimes: node20 node deno bun workerd
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import { portableSha256 } from "../../../../core/crypto/sha256.ts";
import { type Change, EmulatorStore } from "../../../../runtimes/emulator/store/emulator-store.ts";
import { derivedUuid, randomUuid } from "../../../../runtimes/emulator/uuid.ts";
import { CredentialVendor } from "../../../../runtimes/emulator/access/vended-credentials.ts";
import { escapeXml } from "../../../../runtimes/emulator/protocols/xml.ts";
import { assert, suite } from "../../../support/suite.ts";
import { NOW, testRandom } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/vended-credentials");

const SESSION = {
  arn: "arn:aws:sts::123456789012:assumed-role/r/s",
  userId: "AROA:s",
  account: "123456789012",
  roleArn: "arn:aws:iam::123456789012:role/r",
  sourceIdentity: "CN=Zoë",
  tags: [{ key: "x509Subject/CN", value: "Zoë" }],
  policies: [],
  issuedMs: NOW - 1,
  expiresMs: NOW,
};

function vendor(label: string, store = new EmulatorStore()): CredentialVendor {
  return new CredentialVendor(portableProvider({}), portableSha256, testRandom(label), store);
}

test("CredentialVendor opens the tokens that it made, and no other", async () => {
  const mine = vendor("mine");
  const credentials = await mine.issue(SESSION);
  assert.equal(await mine.open(credentials.sessionToken), { ...SESSION, accessKeyId: credentials.accessKeyId });
  assert.is(mine.secretAccessKey(credentials.sessionToken), credentials.secretAccessKey);
  assert.is(await vendor("another").open(credentials.sessionToken), undefined);
  const another = vendor("another");
  await another.issue(SESSION);
  assert.is(await another.open(credentials.sessionToken), undefined);
  assert.is.not(another.secretAccessKey(credentials.sessionToken), credentials.secretAccessKey);
  assert.is.not((await mine.issue(SESSION)).accessKeyId, credentials.accessKeyId);
});

test("CredentialVendor keeps its keys in the store, so that tokens outlive it", async () => {
  const changes: Change[] = [];
  const log = { append: (made: readonly Change[]) => Promise.resolve(void changes.push(...made)) };
  const before = vendor("first", new EmulatorStore(log));
  const { sessionToken, secretAccessKey } = await before.issue(SESSION);
  await before.issue(SESSION);
  assert.is(changes.length, 2);
  const after = vendor("second", new EmulatorStore(undefined, changes));
  assert.is((await after.open(sessionToken))?.arn, SESSION.arn);
  assert.is(after.secretAccessKey(sessionToken), secretAccessKey);
  assert.is(changes.length, 2);
});

test("CredentialVendor hands out nothing before its keys are durable", async () => {
  let durable: (() => void) | undefined;
  const mine = vendor("mine", new EmulatorStore({ append: () => new Promise((resolve) => durable = resolve) }));
  const issued: string[] = [];
  const both = ["first", "second"].map((name) => mine.issue(SESSION).then(() => issued.push(name)));
  await Promise.resolve();
  assert.equal(issued, []);
  durable!();
  await Promise.all(both);
  assert.is(issued.length, 2);
});

test("CredentialVendor has no secret access key before it has keys", () => {
  assert.throws(() => vendor("mine").secretAccessKey("AAAA"), /There are no credentials yet/);
});

test("CredentialVendor refuses a token with one character changed", async () => {
  const mine = vendor("mine");
  const { sessionToken } = await mine.issue(SESSION);
  for (let at = 0; at < sessionToken.length; at += 11) {
    const changed = sessionToken.slice(0, at) + (sessionToken[at] === "A" ? "B" : "A") + sessionToken.slice(at + 1);
    assert.is(await mine.open(changed), undefined, `character ${at}`);
  }
  for (const token of ["", "AAAA", "*", sessionToken.slice(4)]) assert.is(await mine.open(token), undefined);
});

test("randomUuid() and derivedUuid() mark version and variant", () => {
  assert.is(randomUuid((length) => new Uint8Array(length).fill(0xff)), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  assert.is(derivedUuid(new Uint8Array(32)), "00000000-0000-8000-8000-000000000000");
});

test("escapeXml() escapes markup and replaces what XML does not allow", () => {
  assert.is(escapeXml('<a href="x">&\0\u0008\t</a>'), "&lt;a href=&quot;x&quot;&gt;&amp;\ufffd\ufffd\t&lt;/a&gt;");
});

test.run();
