// runtimes: node20 node bun
import * as fileSystem from "node:fs";
import { chownSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { getuid } from "node:process";
import { type CacheFileSystem, nodeApiCacheFiles } from "../../../../runtimes/shared/node-api/cache-files.ts";
import { assert, assertThrows, skip, suite } from "../../../support/suite.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const test = suite("runtimes/shared/node-api/cache-files");

const folder = temporaryFolder();
test.after(() => folder.remove());

const REAL = fileSystem as unknown as CacheFileSystem;
const US = { platform: "linux", ...(getuid === undefined ? {} : { getuid }) };
const ONE = new Uint8Array([1, 2, 3]);

/** The system's functions, of which one fails, and writes one octet at a time. */
function failing(name: keyof CacheFileSystem | undefined, code: string): CacheFileSystem {
  let written = 0;
  const writeSync = (file: number, octets: Uint8Array, offset: number): number => {
    if (name === "writeSync" && written++ === 1) throw Object.assign(new Error("full"), { code });
    return fileSystem.writeSync(file, octets, offset, 1);
  };
  const fail = () => {
    throw Object.assign(new Error("injected"), { code });
  };
  return { ...REAL, writeSync, ...(name === undefined || name === "writeSync" ? {} : { [name]: fail }) };
}

test("nodeApiCacheFiles() writes everything, however little the system takes at a time", () => {
  const path = `${folder.path}/small`;
  const files = nodeApiCacheFiles(failing(undefined, ""), US);
  assert.is(files.create(path, ONE), true);
  assert.is(files.create(path, ONE), false);
  assert.equal(files.read(path, 3), ONE);
  assertThrows(() => files.read(path, 2), "ERR_FILE_TOO_LARGE");
});

test("nodeApiCacheFiles() leaves nothing of a file that a full disk cut off, and the old one in its place", () => {
  const path = `${folder.path}/full`;
  const files = nodeApiCacheFiles(failing("writeSync", "ENOSPC"), US);
  assert.match(assertThrows(() => files.create(path, ONE), "ERR_FILE_WRITE").message, /the disk is full$/);
  assert.not(existsSync(path));
  nodeApiCacheFiles(REAL, US).create(path, ONE);
  const again = nodeApiCacheFiles(failing("writeSync", "ENOSPC"), US);
  assertThrows(() => again.replace(path, `${path}.new`, new Uint8Array(5)), "ERR_FILE_WRITE");
  const unmoved = nodeApiCacheFiles(failing("renameSync", "EIO"), US);
  assertThrows(() => unmoved.replace(path, `${path}.new`, new Uint8Array(5)), "ERR_FILE_WRITE");
  assert.equal(again.read(path, 10), ONE);
  assert.equal(readdirSync(folder.path).filter((name) => name.endsWith(".new")), []);
});

test("nodeApiCacheFiles() tells absence from every other failure", () => {
  const files = nodeApiCacheFiles(REAL, US);
  const path = `${folder.path}/none`;
  assert.is(files.read(path, 1), undefined);
  assert.is(files.status(path), undefined);
  assert.equal(files.list(path), []);
  assert.is(files.move(path, `${path}-2`), false);
  files.remove(path);
  const denied = (name: keyof CacheFileSystem) => nodeApiCacheFiles(failing(name, "EACCES"), US);
  assertThrows(() => denied("statSync").read(path, 1), "ERR_FILE_ACCESS");
  assertThrows(() => denied("openSync").read(folder.write("there", ""), 1), "ERR_FILE_ACCESS");
  assertThrows(() => denied("statSync").status(path), "ERR_FILE_ACCESS");
  assertThrows(() => denied("readdirSync").list(path), "ERR_FILE_ACCESS");
  assertThrows(() => denied("renameSync").move(path, path), "ERR_FILE_ACCESS");
  assertThrows(() => denied("unlinkSync").remove(path), "ERR_FILE_ACCESS");
  assertThrows(() => denied("mkdirSync").makeDirectory(path), "ERR_FILE_ACCESS");
  const readOnly = () => nodeApiCacheFiles(failing("openSync", "EROFS"), US).create(path, ONE);
  assert.match(assertThrows(readOnly, "ERR_FILE_ACCESS").message, "the file system is read-only");
});

test("nodeApiCacheFiles() makes a directory with those above it, and one that is there is no failure", () => {
  const path = `${folder.path}/a/b/c`;
  const files = nodeApiCacheFiles(REAL, US);
  files.makeDirectory(path);
  files.makeDirectory(path);
  assert.is(files.status(path)!.mode, 0o700);
  assert.is(files.status(`${folder.path}/a`)!.mode, 0o700);
});

test("nodeApiCacheFiles() gives up where no directory can be made, though the one above is there", () => {
  const made: string[] = [];
  const mkdirSync = (path: string) => {
    made.push(path);
    throw Object.assign(new Error("as /proc has it"), { code: path === "/net" ? "EEXIST" : "ENOENT" });
  };
  const files = nodeApiCacheFiles({ ...REAL, mkdirSync }, US);
  assertThrows(() => files.makeDirectory("/net/nobody/.cache"), "ERR_FILE_NOT_FOUND");
  assert.equal(made, ["/net/nobody/.cache", "/net/nobody", "/net", "/net/nobody"]);
  assertThrows(() => files.makeDirectory("C:\\cache"), "ERR_FILE_NOT_FOUND");
});

test("nodeApiCacheFiles() knows a directory of another user, where users have numbers", () => {
  if (getuid?.() !== 0) skip("root alone can give a directory away");
  const path = `${folder.path}/theirs`;
  mkdirSync(path, { mode: 0o755 });
  chownSync(path, 12_345, 12_345);
  assert.is(nodeApiCacheFiles(REAL, US).status(path)?.writableBy, "its owner");
  assert.is(nodeApiCacheFiles(REAL, { platform: "win32" }).status(path)?.writableBy, "us");
});

test.run();
