/**
 * What `anyrole serve` must do on a runtime with files and sockets. For Node, Bun and Deno.
 *
 * @module
 */

import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import type { Abort } from "../../core/ports.ts";
import { run } from "../../runtimes/cli/mod.ts";
import type { Host } from "../../runtimes/host.ts";
import { SESSION_FLAGS, startService, testAuthority, trustingEmulator } from "./local-service.ts";
import { assert, assertNone, type Suite } from "./suite.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import type { TestIdentity } from "./test-identity.ts";

const MINUTE = 60_000;

/** Adds the tests. */
export async function addServeCommandTests(test: Suite, makeHost: () => Host): Promise<void> {
  const folder = temporaryFolder();
  const authority = await testAuthority();
  const clock = new ManualClock(Date.UTC(2026, 5, 1, 12));
  const service = await startService(makeHost(), trustingEmulator(authority, clock.now));
  const elliptic = await authority.issueBelow("serve", { serialNumber: 0xabcn });
  const flags = [...SESSION_FLAGS, "--endpoint", service.endpoint, ...writeIdentity(elliptic)];
  test.after(async () => {
    await service.close();
    folder.remove();
  });

  /** Writes the identity's files anew, as tools do that rotate certificates: whole files, renamed into place. */
  function writeIdentity(identity: TestIdentity, parts: "both" | "certificate" | "key" = "both"): readonly string[] {
    const put = (name: string, text: string) => {
      writeFileSync(`${folder.path}/${name}.new`, text, { mode: 0o600 });
      renameSync(`${folder.path}/${name}.new`, `${folder.path}/${name}`);
    };
    const chain = identity.certificatePem + authority.intermediate.certificatePem;
    if (parts !== "key") put("cert.pem", chain);
    if (parts !== "certificate") put("key.pem", identity.keyPem);
    return ["--certificate", `${folder.path}/cert.pem`, "--private-key", `${folder.path}/key.pem`];
  }

  const serve = (...more: readonly string[]) =>
    start(makeHost(), clock, [...flags, "--token-file", `${folder.path}/token`, ...more]);

  test("serve says where it is, gives credentials both ways, and leaves nothing behind", async () => {
    const served = await serve();
    const url = served.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    assert.match(
      served.errors(),
      `Local server started on port: ${new URL(url).port}\nMake it available to the sdk by running:\n`,
    );
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    assert.is(served.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"), `${url}v1/credentials`);
    assert.is(served.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"), `${folder.path}/token`);
    const token = readFileSync(`${folder.path}/token`, "utf8");
    assert.match(token, /^[A-Za-z0-9_-]{43}$/);
    assert.is(statSync(`${folder.path}/token`).mode & 0o777, 0o600);
    const container = await read(`${url}v1/credentials`, { authorization: token });
    const metadata = {
      "x-aws-ec2-metadata-token": await (await fetch(`${url}latest/api/token`, { method: "PUT" })).text(),
    };
    const list = await read(`${url}latest/meta-data/iam/security-credentials/`, metadata);
    assert.equal([list.status, list.text], [200, "ExampleRole"]);
    const imds = await read(`${url}latest/meta-data/iam/security-credentials/ExampleRole`, metadata);
    assert.is(JSON.parse(imds.text).AccessKeyId, JSON.parse(container.text).AccessKeyId);
    assert.match(served.errors(), "session for role ExampleRole: certificate serial abc, session name 0abc");
    assert.match(served.errors(), 'source identity "CN=serve", until 2026-06-01T13:00:00Z, request ');
    assert.is(await served.stop(), 0);
    assert.not(existsSync(`${folder.path}/token`));
    const { SecretAccessKey, Token, AccessKeyId } = JSON.parse(imds.text);
    const secrets = [token, ...Object.values(metadata), SecretAccessKey, Token, AccessKeyId];
    assertNone(secrets.filter((secret) => served.errors().includes(secret)));
  });

  test("serve serves IMDS alone where no token can be written, unless the container endpoint was asked for", async () => {
    const host = makeHost();
    const homeless: Host = {
      ...host,
      environment: (name) => name === "RUNTIME_DIRECTORY" ? `${folder.path}/cert.pem` : host.environment(name),
    };
    const served = await start(homeless, clock, flags);
    const url = served.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    assert.match(served.errors(), "IMDS alone is served; pass --token-file for the container endpoint");
    assert.is(served.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"), "");
    const metadata = {
      "x-aws-ec2-metadata-token": await (await fetch(`${url}latest/api/token`, { method: "PUT" })).text(),
    };
    const imds = await read(`${url}latest/meta-data/iam/security-credentials/ExampleRole`, metadata);
    assert.match(imds.text, "AccessKeyId");
    assert.is((await read(`${url}v1/credentials`, metadata)).status, 404);
    assert.is(await served.stop(), 0);
    const asked = await start(homeless, clock, [...flags, "--mode", "both"]);
    assert.is(await asked.ended, 1);
    assert.match(asked.errors(), "Cannot write");
  });

  test("serve ends at once when the first session of a role is refused", async () => {
    const refused = await serve("--role-arn", "arn:aws:iam::123456789012:role/Nobody");
    assert.is(await refused.ended, 1);
    assert.match(refused.errors(), "AccessDeniedException");
    assert.not.match(refused.errors(), "Local server started");
  });

  test("serve gives each of several roles by its name", async () => {
    const role = SESSION_FLAGS.at(-1)!;
    const served = await serve("--role-arn", `Other=${role}`, "--mode", "container", "--debug");
    const url = served.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    assert.is(served.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"), "");
    assert.match(served.errors(), `# role Other: ${url}/Other\n`);
    const headers = { authorization: readFileSync(`${folder.path}/token`, "utf8") };
    const keys = await Promise.all(
      ["", "/ExampleRole", "/Other"].map(async (path) =>
        JSON.parse((await read(url + path, headers)).text).AccessKeyId
      ),
    );
    assert.is(keys[0], keys[1]);
    assert.not.equal(keys[1], keys[2]);
    assert.is((await read(`${url}/Nobody?${headers.authorization}`, headers)).status, 404);
    assert.match(served.errors(), "GET /v1/credentials/Nobody 404\n");
    assert.not.match(served.errors(), headers.authorization);
    assert.is(await served.stop(), 0);
  });

  test("serve replaces the authorization token; the one before is good until the next", async () => {
    const served = await serve("--token-rotation", "600");
    const url = served.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    const tokens: string[] = [];
    for (let i = 0; i < 3; i++) {
      if (i > 0) {
        await clock.advanceUntil(() => readFileSync(`${folder.path}/token`, "utf8") !== tokens.at(-1));
      }
      tokens.push(readFileSync(`${folder.path}/token`, "utf8"));
    }
    const status = async (token: string): Promise<number> => (await read(url, { authorization: token })).status;
    // The file is there a moment before the disk says that it will stay; until then the oldest token is good.
    while (await status(tokens[0]!) === 200) await pause(1);
    assert.equal(await Promise.all(tokens.map(status)), [401, 200, 200]);
    assert.is(await served.stop(), 0);
  });

  test("serve goes on under load while certificate and key are replaced on disk, EC by RSA, first half of them", async () => {
    const rsa = await authority.issueBelow("serve-rsa", {
      key: { type: "rsa", bits: 2048 },
      serialNumber: 0xdefn,
    });
    const served = await serve("--token-rotation", "604800");
    const url = served.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    const headers = { authorization: readFileSync(`${folder.path}/token`, "utf8") };
    const statuses = new Map<number, number>();
    const keys = new Set<string>();
    let reading = true;
    const readers = Array.from({ length: 8 }, async () => {
      while (reading) {
        const { status, text } = await read(url, headers);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status === 200) keys.add(JSON.parse(text).AccessKeyId);
        await pause(1);
      }
    });
    writeIdentity(rsa, "certificate");
    await clock.advanceUntil(() => served.errors().includes("Error generating credentials"));
    assert.match(served.errors(), "the last good credentials are served");
    writeIdentity(rsa, "key");
    await clock.advanceUntil(() => served.errors().includes("certificate serial def"));
    await clock.advanceUntil(() => keys.size === 2);
    reading = false;
    await Promise.all(readers);
    assert.equal([...statuses.keys()], [200]);
    const schemes = service.emulator.decisions().slice(-1).map(({ trace }) => JSON.stringify(trace));
    assert.match(schemes[0]!, "AWS4-X509-RSA-SHA256");
    assert.is(await served.stop(), 0);
    writeIdentity(elliptic);
  });

  test("serve outlives a service that fails for an hour", async () => {
    const served = await serve("--token-rotation", "604800");
    const url = served.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    const headers = { authorization: readFileSync(`${folder.path}/token`, "utf8") };
    const base = new URL("/", url).href;
    service.emulator.setFaults([{ kind: "error", operation: "CreateSession" }]);
    const from = clock.now();
    await clock.advanceUntil(() => clock.now() > from + 65 * MINUTE);
    // Whoever asks while an attempt is under way waits for it, but not long.
    const failed = await clock.during(read(url, headers));
    assert.is(failed.status, 503);
    assert.equal(Object.keys(JSON.parse(failed.text)), ["Code", "Message"]);
    assert.is((await read(`${base}healthz`, {})).status, 503);
    assert.match((await read(`${base}metrics`, {})).text, /anyrole_session_failures_total\{role="ExampleRole"\} [1-9]/);
    assert.match(served.errors(), "there are none to serve");
    service.emulator.setFaults([]);
    const sessions = () => served.errors().split("session for role").length - 1;
    await clock.advanceUntil(() => sessions() === 2);
    assert.is((await clock.during(read(url, headers))).status, 200);
    assert.is((await read(`${base}healthz`, {})).status, 200);
    assert.is(await served.stop(), 0);
  });
}

/** Answers status and text. */
async function read(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url, { headers });
  return { status: response.status, text: await response.text() };
}

/** Lets sockets and files do what is waiting for them. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Time that passes when the test says so, while sockets work in real time. */
class ManualClock {
  #time: number;
  #timers: { readonly at: number; readonly fire: () => void }[] = [];

  constructor(time: number) {
    this.#time = time;
  }

  readonly now = (): number => this.#time;

  readonly sleep = (milliseconds: number, signal?: Abort): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = { at: this.#time + milliseconds, fire: resolve };
      this.#timers.push(timer);
      signal?.addEventListener("abort", () => {
        this.#timers = this.#timers.filter((each) => each !== timer);
        reject(signal.reason);
      });
    });

  /** Lets ten seconds pass, again and again, until something is so. */
  async advanceUntil(reached: () => boolean): Promise<void> {
    for (let seconds = 0; seconds < 3 * 3600; seconds += 10) {
      if (reached()) return;
      this.#time += 10_000;
      const due = this.#timers.filter((timer) => timer.at <= this.#time).sort((a, b) => a.at - b.at);
      this.#timers = this.#timers.filter((timer) => timer.at > this.#time);
      for (const timer of due) timer.fire();
      await pause(due.length === 0 ? 0 : 10);
    }
    throw new Error("three hours have passed, and it is not so");
  }

  /** Lets time pass until a promise is settled. */
  async during<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    promise.then(() => settled = true, () => settled = true);
    await pause(20);
    await this.advanceUntil(() => settled);
    return await promise;
  }
}

interface Started {
  readonly ended: Promise<number>;
  variable(name: string): string;
  errors(): string;
  stop(): Promise<number>;
}

/** Runs the command in this process, up to what it announces or its end. */
async function start(host: Host, clock: ManualClock, flags: readonly string[]): Promise<Started> {
  let stopped: (signal: string) => void = () => {};
  let errors = "";
  let announced: () => void = () => {};
  const announcement = new Promise<void>((resolve) => announced = resolve);
  const ended = run({
    ...host,
    now: clock.now,
    sleep: clock.sleep,
    untilStopped: () => new Promise((resolve) => stopped = resolve),
    writeError: (text) => {
      errors += text;
      if (text.includes("Local server started")) announced();
    },
  }, ["serve", "--port", "0", ...flags]);
  await Promise.race([announcement, ended]);
  return {
    ended,
    errors: () => errors,
    variable: (name) => new RegExp(`^export ${name}=(.*)$`, "m").exec(errors)?.[1] ?? "",
    stop: () => {
      stopped("SIGTERM");
      return ended;
    },
  };
}
