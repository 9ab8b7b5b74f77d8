// runtimes: node20 node deno bun
import { decodeLatin1 } from "../../../../core/bytes/text.ts";
import type { Fetch, FetchInit } from "../../../../core/ports.ts";
import { run } from "../../../../runtimes/cli/mod.ts";
import type { Host } from "../../../../runtimes/host.ts";
import { HostError } from "../../../../runtimes/host-error.ts";
import { SESSION_FLAGS, testAuthority, trustingEmulator } from "../../../support/local-service.ts";
import { type MemoryHost, memoryHost } from "../../../support/memory-host.ts";
import { ANSWERS, CANARY_CREDENTIALS, type ScriptedAnswer } from "../../../support/scripted-answers.ts";
import { assert, suite } from "../../../support/suite.ts";
import { NOW } from "../../../support/test-authority.ts";

const test = suite("runtimes/cli/commands/update");

const authority = await testAuthority();
const client = await authority.issue("client");

const PATH = "/me/.aws/credentials";
const FLAGS = ["--certificate", "/c.pem", "--private-key", "/k.pem", ...SESSION_FLAGS];

/** A machine whose clock goes on while it sleeps, with a service that answers by it. */
interface Machine {
  readonly host: Host;
  readonly memory: MemoryHost;
  /** Milliseconds since it began. */
  elapsed(): number;
  /** When each request was sent, in milliseconds since it began. */
  readonly requests: number[];
  /** Stops it at that time. */
  stopAt(elapsedMs: number): void;
  /** What the service answers instead, while it is set. */
  answer: ScriptedAnswer | (() => ScriptedAnswer) | "nothing" | undefined;
  /** Its sleeps, in milliseconds. */
  readonly sleeps: number[];
  /** Called before each sleep. */
  onSleep: () => void;
  /** How much faster the clock goes than sleeping does. */
  suspended: number;
  text(): string;
  errors(): string;
}

function machine(environment: Readonly<Record<string, string>> = {}): Machine {
  let clock = NOW;
  let stop: (() => void) | undefined;
  let stopTime = Infinity;
  const emulator = trustingEmulator(authority, () => clock);
  const fetch: Fetch = async (url: string, init: FetchInit) => {
    here.requests.push(clock - NOW);
    const { answer } = here;
    if (answer === undefined) return await emulator.fetch(new Request(url, init as RequestInit));
    if (answer === "nothing") throw new Error("connection refused");
    const { status, headers = {}, body } = typeof answer === "function" ? answer() : answer;
    return new Response(body, { status, headers });
  };
  const memory = memoryHost({
    files: { "/c.pem": client.certificatePem, "/k.pem": client.keyPem },
    environment: { HOME: "/me", ANYROLE_NO_CACHE: "1", ...environment },
    fetch,
  });
  const host: Host = {
    ...memory,
    now: () => clock,
    sleep: async (milliseconds, signal) => {
      if (signal?.aborted) throw signal.reason;
      // Time limits of requests are not waited for here: what ends them aborts them.
      if (milliseconds >= 30_000) return await memory.sleep(milliseconds, signal);
      here.sleeps.push(milliseconds);
      here.onSleep();
      clock += milliseconds * here.suspended;
      if (clock - NOW >= stopTime) stop?.();
      await Promise.resolve();
      await Promise.resolve();
      if (signal?.aborted) throw signal.reason;
    },
    untilStopped: () => new Promise((resolve) => stop = () => resolve("SIGTERM")),
  };
  const here: Machine = {
    host,
    memory,
    elapsed: () => clock - NOW,
    requests: [],
    sleeps: [],
    stopAt: (elapsedMs) => stopTime = elapsedMs,
    answer: undefined,
    onSleep: () => {},
    suspended: 1,
    text: () => decodeLatin1(memory.readFile(PATH, 1_000_000)),
    errors: () => memory.errors.join(""),
  };
  return here;
}

/** Looks for secrets of the service and of the key in everything that was said. */
function assertNoSecretTold(here: Machine): void {
  const secrets = [...here.text().matchAll(/aws_(?:secret_access_key|session_token) = (.+)/g)].map((match) =>
    match[1]!
  );
  const told = here.memory.output() + here.errors();
  for (const secret of [...secrets, ...Object.values(CANARY_CREDENTIALS).slice(1, 3)]) assert.not.match(told, secret);
}

const MINUTE = 60_000;

test("update() writes credentials once, and says nothing", async () => {
  const here = machine();
  here.memory.write(PATH, "[default]\nregion = x");
  assert.is(await run(here.host, ["update", ...FLAGS, "--once"]), 0);
  assert.match(
    here.text(),
    /^\[default\]\nregion = x\naws_access_key_id = ASIA[A-Z0-9]{16}\naws_secret_access_key = \S{40}\naws_session_token = \S+\n$/,
  );
  assert.is(here.errors() + here.memory.output(), "");
  assert.equal(here.memory.paths(), ["/c.pem", PATH, "/k.pem"].sort());
  assert.is(await run(here.host, ["update", ...FLAGS, "--once", "--debug"]), 0);
  assert.match(
    here.errors(),
    "Wrote profile default of /me/.aws/credentials: arn:aws:sts::123456789012:assumed-role/",
  );
  assertNoSecretTold(here);
});

test("update() writes the same credentials to several profiles", async () => {
  const here = machine();
  assert.is(await run(here.host, ["update", ...FLAGS, "--once", "--profile", "a b", "--profile", "c"]), 0);
  const [first, second, ...rest] = here.text().split("\n\n");
  assert.ok(first!.startsWith("[a b]\naws_access_key_id = ASIA"));
  assert.is(second, first!.replace("[a b]", "[c]"));
  assert.equal(rest, [""]);
  assert.is(here.requests.length, 1);
});

test("update() finds the file where the variables say", async () => {
  for (
    const [environment, platform, path] of [
      [{ AWS_SHARED_CREDENTIALS_FILE: "/x/y" }, "linux", "/x/y"],
      [{ AWS_SHARED_CREDENTIALS_FILE: "~/y", HOME: "/h" }, "linux", "/h/y"],
      [{ USERPROFILE: "C:\\me" }, "windows", "C:\\me/.aws/credentials"],
    ] as const
  ) {
    const here = machine(environment);
    assert.is(await run({ ...here.host, platform }, ["update", ...FLAGS, "--once"]), 0, here.errors());
    assert.ok(here.memory.paths().includes(path), path);
  }
  const nowhere = machine({ HOME: "" });
  assert.is(await run(nowhere.host, ["update", ...FLAGS, "--once"]), 1);
  assert.match(nowhere.errors(), "[ERR_CREDENTIALS_FILE_PLACE]");
  assert.is(nowhere.requests.length, 0);
});

test("update() refuses a profile that would be another section before it asks the service", async () => {
  const here = machine();
  assert.is(await run(here.host, ["update", ...FLAGS, "--once", "--profile", "a]\n[b"]), 1);
  assert.match(here.errors(), "[ERR_CREDENTIALS_FILE_PROFILE]");
  assert.is(here.requests.length, 0);
});

test("update() replaces credentials five minutes before they end, and stops when it is told to", async () => {
  const here = machine();
  here.stopAt(170 * MINUTE);
  assert.is(await run(here.host, ["update", ...FLAGS]), 0);
  assert.equal(here.requests.map((time) => Math.round(time / MINUTE)), [0, 55, 110, 165]);
  const lines = here.errors().trimEnd().split("\n");
  assert.is(lines.length, 4);
  const expected = new Date(NOW + 55 * MINUTE).toISOString().replace(/\.\d+/, "");
  assert.ok(lines[0]!.endsWith(` Credentials will be refreshed at ${expected}`), lines[0]);
  assertNoSecretTold(here);
});

test("update() refreshes short sessions in the middle of their life, and never in a hot loop", async () => {
  for (const [life, first] of [[400_000, 200_000], [30_000, 15_000], [5_000, 10_000], [1_000, 10_000]] as const) {
    const here = machine();
    here.answer = () => {
      const expiration = new Date(NOW + here.elapsed() + life).toISOString();
      const credentialSet = [{ credentials: { ...CANARY_CREDENTIALS, expiration } }];
      return { ...ANSWERS.good, body: JSON.stringify({ credentialSet }) };
    };
    here.stopAt(60_000 + 2 * first);
    assert.is(await run(here.host, ["update", ...FLAGS]), 0);
    assert.ok(here.requests.length >= 2 && here.requests.length <= 10, String(here.requests));
    assert.ok(Math.abs(here.requests[1]! - first) <= 1000, `${life}: ${here.requests}`);
    assertNoSecretTold(here);
  }
});

test("update() notices at once that the machine was suspended", async () => {
  const here = machine();
  here.onSleep = () => here.suspended = here.requests.length === 1 && here.elapsed() > 5 * MINUTE ? 1000 : 1;
  here.stopAt(420 * MINUTE);
  assert.is(await run(here.host, ["update", ...FLAGS]), 0);
  // Twenty seconds of sleep were five and a half hours: the second session is the one that follows.
  assert.is(Math.round(here.requests[1]! / MINUTE), 339);
  assert.ok(here.sleeps.every((wait) => wait <= 20_000));
});

test("update() is not late when the clock is set back", async () => {
  const here = machine();
  let slept = 0;
  here.onSleep = () => {
    slept++;
    here.suspended = slept === 10 ? -1000 : 1;
  };
  const requests = (): number => here.requests.length;
  here.host.untilStopped = () =>
    new Promise((resolve) => {
      const before = here.onSleep;
      here.onSleep = () => {
        before();
        if (requests() === 2) resolve("SIGTERM");
      };
    });
  assert.is(await run(here.host, ["update", ...FLAGS]), 0);
  // Fifty-five minutes of sleep, whatever the clock says.
  assert.ok(slept >= 165 && slept <= 168, String(slept));
});

test("update() ends with the first failure when nothing was written before", async () => {
  for (const answer of [ANSWERS.forbidden, ANSWERS["no-secret"], "nothing"] as const) {
    const here = machine();
    here.answer = answer;
    here.memory.write(PATH, "[default]\n");
    assert.is(await run(here.host, ["update", ...FLAGS]), 1);
    assert.is(here.text(), "[default]\n");
    assert.ok(here.requests.length <= 3);
    assertNoSecretTold(here);
  }
});

test("update() keeps the last credentials while the service fails, pauses longer and longer, and comes back", async () => {
  const here = machine();
  let first = "";
  here.onSleep = () => {
    const away = here.elapsed() > 50 * MINUTE && here.elapsed() < 110 * MINUTE;
    here.answer = away ? (here.elapsed() < 80 * MINUTE ? ANSWERS.forbidden : "nothing") : undefined;
    if (here.requests.length === 1) first = here.text();
    if (away) assert.is(here.text(), first);
  };
  here.stopAt(115 * MINUTE);
  assert.is(await run(here.host, ["update", ...FLAGS]), 0);
  assert.is.not(here.text(), first);
  const lines = here.errors().trimEnd().split("\n");
  const failures = lines.filter((line) => line.includes("next try in"));
  assert.ok(failures.length > 40 && failures.length < 150, String(failures.length));
  assert.match(failures[0]!, /the credentials in the file are good until \S+, next try in 1 s$/);
  assert.match(failures.at(-1)!, /the credentials in the file are over since \S+, next try in \d+ s$/);
  assert.match(lines.at(-1)!, "Credentials will be refreshed at");
  const pauses = failures.map((line) => Number(/in (\d+) s$/.exec(line)![1]));
  assert.ok(pauses.slice(8).every((pause) => pause >= 30 && pause <= 60), pauses.join(" "));
  assertNoSecretTold(here);
});

test("update() reads certificate and key again, and survives that they are away for a while", async () => {
  const here = machine();
  const rotated = await authority.issue("rotated");
  here.onSleep = () => {
    if (here.elapsed() > 50 * MINUTE) here.memory.write("/k.pem", undefined);
    if (here.elapsed() > 57 * MINUTE) {
      here.memory.write("/c.pem", rotated.certificatePem);
      here.memory.write("/k.pem", rotated.keyPem);
    }
  };
  here.stopAt(60 * MINUTE);
  assert.is(await run(here.host, ["update", ...FLAGS]), 0);
  assert.match(here.errors(), /Cannot read \/k\.pem: .+ \[ERR_FILE_NOT_FOUND\]; the credentials in the file are good/);
  assert.is(here.errors().match(/Credentials will be refreshed/g)?.length, 2);
});

test("update() asks the service for nothing new while the disk is full", async () => {
  const here = machine();
  const { durableFiles } = here.host;
  let full = false;
  here.host.durableFiles = async () => {
    const files = await durableFiles();
    return {
      ...files,
      stageFile: (...args) =>
        full
          ? Promise.reject(new HostError("ERR_FILE_WRITE", `Cannot write ${PATH}: the disk is full`))
          : files.stageFile(...args),
    };
  };
  let first = "";
  here.onSleep = () => {
    full = here.elapsed() > 50 * MINUTE && here.elapsed() < 65 * MINUTE;
    if (full) first ||= here.text();
    if (full) assert.is(here.text(), first);
  };
  here.stopAt(70 * MINUTE);
  assert.is(await run(here.host, ["update", ...FLAGS]), 0);
  assert.is(here.requests.length, 2);
  assert.match(here.errors(), "the disk is full [ERR_FILE_WRITE]; the credentials in the file are good");
  assert.is.not(here.text(), first);
  assert.equal(here.memory.paths(), ["/c.pem", PATH, "/k.pem"].sort());
});

test("update() refuses flags that exclude each other, and words that belong to none", async () => {
  const here = machine();
  assert.is(await run(here.host, ["update", ...FLAGS, "--cert-selector", "Key=x509Subject,Value=CN=a"]), 1);
  assert.match(here.errors(), "[ERR_USAGE_EXCLUSIVE_FLAGS]");
  assert.is(await run(here.host, ["update", ...FLAGS, "once"]), 1);
  assert.match(here.errors(), "[ERR_USAGE_STRAY_WORD]");
});

test.run();
