// runtimes: deno
import { type DenoKv, denoKvStore } from "../../../runtimes/deno/mod.ts";
import { addStoreTests } from "../../support/store-conformance.ts";
import { assert, suite } from "../../support/suite.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const test = suite("runtimes/deno/kv-store");

interface OpenKv extends DenoKv {
  close(): void;
}

const folder = temporaryFolder();
const openKv = (globalThis as unknown as { Deno: { openKv(path: string): Promise<OpenKv> } }).Deno.openKv;
const opened: OpenKv[] = [];

/** A connection of its own to one database. */
async function open(): Promise<OpenKv> {
  const kv = await openKv(`${folder.path}/sessions.db`);
  opened.push(kv);
  return kv;
}

test.after(() => {
  for (const kv of opened) kv.close();
  folder.remove();
});

addStoreTests(test, "denoKvStore()", { leases: "exclusive", open: async () => denoKvStore(await open()) });

test("denoKvStore() takes a value of another's for none", async () => {
  const kv = await open();
  const name = "ab".repeat(32);
  await kv.set(["anyrole", "session", name], "text", { expireIn: 60_000 });
  assert.is(await denoKvStore(kv).get(name), undefined);
  await kv.set(["anyrole", "lease", name], "text", { expireIn: 60_000 });
  assert.ok(await denoKvStore(kv).lease(name, 1000));
});

test("denoKvStore() takes a lease of a clock that was set since for none", async () => {
  const kv = await open();
  const name = "cd".repeat(32);
  const untilMs = Date.now() + 3_600_000;
  await kv.set(["anyrole", "lease", name], { token: "x", untilMs }, { expireIn: 3_600_000 });
  assert.ok(await denoKvStore(kv).lease(name, 1000));
});

test.run();
