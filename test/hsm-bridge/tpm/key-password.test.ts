// runtimes: node20 node deno bun
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { passwordMemory, type TpmPasswordRequest } from "../../../hsm-bridge/tpm/key-password.ts";
import { tpmSigner } from "../../../hsm-bridge/tpm/tpm-signer.ts";
import { openTpm } from "../../../hsm-bridge/tpm/tpm.ts";
import { createTpmKey } from "../../../hsm-bridge/tpm/create-key.ts";
import { TpmError } from "../../../hsm-bridge/tpm/tpm-error.ts";
import { FakeTpm } from "../../support/fake-tpm.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/tpm/key-password");

const WRONG = new TpmError("ERR_TPM_PASSWORD_WRONG", "TPM2_Sign", "Cannot run TPM2_Sign: wrong");
const ZEROS = new Uint8Array(6);

test("passwordMemory() keeps a copy of a password, and overwrites it when it is to be forgotten", async () => {
  const given = encodeUtf8("canary");
  const memory = passwordMemory(given, { of: "key", key: "k" });
  const kept = await memory.current();
  assert.equal(kept, given);
  memory.forget();
  assert.equal(kept, ZEROS);
  assert.equal(given, encodeUtf8("canary"), "the caller's own is the caller's");
});

test("passwordMemory() overwrites what was answered and wrong, and knows it again", async () => {
  const answers: Bytes[] = [];
  const memory = passwordMemory(() => {
    answers.push(encodeUtf8("canary"));
    return answers.at(-1);
  }, { of: "key", key: "k" });
  await memory.current();
  memory.wrong(WRONG);
  assert.equal(answers, [ZEROS]);
  await assertRejects(() => memory.current(), "ERR_TPM_PASSWORD_WRONG");
  assert.equal(answers, [ZEROS, ZEROS]);
  memory.forget();
});

test("tpmSigner() overwrites passwords when it is closed, and signs no more", async () => {
  const { transport } = new FakeTpm();
  const tpm = await openTpm({ device: transport });
  const password = encodeUtf8("canary");
  const { pem } = await createTpmKey({ tpm, type: { type: "ec", curve: "P-256" }, password });
  const asked: TpmPasswordRequest[] = [];
  const answer = password.slice();
  const signer = await tpmSigner({ tpm, key: pem, password: (request) => (asked.push(request), answer) });
  for (let i = 0; i < 2; i++) await signer.sign(encodeUtf8("message"));
  assert.is(asked.length, 1);
  await signer.close();
  assert.equal(answer, ZEROS);
  await assertRejects(() => signer.sign(encodeUtf8("message")), "ERR_TPM_CONNECTION");
  await tpm.close();
});

test.run();
