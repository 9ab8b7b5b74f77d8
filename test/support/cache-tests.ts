/**
 * What every runtime with files must do with a cache of sealed sessions. For Node, Bun and Deno.
 *
 * @module
 */

import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { sealedSubject, sealSession } from "../../core/credentials/sealed-session.ts";
import { createSession } from "../../core/session/create-session.ts";
import type { Host } from "../../runtimes/host.ts";
import { fileStore } from "../../runtimes/shared/credential-store/file-store.ts";
import {
  ARNS,
  fakeFetch,
  identity,
  NOON,
  options,
  ports,
  SECRET,
  success,
  TOKEN,
} from "../core/session/fake-service.ts";
import { VirtualClock } from "../core/session/virtual-clock.ts";
import { addStoreTests } from "./store-conformance.ts";
import { assert, assertThrows, skip, type Suite } from "./suite.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const NAME = "ab".repeat(32);
const OTHER = "cd".repeat(32);
const LEASE_MS = 10_000;
const DAY = 86_400_000;

const octets = (text: string) => new TextEncoder().encode(text);

/** Adds the tests. */
export function addCacheTests(test: Suite, makeHost: () => Host): void {
  const host = makeHost();
  const folder = temporaryFolder();
  let directories = 0;
  const fresh = () => `${folder.path}/cache-${directories++}`;
  const windows = host.platform === "windows";
  test.after(() => folder.remove());

  /** A store whose clock is so much ahead of the machine's. */
  const store = (directory: string, aheadMs = 0) =>
    fileStore({ cacheFiles: () => host.cacheFiles(), random: host.random, now: () => Date.now() + aheadMs }, directory);
  const names = (directory: string) => readdirSync(directory).sort();

  const shared = fresh();
  addStoreTests(test, "fileStore()", { leases: "exclusive", open: () => store(shared) });

  test("fileStore() makes a directory and files for their owner alone", () => {
    const directory = `${fresh()}/below`;
    const cache = store(directory);
    assert.is(cache.get(NAME), undefined);
    assert.throws(() => statSync(directory), /ENOENT/);
    cache.put(NAME, octets("one"), 0);
    assert.equal(cache.get(NAME), octets("one"));
    assert.equal(names(directory), [`${NAME}.session`]);
    if (windows) return;
    assert.is(statSync(directory).mode & 0o777, 0o700);
    assert.is(statSync(`${directory}/..`).mode & 0o777, 0o700);
    assert.is(statSync(`${directory}/${NAME}.session`).mode & 0o777, 0o600);
  });

  test("fileStore() replaces an entry and leaves nothing behind", () => {
    const directory = fresh();
    store(directory).put(NAME, octets("one"), 0);
    store(directory).put(NAME, octets("a longer two"), 0);
    assert.equal(store(directory).get(NAME), octets("a longer two"));
    assert.equal(names(directory), [`${NAME}.session`]);
  });

  test("fileStore() leases to one at a time, until it is released", () => {
    const cache = store(fresh());
    const first = cache.lease(NAME, LEASE_MS) as { release(): void };
    assert.ok(first);
    assert.is(cache.lease(NAME, LEASE_MS), undefined);
    assert.ok(cache.lease(OTHER, LEASE_MS));
    first.release();
    const second = cache.lease(NAME, LEASE_MS);
    assert.ok(second);
    // It is another's by now.
    first.release();
    assert.is(cache.lease(NAME, LEASE_MS), undefined);
  });

  test("fileStore() leases anew when a lease's time is over, and leaves that to its new holder", () => {
    const directory = fresh();
    const dead = store(directory).lease(NAME, LEASE_MS) as { release(): void };
    assert.is(store(directory, LEASE_MS - 1000).lease(NAME, LEASE_MS), undefined);
    assert.ok(store(directory, LEASE_MS + 1000).lease(NAME, LEASE_MS));
    assert.is(store(directory, 1000).lease(NAME, LEASE_MS), undefined);
    dead.release();
    assert.is(store(directory, 1000).lease(NAME, LEASE_MS), undefined);
    assert.equal(names(directory), [`${NAME}.lock`]);
  });

  test("fileStore() leases anew when a lease is of a clock that was set back", () => {
    const directory = fresh();
    assert.ok(store(directory).lease(NAME, LEASE_MS));
    assert.ok(store(directory, -60_000).lease(NAME, LEASE_MS));
  });

  test("fileStore() takes an empty lock, of who died while making it, for a lease like any other", () => {
    const directory = fresh();
    mkdirSync(directory, { mode: 0o700 });
    writeFileSync(`${directory}/${NAME}.lock`, "");
    assert.is(store(directory).lease(NAME, LEASE_MS), undefined);
    assert.ok(store(directory, LEASE_MS + 1000).lease(NAME, LEASE_MS));
  });

  test("fileStore() refuses a directory into which others may write, with advice", () => {
    if (windows) skip("Windows has no modes");
    const directory = fresh();
    mkdirSync(directory);
    for (const mode of [0o777, 0o770, 0o702]) {
      chmodSync(directory, mode);
      const cache = store(directory);
      for (
        const use of [
          () => cache.get(NAME),
          () => cache.put(NAME, octets("x"), 0),
          () => cache.lease(NAME, LEASE_MS),
          () => cache.list(),
          () => cache.clear(),
        ]
      ) {
        const { message } = assertThrows(use, "ERR_STORE_DIRECTORY");
        assert.match(
          message,
          /others may write into .+; take that away with chmod go-w, or name another in ANYROLE_CACHE_DIR$/,
        );
      }
    }
    assert.equal(names(directory), []);
    chmodSync(directory, 0o755);
    store(directory).put(NAME, octets("x"), 0);
  });

  test("fileStore() tells a place where nothing can be made", () => {
    const directory = folder.write("a-file", "");
    const cache = store(`${directory}/below`);
    for (const use of [() => cache.put(NAME, octets("x"), 0), () => cache.lease(NAME, LEASE_MS)]) {
      let code: unknown;
      try {
        use();
      } catch (error) {
        code = (error as { code?: unknown }).code;
      }
      assert.match(String(code), /^ERR_FILE_/);
    }
  });

  test("fileStore() tells a directory in which nothing can be made", () => {
    if (windows || statSync(folder.path).uid === 0) skip("root may write anywhere");
    const directory = fresh();
    mkdirSync(directory, { mode: 0o500 });
    assertThrows(() => store(directory).lease(NAME, LEASE_MS), "ERR_FILE_ACCESS");
    assertThrows(() => store(directory).put(NAME, octets("x"), 0), "ERR_FILE_ACCESS");
  });

  test("fileStore() does not read what is no entry by its length", () => {
    const directory = fresh();
    store(directory).put(NAME, new Uint8Array(70_000), 0);
    assertThrows(() => store(directory).get(NAME), "ERR_FILE_TOO_LARGE");
  });

  test("fileStore() removes what is older than any session, a few at each turn", () => {
    const directory = fresh();
    const cache = store(directory);
    for (const name of [NAME, OTHER]) cache.put(name, octets("x"), 0);
    writeFileSync(`${directory}/notes.txt`, "of somebody else");
    const old = (Date.now() - 2 * DAY) / 1000;
    for (const name of [`${OTHER}.session`, "notes.txt"]) utimesSync(`${directory}/${name}`, old, old);
    cache.put(NAME, octets("y"), 0);
    assert.equal(names(directory), [`${NAME}.session`, "notes.txt"]);
  });

  test("fileStore() lists what entries say in the clear, and clears what is its own", async () => {
    const directory = fresh();
    const cache = store(directory);
    const clock = new VirtualClock(NOON);
    const session = await clock.run(createSession(options(), ports(clock, fakeFetch(success()).fetch)));
    const subject = sealedSubject(identity(), ARNS, host.sha256);
    const key = new Uint8Array(32).fill(1);
    const sealing = { crypto: host.crypto(), sha256: host.sha256 };
    cache.put(subject.name, await sealSession({ session, obtainedAtMs: NOON }, subject, key, sealing), 0);
    cache.put(NAME, octets("damaged"), 0);
    cache.lease(NAME, LEASE_MS);
    writeFileSync(`${directory}/notes.txt`, "of somebody else");
    const file = readFileSync(`${directory}/${subject.name}.session`, "latin1");
    for (const secret of [SECRET, TOKEN]) assert.not(file.includes(secret));
    const listed = new Map(cache.list().map(({ path, facts }) => [path, facts]));
    assert.is(listed.size, 2);
    assert.is(listed.get(`${directory}/${NAME}.session`), undefined);
    assert.is(listed.get(`${directory}/${subject.name}.session`)?.subject["roleArn"], ARNS.roleArn);
    assert.is(cache.clear(), 2);
    assert.equal(names(directory), ["notes.txt"]);
    assert.equal(cache.list(), []);
  });

  test("fileStore() lists and clears nothing where there is nothing", () => {
    const cache = store(fresh());
    assert.equal(cache.list(), []);
    assert.is(cache.clear(), 0);
  });
}
