// runtimes: node20
/**
 * The command with its cache, as processes: how many calls they make, and what stays behind.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { encodeBase64 } from "../../../../core/bytes/base64.ts";
import { decodePem } from "../../../../core/pem/pem.ts";
import { fromRolesAnywhere, nodeHost } from "../../../../runtimes/node/mod.ts";
import {
  SESSION_ARNS,
  SESSION_FLAGS,
  startService,
  testAuthority,
  trustingEmulator,
} from "../../../support/local-service.ts";
import { commandLines, type Ended, type Program, runProgram } from "../../../support/programs.ts";
import { assert, skip, suite } from "../../../support/suite.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const test = suite("runtimes/cli/commands/credential-process");

const folder = temporaryFolder();
const authority = await testAuthority();
const client = await authority.issue("client");
const server = await authority.issue("localhost", { kind: "server" });
const emulator = trustingEmulator(authority, Date.now);
const plain = await startService(nodeHost(), emulator);
const secure = await startService(nodeHost(), emulator, server);
const [node20, node, deno, bun] = (await commandLines()).map(writing) as [Program, Program, Program, Program];

const identity = {
  certificateFile: folder.write("cert.pem", client.certificatePem),
  privateKeyFile: folder.write("key.pem", client.keyPem),
};
const good = [
  "credential-process",
  "--certificate",
  identity.certificateFile,
  "--private-key",
  identity.privateKeyFile,
  ...SESSION_FLAGS,
];
const asked = [...good, "--endpoint", plain.endpoint];

test.after(async () => {
  await Promise.all([plain.close(), secure.close()]);
  folder.remove();
});

let caches = 0;
const freshCache = () => join(folder.path, `cache-${caches++}`);
const calls = () => emulator.decisions().length;
const text = ({ output }: Ended) => new TextDecoder().decode(output);
const environment = (cache: string) => ({ ANYROLE_NO_CACHE: "", ANYROLE_CACHE_DIR: cache });

function start({ command, missing }: Program, args: readonly string[], cache: string): Promise<Ended> {
  return command === undefined ? skip(missing ?? "it is not there") : runProgram(command, args, environment(cache));
}

/** Deno asks for the right to write; nobody else does. */
function writing(program: Program): Program {
  const { command } = program;
  if (command === undefined || program.name !== "Deno") return program;
  const [deno, run, ...rest] = command;
  return { ...program, command: [deno, run!, "--allow-write", ...rest] };
}

function assertCredentials(ended: Ended): { readonly SecretAccessKey: string; readonly SessionToken: string } {
  assert.is(ended.errors, "");
  assert.is(ended.code, 0);
  const credentials = JSON.parse(text(ended));
  assert.equal(Object.keys(credentials), [
    "Version",
    "AccessKeyId",
    "SecretAccessKey",
    "SessionToken",
    "Expiration",
    "AccountId",
  ]);
  return credentials;
}

for (const [program, count] of [[node20, 50], [node, 50], [deno, 10], [bun, 10]] as const) {
  test.slow(`credential-process on ${program.name} makes one call in ${count} concurrent starts`, 180_000, async () => {
    const cache = freshCache();
    const before = calls();
    const ended = await Promise.all(Array.from({ length: count }, () => start(program, asked, cache)));
    for (const each of ended) assertCredentials(each);
    assert.is(calls() - before, 1);
    assert.is(new Set(ended.map(text)).size, 1);
    assert.is(readdirSync(cache).length, 1);
  });
}

test("credential-process prints what another runtime has kept", async () => {
  const cache = freshCache();
  const before = calls();
  const first = text(await start(node20, asked, cache));
  for (const program of [node, deno, bun]) {
    if (program.command !== undefined) assert.is(text(await start(program, asked, cache)), first, program.name);
  }
  assert.is(calls() - before, 1);
});

test("credential-process shares its credentials with the library that is asked to share", async () => {
  const cache = freshCache();
  const before = calls();
  const { AccessKeyId } = JSON.parse(text(await start(node20, asked, cache)));
  const provider = fromRolesAnywhere({
    ...identity,
    ...SESSION_ARNS,
    endpoint: plain.endpoint,
    cache: { directory: cache },
  });
  assert.is((await provider()).accessKeyId, AccessKeyId);
  const forced = await provider({ forceRefresh: true });
  assert.is.not(forced.accessKeyId, AccessKeyId);
  assert.is(JSON.parse(text(await start(node20, asked, cache))).AccessKeyId, forced.accessKeyId);
  assert.is(calls() - before, 2);
});

test("credential-process keeps no secret in the clear, in no file, name or message", async () => {
  const cache = freshCache();
  const first = await start(node20, [...asked, "--debug"], cache);
  const second = await start(node20, [...asked, "--debug"], cache);
  const listed = await Promise.all([
    start(node20, ["cache", "list"], cache),
    start(node20, ["cache", "list", "--json"], cache),
  ]);
  const { SecretAccessKey, SessionToken } = JSON.parse(text(first));
  const key = decodePem(client.keyPem)[0]!.octets;
  const secrets = [
    SecretAccessKey,
    SessionToken,
    SessionToken.slice(-40),
    encodeBase64(key).slice(40, 80),
    new TextDecoder("latin1").decode(key.subarray(36, 68)),
  ];
  const files = readdirSync(cache).map((name) => name + readFileSync(join(cache, name), "latin1"));
  assert.is(files.length, 1);
  for (const place of [...files, first.errors, second.errors, ...listed.map(text)]) {
    for (const secret of secrets) assert.not(place.includes(secret));
  }
  assert.match(second.errors, / until .+, of the cache, request /);
  const [roleArn, times] = text(listed[0]!).split("\n");
  assert.is(roleArn, SESSION_ARNS.roleArn);
  assert.match(times!, /^ {2}until \d{4}-.+; made \d{4}-/);
  if (process.platform === "win32") return;
  assert.is(statSync(cache).mode & 0o777, 0o700);
  assert.is(statSync(join(cache, readdirSync(cache)[0]!)).mode & 0o777, 0o600);
});

test("credential-process neither takes nor keeps with --no-cache, ANYROLE_NO_CACHE or --no-verify-ssl", async () => {
  const cache = freshCache();
  const before = calls();
  assertCredentials(await start(node20, [...asked, "--no-cache"], cache));
  const { command } = node20;
  assertCredentials(await runProgram(command!, asked, { ...environment(cache), ANYROLE_NO_CACHE: "1" }));
  assertCredentials(await start(node20, [...good, "--endpoint", secure.endpoint, "--no-verify-ssl"], cache));
  assert.is(calls() - before, 3);
  assert.not(existsSync(cache));
});

test("credential-process makes a call when what is kept does not live for --minimum-life", async () => {
  const cache = freshCache();
  const before = calls();
  await start(node20, asked, cache);
  assertCredentials(await start(node20, [...asked, "--minimum-life", "3500"], cache));
  assert.is(calls() - before, 1);
  assertCredentials(await start(node20, [...asked, "--minimum-life", "3601"], cache));
  assert.is(calls() - before, 2);
  const { code, errors } = await start(node20, [...asked, "--minimum-life", "43201"], cache);
  assert.is(code, 1);
  assert.match(errors, 'invalid argument "43201" for "--minimum-life" flag: must be from 0 to 43200');
});

test("credential-process makes a call for everything that is asked for otherwise", async () => {
  const cache = freshCache();
  const before = calls();
  await start(node20, asked, cache);
  const others = [
    [...asked, "--session-duration", "1800"],
    [...asked, "--role-session-name", "other"],
    [...good, "--endpoint", plain.endpoint.replace("127.0.0.1", "localhost")],
  ];
  for (const args of others) assertCredentials(await start(node20, args, cache));
  assert.is(calls() - before, 1 + others.length);
  const renewed = await authority.issue("client", { keyPem: client.keyPem, serialNumber: 99 });
  const certificate = folder.write("renewed.pem", renewed.certificatePem);
  await start(node20, [...asked, "--certificate", certificate], cache);
  assert.is(calls() - before, 2 + others.length);
});

test("credential-process does its work where nothing can be kept, and says so with --debug alone", async () => {
  const impossible = join(folder.write("a-file", ""), "below");
  assertCredentials(await start(node20, asked, impossible));
  const { code, errors } = await start(node20, [...asked, "--debug"], impossible);
  assert.is(code, 0);
  assert.is(errors.match(/no cache: Cannot /g)?.length, 1, errors);
});

test("credential-process takes what is damaged for nothing", async () => {
  const cache = freshCache();
  const before = calls();
  await start(node20, asked, cache);
  const file = join(cache, readdirSync(cache)[0]!);
  const octets = readFileSync(file);
  for (const damaged of [octets.subarray(0, 100), Buffer.alloc(0), Buffer.alloc(200_000, 120)]) {
    writeFileSync(file, damaged);
    assertCredentials(await start(node20, asked, cache));
  }
  assert.is(calls() - before, 4);
});

test.slow("credential-process goes on when the one who makes the call is killed", 180_000, async () => {
  const cache = freshCache();
  let silent = true;
  let heard = () => {};
  const request = new Promise<void>((resolve) => heard = resolve);
  const gate = await startService(nodeHost(), {
    ...emulator,
    fetch: (received) => {
      if (!silent) return emulator.fetch(received);
      heard();
      return new Promise<Response>(() => {});
    },
  });
  const args = [...good, "--endpoint", gate.endpoint];
  const [program, ...first] = node20.command!;
  const leader = spawn(program, [...first, ...args], {
    env: { ...process.env, ...environment(cache) },
    stdio: "ignore",
  });
  const ended = once(leader, "exit");
  await request;
  leader.kill("SIGKILL");
  await ended;
  silent = false;
  const [lock] = readdirSync(cache);
  assert.match(lock!, /^[0-9a-f]{64}\.lock$/);
  // Its time is over.
  const past = Date.now() / 1000 - 11;
  utimesSync(join(cache, lock!), past, past);
  const before = calls();
  const others = await Promise.all(Array.from({ length: 10 }, () => start(node20, args, cache)));
  for (const each of others) assertCredentials(each);
  assert.is(calls() - before, 1);
  assert.equal(readdirSync(cache).map((name) => name.slice(64)), [".session"]);
  await gate.close();
});

test("cache clear removes what was kept; cache list shows the rest", async () => {
  const cache = freshCache();
  await start(node20, asked, cache);
  const { entries } = JSON.parse(text(await start(node20, ["cache", "list", "--json"], cache)));
  assert.is(entries.length, 1);
  assert.is(entries[0].subject.endpoint, plain.endpoint);
  assert.is(text(await start(node20, ["cache", "clear"], cache)), `removed 1 from ${cache}\n`);
  assert.is(text(await start(node20, ["cache", "list"], cache)), `nothing in ${cache}\n`);
  assert.equal(readdirSync(cache), []);
  assert.equal(JSON.parse(text(await start(node20, ["cache", "clear", "--json"], cache))), {
    directory: cache,
    removed: 0,
  });
  const { code, errors } = await start(node20, ["cache"], cache);
  assert.is(code, 1);
  assert.match(errors, "did you mean cache list or cache clear?");
});

test.run();
