/**
 * What every runtime with files must do when it edits one that others use as well. For Node, Bun and Deno.
 *
 * @module
 */

import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import type { Host } from "../../runtimes/host.ts";
import { editFile } from "../../runtimes/shared/edit-file.ts";
import { assert, assertRejects, skip, type Suite } from "./suite.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const add = (line: string) => (text: string) => `${text}${line}\n`;

/** Adds the tests. */
export function addEditFileTests(test: Suite, makeHost: () => Host): void {
  const folder = temporaryFolder();
  let folders = 0;
  const fresh = () => {
    const path = `${folder.path}/${folders++}`;
    mkdirSync(path);
    return path;
  };
  const onWindows = makeHost().platform === "windows";
  const modeOf = (path: string) => statSync(path).mode & 0o777;
  test.after(() => folder.remove());

  test("editFile() makes file and directories for their owner alone", async () => {
    const path = fresh();
    await editFile(makeHost(), `${path}/a/b/file`, add("x"));
    assert.is(readFileSync(`${path}/a/b/file`, "utf8"), "x\n");
    assert.equal(readdirSync(`${path}/a/b`), ["file"]);
    if (!onWindows) assert.equal([`${path}/a`, `${path}/a/b`, `${path}/a/b/file`].map(modeOf), [0o700, 0o700, 0o600]);
  });

  test("editFile() keeps the mode of a file, and of the directories above it", async () => {
    if (onWindows) skip("Windows has no modes");
    const path = fresh();
    chmodSync(path, 0o755);
    writeFileSync(`${path}/file`, "");
    for (const mode of [0o666, 0o640, 0o604, 0o400]) {
      chmodSync(`${path}/file`, mode);
      await editFile(makeHost(), `${path}/file`, add("x"));
      assert.is(modeOf(`${path}/file`), mode);
    }
    assert.is(modeOf(path), 0o755);
    assert.is(readFileSync(`${path}/file`, "utf8"), "x\n".repeat(4));
  });

  test("editFile() keeps owner and group of a file", async () => {
    if (statSync(folder.path).uid !== 0 || onWindows) skip("only root can give files away");
    const path = `${fresh()}/file`;
    writeFileSync(path, "", { mode: 0o640 });
    chownSync(path, 12_345, 54_321);
    await editFile(makeHost(), path, add("x"));
    const { uid, gid } = statSync(path);
    assert.equal([uid, gid, modeOf(path)], [12_345, 54_321, 0o640]);
  });

  test("editFile() follows symbolic links, and leaves them", async () => {
    if (onWindows) skip("Windows wants a privilege for links");
    const path = fresh();
    mkdirSync(`${path}/elsewhere`);
    symlinkSync("elsewhere/second", `${path}/first`);
    symlinkSync("./third", `${path}/elsewhere/second`);
    for (const text of ["x\n", "x\nx\n"]) {
      await editFile(makeHost(), `${path}/first`, add("x"));
      assert.is(readFileSync(`${path}/elsewhere/third`, "utf8"), text);
    }
    assert.is(readlinkSync(`${path}/first`), "elsewhere/second");
    assert.ok(lstatSync(`${path}/elsewhere/second`).isSymbolicLink());
    assert.equal(readdirSync(`${path}/elsewhere`).sort(), ["second", "third"]);
    symlinkSync(`${path}/circle`, `${path}/circle`);
    await assertRejects(editFile(makeHost(), `${path}/circle`, add("x")), "ERR_FILE_WRITE");
  });

  test("editFile() tells why a file cannot be edited, and leaves nothing behind", async () => {
    const path = fresh();
    mkdirSync(`${path}/directory`);
    await assertRejects(editFile(makeHost(), `${path}/directory`, add("x")), "ERR_FILE_ACCESS");
    writeFileSync(`${path}/file`, "");
    await assertRejects(editFile(makeHost(), `${path}/file/below`, add("x")), "ERR_FILE_NOT_FOUND");
    assert.equal(readdirSync(path).sort(), ["directory", "file"]);
  });

  test("editFile() loses nothing of many that edit at once", async () => {
    const path = `${fresh()}/file`;
    await Promise.all(Array.from({ length: 30 }, (_, i) => editFile(makeHost(), path, add(`line ${i}`))));
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    assert.equal(lines.sort(), Array.from({ length: 30 }, (_, i) => `line ${i}`).sort());
  });

  test("stageFile() touches nothing until it is committed, and only its own", async () => {
    const path = fresh();
    const files = await makeHost().durableFiles();
    writeFileSync(`${path}/file`, "old");
    writeFileSync(`${path}/mine`, "mine");
    await assertRejects(files.stageFile(`${path}/file`, `${path}/mine`, encodeUtf8("new"), 0o600), "ERR_FILE_WRITE");
    assert.is(readFileSync(`${path}/mine`, "utf8"), "mine");
    const discarded = await files.stageFile(`${path}/file`, `${path}/staged`, encodeUtf8("new"), 0o600);
    assert.is(readFileSync(`${path}/file`, "utf8"), "old");
    await discarded.discard();
    assert.not.ok(existsSync(`${path}/staged`));
    const staged = await files.stageFile(`${path}/file`, `${path}/staged`, encodeUtf8("new"), 0o600);
    await staged.commit();
    assert.is(readFileSync(`${path}/file`, "utf8"), "new");
    assert.equal(readdirSync(path).sort(), ["file", "mine"]);
    await assertRejects(
      files.stageFile(`${path}`, `${path}.new`, encodeUtf8("new"), 0o600),
      "ERR_FILE_ACCESS",
    );
  });
}
