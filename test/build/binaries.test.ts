// runtimes: node20
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { nodeHost } from "../../runtimes/node/mod.ts";
import { readJson } from "../architecture/entry-points.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { SESSION_FLAGS, startService, testAuthority, trustingEmulator } from "../support/local-service.ts";
import { runProgram } from "../support/programs.ts";
import { assert, skip, suite } from "../support/suite.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const test = suite("build/binaries");

const { version } = readJson<{ version: string }>("package.json");
const folder = temporaryFolder();
const authority = await testAuthority();
const client = await authority.issue("client");
const service = await startService(nodeHost(), trustingEmulator(authority, Date.now));

test.after(async () => {
  await service.close();
  folder.remove();
});

/** A program for this machine is made by two builds, whose folders have different names. */
const builds = ["first", "second"].map((name) => build(join(folder.path, name)));

test("npm run binaries makes programs that know their version and print credentials", async () => {
  const { out, files } = built();
  const programs = files.filter((file) => !/SHA256SUMS|\.json$/.test(file));
  assert.ok(programs.length >= 1, files.join());
  for (const program of programs) {
    const command: [string] = [join(out, program)];
    const told = await runProgram(command, ["version"]);
    assert.is(new TextDecoder().decode(told.output), `${version}\n`, told.errors);
    const { code, output, errors } = await runProgram(command, [
      "credential-process",
      ...["--certificate", folder.write("cert.pem", client.certificatePem)],
      ...["--private-key", folder.write("key.pem", client.keyPem)],
      ...SESSION_FLAGS,
      ...["--endpoint", service.endpoint],
    ]);
    assert.is(code, 0, `${program}: ${errors}`);
    assert.match(new TextDecoder().decode(output), /^\{"Version":1,.*"SessionToken":/);
  }
});

test("npm run binaries makes programs that load what a command alone needs", async () => {
  const { out, files } = built();
  const program = files.find((file) => !/SHA256SUMS|\.json$/.test(file))!;
  const { code, output, errors } = await runProgram([join(out, program)], ["demo"]);
  assert.is(code, 0, errors);
  assert.match(new TextDecoder().decode(output), "FAIL");
});

test("SHA256SUMS lists everything beside it, and each sum fits", () => {
  const { out, files } = built();
  const lines = readFileSync(join(out, "SHA256SUMS"), "utf8").trimEnd().split("\n").map((line) => line.split("  "));
  assert.equal(lines.map(([, file]) => file), files.filter((file) => file !== "SHA256SUMS"));
  for (const [sum, file] of lines) {
    assert.is(createHash("sha256").update(readFileSync(join(out, file!))).digest("hex"), sum, file);
  }
});

test("the bill of materials names what is inside, with its licence", () => {
  const { out } = built();
  const bill = JSON.parse(readFileSync(join(out, `anyrole-${version}.cdx.json`), "utf8"));
  assert.is(bill.bomFormat, "CycloneDX");
  assert.is(bill.metadata.component.version, version);
  const names = bill.components.map((component: { name: string }) => component.name);
  for (const name of ["hono", "@noble/curves"]) assert.ok(names.includes(name), name);
  assert.ok(names.some((name: string) => name.startsWith("@oven/bun-")), names.join());
  for (const component of bill.components) assert.match(component.licenses[0].license.id, /^[A-Za-z0-9.-]+$/);
});

test("npm run binaries makes the same octets again", () => {
  const [first, second] = [built(0), built(1)];
  assert.is(readFileSync(join(first.out, "SHA256SUMS"), "utf8"), readFileSync(join(second.out, "SHA256SUMS"), "utf8"));
});

test("npm run binaries refuses a target that does not exist", () => {
  const { code, text } = build(folder.path, "plan9-x64");
  assert.is(code, 2);
  assert.match(text, "Cannot build plan9-x64: the targets are linux-x64, ");
});

function build(out: string, target: string = "host,node") {
  const script = join(repositoryRoot(), "build", "binaries.mjs");
  const result = spawnSync(process.execPath, [script, "--target", target, "--out", out], { encoding: "utf8" });
  return { out, code: result.status, text: result.stdout + result.stderr };
}

function built(index: number = 0) {
  const { out, text } = builds[index]!;
  const files = readdirSync(out).sort();
  if (files.length < 3) skip(`no program for ${process.platform} ${process.arch}: ${text.trim()}`);
  return { out, files };
}

test.run();
