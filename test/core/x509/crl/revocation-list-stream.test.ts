import { type Bytes, concatBytes } from "../../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import {
  derBoolean,
  derContextConstructed,
  derElement,
  derInteger,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  derTime,
} from "../../../../core/der/writer.ts";
import { encodeGeneralName } from "../../../../core/issue/general-name-encoding.ts";
import { crlNumberExtension, issueRevocationList, type RevocationListTemplate } from "../../../../core/issue/mod.ts";
import { encodePem } from "../../../../core/pem/pem.ts";
import { EntrySearch } from "../../../../core/x509/crl/entry-search.ts";
import {
  type RevocationListEnd,
  RevocationListStream,
  STREAM_WINDOW_OCTETS,
} from "../../../../core/x509/crl/revocation-list-stream.ts";
import { parseCertificateRevocationList, parseName } from "../../../../core/x509/mod.ts";
import { encodeName } from "../../../../core/issue/name-encoding.ts";
import { largeRevocationList, serialNumberAt } from "../../../support/large-revocation-list.ts";
import { NOBODY } from "../../../support/x509-fixtures.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";

const test = suite("core/x509/crl/revocation-list-stream");

const ISSUER = [{ type: "CN", value: "Issuer" }];
const OTHER = [{ type: "CN", value: "Other" }];
const NAME = parseName(encodeName(ISSUER));
const DAY = Date.UTC(2026, 0, 1);
const REASON = { oid: "2.5.29.21", critical: false, value: Uint8Array.of(0x0a, 1, 1) };
const CERTIFICATE_ISSUER = {
  oid: "2.5.29.29",
  critical: true,
  value: derSequence(encodeGeneralName({ form: "directoryName", value: OTHER })),
};

function list(parts: Partial<RevocationListTemplate> = {}): Promise<Bytes> {
  return issueRevocationList({ issuer: ISSUER, thisUpdate: DAY, revokedCertificates: [], ...parts }, NOBODY);
}

interface Read {
  readonly end: RevocationListEnd;
  readonly search: EntrySearch;
  readonly signed: Bytes;
}

function read(octets: Uint8Array, pieceLength: number, serialNumber: Uint8Array = Uint8Array.of(7)): Read {
  const stream = new RevocationListStream();
  const search = new EntrySearch(serialNumber, NAME, NAME);
  const signed: Bytes[] = [];
  // One buffer for all pieces: the reader has to have copied what it keeps.
  const buffer = new Uint8Array(pieceLength);
  let begun = false;
  for (let at = 0; at < octets.length; at += pieceLength) {
    const piece = octets.subarray(at, at + pieceLength);
    buffer.set(piece);
    stream.push(buffer.subarray(0, piece.length));
    if (stream.start === undefined || begun) continue;
    begun = true;
    stream.begin({ search, signed: (part) => void signed.push(part.slice()) });
  }
  return { end: stream.finish(), search, signed: concatBytes(signed) };
}

/** What stands in a stream, as the parser of whole lists sees it. */
function checkAgainstWhole(der: Bytes, { end, search, signed }: Read, serialNumber: Uint8Array): void {
  const whole = parseCertificateRevocationList(der);
  const found = whole.search(serialNumber, NAME);
  assert.equal(signed, whole.tbsCertList);
  assert.equal(end.signature, whole.signature);
  assert.is(end.version, whole.version);
  assert.is(end.thisUpdate, whole.thisUpdate);
  assert.is(end.nextUpdate, whole.nextUpdate);
  assert.is(end.issuer.comparisonKey, whole.issuer.comparisonKey);
  assert.equal(
    end.extensions.map(({ oid, value }) => [oid, ...value]),
    whole.extensions.map((e) => [e.oid, ...e.value]),
  );
  assert.is(end.entries, [...whole.entries()].length);
  assert.is(search.namesIssuers, found.namesIssuers);
  assert.is(search.unprocessed, found.unprocessed);
  for (const which of ["entry", "indirectEntry"] as const) {
    assert.is(search[which]?.revocationDate, found[which]?.revocationDate);
    assert.equal(search[which]?.serialNumber, found[which]?.serialNumber);
  }
}

const PIECES = [1, 2, 3, 7, 64, 1000, 65_536];

async function variants(): Promise<readonly Bytes[]> {
  const entry = (serialNumber: number | bigint, extensions: readonly typeof REASON[] = []) => ({
    serialNumber,
    revocationDate: DAY + Number(BigInt(serialNumber) % 1000n) * 1000,
    extensions,
  });
  return [
    await list(),
    await list({ version: 1, nextUpdate: DAY + 1000 }),
    await list({ extensions: [crlNumberExtension(9)] }),
    await list({ nextUpdate: DAY, revokedCertificates: [entry(7)] }),
    await list({
      thisUpdate: Date.UTC(2051, 0, 1),
      revokedCertificates: [entry(5), entry(2n ** 100n, [REASON]), entry(7, [REASON]), entry(8)],
      extensions: [crlNumberExtension(2n ** 70n)],
    }),
    await list({ revokedCertificates: [entry(5), entry(7, [CERTIFICATE_ISSUER]), entry(8, [REASON])] }),
    await list({ revokedCertificates: [entry(5), entry(6, [{ oid: "1.2.3", critical: true, value: derInteger(1) }])] }),
    await list({ issuer: [{ type: "CN", value: "x".repeat(300) }], revokedCertificates: [entry(7)] }),
  ];
}

test("RevocationListStream reads in pieces of any length what the parser reads whole", async () => {
  for (const der of await variants()) {
    const ordinary = der.length < 320;
    for (const piece of PIECES) {
      const serialNumber = Uint8Array.of(7);
      if (ordinary) checkAgainstWhole(der, read(der, piece, serialNumber), serialNumber);
      const pem = encodeUtf8(`text\n${encodePem("X509 CRL", der)}text\n`);
      assert.is(read(pem, piece).end.entries, [...parseCertificateRevocationList(der).entries()].length);
    }
  }
});

test("RevocationListStream reads a list that is many times its window", async () => {
  const template = { entries: 20_000, issuer: ISSUER, thisUpdate: DAY, nextUpdate: DAY };
  const der = await largeRevocationList(template, NOBODY);
  assert.ok(der.length > 3 * STREAM_WINDOW_OCTETS);
  for (const piece of [1021, 65_536, der.length]) {
    for (const index of [0, 9999, 19_999]) {
      const found = read(der, piece, serialNumberAt(index));
      assert.equal(found.search.entry!.serialNumber, serialNumberAt(index));
      assert.is(found.end.entries, 20_000);
    }
    checkAgainstWhole(der, read(der, piece, serialNumberAt(20_000)), serialNumberAt(20_000));
  }
});

test("RevocationListStream refuses what the parser refuses, wherever the pieces end", async () => {
  const whole = (octets: Bytes): boolean => {
    try {
      parseCertificateRevocationList(octets).search(Uint8Array.of(7), NAME);
      return true;
    } catch {
      return false;
    }
  };
  const streamed = (octets: Bytes, piece: number): boolean => {
    try {
      read(octets, piece);
      return true;
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (typeof code !== "string" || !/^ERR_(DER|CERTIFICATE|PEM)_/.test(code)) throw error;
      return false;
    }
  };
  let refused = 0;
  for (const der of (await variants()).filter(({ length }) => length < 320)) {
    for (let at = 0; at < der.length; at++) {
      for (const change of [1, 0x80]) {
        const damaged = der.slice();
        damaged[at]! ^= change;
        const wanted = whole(damaged);
        if (!wanted) refused++;
        for (const piece of [1, 1000]) {
          // The first octet says whether it is DER or text; as text it is refused as well.
          assert.is(streamed(damaged, piece), wanted, `octet ${at} of ${der.length} changed by ${change}`);
        }
      }
      assert.is(streamed(der.slice(0, at), 5), false);
    }
    assert.is(streamed(concatBytes([der, Uint8Array.of(0)]), 3), false);
    assert.is(streamed(concatBytes([der, der]), 1000), false);
  }
  assert.ok(refused > 500);
});

test("RevocationListStream reads PEM behind text that begins with the octet of DER", async () => {
  const der = await list();
  for (const text of ["0\n", "0 revoked\n", "0x10\n"]) {
    const octets = encodeUtf8(text + encodePem("X509 CRL", der));
    for (const piece of [1, 2, 3, 1000]) checkAgainstWhole(der, read(octets, piece), Uint8Array.of(7));
  }
  for (const short of ["0", "00"]) assertThrows(() => read(encodeUtf8(short), 1), "ERR_DER_TRUNCATED");
});

test("RevocationListStream refuses a second list", async () => {
  const pem = encodePem("X509 CRL", await list());
  assertThrows(() => read(encodeUtf8(pem + pem), 10), "ERR_CERTIFICATE_UNEXPECTED_BLOCK");
});

test("RevocationListStream does not grow with an issuer, an entry or extensions that are too large", async () => {
  const huge = "x".repeat(STREAM_WINDOW_OCTETS);
  const extension = { oid: "1.2.3", critical: false, value: derOctetString(encodeUtf8(huge)) };
  const hostile = [
    await list({ issuer: [{ type: "CN", value: huge }] }),
    await list({ extensions: [extension] }),
    await list({ revokedCertificates: [{ serialNumber: 5, revocationDate: DAY, extensions: [extension] }] }),
    await list({ revokedCertificates: [{ serialNumber: new Uint8Array(300_000).fill(1), revocationDate: DAY }] }),
  ];
  for (const der of hostile) assertThrows(() => read(der, 65_536), "ERR_CERTIFICATE_LIMIT");
});

test("RevocationListStream refuses lengths that lie", () => {
  const nested = (length: readonly number[]): Bytes => Uint8Array.of(0x30, ...length, 0x30, 0x82, 1, 0, 2, 1, 1);
  for (const length of [[0x80], [0x81, 0x05], [0x85, 0, 0, 1, 0, 0], [0x82, 0, 0x90], [0xff]]) {
    assertThrows(() => read(nested(length), 1), "ERR_DER_LENGTH");
  }
  assertThrows(() => read(nested([0x81, 0x90]), 1), "ERR_DER_TRUNCATED");
  assertThrows(() => read(nested([0x84, 0xff, 0xff, 0xff, 0xff]), 1), "ERR_DER_TRUNCATED");
  assertThrows(() => read(new Uint8Array(0), 1), "ERR_DER_TRUNCATED");
});

test("EntrySearch looks at every entry, also behind the one it wants", async () => {
  const entry = (serialNumber: number, extensions: readonly typeof REASON[] = []) => ({
    serialNumber,
    revocationDate: DAY,
    extensions,
  });
  const unknown = { oid: "1.2.3", critical: true, value: derInteger(1) };
  const crl = parseCertificateRevocationList(
    await list({ revokedCertificates: [entry(7), entry(8, [unknown]), entry(9, [CERTIFICATE_ISSUER]), entry(10)] }),
  );
  const search = crl.search(Uint8Array.of(7), NAME);
  assert.is(search.unprocessed, "1.2.3");
  assert.is(search.namesIssuers, true);
  assert.ok(search.indirectEntry);
  const behind = crl.search(Uint8Array.of(10), NAME);
  assert.ok(behind.entry);
  assert.is(behind.indirectEntry, undefined);
  assert.ok(crl.search(Uint8Array.of(10), parseName(encodeName(OTHER))).indirectEntry);
});

test("EntrySearch refuses an entry with more extensions than any has", async () => {
  const extensions = Array.from({ length: 33 }, (_, i) => ({ ...REASON, oid: `1.2.${i}` }));
  const entry = { serialNumber: 7, revocationDate: DAY };
  const many = parseCertificateRevocationList(await list({ revokedCertificates: [{ ...entry, extensions }] }));
  assertThrows(() => many.search(Uint8Array.of(7), NAME), "ERR_DER_SIZE");
  const most = await list({ revokedCertificates: [{ ...entry, extensions: extensions.slice(1) }] });
  assert.ok(parseCertificateRevocationList(most).search(Uint8Array.of(7), NAME).entry);
});

test("EntrySearch reads entries in unusual forms", () => {
  const time = derTime(DAY);
  const reason = (critical: Bytes[], value: number) =>
    derSequence(derSequence(
      derObjectIdentifier("2.5.29.21"),
      ...critical,
      derOctetString(Uint8Array.of(0x0a, 1, value)),
    ));
  const entries = [
    derSequence(derInteger(5), time, reason([derBoolean(true)], 1)),
    derSequence(derInteger(6), derTime(Date.UTC(2050, 0, 1))),
    derSequence(derElement(0x02, Uint8Array.of(0, 0x80, 1)), time, reason([], 4)),
  ];
  const algorithm = derSequence(derObjectIdentifier("1.2.840.10045.4.3.2"));
  const build = (...all: Bytes[]): Bytes =>
    derSequence(
      derSequence(derInteger(1), algorithm, encodeName(ISSUER), time, derSequence(...all)),
      algorithm,
      derElement(0x03, Uint8Array.of(0, 1, 2)),
    );
  const crl = parseCertificateRevocationList(build(...entries));
  assert.is(crl.search(Uint8Array.of(0, 0x80, 1), NAME).entry!.extensions.length, 1);
  assert.is(crl.search(Uint8Array.of(6), NAME).entry!.revocationDate, Date.UTC(2050, 0, 1));
  assert.is(crl.search(Uint8Array.of(6), NAME).unprocessed, undefined);
  const malformed = [
    derSequence(derInteger(5)),
    derSequence(derInteger(5), time, time),
    derSequence(derInteger(5), time, derSequence()),
    derSequence(derInteger(5), derElement(0x18, encodeUtf8("20260101000000.5Z"))),
    derSequence(time, derInteger(5)),
    derSequence(derElement(0x02, new Uint8Array(0)), time),
    derSequence(derElement(0x02, Uint8Array.of(0, 1)), time),
    derSequence(derInteger(5), time, derContextConstructed(0, time)),
  ];
  for (const entry of malformed) {
    const broken = parseCertificateRevocationList(build(derSequence(derInteger(4), time), entry));
    let code = "";
    try {
      broken.search(Uint8Array.of(7), NAME);
    } catch (error) {
      code = (error as { code: string }).code;
    }
    assert.match(code, /^ERR_DER_/);
  }
});

test.run();
