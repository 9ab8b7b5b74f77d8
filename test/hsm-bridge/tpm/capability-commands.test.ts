// runtimes: node20 node deno bun
import { readPcrs } from "../../../hsm-bridge/tpm/capability-commands.ts";
import { commandChannel } from "../../../hsm-bridge/tpm/command.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/tpm/capability-commands");

/** TPM2_PCR_Read's answer: a bank of SHA-256 with these octets of registers, and so many values of one octet each. */
function answer(registers: readonly number[], values: number): Uint8Array<ArrayBuffer> {
  const digests = Array.from({ length: values }, (_, i) => [0, 1, 0x40 + i]).flat();
  const body = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0xb, 3, ...registers, 0, 0, 0, values, ...digests];
  body.splice(0, 4);
  return Uint8Array.of(0x80, 1, 0, 0, 0, 10 + body.length, 0, 0, 0, 0, ...body);
}

function channelOf(...answers: readonly Uint8Array<ArrayBuffer>[]) {
  const left = [...answers];
  const transmit = () => {
    if (left.length === 0) throw new Error("it asked again");
    return Promise.resolve(left.shift()!);
  };
  return commandChannel({ transmit, close: () => Promise.resolve() }, () => Promise.resolve());
}

test("readPcrs() asks until it has every register", async () => {
  const channel = channelOf(answer([1, 0, 0], 1), answer([0x80, 0, 0], 1));
  assert.equal(await readPcrs(channel, { hash: "SHA-256", registers: [0, 7] }), Uint8Array.of(0x40, 0x40));
});

test("readPcrs() does not go on asking a TPM that answers none of the registers, or others", async () => {
  for (const given of [answer([0, 0, 0], 0), answer([2, 0, 0], 1), answer([1, 0, 0], 0)]) {
    await assertRejects(
      () => readPcrs(channelOf(given), { hash: "SHA-256", registers: [0, 7] }),
      "ERR_TPM_RESPONSE",
    );
  }
});

test.run();
