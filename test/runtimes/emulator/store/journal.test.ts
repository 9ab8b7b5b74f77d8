// runtimes: node20 node deno bun workerd
import { concatBytes } from "../../../../core/bytes/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../../../core/bytes/text.ts";
import { portableSha256 } from "../../../../core/crypto/sha256.ts";
import type { Change } from "../../../../runtimes/emulator/store/emulator-store.ts";
import {
  encodeCommit,
  encodeJournal,
  isCompactionDue,
  JOURNAL_HEADER,
  readJournal,
} from "../../../../runtimes/emulator/store/journal.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/store/journal");

const set = (key: string, value: string | number): Change => ({ table: "settings", key, record: { value } });
const COMMITS: readonly (readonly Change[])[] = [
  [set("a", 1), set("b", "zwei, \u{1f511} and \ud800")],
  [{ table: "settings", key: "a" }],
  [set("c", 'line\nfeed "quoted"')],
];
const LINES = COMMITS.map((changes) => encodeCommit(changes, portableSha256));
const WHOLE = encodeUtf8(JOURNAL_HEADER + LINES.join(""));

/** As from a file: in pieces that reuse one memory. */
function* pieces(octets: Uint8Array, length = 7): Generator<Uint8Array<ArrayBuffer>> {
  const memory = new Uint8Array(length);
  for (let at = 0; at < octets.length; at += length) {
    const piece = octets.subarray(at, at + length);
    memory.set(piece);
    yield memory.subarray(0, piece.length);
  }
}

const plain = (changes: readonly Change[]) => JSON.parse(JSON.stringify(changes));

test("encodeCommit() writes one line of JSON that fits its hash", () => {
  assert.is(
    encodeCommit([set("a", 1)], portableSha256),
    '{"sha256":"b12486310276c40a","changes":[{"table":"settings","key":"a","record":{"value":1}}]}\n',
  );
  for (const line of LINES) assert.is(line.indexOf("\n"), line.length - 1);
});

test("readJournal() reads what was written, in pieces of any length", () => {
  for (const length of [1, 2, 64, 100_000]) {
    assert.equal(readJournal(pieces(WHOLE, length), portableSha256), {
      changes: plain(COMMITS.flat()),
      length: WHOLE.length,
      tornOctets: 0,
    });
  }
});

test("readJournal() drops a last line that is not whole, wherever it was cut", () => {
  const header = encodeUtf8(JOURNAL_HEADER).length;
  let length = header;
  const ends = [header, ...LINES.map((line) => length += encodeUtf8(line).length)];
  for (let cut = header; cut <= WHOLE.length; cut++) {
    const whole = ends.filter((end) => end <= cut).length - 1;
    assert.equal(readJournal(pieces(WHOLE.subarray(0, cut), 50), portableSha256), {
      changes: plain(COMMITS.slice(0, whole).flat()),
      length: ends[whole],
      tornOctets: cut - ends[whole]!,
    }, `cut at ${cut}`);
  }
});

test("readJournal() takes an empty file for a new one, and refuses a header that is cut", () => {
  assert.equal(readJournal([], portableSha256), { changes: [], length: 0, tornOctets: 0 });
  for (let cut = 1; cut < encodeUtf8(JOURNAL_HEADER).length - 1; cut++) {
    assertThrows(() => readJournal([WHOLE.slice(0, cut)], portableSha256), "ERR_STATE_FORMAT");
  }
});

test("readJournal() refuses a file that is something else, or of another version", () => {
  const read = (text: string) => () => readJournal([encodeUtf8(text)], portableSha256);
  assert.match(assertThrows(read("-----BEGIN CERTIFICATE-----\n"), "ERR_STATE_FORMAT").message, "is not that of");
  const { message } = assertThrows(read(JOURNAL_HEADER.replace("1}", "2}")), "ERR_STATE_FORMAT");
  assert.match(message, "it is of version 2");
});

test("readJournal() refuses damage before the last line's end, and says where it is", () => {
  const second = encodeUtf8(JOURNAL_HEADER + LINES[0]).length;
  for (let at = second; at < WHOLE.length - 1; at++) {
    const damaged = WHOLE.slice();
    damaged[at] = damaged[at]! ^ 1;
    const { line, offset, message } = assertThrows(() => readJournal([damaged], portableSha256), "ERR_STATE_DAMAGED");
    assert.ok(line === 3 || line === 4);
    assert.match(message, `line ${line}, at octet ${offset}, is damaged`);
    assert.is(readJournal([WHOLE.slice(0, offset as number)], portableSha256).tornOctets, 0);
  }
  const zeros = concatBytes([WHOLE, new Uint8Array(100)]);
  assert.is(readJournal([zeros], portableSha256).tornOctets, 100);
  assertThrows(() => readJournal([concatBytes([zeros, WHOLE])], portableSha256), "ERR_STATE_DAMAGED");
});

test("encodeJournal() writes every record as a commit of its own", () => {
  const journal = encodeJournal(COMMITS.flat(), portableSha256);
  assert.is(decodeUtf8(journal)!.split("\n").length, 6);
  assert.equal(readJournal([journal], portableSha256).changes, plain(COMMITS.flat()));
});

test("isCompactionDue() says yes from four times the compact length on, above 1 MiB", () => {
  assert.is(isCompactionDue(1_048_576, 10), false);
  assert.is(isCompactionDue(1_048_577, 10), true);
  assert.is(isCompactionDue(4_000_000, 1_000_000), false);
  assert.is(isCompactionDue(4_000_001, 1_000_000), true);
});

test.run();
