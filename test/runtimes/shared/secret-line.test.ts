// runtimes: node20 node deno bun workerd
import { readSecretLine } from "../../../runtimes/shared/secret-line.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("runtimes/shared/secret-line");

/** What a terminal in raw mode sends, chunk by chunk; then it is closed. */
function typing(
  ...chunks: readonly (string | Uint8Array)[]
): () => Promise<Uint8Array | undefined> {
  const octets = chunks.map((chunk) => typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk);
  return async () => octets.shift();
}

test("readSecretLine() answers what was typed up to the end of the line", async () => {
  assert.is(await readSecretLine(typing("secret\r")), "secret");
  assert.is(await readSecretLine(typing("secret\n")), "secret");
  assert.is(await readSecretLine(typing("s", "ecr", "et", "\r")), "secret");
  assert.is(await readSecretLine(typing("\r")), "");
});

test("readSecretLine() keeps blanks and other characters as they are", async () => {
  assert.is(await readSecretLine(typing(" a\tb \u{1f511} ä\r")), " a\tb \u{1f511} ä");
});

test("readSecretLine() leaves out what comes after the line", async () => {
  assert.is(await readSecretLine(typing("secret\rls\r")), "secret");
});

test("readSecretLine() takes back one character with backspace and with delete", async () => {
  assert.is(await readSecretLine(typing("secreX\x7ft\r")), "secret");
  assert.is(await readSecretLine(typing("secreX\bt\r")), "secret");
  assert.is(await readSecretLine(typing("a\u{1f511}\x7fb\r")), "ab");
  assert.is(await readSecretLine(typing("\x7f\x7fa\r")), "a");
});

test("readSecretLine() joins a character that comes in two chunks", async () => {
  assert.is(await readSecretLine(typing(Uint8Array.of(0xc3), Uint8Array.of(0xa4, 0x0d))), "ä");
});

test("readSecretLine() takes back the whole line with ctrl-U", async () => {
  assert.is(await readSecretLine(typing("wrong\x15secret\r")), "secret");
});

test("readSecretLine() ends at ctrl-C and ctrl-D and when the terminal is closed", async () => {
  for (const chunks of [["sec\x03ret\r"], ["sec\x04"], ["sec"], []]) {
    const { message } = await assertRejects(readSecretLine(typing(...chunks)), "ERR_TERMINAL_UNAVAILABLE");
    assert.not.match(message, "sec");
  }
});

test("readSecretLine() takes 4096 octets and no more", async () => {
  assert.is((await readSecretLine(typing("x".repeat(4096), "\r"))).length, 4096);
  await assertRejects(readSecretLine(typing("x".repeat(4097), "\r")), "ERR_TERMINAL_UNAVAILABLE");
});

test("readSecretLine() refuses what is not UTF-8", async () => {
  const { message } = await assertRejects(
    readSecretLine(typing("sec", Uint8Array.of(0xff), "\r")),
    "ERR_TERMINAL_UNAVAILABLE",
  );
  assert.not.match(message, "sec");
});

test("readSecretLine() wipes the chunks that it has read", async () => {
  const chunk = new TextEncoder().encode("secret");
  await readSecretLine(typing(chunk, "\r"));
  assert.ok(chunk.every((octet) => octet === 0));
});

test.run();
