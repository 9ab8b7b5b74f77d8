// runtimes: node20
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getuid } from "node:process";
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { repositoryRoot } from "../../support/capabilities.ts";
import { SESSION_FLAGS, startService, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { type Ended, runProgram, runtimeProgram } from "../../support/programs.ts";
import { assert, skip, suite } from "../../support/suite.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const test = suite("runtimes/node/bin");

const folder = temporaryFolder();
const authority = await testAuthority();
const client = await authority.issue("client");
const service = await startService(nodeHost(), trustingEmulator(authority, Date.now));
const identity = [
  "--certificate",
  folder.write("cert.pem", client.certificatePem),
  "--private-key",
  folder.write("key.pem", client.keyPem),
];
const credentialProcess = ["credential-process", ...identity, ...SESSION_FLAGS, "--endpoint", service.endpoint];
/** Loads one more file of the program: the one that reads keys which are in no file. */
const withGivenKey = [...credentialProcess, "--private-key", "env:KEY"];
const GIVEN_KEY = { KEY: client.keyPem };

test.after(async () => {
  await service.close();
  folder.remove();
});

/** Binds root to the modes of files, as everybody else is. */
const BOUND = getuid?.() === 0 ? ["setpriv", "--bounding-set", "-dac_override"] : [];

/** A copy of the published command, which no other test has started. */
class Copy {
  readonly path: string;
  readonly #node: string;
  readonly #through: readonly string[];

  /** @param through what the command is started by */
  constructor(name: string, node: string, through: readonly string[] = []) {
    this.path = join(folder.path, name);
    this.#node = node;
    this.#through = through;
    cpSync(join(repositoryRoot(), "dist", "bin"), this.path, {
      recursive: true,
      filter: (path) => !path.endsWith(".cache"),
    });
  }

  start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const [program, ...words] = [...this.#through, this.#node, join(this.path, "anyrole.cjs")];
    return runProgram([program!, ...words], args, environment);
  }

  /** Where the files of the program are. */
  get folder(): string {
    return join(this.path, readdirSync(this.path).find((name) => name.startsWith("program-"))!);
  }

  /** Names of the files that no build wrote. */
  kept(): string[] {
    assert.equal(readdirSync(this.path).length, 2);
    return readdirSync(this.folder).filter((name) => !name.endsWith(".cjs"));
  }

  async printsCredentials(environment?: Readonly<Record<string, string>>, args = credentialProcess): Promise<void> {
    const { code, output, errors } = await this.start(args, environment);
    assert.is(code, 0, errors);
    assert.match(new TextDecoder().decode(output), /^\{"Version":1,.*"SessionToken":/);
    assert.is(errors, "");
  }
}

for (const runtime of ["node20", "node"]) {
  const { program, missing } = await runtimeProgram(runtime);
  if (program === undefined) {
    test.skip(`bin on ${runtime}`, missing ?? "it is not installed");
    continue;
  }

  test(`bin on ${runtime} keeps the compiled program of the first credential-process that succeeds, for its version`, async () => {
    const copy = new Copy(`first-${runtime}`, program);
    await copy.start(["version"]);
    assert.is((await copy.start(["credential-process", ...identity])).code, 1);
    assert.equal(copy.kept(), []);
    await copy.printsCredentials();
    const kept = copy.kept();
    assert.is(kept.length, 1);
    assert.match(kept[0]!, /^program\.cjs\.v\d+\.\d+\.\d+-\w+\.cache$/);
    const path = join(copy.folder, kept[0]!);
    const { mtimeMs, mode } = statSync(path);
    assert.is(mode & 0o022, 0);
    await copy.printsCredentials();
    assert.equal(copy.kept(), kept);
    assert.is(statSync(path).mtimeMs, mtimeMs);
    assert.is((await copy.start(["credential-process", ...identity])).code, 1);
  });

  test(`bin on ${runtime} keeps each file of the program that a credential-process has loaded`, async () => {
    const copy = new Copy(`parts-${runtime}`, program);
    await copy.printsCredentials();
    const [first] = copy.kept();
    const stampOf = (name: string): number => statSync(join(copy.folder, name)).mtimeMs;
    const before = stampOf(first!);
    await copy.printsCredentials(GIVEN_KEY, withGivenKey);
    const both = copy.kept();
    assert.equal(both.map((name) => name.split(".")[0]), ["given-inputs", "program"]);
    const stamps = both.map(stampOf);
    assert.is(stamps[1], before);
    await copy.printsCredentials(GIVEN_KEY, withGivenKey);
    assert.equal(copy.kept(), both);
    assert.equal(both.map(stampOf), stamps);
  });

  test(`bin on ${runtime} uses what is kept of a file for that file alone`, async () => {
    const copy = new Copy(`exchanged-${runtime}`, program);
    await copy.printsCredentials(GIVEN_KEY, withGivenKey);
    const paths = copy.kept().map((name) => join(copy.folder, name));
    const contents = paths.map((path) => readFileSync(path));
    paths.forEach((path, i) => writeFileSync(path, contents[1 - i]!));
    await copy.printsCredentials(GIVEN_KEY, withGivenKey);
    paths.forEach((path, i) => assert.not.equal(readFileSync(path), contents[1 - i]));
  });

  test(`bin on ${runtime} replaces what is kept when it is damaged, cut off or of another build`, async () => {
    const copy = new Copy(`damaged-${runtime}`, program);
    await copy.printsCredentials();
    const path = join(copy.folder, copy.kept()[0]!);
    const whole = readFileSync(path);
    for (const position of [0, 40, 132, whole.length >> 1, whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[position]! ^= 0xff;
      writeFileSync(path, damaged);
      await copy.printsCredentials();
      assert.not.equal(readFileSync(path), damaged);
    }
    for (const content of [Buffer.alloc(0), whole.subarray(0, 31), whole.subarray(0, 5000)]) {
      writeFileSync(path, content);
      await copy.printsCredentials();
      assert.ok(statSync(path).size > 5000);
    }
    assert.is(copy.kept().length, 1);
  });

  test(`bin on ${runtime} neither keeps nor uses anything under NODE_DISABLE_COMPILE_CACHE`, async () => {
    const copy = new Copy(`disabled-${runtime}`, program);
    await copy.printsCredentials({ NODE_DISABLE_COMPILE_CACHE: "1" });
    assert.equal(copy.kept(), []);
  });

  test(`bin on ${runtime} works in a folder that it cannot write`, async () => {
    if (BOUND[0] !== undefined && spawnSync(BOUND[0], ["--version"]).status !== 0) {
      skip("root can write everywhere, and there is no setpriv");
    }
    const copy = new Copy(`read-only-${runtime}`, program, BOUND);
    chmodSync(copy.folder, 0o555);
    await copy.printsCredentials();
    assert.equal(copy.kept(), []);
    chmodSync(copy.folder, 0o755);
  });

  test(`bin on ${runtime} works where what is kept cannot be read or replaced`, async () => {
    const copy = new Copy(`folder-${runtime}`, program);
    await copy.printsCredentials();
    const [name] = copy.kept();
    const other = new Copy(`other-${runtime}`, program);
    cpSync(copy.folder, join(other.folder, name!), { recursive: true });
    await other.printsCredentials();
    assert.equal(other.kept(), [name]);
  });
}

test("bin takes nothing that another version of Node has kept", async () => {
  const [old, current] = await Promise.all(["node20", "node"].map(runtimeProgram));
  if (old?.program === undefined || current?.program === undefined) skip("it needs both versions of Node");
  const copies = [old.program, current.program].map((program, i) => new Copy(`version-${i}`, program));
  for (const copy of copies) await copy.printsCredentials();
  const [from, to] = copies.map((copy) => join(copy.folder, copy.kept()[0]!));
  cpSync(from!, to!);
  await copies[1]!.printsCredentials();
  assert.not.equal(readFileSync(to!), readFileSync(from!));
});

test.run();
