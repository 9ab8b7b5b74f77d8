/**
 * What `anyrole bridge` must do on a runtime with files and sockets. For Node, Bun and Deno.
 *
 * @module
 */

import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import { remoteIdentity, type RemoteSigner, remoteSigner } from "../../core/sign/mod.ts";
import { unixSocketFetch } from "../../hsm-bridge/remote/unix-socket-fetch.ts";
import { run } from "../../runtimes/cli/mod.ts";
import type { Host } from "../../runtimes/host.ts";
import { addSignerTests } from "./signer-conformance.ts";
import { assert, assertNone, assertRejects, skip, type Suite } from "./suite.ts";
import { stringToSign } from "./signing-bench.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { testIdentity } from "./test-identity.ts";

/** 2026-06-01T12:00:00Z, as in the strings to sign. */
export const BRIDGE_NOW: number = Date.UTC(2026, 5, 1, 12);

/** Adds the tests. @param sockets whether this runtime's tests may open Unix sockets */
export async function addBridgeCommandTests(test: Suite, makeHost: () => Host, sockets: boolean): Promise<void> {
  const folder = temporaryFolder();
  const identity = await testIdentity("bridge");
  const keyFile = folder.write("key.pem", identity.keyPem);
  const certificateFile = folder.write("cert.pem", identity.certificatePem);
  const keyFlags = ["--key", keyFile, "--certificate", certificateFile];
  const tokenFile = `${folder.path}/token`;
  test.after(() => folder.remove());

  const bridge = (...flags: readonly string[]) => startBridge(makeHost(), flags);
  const overTls = (...flags: readonly string[]) =>
    bridge(...keyFlags, "--port", "0", "--token-file", tokenFile, ...flags);

  const client = async (
    started: StartedBridge,
    token: string = readFileSync(tokenFile, "utf8"),
  ): Promise<RemoteSigner> =>
    await remoteSigner({
      endpoint: started.endpoint,
      token,
      fetch: makeHost().httpClient({
        serverCertificate: "verify",
        caBundle: () => readFileSync(`${tokenFile}-ca.pem`, "utf8"),
      }),
      sleep: makeHost().sleep,
    });

  test("bridge signs over HTTPS for who has the token, and leaves nothing behind", async () => {
    const started = await overTls();
    assert.match(started.errors(), `Signing service started on ${started.endpoint}\nThe token is in ${tokenFile}\n`);
    const token = readFileSync(tokenFile, "utf8");
    assert.match(token, /^[A-Za-z0-9_-]{43}$/);
    assert.is(statSync(tokenFile).mode & 0o777, 0o600);
    const signer = await client(started);
    assert.equal(signer.certificates, [identity.certificate.der]);
    await signer.sign(stringToSign());
    await assertRejects(async () => await signer.sign(encodeUtf8("anything")), "ERR_REMOTE_SIGNER_REFUSED");
    await assertRejects(() => client(started, `${token.slice(0, -1)}~`), "ERR_REMOTE_SIGNER_UNAUTHORIZED");
    const records = started.records();
    assert.equal(records.map(({ operation, outcome }) => `${operation} ${outcome}`), [
      "key answered",
      "sign answered",
      "sign MessageNotAllowed",
      "other Unauthorized",
    ]);
    assert.match(String(records[0]!["peer"]), /^127\.0\.0\.1:\d+$/);
    assert.is(await started.stop(), 0);
    assertNone([tokenFile, `${tokenFile}-ca.pem`].filter((path) => existsSync(path)));
    const secrets = [token, identity.keyPem.split("\n")[1]!];
    for (const secret of secrets) assert.not.match(started.errors() + started.output(), secret);
  });

  let conforming: StartedBridge | undefined;
  addSignerTests(test, "P-256 behind anyrole bridge", async () => {
    conforming = await overTls("--any-message", "--rate", "1000");
    return { signer: await client(conforming), publicKey: identity.certificate.spki };
  });
  test.after(async () => void await conforming?.stop());

  test("bridge makes another token at each start, and keeps no grant alive", async () => {
    const first = await overTls("--expires", "2026-06-01T12:00:01Z", "--max-signatures", "1");
    const signer = await client(first);
    await signer.sign(stringToSign());
    await assertRejects(async () => await signer.sign(stringToSign()), "ERR_REMOTE_SIGNER_REFUSED");
    const token = readFileSync(tokenFile, "utf8");
    await first.stop();
    const second = await overTls();
    assert.is.not(readFileSync(tokenFile, "utf8"), token);
    await assertRejects(() => client(second, token), "ERR_REMOTE_SIGNER_UNAUTHORIZED");
    await second.stop();
  });

  test("bridge serves several grants, each with its own token, which stay", async () => {
    const grant = (name: string, more: object = {}) => ({
      name,
      key: keyFile,
      tokenFile: `${folder.path}/${name}.token`,
      ...more,
    });
    const given = `${"g".repeat(40)}`;
    writeFileSync(`${folder.path}/two.token`, `${given}\n`, { mode: 0o600 });
    const grants = folder.write(
      "grants.json",
      JSON.stringify([grant("one"), grant("two", { messages: "any-message" })]),
    );
    const audit = `${folder.path}/audit.jsonl`;
    const started = await bridge(
      "--grants",
      grants,
      "--audit-file",
      audit,
      "--port",
      "0",
      "--tls-ca-file",
      `${tokenFile}-ca.pem`,
    );
    const one = await client(started, readFileSync(`${folder.path}/one.token`, "utf8"));
    const two = await client(started, given);
    await assertRejects(async () => await one.sign(encodeUtf8("anything")), "ERR_REMOTE_SIGNER_REFUSED");
    await two.sign(encodeUtf8("anything"));
    await started.stop();
    assert.ok(existsSync(`${folder.path}/one.token`));
    assert.is(statSync(audit).mode & 0o777, 0o600);
    const lines = readFileSync(audit, "utf8").trim().split("\n").map((line) =>
      JSON.parse(line) as Record<string, unknown>
    );
    assert.equal(lines.map(({ grant, outcome }) => `${grant} ${outcome}`), [
      "one answered",
      "two answered",
      "one MessageNotAllowed",
      "two answered",
    ]);
    chmodSync(`${folder.path}/two.token`, 0o644);
    const open = await bridge("--grants", grants, "--port", "0");
    assert.is(await open.ended, 1);
    assert.match(open.errors(), "it holds a token and has mode 0644");
  });

  test("bridge serves a Unix socket for its owner alone, without a token", async () => {
    if (!sockets) skip("the task of Deno's tests has no permission for Unix sockets");
    const path = `${folder.path}/bridge.sock`;
    const started = await bridge(...keyFlags, "--unix-socket", path);
    assert.is(statSync(path).mode & 0o777, 0o600);
    const place = { endpoint: "http://localhost", fetch: unixSocketFetch(path), sleep: makeHost().sleep };
    const { certificate, signer } = await remoteIdentity(place).identity();
    assert.equal(certificate.der, identity.certificate.der);
    await signer.sign(stringToSign());
    assert.is(started.records()[0]!["peer"], "unix");
    assert.is(await started.stop(), 0);
    assert.not(existsSync(path));
    await assertRejects(async () => await signer.sign(stringToSign()), "ERR_REMOTE_SIGNER_UNREACHABLE");
  });

  test("bridge lets no slow or oversized client of a socket keep others waiting", async () => {
    if (!sockets) skip("the task of Deno's tests has no permission for Unix sockets");
    const path = `${folder.path}/slow.sock`;
    const started = await bridge(...keyFlags, "--unix-socket", path);
    const head = "POST /v1/sign HTTP/1.1\r\nHost: localhost\r\n";
    const slow = Array.from({ length: 50 }, () => talk(path, `${head}Content-Length: 100\r\n\r\n{`));
    const place = { endpoint: "http://localhost", fetch: unixSocketFetch(path), sleep: makeHost().sleep };
    const signer = await remoteSigner(place);
    await signer.sign(stringToSign());
    for (const { close } of slow) close();
    const large = await talk(path, `${head}Connection: close\r\nContent-Length: 100000000\r\n\r\n{`).answer;
    assert.match(large, /^HTTP\/1\.1 413 /);
    const chunks = `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n${
      "x".repeat(4096)
    }\r\n0\r\n\r\n`;
    assert.match(await talk(path, chunks).answer, /^HTTP\/1\.1 413 /);
    const rebound = await talk(path, "GET /v1/key HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n")
      .answer;
    assert.match(rebound, /^HTTP\/1\.1 403 /);
    await signer.sign(stringToSign());
    await started.stop();
  });

  test("bridge refuses places that others can reach or replace, and flags that make no sense", async () => {
    const shared = `${folder.path}/shared`;
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    let files = 0;
    const grants = (value: unknown) => ["--grants", folder.write(`bad-${files++}.json`, JSON.stringify(value))];
    const good = { name: "a", key: keyFile, tokenFile: `${folder.path}/bad.token` };
    const cases: readonly (readonly [readonly string[], string])[] = [
      [[], "pass --key or --grants"],
      [[...keyFlags, "--unix-socket", `${shared}/s`], "others can write to its directory"],
      [[...keyFlags, "--unix-socket", `${folder.path}/none/s`], "its directory does not exist"],
      [[...keyFlags, "--bind", "0.0.0.0"], "keys are served to this machine alone"],
      [[...keyFlags, "--bind", "10.0.0.1"], "keys are served to this machine alone"],
      [[...keyFlags, "--bind", "localhost"], "keys are served to this machine alone"],
      [[...keyFlags, "--port", "65536"], "a port is 0 to 65535"],
      [[...keyFlags, "--tls-key", keyFile], "--tls-certificate and --tls-key go together"],
      [[...keyFlags, "--unix-socket", "x", "--stdio"], "ERR_USAGE_EXCLUSIVE_FLAGS"],
      [[...keyFlags, "--unix-socket", "x", "--port", "1"], "ERR_USAGE_EXCLUSIVE_FLAGS"],
      [[...keyFlags, "--grants", "x"], "ERR_USAGE_EXCLUSIVE_FLAGS"],
      [[...keyFlags, "--rate", "0"], "must be at least 1 a second"],
      [[...keyFlags, "--max-signatures", "-1"], "must be at least 0"],
      [[...keyFlags, "--expires", "tomorrow"], "must be a time"],
      [[...keyFlags, "--algorithm", "none"], "the key does not sign"],
      [[...keyFlags, "--algorithm", "ecdsa-sha384"], "IAM Roles Anywhere does not take"],
      [["--key", "none.pem"], "ERR_FILE_NOT_FOUND"],
      [
        ["--key", keyFile, "--certificate", folder.write("other.pem", (await testIdentity("x")).certificatePem)],
        "MISMATCH",
      ],
      [["--grants", keyFile], "it is not JSON"],
      [grants({}), "no JSON array of grants"],
      [grants([]), "no JSON array of grants"],
      [grants([{ ...good, maxSignature: 1 }]), 'no member "maxSignature"'],
      [grants([{ ...good, tokenFile: undefined }]), "lacks tokenFile"],
      [grants([{ ...good, messages: "all" }]), "messages is neither"],
      [grants([{ ...good, expires: "soon" }]), "no time of RFC 3339"],
      [grants([{ ...good, rate: 0 }]), "below 1 a second"],
      [grants([{ ...good, maxSignatures: 0 }]), "maxSignatures is below 1"],
      [grants([{ ...good, rate: "10" }]), "rate is not a number"],
    ];
    const faults: string[] = [];
    for (const [flags, message] of cases) {
      const started = await bridge(...flags);
      const code = await Promise.race([started.ended, started.stop()]);
      if (code !== 1 || !started.errors().includes(message)) {
        faults.push(`${flags.join(" ")}: ${code} ${started.errors()}`);
      }
    }
    assertNone(faults);
  });
}

/** A bridge that runs in this process. */
export interface StartedBridge {
  readonly ended: Promise<number>;
  readonly endpoint: string;
  errors(): string;
  output(): string;
  records(): readonly Record<string, unknown>[];
  stop(): Promise<number>;
}

/** Runs the command in this process, up to what it announces or its end. */
export async function startBridge(host: Host, flags: readonly string[]): Promise<StartedBridge> {
  let stopped: (signal: string) => void = () => {};
  let announced: () => void = () => {};
  let errors = "";
  let output = "";
  const announcement = new Promise<void>((resolve) => announced = resolve);
  const ended = run({
    ...host,
    now: () => BRIDGE_NOW,
    untilStopped: () => new Promise((resolve) => stopped = resolve),
    writeOutput: async (data) => void (output += typeof data === "string" ? data : new TextDecoder().decode(data)),
    writeError: (text) => {
      errors += text;
      if (text.includes("Signing service started")) announced();
    },
  }, ["bridge", ...flags]);
  await Promise.race([announcement, ended]);
  return {
    ended,
    endpoint: /https:\/\/127\.0\.0\.1:\d+/.exec(errors)?.[0] ?? "",
    errors: () => errors,
    output: () => output,
    records: () =>
      errors.split("\n").filter((line) => line.startsWith("{")).map((line) =>
        JSON.parse(line) as Record<string, unknown>
      ),
    stop: () => {
      stopped("SIGTERM");
      return ended;
    },
  };
}

function talk(path: string, request: string): { readonly answer: Promise<string>; readonly close: () => void } {
  const socket = connect(path);
  let answer = "";
  socket.write(request);
  socket.setEncoding("utf8").on("data", (text: string) => answer += text);
  return {
    answer: new Promise((resolve) => {
      socket.on("close", () => resolve(answer));
      socket.on("error", () => resolve(answer));
    }),
    close: () => void socket.destroy(),
  };
}
