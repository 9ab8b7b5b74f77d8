// runtimes: node20 node bun
/**
 * Every call to the system fails once, or is the last one that a process makes; the disk is a real one.
 *
 * @module
 */

import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as fileSystem from "node:fs/promises";
import type { Host } from "../../../../runtimes/host.ts";
import { nodeHost } from "../../../../runtimes/node/mod.ts";
import { setProfile } from "../../../../runtimes/shared/credentials-file/set-profile.ts";
import { editFile } from "../../../../runtimes/shared/edit-file.ts";
import { nodeApiDurableFiles, type PromisesFileSystem } from "../../../../runtimes/shared/node-api/durable-files.ts";
import { CANARY_CREDENTIALS } from "../../../support/scripted-answers.ts";
import { assert, assertRejects, suite } from "../../../support/suite.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const test = suite("runtimes/shared/node-api/durable-files");

const folder = temporaryFolder();
test.after(() => folder.remove());

/** How the call fails: without having done anything, having done it, or a write having written the half of it. */
type Failure = "before" | "after" | "half";

/** What happens to the one call, and to those that follow. */
interface Fault {
  /** Its number, from 1. */
  readonly call: number;
  readonly failure: Failure;
  /** Whether it was the last: the process is gone, or the disk is. */
  readonly last: boolean;
}

class Injected extends Error {
  readonly code = "ENOSPC";
}

/** A file system with a fault. */
interface FaultyFileSystem {
  readonly fileSystem: PromisesFileSystem;
  /** How many calls it got. */
  calls(): number;
  /** Closes what is open. */
  end(): Promise<void>;
}

function faulty(fault: Fault | undefined): FaultyFileSystem {
  let calls = 0;
  const opened: fileSystem.FileHandle[] = [];
  const call = async (action: () => Promise<unknown>, half?: () => Promise<unknown>): Promise<unknown> => {
    calls++;
    if (fault === undefined || calls < fault.call) return await action();
    if (calls > fault.call) {
      if (fault.last) throw new Injected("it is gone");
      return await action();
    }
    if (fault.failure === "after") await action();
    if (fault.failure === "half") await half?.();
    throw new Injected("injected");
  };
  const wrapFile = (file: fileSystem.FileHandle) => ({
    write: (octets: Uint8Array, offset: number, length: number) =>
      call(
        () => file.write(octets, offset, length),
        () => file.write(octets, offset, Math.floor(length / 2)),
      ),
    sync: () => call(() => file.sync()),
    datasync: () => call(() => file.datasync()),
    truncate: (length: number) => call(() => file.truncate(length)),
    close: () => call(() => file.close()),
  });
  const names = ["stat", "chown", "chmod", "readlink", "mkdir", "rename", "unlink"] as const;
  const wrapped: Record<string, unknown> = Object.fromEntries(names.map((name) => [
    name,
    (...args: readonly unknown[]) =>
      call(() => (fileSystem[name] as (...args: readonly unknown[]) => Promise<unknown>)(...args)),
  ]));
  wrapped["open"] = (path: string, flags: string, mode?: number) =>
    call(async () => {
      const file = await fileSystem.open(path, flags, mode);
      opened.push(file);
      return wrapFile(file);
    });
  // A process that is gone has closed its files.
  const end = async () => void await Promise.allSettled(opened.map((file) => file.close()));
  return { fileSystem: wrapped as unknown as PromisesFileSystem, calls: () => calls, end };
}

function hostWith(fileSystem: PromisesFileSystem): Host {
  const host = nodeHost();
  return {
    ...host,
    durableFiles: async () => nodeApiDurableFiles(fileSystem, host.platform),
    // Waiting is counted, not timed.
    sleep: () => Promise.resolve(),
  };
}

const credentials = (name: string) => ({
  ...CANARY_CREDENTIALS,
  accessKeyId: `ASIA${name}`,
});
const OLD = `# ${"x".repeat(5000)}\n[default]\naws_access_key_id = OLD\nregion = x\n`;
const NEW = setProfile(OLD, "default", credentials("NEW"));
const NEXT = (text: string) => setProfile(text, "default", credentials("NEXT"));

/** Edits a file of its own with the fault; answers how many calls there were, the error, and the file. */
async function edit(
  name: string,
  fault: Fault | undefined,
): Promise<{ readonly calls: number; readonly error: Error | undefined; readonly path: string }> {
  const directory = `${folder.path}/${name}`;
  await fileSystem.mkdir(directory, { recursive: true });
  const path = `${directory}/credentials`;
  writeFileSync(path, OLD);
  chmodSync(path, 0o640);
  const system = faulty(fault);
  const error = await editFile(
    hostWith(system.fileSystem),
    path,
    (text) => setProfile(text, "default", credentials("NEW")),
  ).then(() => undefined, (error: Error) => error);
  await system.end();
  return { calls: system.calls(), error, path };
}

const { calls: CALLS, error: ERROR } = await edit("count", undefined);

test("editFile() works through the file system that counts", () => {
  assert.is(ERROR, undefined);
  assert.is(readFileSync(`${folder.path}/count/credentials`, "utf8"), NEW);
  assert.ok(CALLS > 15, String(CALLS));
});

for (const last of [false, true]) {
  for (const failure of ["before", "half", "after"] as const) {
    const what = last ? "a process that ends at" : "an error of";
    test(`editFile() leaves the old file or the new one after ${what} any call, ${failure} it was done`, async () => {
      for (let call = 1; call <= CALLS; call++) {
        const at = `call ${call}`;
        const { error, path } = await edit(`${failure}-${last}-${call}`, { call, failure, last });
        const text = readFileSync(path, "utf8");
        assert.ok(text === OLD || text === NEW, `${at}: ${text.slice(-200)}`);
        assert.is(statSync(path).mode & 0o777, 0o640, at);
        if (error === undefined) assert.is(text, NEW, at);
        else {
          assert.match(error.message, /^Cannot write .+: the disk is full$/, at);
          assert.not.match(`${error.message}${error.stack}`, CANARY_CREDENTIALS.secretAccessKey);
        }
        const directory = path.slice(0, path.lastIndexOf("/"));
        for (const name of readdirSync(directory)) {
          // What is staged has the mode of the file that it was to replace, or a stricter one.
          assert.is(statSync(`${directory}/${name}`).mode & 0o777 & ~0o640, 0, `${at}: ${name}`);
        }
        // The next one gets through, and cleans up.
        await editFile(hostWith(faulty(undefined).fileSystem), path, NEXT);
        assert.is(readFileSync(path, "utf8"), NEXT(text), at);
        assert.equal(readdirSync(directory), ["credentials"], at);
      }
    });
  }
}

test("nodeApiDurableFiles() makes a directory with those above it, and gives up where none can be made", async () => {
  const path = `${folder.path}/above/a/b`;
  const files = nodeApiDurableFiles(fileSystem as unknown as PromisesFileSystem, "linux");
  await files.makeDirectory(path, 0o700);
  await files.makeDirectory(path, 0o700);
  assert.is(statSync(path).mode & 0o777, 0o700);
  const made: string[] = [];
  const mkdir = async (directory: string) => {
    made.push(directory);
    throw Object.assign(new Error("as /proc has it"), { code: directory === "/net" ? "EEXIST" : "ENOENT" });
  };
  const automounted = nodeApiDurableFiles({ ...fileSystem, mkdir } as unknown as PromisesFileSystem, "linux");
  await assertRejects(automounted.makeDirectory("/net/nobody/.aws", 0o700), "ERR_FILE_NOT_FOUND");
  assert.equal(made, ["/net/nobody/.aws", "/net/nobody", "/net", "/net/nobody"]);
});

test("nodeApiDurableFiles() waits on Windows for a file that somebody reads, and nowhere else", async () => {
  const path = folder.write("read by others", OLD);
  const files = (platform: string) => {
    let pauses = 0;
    let refusals = 3;
    const rename = async (from: string, to: string) => {
      if (refusals-- > 0) throw Object.assign(new Error("it is open"), { code: "EPERM" });
      await fileSystem.rename(from, to);
    };
    const system = { ...fileSystem, rename } as unknown as PromisesFileSystem;
    return {
      files: nodeApiDurableFiles(system, platform, () => Promise.resolve(void pauses++)),
      pauses: () => pauses,
    };
  };
  const windows = files("windows");
  await windows.files.replaceFile(path, new TextEncoder().encode(NEW), 0o600);
  assert.is(readFileSync(path, "utf8"), NEW);
  assert.is(windows.pauses(), 3);
  const linux = files("linux");
  await assertRejects(linux.files.replaceFile(path, new Uint8Array(), 0o600), "ERR_FILE_ACCESS");
  assert.is(linux.pauses(), 0);
});

test.run();
