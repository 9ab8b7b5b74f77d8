/**
 * What a TPM answers, and TSS2 key files.
 *
 * @module
 */

import { equalBytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { decodePem } from "../../../core/pem/pem.ts";
import { checkFamily, readPcrs, readProperties, readRandom } from "../../../hsm-bridge/tpm/capability-commands.ts";
import { type CommandChannel, commandChannel, passwordAuthorization } from "../../../hsm-bridge/tpm/command.ts";
import { encodeTpmKeyFile, parseTpmKeyFile } from "../../../hsm-bridge/tpm/key-file.ts";
import { flushContext, loadKey, readPublic } from "../../../hsm-bridge/tpm/object-commands.ts";
import { startSession } from "../../../hsm-bridge/tpm/session.ts";
import { signDigest } from "../../../hsm-bridge/tpm/sign-command.ts";
import { signingScheme } from "../../../hsm-bridge/tpm/signing-scheme.ts";
import { openTpm } from "../../../hsm-bridge/tpm/tpm.ts";
import { tpmSigner } from "../../../hsm-bridge/tpm/tpm-signer.ts";
import { ResponseCollector } from "../../../hsm-bridge/tpm/transport.ts";
import { FAKE_KEY, FakeTpm } from "../../support/fake-tpm.ts";
import { TPM_KEY_FILES } from "../../support/tpm-key-files.ts";
import type { Material, Octets } from "../mutate.ts";

const FILES = Object.values(TPM_KEY_FILES);
const FILE = parseTpmKeyFile(TPM_KEY_FILES["P-256"]);
const OBJECT = { entity: { handle: FAKE_KEY, name: FILE.area.name }, area: FILE.area };
const PARENT = { handle: 0x81000001, name: FILE.area.name };
const NONE = /* @__PURE__ */ passwordAuthorization();

/** Each command, so that the first octet of an input chooses one. */
const COMMANDS: readonly ((channel: CommandChannel) => Promise<unknown>)[] = [
  (channel) => readPublic(channel, FAKE_KEY),
  (channel) => readProperties(channel, 0x100, 8),
  (channel) => checkFamily(channel),
  (channel) => readRandom(channel, 32),
  (channel) => readPcrs(channel, { hash: "SHA-256", registers: [0, 7, 23] }),
  (channel) => signDigest(channel, OBJECT, NONE, signingScheme(FILE.area), new Uint8Array(32)),
  (channel) => loadKey(channel, PARENT, NONE, FILE),
  (channel) => flushContext(channel, 0x80000000),
  (channel) => startSession(channel, OBJECT),
];

/** Responses of a TPM that a test plays, each behind the number of a command. */
export async function responseMaterial(): Promise<Material> {
  const fake = new FakeTpm();
  const signer = await tpmSigner({
    key: FAKE_KEY,
    tpm: await openTpm({ device: fake.transport, sleep: () => Promise.resolve() }),
  });
  await signer.sign(Uint8Array.of(1));
  const responses = fake.bus.filter((_, i) => i % 2 === 1);
  const refusals = [0x922, 0x98e, 0x921, 0x18b, 0x101, 0x903].map((code) =>
    Uint8Array.of(0x80, 1, 0, 0, 0, 10, 0, 0, code >> 8, code & 0xff)
  );
  const pcrs = Uint8Array.of(
    0x80,
    1,
    0,
    0,
    0,
    30,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    1,
    0,
    0xb,
    3,
    1,
    0,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
  );
  const seeds = [...responses, ...refusals, pcrs].flatMap((response) =>
    COMMANDS.map((_, i) => Uint8Array.of(i, ...response))
  );
  const tokens = [[0, 0], [0xff, 0xff], [0, 0x23], [0, 0x18], [0, 0x0b], [0, 0x20], [0, 3], [0x80, 2], [0, 0, 0, 0]];
  return { seeds, tokens: tokens.map((octets) => Uint8Array.from(octets)) };
}

/** One command whose response the input is, in two pieces; its size is put right, because every other is refused at once. */
export async function readTpmResponse(input: Octets): Promise<void> {
  const response = input.slice(1);
  if (response.length >= 10 && input.length % 4 !== 0) new DataView(response.buffer).setUint32(2, response.length);
  const transmit = (): Promise<Octets> => {
    const collector = new ResponseCollector("a fuzzer");
    const half = response.length >> 1;
    const whole = collector.take(response.slice(0, half)) ?? collector.take(response.slice(half));
    return whole === undefined ? Promise.reject(collector.ended()) : Promise.resolve(whole);
  };
  const channel = commandChannel({ transmit, close: () => Promise.resolve() }, () => Promise.resolve());
  await COMMANDS[(input[0] ?? 0) % COMMANDS.length]!(channel);
}

/** Key files as PEM and as DER. */
export function keyFileMaterial(): Material {
  const ders = FILES.map((pem) => decodePem(pem)[0]!.octets.slice());
  const tokens = [[0xa0, 3, 1, 1, 0xff], [0xa1, 0], [0x04, 0], [0x02, 4, 0x40, 0, 0, 1], [
    6,
    6,
    0x67,
    0x81,
    5,
    10,
    1,
    3,
  ]];
  return {
    seeds: [...ders, ...ders, ...FILES.map(encodeUtf8)],
    tokens: tokens.map((octets) => Uint8Array.from(octets)),
  };
}

/** Reads a key file; what it says is read again when it is written. */
export function readKeyFile(input: Octets): void {
  const file = parseTpmKeyFile(input);
  const again = parseTpmKeyFile(encodeTpmKeyFile(file));
  const same = file.emptyAuth === again.emptyAuth && file.parent === again.parent &&
    equalBytes(file.publicPart, again.publicPart) && equalBytes(file.privatePart, again.privatePart) &&
    JSON.stringify(file.policy) === JSON.stringify(again.policy);
  if (!same) throw new Error("a key file changes when it is written again");
  signingScheme(file.area);
}
