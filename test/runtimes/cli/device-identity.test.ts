// runtimes: node20 node deno bun
/**
 * Commands with a key on a token that is fake and counts: what they leave open, and when they send a PIN.
 *
 * @module
 */

import type { Abort } from "../../../core/ports.ts";
import { trySignature } from "../../../runtimes/cli/doctor-device.ts";
import { type Finding, Findings } from "../../../runtimes/cli/doctor-finding.ts";
import { run } from "../../../runtimes/cli/mod.ts";
import type { DeviceHost } from "../../../runtimes/cli/token-flags.ts";
import type { Listeners } from "../../../runtimes/listeners.ts";
import type { FakeModuleOptions } from "../../support/fake-ffi.ts";
import { FakeToken } from "../../support/fake-token.ts";
import { SESSION_FLAGS, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { type MemoryHost, memoryHost, type MemoryHostOptions } from "../../support/memory-host.ts";
import { ANSWERS } from "../../support/scripted-answers.ts";
import { assert, suite } from "../../support/suite.ts";
import { NOW } from "../../support/test-authority.ts";
import type { TestIdentity } from "../../support/test-identity.ts";

const test = suite("runtimes/cli/device-identity");

const PIN = "canary-8812";
const WRONG = "canary-0000";
const authority = await testAuthority();
const identity = await authority.issue("device");
const KEY = ["--certificate", "pkcs11:token=fake%20token;object=label", "--pkcs11-lib", "fake.so"];
const GIVEN = ["--pkcs11-pin-file", "/pin"];
const FLAGS = [...KEY, ...GIVEN, ...SESSION_FLAGS];

interface Machine {
  readonly host: MemoryHost & DeviceHost;
  readonly token: FakeToken;
  /** Sends a signal to whoever waits for one. */
  stop(): void;
  errors(): string;
}

/** A machine with a token in it. */
function machine(options: MemoryHostOptions & FakeModuleOptions & { readonly key?: TestIdentity } = {}): Machine {
  const token = new FakeToken({ pin: PIN, ...options });
  token.add(options.key ?? identity);
  const waiting: ((signal: string) => void)[] = [];
  const answer = ANSWERS.good;
  const memory = memoryHost({
    fetch: async () => new Response(answer.body, { status: answer.status, headers: answer.headers ?? {} }),
    environment: { AWS_SHARED_CREDENTIALS_FILE: "/credentials", HOME: "/home" },
    ...options,
    files: { "/pin": PIN, "/wrong": WRONG, ...options.files },
  });
  const listeners: Listeners = {
    processId: 1,
    listen: async () => ({ hostname: "127.0.0.1", port: 1, close: async () => {} }),
    standardInput: () => assert.unreachable("nobody reads standard input") as never,
    notify: async () => {},
  };
  const host = Object.assign(memory, {
    foreignFunctions: token.module,
    listeners: async () => listeners,
    // Nothing is waited for but an end.
    sleep: (_: number, signal?: Abort) =>
      new Promise<void>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    untilStopped: () => new Promise<string>((resolve) => waiting.push(resolve)),
  });
  return {
    host,
    token,
    stop: () => waiting.splice(0).forEach((resolve) => resolve("SIGTERM")),
    errors: () => memory.errors.join(""),
  };
}

/** Everything is given back, and no memory holds a PIN. */
function assertClosed({ token: { module }, host, errors }: Machine, words: readonly string[]): void {
  const open = [module.sessions.size, module.initialized, module.libraries, module.loggedIn];
  assert.equal(open, [0, 0, 0, false], `${words.join(" ")}: ${errors()}`);
  assert.ok(module.calls.includes("C_Finalize"), words[0]!);
  assert.equal(module.violations, []);
  for (const pin of [PIN, WRONG]) {
    assert.not(module.holds(new TextEncoder().encode(pin)), "the module's memory holds a PIN");
    assert.not.match(host.output() + errors(), pin);
  }
}

/** Settles the other things that are to happen. */
const turns = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setTimeout(resolve, 0));
};

const COMMANDS: readonly (readonly string[])[] = [
  ["credential-process", ...FLAGS, "--no-cache"],
  ["update", "--once", ...FLAGS],
  ["exec", ...FLAGS, "--", "true"],
  ["env", ...FLAGS],
  ["sign-string", ...KEY, ...GIVEN],
  ["doctor", "--offline", ...FLAGS],
];

test("commands close the token when they are done", async () => {
  for (const words of COMMANDS) {
    const here = machine();
    assert.is(await run(here.host, words), 0, `${words[0]}: ${here.errors()}${here.host.output()}`);
    assert.ok(here.token.module.calls.includes("C_Sign"), words[0]!);
    assertClosed(here, words);
  }
});

for (
  const [name, key] of [
    ["RSA", { type: "rsa", bits: 2048 }],
    ["P-256", { type: "ec", curve: "P-256" }],
    ["ML-DSA-44", { type: "ml-dsa", parameterSet: "ML-DSA-44" }],
    ["ML-DSA-65", { type: "ml-dsa", parameterSet: "ML-DSA-65" }],
    ["ML-DSA-87", { type: "ml-dsa", parameterSet: "ML-DSA-87" }],
  ] as const
) {
  test(`credential-process gets credentials of the local service with a token's key of ${name}`, async () => {
    const emulator = trustingEmulator(authority, () => NOW);
    const here = machine({
      key: await authority.issue(name, { key }),
      fetch: async (url, init) => await emulator.fetch(new Request(url, init as RequestInit)),
    });
    assert.is(await run(here.host, COMMANDS[0]!), 0, here.errors());
    assert.match(here.host.output(), /^\{"Version":1,"AccessKeyId":"ASIA/);
    assert.is(emulator.decisions().length, 1);
    assertClosed(here, COMMANDS[0]!);
  });
}

test("exec closes the token before it runs the program", async () => {
  const here = machine();
  let openMeanwhile = -1;
  here.host.runProgram = async () => {
    openMeanwhile = here.token.module.initialized;
    return 7;
  };
  assert.is(await run(here.host, ["exec", ...FLAGS, "--", "program"]), 7);
  assert.is(openMeanwhile, 0);
});

test("commands close the token when the PIN is wrong, the service refuses, and a call fails", async () => {
  const { forbidden } = ANSWERS;
  for (const words of COMMANDS) {
    const wrong = machine();
    const withWrong = words.map((word) => word === "/pin" ? "/wrong" : word);
    assert.is(await run(wrong.host, withWrong), 1, words[0]!);
    assertClosed(wrong, words);

    const failing = machine();
    failing.token.module.script("C_Sign", 0x30);
    assert.is(await run(failing.host, words), 1, `${words[0]}: ${failing.host.output()}`);
    assertClosed(failing, words);

    if (words[0] === "sign-string" || words[0] === "doctor") continue;
    const refused = machine({
      fetch: async () => new Response(forbidden.body, { status: 403, headers: forbidden.headers ?? {} }),
    });
    assert.is(await run(refused.host, words), 1, words[0]!);
    assertClosed(refused, words);
  }
});

test("commands say that a signal stopped them, and close the token", async () => {
  for (const words of COMMANDS.slice(0, 4)) {
    const here: Machine = machine({
      // The service never answers.
      fetch: () => {
        here.stop();
        return new Promise(() => {});
      },
    });
    assert.is(await run(here.host, words), 1, words[0]!);
    assert.match(here.errors(), "Cannot finish: SIGTERM asked the command to stop [ERR_COMMAND_STOPPED]");
    assert.is(here.host.output(), "");
    assertClosed(here, words);
  }
});

test("update and serve close the token when a signal stops them, also while they wait for a PIN", async () => {
  for (
    const words of [
      ["update", ...FLAGS],
      ["serve", "--mode", "imds", "--port", "0", ...FLAGS],
    ]
  ) {
    const here = machine();
    const ended = run(here.host, words);
    await turns();
    assert.is(here.token.module.initialized, 1, `${words[0]}: ${here.errors()}`);
    here.stop();
    assert.is(await ended, 0, here.errors());
    assertClosed(here, words);

    const asking = machine();
    asking.host.askSecret = () => new Promise(() => {});
    const asked = run(asking.host, words.filter((word) => !GIVEN.includes(word)));
    await turns();
    assert.is(asking.token.module.initialized, 1, `${words[0]}: ${asking.errors()}`);
    asking.stop();
    assert.is(await asked, 0, asking.errors());
    assertClosed(asking, words);
  }
});

test("update and serve close the token when the first session fails", async () => {
  for (const words of [["update", ...FLAGS], ["serve", "--mode", "imds", "--port", "0", ...FLAGS]]) {
    const here = machine({ fetch: async () => new Response(ANSWERS.forbidden.body, { status: 403 }) });
    assert.is(await run(here.host, words), 1, words[0]!);
    assertClosed(here, words);
  }
});

test("a PIN of a flag is not sent on the last try, unless that is asked for", async () => {
  for (
    const words of [...COMMANDS, ["serve", ...FLAGS], ["token", "list", "--login", "--pkcs11-lib", "fake.so", ...GIVEN]]
  ) {
    const here = machine({ files: { "/pin": WRONG } });
    here.token.module.wrongPins = 2;
    assert.is(await run(here.host, words), 1, words[0]!);
    assert.match(here.errors() + here.host.output(), /one more wrong PIN locks token/);
    assert.equal(here.token.module.pins, [], `${words[0]}: a PIN was sent`);
    assertClosed(here, words);
  }
  const asked = machine();
  asked.token.module.wrongPins = 2;
  assert.is(await run(asked.host, [...COMMANDS[0]!, "--pkcs11-pin-last-try"]), 0, asked.errors());
  assert.equal(asked.token.module.pins, [PIN]);
});

test("a PIN that a person types is sent on the last try, with a word on it", async () => {
  const here = machine({ answers: [PIN] });
  here.token.module.wrongPins = 2;
  const words = ["credential-process", "--no-cache", ...KEY, ...SESSION_FLAGS];
  assert.is(await run(here.host, words), 0, here.errors());
  assert.match(here.host.questions.join(), "One more wrong PIN locks the token.");
});

test("doctor has the key of a token sign a text that is no request, and tells of it in JSON as well", async () => {
  const here = machine();
  assert.is(await run(here.host, ["doctor", "--offline", "--json", ...FLAGS]), 0, here.errors());
  const { findings } = JSON.parse(here.host.output()) as { readonly findings: readonly Finding[] };
  const trial = findings.find(({ id }) => id === "trial-signature");
  assert.is(trial?.severity, "ok");
  assert.match(trial?.what ?? "", "the certificate's key verifies it");
  const failing = machine();
  failing.token.module.script("C_Sign", 0x68);
  assert.is(await run(failing.host, ["doctor", "--offline", ...FLAGS]), 1);
  assert.match(failing.host.output(), /error {4}trial-signature: .*\n {11}why: .*CKR_KEY_FUNCTION_NOT_PERMITTED/);
});

test("trySignature() takes no signature of another key, and signs what begins as no string to sign", async () => {
  const other = await authority.issue("another");
  const signed: string[] = [];
  const { key: _, ...parts } = { ...identity, chain: [] };
  const signer = {
    ...other.signer,
    sign: (message: Uint8Array<ArrayBuffer>) => {
      signed.push(new TextDecoder().decode(message));
      return other.signer.sign(message);
    },
  };
  const findings = new Findings();
  await trySignature(memoryHost(), { ...parts, signer }, findings);
  assert.equal(findings.list.map(({ id, severity }) => `${id} ${severity}`), ["trial-signature error"]);
  assert.match(findings.list[0]!.what, "does not verify it");
  assert.match(signed[0]!, /^anyrole doctor: /);
});

test.run();
