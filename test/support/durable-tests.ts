/**
 * What every runtime with files must do with a state file. For Node, Bun and Deno.
 *
 * @module
 */

import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { type Change, type EmulatorState, EmulatorStore } from "../../runtimes/emulator/store/emulator-store.ts";
import { openStateFile } from "../../runtimes/emulator/store/state-file.ts";
import type { DurableFiles, Host } from "../../runtimes/host.ts";
import { assert, assertRejects, type Suite } from "./suite.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const set = (key: string, value: string | number): Change => ({ table: "settings", key, record: { value } });

const keptOf = ({ kept }: EmulatorState) => kept as Iterable<Change>;

/** Adds the tests. */
export function addDurableTests(test: Suite, makeHost: () => Host): void {
  const folder = temporaryFolder();
  let files = 0;
  const fresh = () => `${folder.path}/state-${files++}`;
  test.after(() => folder.remove());

  test("openStateFile() keeps every commit from one emulator to the next, for its owner alone", async () => {
    const path = fresh();
    const first = await openStateFile(makeHost(), path);
    const store = new EmulatorStore(first.log, keptOf(first));
    await Promise.all(Array.from({ length: 100 }, (_, i) => store.commit([set(`key ${i}`, i)])));
    await store.commit([{ table: "settings", key: "key 7" }]);
    await first.close();
    if ((makeHost().platform) !== "windows") assert.is(statSync(path).mode & 0o777, 0o600);
    const second = await openStateFile(makeHost(), path);
    assert.is(new EmulatorStore(undefined, keptOf(second)).all("settings").size, 99);
    assert.is(second.tornOctets, 0);
    await second.close();
    await assertRejects(second.log.append([set("late", 1)], () => []), "ERR_STATE_CLOSED");
    assert.equal(readdirSync(folder.path).filter((name) => name.startsWith(path.slice(folder.path.length + 1))), [
      path.slice(folder.path.length + 1),
    ]);
  });

  test("openStateFile() drops what a crash left, and goes on behind what is whole", async () => {
    const path = fresh();
    const first = await openStateFile(makeHost(), path);
    await first.log.append([set("a", 1)], () => []);
    await first.close();
    appendFileSync(path, '{"sha256":"0123456789abcdef","changes":[{"tab');
    const second = await openStateFile(makeHost(), path);
    assert.is(second.tornOctets, 45);
    await second.log.append([set("b", 2)], () => []);
    await second.close();
    const third = await openStateFile(makeHost(), path);
    assert.equal(Array.from(keptOf(third), ({ key }) => key), ["a", "b"]);
    await third.close();
  });

  test("openStateFile() refuses a damaged file and leaves it as it is", async () => {
    const path = fresh();
    writeFileSync(path, '{"format":"anyrole emulator state","version":1}\n{"sha256":"00","changes":[]}\n');
    const before = readFileSync(path, "utf8");
    const { line, offset } = await assertRejects(openStateFile(makeHost(), path), "ERR_STATE_DAMAGED");
    assert.equal([line, offset], [2, 48]);
    assert.is(readFileSync(path, "utf8"), before);
    await assertRejects(openStateFile(makeHost(), path), "ERR_STATE_DAMAGED");
    await assertRejects(openStateFile(makeHost(), `${folder.path}/nowhere/state`), "ERR_FILE_NOT_FOUND");
  });

  test("openStateFile() lets one emulator have a file at a time, and takes it over from a dead one", async () => {
    const path = fresh();
    const first = await openStateFile(makeHost(), path);
    assert.match(
      (await assertRejects(openStateFile(makeHost(), path), "ERR_STATE_LOCKED")).message,
      "another emulator",
    );
    await first.close();
    for (const deserted of [`{"port":1,"token":"${"0".repeat(32)}"}`, "", "{"]) {
      writeFileSync(`${path}.lock`, deserted);
      await (await openStateFile(makeHost(), path)).close();
    }
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => openStateFile(makeHost(), path)));
    const owners = outcomes.flatMap((outcome) => outcome.status === "fulfilled" ? [outcome.value] : []);
    assert.is(owners.length, 1);
    await owners[0]!.close();
  });

  test("openStateFile() writes nothing any more when somebody took its lock", async () => {
    const path = fresh();
    const file = await openStateFile(makeHost(), path);
    await file.log.append([set("a", 1)], () => []);
    writeFileSync(`${path}.lock`, "{}");
    assert.match((await assertRejects(file.log.append([set("b", 2)], () => []), "ERR_STATE_WRITE")).message, "took it");
    await file.close();
    const { kept, close } = await openStateFile(makeHost(), path);
    assert.is(Array.from(kept).length, 1);
    await close();
  });

  test("openStateFile() writes a file anew that has grown far beyond what it holds", async () => {
    const path = fresh();
    const file = await openStateFile(makeHost(), path);
    const store = new EmulatorStore(file.log, keptOf(file));
    const value = "x".repeat(10_000);
    for (let i = 0; i < 300; i++) {
      await Promise.all([store.commit([set("a", value + i)]), store.commit([set(`b ${i % 3}`, i)])]);
    }
    assert.ok(statSync(path).size < 1_200_000, String(statSync(path).size));
    await file.close();
    const again = await openStateFile(makeHost(), path);
    const kept = new EmulatorStore(undefined, keptOf(again));
    assert.is(kept.get("settings", "a")?.value, `${value}299`);
    assert.is(kept.get("settings", "b 2")?.value, 299);
    await again.close();
  });

  test("openStateFile() refuses every change from the first that cannot be written", async () => {
    const path = fresh();
    const host = makeHost();
    let full = false;
    const failing = async (): Promise<DurableFiles> => {
      const durable = await host.durableFiles();
      return {
        ...durable,
        openAppend: async (name) => {
          const file = await durable.openAppend(name);
          return {
            ...file,
            append: async (octets) => {
              await file.append(full ? octets.subarray(0, 9) : octets);
              if (full) throw new Error("the disk is full");
            },
          };
        },
      };
    };
    const file = await openStateFile({ ...host, durableFiles: failing }, path);
    const store = new EmulatorStore(file.log, keptOf(file));
    await store.commit([set("a", 1)]);
    full = true;
    const failures = await Promise.all(
      [set("b", 2), set("c", 3)].map((change) => store.commit([change]).catch((error) => error.failure.code)),
    );
    full = false;
    assert.equal(failures, ["ServiceUnavailable", "ServiceUnavailable"]);
    assert.match(file.failure()!.message, "the disk is full");
    assert.is(await store.commit([set("d", 4)]).catch((error) => error.failure.code), "ServiceUnavailable");
    assert.equal([...store.all("settings").keys()], ["a"]);
    await file.close();
    const again = await openStateFile(makeHost(), path);
    assert.is(again.tornOctets, 0);
    assert.equal(Array.from(keptOf(again), ({ key }) => key), ["a"]);
    await again.close();
  });

  test("durableFiles() tells why a file cannot be written", async () => {
    const durable = await makeHost().durableFiles();
    await assertRejects(durable.openAppend(fresh()), "ERR_FILE_NOT_FOUND");
    await assertRejects(
      durable.replaceFile(`${folder.path}/nowhere/file`, new Uint8Array(), 0o600),
      "ERR_FILE_NOT_FOUND",
    );
    await durable.removeFile(fresh());
    const path = folder.write("there", "");
    assert.is(await durable.createFile(path, new Uint8Array(), 0o600), false);
  });
}
