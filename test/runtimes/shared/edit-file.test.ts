// runtimes: node20 node deno bun workerd
import { decodeLatin1 } from "../../../core/bytes/text.ts";
import type { DurableFiles } from "../../../runtimes/host.ts";
import { setProfile } from "../../../runtimes/shared/credentials-file/set-profile.ts";
import { editFile, type EditHost, MAX_EDITED_LENGTH } from "../../../runtimes/shared/edit-file.ts";
import { type MemoryHost, memoryHost } from "../../support/memory-host.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("runtimes/shared/edit-file");

const PATH = "/me/.aws/credentials";
const textOf = (host: MemoryHost): string => decodeLatin1(host.readFile(PATH, MAX_EDITED_LENGTH));
const add = (line: string) => (text: string) => `${text}${line}\n`;

/** The host with other files that last. */
async function withFiles(host: MemoryHost, change: (files: DurableFiles) => Partial<DurableFiles>): Promise<EditHost> {
  const files = await host.durableFiles();
  return { ...host, durableFiles: async () => ({ ...files, ...change(files) }) };
}

test("editFile() makes a file that is not there, and edits one that is", async () => {
  const host = memoryHost();
  await editFile(host, PATH, add("a"));
  await editFile(host, PATH, add("b"));
  assert.is(textOf(host), "a\nb\n");
  assert.equal(host.paths(), [PATH]);
});

test("editFile() writes nothing when nothing changes", async () => {
  const host = memoryHost({ files: { [PATH]: "a\n" } });
  const before = host.fileStamp(PATH);
  await editFile(host, PATH, (text) => text);
  assert.is(host.fileStamp(PATH), before);
});

test("editFile() makes the directory for its owner alone, and the file too", async () => {
  const made: unknown[] = [];
  const host = memoryHost();
  const watched = await withFiles(host, (files) => ({
    makeDirectory: async (path, mode) => void made.push(path, mode),
    stageFile: async (path, staged, contents, mode) => {
      made.push(path, mode);
      assert.match(staged, /^\/me\/\.aws\/credentials\.[0-9a-f]{32}\.new$/);
      return await files.stageFile(path, staged, contents, mode);
    },
  }));
  await editFile(watched, PATH, add("a"));
  assert.equal(made, ["/me/.aws", 0o700, PATH, 0o600]);
});

test("editFile() makes no directory for a file of this one, or of the root", async () => {
  for (const path of ["config", "/config"]) {
    const host = memoryHost();
    const watched = await withFiles(host, () => ({
      makeDirectory: (made) => Promise.reject(new Error(`it made ${made}`)),
    }));
    await editFile(watched, path, add("a"));
    assert.equal(host.paths(), [path]);
  }
});

test("editFile() loses nothing of two hundred that edit at once", async () => {
  const host = memoryHost({ files: { [PATH]: "# first\n" } });
  const profiles = Array.from({ length: 200 }, (_, i) => `p${i}`);
  await Promise.all(profiles.map((profile, i) => {
    const credentials = { accessKeyId: `ASIA${i}`, secretAccessKey: `secret${i}`, sessionToken: `token${i}` };
    return editFile(host, PATH, (text) => setProfile(text, profile, credentials));
  }));
  const text = textOf(host);
  assert.ok(text.startsWith("# first\n"));
  const lines = text.split("\n");
  for (const [i, profile] of profiles.entries()) {
    const at = lines.indexOf(`[${profile}]`);
    assert.equal(lines.slice(at + 1, at + 4), [
      `aws_access_key_id = ASIA${i}`,
      `aws_secret_access_key = secret${i}`,
      `aws_session_token = token${i}`,
    ]);
  }
  assert.is(lines.length, 2 + 200 * 5);
  assert.equal(host.paths(), [PATH]);
});

test("editFile() sees what somebody without the lock wrote meanwhile, and edits that", async () => {
  const host = memoryHost({ files: { [PATH]: "a\n" } });
  let disturbed = 0;
  const disturbing = await withFiles(host, (files) => ({
    stageFile: async (...args) => {
      if (disturbed++ < 2) host.write(PATH, `theirs ${disturbed}\n`);
      return await files.stageFile(...args);
    },
  }));
  await editFile(disturbing, PATH, add("b"));
  assert.is(textOf(host), "theirs 2\nb\n");
  assert.equal(host.paths(), [PATH]);
});

test("editFile() gives up on a file that something else keeps changing", async () => {
  const host = memoryHost({ files: { [PATH]: "a\n" } });
  const disturbing = await withFiles(host, (files) => ({
    stageFile: async (...args) => {
      host.write(PATH, "theirs\n");
      return await files.stageFile(...args);
    },
  }));
  const { message } = await assertRejects(editFile(disturbing, PATH, add("b")), "ERR_FILE_WRITE");
  assert.match(message, "keeps changing it");
  assert.is(textOf(host), "theirs\n");
  assert.equal(host.paths(), [PATH]);
});

test("editFile() writes nothing when its lock was taken over while it worked, and tries again", async () => {
  const host = memoryHost({ files: { [PATH]: "a\n" } });
  let taken = 0;
  const robbed = await withFiles(host, (files) => ({
    stageFile: async (...args) => {
      const staged = await files.stageFile(...args);
      // Somebody took it over and gave it back.
      if (taken++ === 0) host.write(`${PATH}.lock`, undefined);
      return staged;
    },
  }));
  await editFile(robbed, PATH, add("b"));
  assert.is(taken, 2);
  assert.is(textOf(host), "a\nb\n");
});

test("editFile() takes over what a crash left, the unfinished file included", async () => {
  const dead = "0123456789abcdef0123456789abcdef";
  const host = memoryHost({
    files: { [PATH]: "a\n", [`${PATH}.lock`]: dead, [`${PATH}.${dead}.new`]: "half a fi" },
  });
  await editFile(host, PATH, add("b"));
  assert.is(textOf(host), "a\nb\n");
  assert.equal(host.paths(), [PATH]);
});

test("editFile() keeps the first error and gives the lock back when an edit fails", async () => {
  const host = memoryHost({ files: { [PATH]: "a\n" } });
  const failure = new Error("no");
  await editFile(host, PATH, () => {
    throw failure;
  }).then(() => assert.unreachable(), (error) => assert.is(error, failure));
  assert.equal(host.paths(), [PATH]);
});

test("editFile() does not edit what is too long", async () => {
  const host = memoryHost({ files: { [PATH]: new Uint8Array(MAX_EDITED_LENGTH + 1) } });
  await assertRejects(editFile(host, PATH, add("b")), "ERR_FILE_TOO_LARGE");
});

test.run();
