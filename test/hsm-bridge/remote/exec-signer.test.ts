// runtimes: node20 node deno bun
import { decodeBase64, encodeBase64 } from "../../../core/bytes/base64.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import type { Sleep } from "../../../core/ports.ts";
import { keyDigest, writeKeyDocument } from "../../../core/sign/signing-protocol.ts";
import { execSigner, type ExecSignerOptions } from "../../../hsm-bridge/remote/exec-signer.ts";
import { serveExecProtocol } from "../../../hsm-bridge/remote/exec-service.ts";
import type { ProgramEvents, StartProgram } from "../../../hsm-bridge/remote/program-pipe.ts";
import type { SigningGrant } from "../../../hsm-bridge/remote/signing-grant.ts";
import type { SigningRecord } from "../../../hsm-bridge/remote/signing-record.ts";
import { addSignerTests } from "../../support/signer-conformance.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { NOW, testKey } from "../../support/test-authority.ts";

const test = suite("hsm-bridge/remote/exec-signer");

const MESSAGE = encodeUtf8("message");
const never: Sleep = () => new Promise(() => {});
const signer = await testKey("bridge");
const KEY = writeKeyDocument({ ...signer, certificates: [] });
const OTHER_KEY = writeKeyDocument({ ...await testKey("another holder"), certificates: [] });

/** A program in this process: what it does with each line, and what became of it. */
class ScriptedProgram {
  readonly lines: string[] = [];
  events: ProgramEvents | undefined;
  killed = 0;
  closed = 0;
  readonly #answer: (line: string, program: ScriptedProgram) => void;

  constructor(answer: (line: string, program: ScriptedProgram) => void) {
    this.#answer = answer;
  }

  readonly start: StartProgram = (_, __, events) => {
    this.events = events;
    return {
      write: (text) => {
        this.lines.push(text);
        this.#answer(text, this);
      },
      kill: () => void this.killed++,
      close: () => Promise.resolve(void this.closed++),
    };
  };

  say(text: string): void {
    this.events!.output(encodeUtf8(text));
  }
}

function options(program: ScriptedProgram): ExecSignerOptions {
  return { command: ["holder", "--secret-argument"], sleep: never, start: program.start };
}

/** The service of the protocol in this process. */
function servedProgram(grant: Partial<SigningGrant> = {}, records: SigningRecord[] = []): ScriptedProgram {
  let push: (piece: Uint8Array | undefined) => void = () => {};
  const waiting: (Uint8Array | undefined)[] = [];
  async function* input() {
    for (;;) {
      if (waiting.length === 0) await new Promise<void>((resolve) => push = () => resolve());
      const piece = waiting.shift();
      if (piece === undefined) return;
      yield piece;
    }
  }
  const program = new ScriptedProgram((line) => {
    waiting.push(encodeUtf8(line));
    push(undefined);
  });
  void serveExecProtocol({
    grant: { name: "tests", signer, messages: "any-message", rate: { perSecond: 1000, burst: 1000 }, ...grant },
    input: input(),
    write: async (text) => program.say(text),
    now: () => NOW,
    keepRecord: (record) => void records.push(record),
    onError: () => {},
  });
  return program;
}

addSignerTests(test, "P-256 in a program", async () => ({
  signer: await execSigner({ ...options(servedProgram()), crypto: portableProvider() }),
  publicKey: signer.publicKey,
}));

test("execSigner() takes what the program refuses as an error with a code", async () => {
  const records: SigningRecord[] = [];
  const held = await execSigner(options(servedProgram({ messages: "roles-anywhere" }, records)));
  const error = await assertRejects(() => held.sign(MESSAGE), "ERR_REMOTE_SIGNER_REFUSED");
  assert.is(error["reason"], "MessageNotAllowed");
  assert.equal(records.map(({ peer, outcome }) => [peer, outcome]), [
    ["stdio", "answered"],
    ["stdio", "MessageNotAllowed"],
  ]);
  assert.not.match(error.message, "secret-argument");
});

test("execSigner() takes answers in any order, in pieces, and ignores those to nobody", async () => {
  const signatures = await Promise.all([0, 1].map(async (i) => await signer.sign(Uint8Array.of(i))));
  const program = new ScriptedProgram((line, own) => {
    if (line.startsWith('{"hello"')) return own.say(`${KEY}\n`);
    if (!line.startsWith('{"id":2')) return;
    const lines = [2, 1].map((id) => JSON.stringify({ id, signature: encodeBase64(signatures[id - 1]!) }));
    const text = `{"id":77,"signature":"AAAA"}\n${lines.join("\n")}\n`;
    for (let at = 0; at < text.length; at += 7) own.say(text.slice(at, at + 7));
  });
  const held = await execSigner(options(program));
  const answers = await Promise.all([0, 1].map((i) => held.sign(Uint8Array.of(i))));
  assert.equal(answers, signatures);
});

test("execSigner() ends a program that writes garbage, and trusts nothing that it says later", async () => {
  const garbage = ["Enter PIN:\n", "\n", "[]\n", "null\n", '{"id":"1"}\n', "{\n", "x".repeat(300_000), "\u0000\n"];
  for (const text of garbage) {
    const program = new ScriptedProgram((line, own) => own.say(line.startsWith('{"hello"') ? `${KEY}\n` : text));
    const held = await execSigner(options(program));
    const error = await assertRejects(() => held.sign(MESSAGE), "ERR_REMOTE_SIGNER_PROTOCOL");
    assert.not.match(error.message, "PIN");
    assert.is(program.killed, 1);
    program.say(`{"id":2,"signature":"AAAA"}\n`);
    await assertRejects(() => held.sign(MESSAGE), "ERR_REMOTE_SIGNER_PROTOCOL");
  }
  const binary = new ScriptedProgram((_, own) => own.events!.output(new Uint8Array([0xff, 0xfe, 0x0a])));
  await assertRejects(() => execSigner(options(binary)), "ERR_REMOTE_SIGNER_PROTOCOL");
  assert.is(binary.closed, 1);
});

test("execSigner() refuses keys that are none, and another than the expected one", async () => {
  const other = await testKey("another bridge");
  const documents = [
    ["{}", "ERR_REMOTE_SIGNER_PROTOCOL"],
    [KEY.replace('"version":1', '"version":2'), "ERR_REMOTE_SIGNER_PROTOCOL"],
    ['{"error":{"code":"Malformed","message":"no"}}', "ERR_REMOTE_SIGNER_PROTOCOL"],
    ['{"error":{"code":"GrantExpired","message":"no"}}', "ERR_REMOTE_SIGNER_REFUSED"],
    [writeKeyDocument({ ...other, certificates: [] }), "ERR_REMOTE_SIGNER_KEY"],
  ] as const;
  for (const [document, code] of documents) {
    const program = new ScriptedProgram((_, own) => own.say(`${document}\n`));
    await assertRejects(() => execSigner({ ...options(program), publicKey: signer.publicKey }), code);
    assert.is(program.closed, 1);
  }
  await assertTypeError(() => execSigner({ ...options(servedProgram()), publickey: MESSAGE } as never));
});

/** A program that is started anew after each of these endings, the last of which is answered. */
function endingPrograms(...endings: readonly ("ends" | "dies at hello" | "another key" | "answers")[]) {
  const started: ScriptedProgram[] = [];
  const start: StartProgram = (command, environment, events) => {
    const ending = endings[Math.min(started.length, endings.length - 1)];
    const program = new ScriptedProgram((line, own) => {
      if (line.startsWith('{"hello"')) {
        if (ending === "dies at hello") return own.events!.ended("it ended with 4");
        return own.say(`${ending === "another key" ? OTHER_KEY : KEY}\n`);
      }
      if (ending === "ends") return own.events!.ended("it ended with 3");
      const { id, sign } = JSON.parse(line) as { id: number; sign: { message: string } };
      const message = decodeBase64(sign.message)!;
      void Promise.resolve(signer.sign(message)).then((signature) =>
        own.say(`${JSON.stringify({ id, signature: encodeBase64(signature) })}\n`)
      );
    });
    started.push(program);
    return program.start(command, environment, events);
  };
  return { started, options: { command: ["holder"], sleep: never, start, crypto: portableProvider() } as const };
}

test("execSigner() starts a program that ended again, and asks once more", async () => {
  const { started, options } = endingPrograms("ends", "answers");
  const held = await execSigner(options);
  await Promise.all([held.sign(MESSAGE), held.sign(MESSAGE)]);
  assert.is(started.length, 2, "who waited for the first one shares the second");
  started[1]!.events!.ended("it ended with 0");
  await held.sign(MESSAGE);
  assert.is(started.length, 3, "nobody waited, and the next signature is made");
  await held.close();
  assert.is(started[2]!.closed, 1);
});

test("execSigner() starts a program once for each signature, and then says that it ended", async () => {
  const { started, options } = endingPrograms("ends");
  const held = await execSigner(options);
  const waiting = [held.sign(MESSAGE), held.sign(MESSAGE)].map(async (signing) => await signing);
  for (const signing of waiting) {
    assert.match((await assertRejects(signing, "ERR_REMOTE_SIGNER_UNREACHABLE")).message, "it ended with 3");
  }
  assert.is(started.length, 2);
  await assertRejects(() => held.sign(MESSAGE), "ERR_REMOTE_SIGNER_UNREACHABLE");
  assert.is(started.length, 3);
});

test("execSigner() takes no other key of a program that was started again", async () => {
  const other = endingPrograms("ends", "another key");
  const held = await execSigner(other.options);
  await assertRejects(() => held.sign(MESSAGE), "ERR_REMOTE_SIGNER_KEY");
  assert.is(other.started[1]!.closed, 1);
  const dying = endingPrograms("ends", "dies at hello", "answers");
  const again = await execSigner(dying.options);
  assert.match((await assertRejects(() => again.sign(MESSAGE), "ERR_REMOTE_SIGNER_UNREACHABLE")).message, "with 4");
  await again.sign(MESSAGE);
});

test("execSigner() starts nothing again when it is closed", async () => {
  const { started, options } = endingPrograms("ends");
  const held = await execSigner(options);
  await held.close();
  await assertRejects(() => held.sign(MESSAGE), "ERR_REMOTE_SIGNER_CLOSED");
  assert.is(started.length, 1);
  const late: ScriptedProgram[] = [];
  const start: StartProgram = (command, environment, events) => {
    const program = new ScriptedProgram((line, own) => {
      if (line.startsWith('{"hello"') && late.length === 1) own.say(`${KEY}\n`);
      if (!line.startsWith('{"hello"')) own.events!.ended("it ended with 3");
    });
    late.push(program);
    return program.start(command, environment, events);
  };
  const slow = await execSigner({ command: ["holder"], sleep: never, start });
  const failed = assertRejects(slow.sign(MESSAGE) as Promise<unknown>, "ERR_REMOTE_SIGNER_CLOSED");
  while (late.length < 2) await Promise.resolve();
  const closing = slow.close();
  late[1]!.say(`${KEY}\n`);
  await closing;
  await failed;
  assert.is(late[1]!.closed, 1);
});

test("execSigner() ends what takes too long, and takes no late answer for another's", async () => {
  let hurry = false;
  const sleep: Sleep = () => hurry ? Promise.resolve() : never(0);
  const program = new ScriptedProgram((line, own) => {
    if (line.startsWith('{"hello"')) own.say(`${KEY}\n`);
  });
  const held = await execSigner({ ...options(program), sleep, timeoutMs: 7 });
  hurry = true;
  assert.match((await assertRejects(() => held.sign(MESSAGE), "ERR_REMOTE_SIGNER_TIMEOUT")).message, "7 ms");
  hurry = false;
  const next = held.sign(MESSAGE) as Promise<Uint8Array>;
  program.say(`{"id":1,"signature":"MAYCAQECAQE="}\n`);
  const signature = await signer.sign(MESSAGE);
  program.say(`${JSON.stringify({ id: 2, signature: encodeBase64(signature) })}\n`);
  assert.equal(await next, signature);
});

test("execSigner() fails what is under way when it is closed, and what comes later", async () => {
  const program = new ScriptedProgram((line, own) => {
    if (line.startsWith('{"hello"')) own.say(`${KEY}\n`);
  });
  const held = await execSigner(options(program));
  const waiting = (async () => await held.sign(MESSAGE))();
  const failed = assertRejects(waiting, "ERR_REMOTE_SIGNER_CLOSED");
  await held.close();
  await failed;
  await assertRejects(() => held.sign(MESSAGE), "ERR_REMOTE_SIGNER_CLOSED");
  assert.is(program.closed, 1);
});

test("serveExecProtocol() refuses lines that are none, and goes on", async () => {
  const written: string[] = [];
  const key = keyDigest(signer.publicKey);
  const good = { algorithm: "ecdsa-sha256", key, message: encodeBase64(MESSAGE) };
  const lines = [
    "nonsense",
    `{"hello":2}`,
    `{"id":"1","sign":{}}`,
    `{"id":1}`,
    `{"id":2,"sign":null}`,
    `{"id":3,"sign":${JSON.stringify({ ...good, message: "####" })}}`,
    `{"id":4,"sign":${JSON.stringify(good)}}`,
  ];
  async function* input() {
    yield encodeUtf8(`${lines.join("\n")}\n`);
    yield encodeUtf8("x".repeat(200_000));
    yield encodeUtf8(`\n{"hello":1}\n`);
  }
  await serveExecProtocol({
    grant: { name: "tests", signer, messages: "any-message" },
    input: input(),
    write: async (text) => void written.push(text),
    now: () => NOW,
    keepRecord: () => {},
    onError: (error) => assert.unreachable(String(error)),
  });
  const answers = written.map((text) =>
    JSON.parse(text) as { id?: number; error?: { code: string }; signature?: string }
  );
  const summary = answers.map(({ id, error, signature }) => `${id} ${error?.code ?? typeof signature}`).sort();
  assert.equal(summary, [
    "1 Malformed",
    "2 Malformed",
    "3 Malformed",
    "4 string",
    "undefined Malformed",
    "undefined Malformed",
    "undefined Malformed",
    "undefined Malformed",
  ]);
});

async function assertTypeError(action: () => Promise<unknown>): Promise<void> {
  const error = await action().catch((caught: unknown) => caught);
  assert.instance(error, TypeError);
}

test.run();
