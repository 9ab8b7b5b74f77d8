/**
 * What commands must do with keys that a bridge, a program or an SSH agent holds, on a runtime with files and sockets. For
 * Node, Bun and Deno.
 *
 * @module
 */

import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import type { Host } from "../../runtimes/host.ts";
import { run } from "../../runtimes/cli/mod.ts";
import { BRIDGE_NOW, startBridge } from "./bridge-command-tests.ts";
import { type LocalService, SESSION_FLAGS, startService, testAuthority, trustingEmulator } from "./local-service.ts";
import { assert, skip, type Suite } from "./suite.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** What the tests have of a runtime. */
export interface RemoteKeyTestOptions {
  /** Whether its tests may open Unix sockets. */
  readonly sockets: boolean;
  /** How it starts a script. */
  readonly script: readonly string[];
}

/** A program that holds a key, and has no word of ours in it. */
const HOLDER = `
import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";

const key = createPrivateKey(readFileSync(process.argv[2]));
const publicKey = createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64");
createInterface({ input: process.stdin }).on("line", (line) => {
  const { hello, id, sign: document } = JSON.parse(line);
  const answer = hello === 1
    ? { version: 1, algorithm: "ecdsa-sha256", publicKey }
    : { id, signature: sign("sha256", Buffer.from(document.message, "base64"), key).toString("base64") };
  process.stdout.write(JSON.stringify(answer) + "\\n");
});
`;

/** Adds the tests. */
export async function addRemoteKeyTests(
  test: Suite,
  makeHost: () => Host,
  { sockets, script }: RemoteKeyTestOptions,
): Promise<void> {
  const folder = temporaryFolder();
  const authority = await testAuthority("Remote");
  const identity = await authority.issue("remote");
  const keyFile = folder.write("key.pem", identity.keyPem);
  const certificate = ["--certificate", folder.write("cert.pem", identity.certificatePem)];
  const holder = folder.write("holder.mjs", HOLDER);
  const tokenFile = `${folder.path}/token`;
  let service: LocalService | undefined;
  const ends: (() => unknown)[] = [];
  test.before(async () => {
    service = await startService(makeHost(), trustingEmulator(authority, () => BRIDGE_NOW));
  });
  test.after(async () => {
    for (const end of ends) await end();
    await service?.close();
    folder.remove();
  });

  const anyrole = async (
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    more: Partial<Host> = {},
  ) => {
    const host = makeHost();
    let output = "";
    let errors = "";
    const code = await run({
      ...host,
      now: () => BRIDGE_NOW,
      environment: (name) => environment[name],
      writeOutput: async (data) => void (output += typeof data === "string" ? data : new TextDecoder().decode(data)),
      writeError: (text) => void (errors += text),
      ...more,
    }, words);
    return { code, output, errors };
  };
  const credentials = (...flags: readonly string[]) =>
    anyrole(["credential-process", "--no-cache", ...SESSION_FLAGS, "--endpoint", service!.endpoint, ...flags]);
  const requireKeyId = ({ code, output, errors }: Awaited<ReturnType<typeof anyrole>>): void => {
    assert.is(code, 0, errors);
    assert.match((JSON.parse(output) as { AccessKeyId: string }).AccessKeyId, /^ASIA/);
  };
  const command = (...words: readonly string[]) => `exec:${JSON.stringify([...words])}`;

  test("--private-key bridge:https: makes a session with key and certificate of a bridge", async () => {
    const bridge = await startBridge(makeHost(), [
      "--key",
      keyFile,
      ...certificate,
      "--port",
      "0",
      "--token-file",
      tokenFile,
    ]);
    ends.push(bridge.stop);
    const place = ["--private-key", `bridge:${bridge.endpoint}`];
    const token = ["--bridge-token-file", tokenFile];
    const authorityFlags = ["--bridge-ca", `${tokenFile}-ca.pem`];
    requireKeyId(await credentials(...place, ...token, ...authorityFlags));
    requireKeyId(await credentials(...place, ...token, ...authorityFlags, ...certificate));
    const withoutToken = await credentials(...place, ...authorityFlags);
    assert.is(withoutToken.code, 1);
    assert.match(withoutToken.errors, "ERR_REMOTE_SIGNER_UNAUTHORIZED");
    const untrusted = await credentials(...place, ...token);
    assert.match(untrusted.errors, "ERR_REMOTE_SIGNER_UNREACHABLE");
    const noAuthority = await credentials(...place, ...token, "--bridge-ca", keyFile);
    assert.match(noAuthority.errors, "it holds no PEM certificate");
    // It signs requests to IAM Roles Anywhere and nothing else.
    const test = await anyrole(["sign-string", ...place, ...token, ...authorityFlags]);
    assert.is(test.code, 1);
    assert.match(test.errors, "MessageNotAllowed");
    const doctor = await anyrole([
      "doctor",
      "--offline",
      ...SESSION_FLAGS,
      ...place,
      ...token,
      ...authorityFlags,
      ...certificate,
    ]);
    assert.match(doctor.output, /custody: high here: the private key is behind a bridge/);
    assert.match(doctor.output, /key-match: the private key \(ECDSA with SHA-256\) is that of the certificate/);
  });

  test("--private-key bridge: takes the certificate of no other key", async () => {
    const other = await authority.issue("another");
    const bridge = await startBridge(makeHost(), ["--key", keyFile, "--port", "0", "--token-file", `${tokenFile}-2`]);
    ends.push(bridge.stop);
    const flags = ["--private-key", `bridge:${bridge.endpoint}`, "--bridge-token-file", `${tokenFile}-2`].concat(
      "--bridge-ca",
      `${tokenFile}-2-ca.pem`,
    );
    const mismatch = await credentials(...flags, "--certificate", folder.write("o.pem", other.certificatePem));
    assert.match(mismatch.errors, "ERR_IDENTITY_KEY_MISMATCH");
    const unsaid = await credentials(...flags);
    assert.match(unsaid.errors, "who holds it does not say its certificate; pass --certificate");
  });

  test("--private-key bridge:SOCKET makes a session without a token", async () => {
    if (!sockets) skip("the task of Deno's tests has no permission for Unix sockets");
    const path = `${folder.path}/bridge.sock`;
    const bridge = await startBridge(makeHost(), ["--key", keyFile, ...certificate, "--unix-socket", path]);
    ends.push(bridge.stop);
    requireKeyId(await credentials("--private-key", `bridge:${path}`));
    const nobody = await credentials("--private-key", `bridge:${path}-2`, ...certificate);
    assert.match(nobody.errors, `Cannot sign with ${path}-2: nobody answers there`);
    assert.match(nobody.errors, "ERR_REMOTE_SIGNER_UNREACHABLE");
  });

  test("--private-key exec: signs with a program that is started without a shell, and ends", async () => {
    const key = command(...script, holder, keyFile);
    for (const place of [key, `exec:${[...script, holder, keyFile].join(" ")}`]) {
      const signed = await anyrole(["sign-string", "--private-key", place, "--format", "text"]);
      assert.is(signed.code, 0, signed.errors);
      assert.match(signed.output, /^30[0-9a-f]+$/);
    }
    const other = await anyrole(["sign-string", "--private-key", key, "--digest", "SHA384"]);
    assert.match(other.errors, "signs ECDSA with SHA-256, and ECDSA with SHA-384 is asked for");
    const missing = await anyrole(["sign-string", "--private-key", command(...script, `${holder}-none`, "a secret")]);
    assert.match(missing.errors, "ERR_REMOTE_SIGNER_UNREACHABLE");
    assert.not.match(missing.errors.split("\n").filter((line) => line.includes("[ERR_")).join(), "a secret");
    const doctor = await anyrole(["doctor", "--offline", ...SESSION_FLAGS, "--private-key", key, ...certificate]);
    assert.match(doctor.output, "custody: that of a program");
    assert.match(doctor.output, "key-match: the private key");
  });

  test("--private-key ssh-agent: signs with the key of the certificate", async () => {
    if (!sockets) skip("the task of Deno's tests has no permission for Unix sockets");
    const path = `${folder.path}/agent.sock`;
    const agent = await startAgent(path, identity.keyPem);
    ends.push(() => agent.close());
    requireKeyId(await credentials("--private-key", `ssh-agent:${path}`, ...certificate));
    // A full chain, in any order: the agent holds one of the keys.
    const chain = folder.write("chain.pem", authority.root.certificatePem + identity.certificatePem);
    requireKeyId(await credentials("--private-key", `ssh-agent:${path}`, "--certificate", chain));
    const words = ["sign-string", "--private-key", "ssh-agent:", ...certificate];
    const signed = await anyrole(words, { SSH_AUTH_SOCK: path });
    assert.is(signed.code, 0, signed.errors);
    const unset = await anyrole(words);
    assert.match(unset.errors, "SSH_AUTH_SOCK is not set");
    const doctor = ["doctor", "--offline", ...SESSION_FLAGS, "--private-key", `ssh-agent:${path}`];
    assert.match(
      (await anyrole([...doctor, ...certificate])).output,
      "custody: medium: the private key is in an SSH agent",
    );
    const root = folder.write("root.pem", authority.root.certificatePem);
    const lacking = await anyrole([...doctor, "--certificate", root]);
    assert.match(lacking.output, "ERR_REMOTE_SIGNER_KEY");
    const unnamed = await anyrole(["sign-string", "--private-key", `ssh-agent:${path}`]);
    assert.match(unnamed.errors, "it is known by its certificate, and none is given; pass --certificate");
  });

  /** Flags of a key by who holds it; only certificates are files here. */
  const holders: Readonly<Record<string, () => Promise<readonly string[]>>> = {
    "bridge:": async () => {
      const file = `${tokenFile}-3`;
      const words = ["--key", keyFile, ...certificate, "--port", "0", "--token-file", file];
      const bridge = await startBridge(makeHost(), words);
      ends.push(bridge.stop);
      const place = ["--private-key", `bridge:${bridge.endpoint}`];
      return [...place, "--bridge-token-file", file, "--bridge-ca", `${file}-ca.pem`];
    },
    "exec:": async () => ["--private-key", command(...script, holder, keyFile), ...certificate],
    "ssh-agent:": async () => {
      if (!sockets) skip("the task of Deno's tests has no permission for Unix sockets");
      const path = `${folder.path}/agent-3.sock`;
      const agent = await startAgent(path, identity.keyPem);
      ends.push(() => agent.close());
      return ["--private-key", `ssh-agent:${path}`, ...certificate];
    },
  };
  for (const [name, flagsOf] of Object.entries(holders)) {
    test(`update, env, exec and serve take keys of ${name}`, async () => {
      const flags = [...SESSION_FLAGS, "--endpoint", service!.endpoint, "--no-cache", ...await flagsOf()];
      const file = `${folder.path}/credentials-${name.slice(0, -1)}`;
      const updated = await anyrole(["update", "--once", ...flags], { AWS_SHARED_CREDENTIALS_FILE: file });
      assert.is(updated.code, 0, updated.errors);
      assert.match(readFileSync(file, "utf8"), /^aws_access_key_id = ASIA/m);
      const env = await anyrole(["env", "--format", "dotenv", ...flags]);
      assert.match(env.output, /^AWS_ACCESS_KEY_ID=ASIA/, env.errors);

      const programs: (string | undefined)[] = [];
      const runProgram: Host["runProgram"] = async (_, variables) => {
        programs.push(variables["AWS_ACCESS_KEY_ID"]);
        return 3;
      };
      const executed = await anyrole(["exec", ...flags, "--", "program"], {}, { runProgram });
      assert.is(executed.code, 3, executed.errors);
      assert.match(programs[0] ?? "", /^ASIA/);

      let stop: (signal: string) => void = () => {};
      const untilStopped = () => new Promise<string>((resolve) => stop = resolve);
      // Started, it is stopped.
      const writeOutput = async (): Promise<void> => stop("SIGTERM");
      const serve = ["serve", "--mode", "imds", "--port", "0", "--json", ...flags];
      const served = await anyrole(serve, {}, { untilStopped, writeOutput });
      assert.is(served.code, 0, served.errors);
      assert.match(served.errors, "session for role ExampleRole: certificate serial");
    });
  }

  test("--private-key keyring: says what keeps it from a key of the kernel", async () => {
    const { code, errors } = await anyrole(["sign-string", "--private-key", "keyring:anyrole-none", ...certificate]);
    assert.is(code, 1);
    assert.match(errors, /\[ERR_(?:HSM_FFI_UNAVAILABLE|KEYSTORE_[A-Z_]+)\]/);
  });
}

/** An SSH agent of one P-256 key, by the protocol alone (draft-miller-ssh-agent). */
async function startAgent(path: string, keyPem: string): Promise<Server> {
  const key = createPrivateKey(keyPem);
  const server = createServer((socket) => {
    let received = Buffer.alloc(0);
    socket.on("data", (piece) => {
      received = Buffer.concat([received, piece]);
      if (received.length < 4 || received.length < 4 + received.readUInt32BE(0)) return;
      socket.write(string(agentAnswer(received.subarray(4), key)));
      received = Buffer.alloc(0);
    });
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

function agentAnswer(question: Buffer, key: KeyObject): Buffer {
  const { x, y } = createPublicKey(key).export({ format: "jwk" });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x!, "base64url"), Buffer.from(y!, "base64url")]);
  const name = Buffer.from("ecdsa-sha2-nistp256");
  const blob = Buffer.concat([string(name), string(Buffer.from("nistp256")), string(point)]);
  if (question[0] === 11) return Buffer.concat([Buffer.of(12, 0, 0, 0, 1), string(blob), string(Buffer.from("a key"))]);
  const length = question.readUInt32BE(1);
  const message = question.subarray(9 + length, 9 + length + question.readUInt32BE(5 + length));
  const raw = sign("sha256", message, { key, dsaEncoding: "ieee-p1363" });
  const integers = [raw.subarray(0, 32), raw.subarray(32)].map((octets) =>
    string(octets[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets)
  );
  return Buffer.concat([
    Buffer.of(14),
    string(Buffer.concat([string(name), string(Buffer.concat(integers))])),
  ]);
}

function string(octets: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(octets.length);
  return Buffer.concat([length, octets]);
}
