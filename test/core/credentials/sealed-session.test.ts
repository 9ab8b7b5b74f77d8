import type { Bytes } from "../../../core/bytes/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../../core/bytes/text.ts";
import {
  MAX_SEALED_OCTETS,
  openSession,
  readSealedFacts,
  sealedSubject,
  type SealingPorts,
  sealSession,
} from "../../../core/credentials/sealed-session.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { createSession, type Session } from "../../../core/session/create-session.ts";
import { assert, assertNone, assertRejects, suite } from "../../support/suite.ts";
import { testRandom } from "../../support/test-authority.ts";
import { ARNS, fakeFetch, identity, NOON, options, ports, SECRET, success, TOKEN } from "../session/fake-service.ts";
import { VirtualClock } from "../session/virtual-clock.ts";

const test = suite("core/credentials/sealed-session");

const KEY = new Uint8Array(32).fill(1);
const SEALING: SealingPorts = { crypto: portableProvider({ random: testRandom("sealing") }), sha256: portableSha256 };
const SUBJECT = sealedSubject(identity(), ARNS, portableSha256);

const clock = new VirtualClock(NOON);
const session: Session = await clock.run(createSession(options(), ports(clock, fakeFetch(success()).fetch)));
const STORED = { session, obtainedAtMs: NOON };
const entry = await sealSession(STORED, SUBJECT, KEY, SEALING);

const text = (octets: Bytes) => new TextDecoder("latin1").decode(octets);

test("openSession() opens what sealSession() sealed, credentials and all", async () => {
  assert.equal(await openSession(entry, SUBJECT, KEY, SEALING), STORED);
});

test("sealSession() shows no secret, and no two entries alike", async () => {
  for (const secret of [SECRET, TOKEN]) assert.not(text(entry).includes(secret));
  const again = await sealSession(STORED, SUBJECT, KEY, SEALING);
  assert.is.not(text(again), text(entry));
});

test("sealSession() says in the clear whose session it is and when it ends", () => {
  const facts = {
    subject: {
      certificate: portableSha256.hex(identity().certificate.der),
      durationSeconds: 3600,
      ...ARNS,
    },
    obtainedAt: "2026-06-01T12:00:00.000Z",
    expiration: "2026-06-01T13:00:00Z",
  };
  assert.equal(readSealedFacts(entry), facts);
});

test("openSession() refuses an entry of which any bit is changed", async () => {
  const opened: string[] = [];
  for (let i = 0; i < entry.length; i++) {
    const changed = entry.slice();
    changed[i]! ^= 1 << i % 8;
    if (await openSession(changed, SUBJECT, KEY, SEALING) !== undefined) opened.push(`octet ${i}`);
  }
  assertNone(opened);
});

test("openSession() refuses an entry that is cut off anywhere, or longer", async () => {
  const opened: string[] = [];
  for (let length = 0; length < entry.length; length++) {
    if (await openSession(entry.slice(0, length), SUBJECT, KEY, SEALING) !== undefined) opened.push(`${length} octets`);
  }
  for (const longer of [entry.length + 1, MAX_SEALED_OCTETS + 1]) {
    const octets = new Uint8Array(longer);
    octets.set(entry);
    if (await openSession(octets, SUBJECT, KEY, SEALING) !== undefined) opened.push(`${longer} octets`);
  }
  assertNone(opened);
});

test("openSession() refuses an entry that another key sealed", async () => {
  assert.is(await openSession(entry, SUBJECT, new Uint8Array(32).fill(2), SEALING), undefined);
});

test("openSession() refuses an entry of anybody or anything else", async () => {
  const der = new Uint8Array([0x30, 0x01, 0x00]);
  const others = [
    sealedSubject({ ...identity(), certificate: { ...identity().certificate, der } }, ARNS, portableSha256),
    ...[
      { roleArn: "arn:aws:iam::000000000000:role/Other" },
      { profileArn: "arn:aws:rolesanywhere:us-east-1:000000000000:profile/x" },
      { trustAnchorArn: "arn:aws:rolesanywhere:us-east-1:000000000000:trust-anchor/x" },
      { durationSeconds: 900 },
      { roleSessionName: "x" },
      { region: "us-east-1" },
      { endpoint: "http://localhost" },
      { fips: true },
      { dualStack: true },
      { somethingNew: ["x"] },
    ].map((member) => sealedSubject(identity(), { ...ARNS, ...member }, portableSha256)),
  ];
  assert.is(new Set([SUBJECT, ...others].map(({ name }) => name)).size, others.length + 1);
  for (const other of others) {
    assert.is(await openSession(entry, other, KEY, SEALING), undefined, other.text);
    // The sealed line is taken for another's: the seal is under the line.
    const head = decodeUtf8(entry.subarray(0, entry.indexOf(10)))!.replace(SUBJECT.text, other.text);
    const forged = new Uint8Array([...encodeUtf8(head), ...entry.subarray(entry.indexOf(10))]);
    assert.is(await openSession(forged, other, KEY, SEALING), undefined, other.text);
  }
});

test("sealedSubject() knows no order, no absent members and nothing that has no say in the answer", () => {
  const { trustAnchorArn, profileArn, roleArn } = ARNS;
  const same = sealedSubject(identity(), {
    roleArn,
    trustAnchorArn,
    profileArn,
    durationSeconds: 3600,
    region: undefined,
    endpoint: "",
    fips: false,
    userAgent: "x/1",
    maxAttempts: 1,
    deadlineMs: 1,
    attemptTimeoutMs: 1,
    certificateValidity: "leave-to-service",
  }, portableSha256);
  assert.equal(same, SUBJECT);
  assert.match(SUBJECT.name, /^[0-9a-f]{64}$/);
});

test("openSession() passes on what is no matter of the entry", async () => {
  const crypto = {
    ...SEALING.crypto,
    decipher: () => Promise.reject(Object.assign(new Error("no AES"), { code: "ERR_CRYPTO_UNSUPPORTED" })),
  };
  await assertRejects(() => openSession(entry, SUBJECT, KEY, { ...SEALING, crypto }), "ERR_CRYPTO_UNSUPPORTED");
});

test("readSealedFacts() answers undefined for what is no entry", () => {
  const lines = [
    "",
    "\n",
    "{\n",
    "null\n",
    "[]\n",
    '{"version":2,"subject":{},"obtainedAt":"2026-06-01T12:00:00Z","expiration":"2026-06-01T13:00:00Z"}\n',
    '{"version":1,"subject":[],"obtainedAt":"2026-06-01T12:00:00Z","expiration":"2026-06-01T13:00:00Z"}\n',
    '{"version":1,"subject":{},"obtainedAt":"noon","expiration":"2026-06-01T13:00:00Z"}\n',
    '{"version":1,"subject":{},"obtainedAt":"2026-06-01T12:00:00Z"}\n',
    "\xff\xfe\n",
  ];
  for (const line of lines) {
    assert.is(readSealedFacts(Uint8Array.from(line, (character) => character.charCodeAt(0))), undefined, line);
  }
});

test.run();
