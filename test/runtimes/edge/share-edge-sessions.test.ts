// runtimes: node20 node deno bun workerd
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { createIdentity } from "../../../core/sign/identity.ts";
import {
  type CredentialProvider,
  type EdgeIdentityOptions,
  type EdgeSharingOptions,
  fromRolesAnywhere,
  type IdentitySource,
  shareEdgeSessions,
  webCryptoProvider,
} from "../../../runtimes/edge/mod.ts";
import { memoryStore } from "../../core/credentials/memory-store.ts";
import { SESSION_ARNS, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/edge/share-edge-sessions");

const SECRET = "a secret of more than thirty-two characters";
const authority = await testAuthority();
const client = await authority.issue("edge client");
const emulator = trustingEmulator(authority, Date.now);

/** Has the emulator answer the runtime's own `fetch`, which is what the entry point uses. */
async function withService<T>(run: () => Promise<T>): Promise<T> {
  const real = globalThis.fetch;
  globalThis.fetch =
    (async (url: string, init: RequestInit) => await emulator.fetch(new Request(url, init))) as typeof fetch;
  try {
    return await run();
  } finally {
    globalThis.fetch = real;
  }
}

function isolate(sharing: EdgeSharingOptions): CredentialProvider {
  return fromRolesAnywhere({
    certificate: client.certificatePem,
    privateKey: client.keyPem,
    sharing: shareEdgeSessions(sharing),
    ...SESSION_ARNS,
  });
}

test("shareEdgeSessions() has isolates share a session, by a text or by its octets", async () => {
  const store = memoryStore(Date.now);
  const keys = await withService(async () => [
    (await isolate({ store, secret: SECRET })()).accessKeyId,
    (await isolate({ store, secret: encodeUtf8(SECRET) })()).accessKeyId,
  ]);
  assert.is(keys[0], keys[1]);
  assert.is(emulator.decisions().length, 1);
});

test("shareEdgeSessions() tells what the store did not do, and goes on", async () => {
  const down = () => Promise.reject(new Error("down"));
  const failures: unknown[] = [];
  const options = { secret: SECRET, onFailure: (error: unknown) => void failures.push((error as Error).message) };
  const { accessKeyId } = await withService(isolate({ store: { get: down, put: down, lease: down }, ...options }));
  assert.match(accessKeyId, /^ASIA/);
  assert.equal(failures, ["down"]);
});

test("shareEdgeSessions() refuses options that do not exist, and secrets that are passwords", () => {
  const store = memoryStore(Date.now);
  const wrong = { store, secret: SECRET, ttl: 1 } as EdgeSharingOptions;
  assert.throws(() => shareEdgeSessions(wrong), /no option "ttl"/);
  for (const secret of ["", "correct horse", "x".repeat(31), new Uint8Array(15)]) {
    assert.throws(
      () => shareEdgeSessions({ store, secret }),
      /"secret" must have at least 32 characters, or 16 octets/,
    );
  }
  for (const secret of [undefined, 7, {}]) {
    assert.throws(
      () => shareEdgeSessions({ store, secret } as unknown as EdgeSharingOptions),
      /"secret" must be a text or octets/,
    );
  }
});

test("fromRolesAnywhere() asks a source for the identity of each session", async () => {
  const names = ["first", "second"];
  const source: IdentitySource = {
    identity: async () => {
      const { certificatePem, signer } = await authority.issue(names.shift()!);
      return await createIdentity({ certificate: certificatePem, signer, crypto: webCryptoProvider() });
    },
  };
  const options: EdgeIdentityOptions = { source, ...SESSION_ARNS };
  const credentials = fromRolesAnywhere(options);
  await withService(async () => {
    const { accessKeyId } = await credentials();
    assert.is((await credentials()).accessKeyId, accessKeyId);
    assert.is.not((await credentials({ forceRefresh: true })).accessKeyId, accessKeyId);
  });
  assert.equal(names, []);
});

test.run();
