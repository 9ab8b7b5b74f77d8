import type { Bytes } from "../../../../core/bytes/bytes.ts";
import { issueRevocationList } from "../../../../core/issue/mod.ts";
import { indexRevocationList, parseCertificateRevocationList } from "../../../../core/x509/mod.ts";
import { largeRevocationList, serialNumberAt } from "../../../support/large-revocation-list.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";
import { NOBODY } from "../../../support/x509-fixtures.ts";

const test = suite("core/x509/crl/revocation-list-index");

const ISSUER = [{ type: "CN", value: "Issuer" }];
const DAY = Date.UTC(2026, 0, 1);

async function listOf(serialNumbers: readonly (bigint | Bytes)[]) {
  return parseCertificateRevocationList(
    await issueRevocationList({
      issuer: ISSUER,
      thisUpdate: DAY,
      revokedCertificates: serialNumbers.map((serialNumber, index) => ({
        serialNumber,
        revocationDate: DAY + index * 1000,
      })),
    }, NOBODY),
  );
}

test("indexRevocationList() finds exactly what find() finds", async () => {
  const template = { entries: 5000, issuer: ISSUER, thisUpdate: DAY, nextUpdate: DAY };
  const list = parseCertificateRevocationList(await largeRevocationList(template, NOBODY));
  const index = indexRevocationList(list);
  assert.is(index.size, 5000);
  for (let i = 0; i < 5000; i += 7) {
    const serialNumber = serialNumberAt(i);
    assert.is(index.has(serialNumber), true);
    assert.equal(index.find(serialNumber)!.serialNumber, serialNumber);
    assert.is(index.find(serialNumber)!.extensions.length, i % 3 === 0 ? 1 : 0);
    const other = serialNumber.slice();
    other[8]! ^= 0x40;
    assert.is(index.has(other), list.find(other) !== undefined);
    assert.is(index.has(serialNumber.subarray(1)), false);
  }
  assert.is(index.has(new Uint8Array(0)), false);
  assert.is(index.find(new Uint8Array(200)), undefined);
});

test("indexRevocationList() takes the first of equal serial numbers, odd ones, and no entry at all", async () => {
  const odd = [7n, 0x80n, 7n, -1n, 0n, 2n ** 159n, new Uint8Array(100).fill(1), new Uint8Array(127).fill(2)];
  const list = await listOf(odd);
  const index = indexRevocationList(list);
  for (const entry of list.entries()) {
    assert.equal(index.find(entry.serialNumber)!.revocationDate, list.find(entry.serialNumber)!.revocationDate);
  }
  assert.is(index.find(Uint8Array.of(7))!.revocationDate, DAY);
  const none = indexRevocationList(await listOf([]));
  assert.is(none.size, 0);
  assert.is(none.has(Uint8Array.of(7)), false);
});

test("indexRevocationList() tells serial numbers of every length apart, and takes none for one of other octets", async () => {
  const listed = Array.from({ length: 20 }, (_, i) => {
    const octets = new Uint8Array(i + 1).fill(0x41);
    octets[0] = i % 2 === 0 ? 0x81 : 0x12;
    return octets;
  });
  const index = indexRevocationList(await listOf([...listed, 0n, -1n]));
  const list = index.list;
  for (const serialNumber of [...listed, Uint8Array.of(0), Uint8Array.of(0xff)]) {
    assert.equal(index.find(serialNumber)!.serialNumber, serialNumber);
    const sign = serialNumber[0]! >= 0x80 ? 0xff : 0;
    const longer = Uint8Array.of(sign, ...serialNumber);
    assert.is(index.has(longer), list.find(longer) !== undefined);
    const negated = Uint8Array.of(sign ^ 0xff, ...serialNumber);
    assert.is(index.has(negated), false);
  }
});

test("indexRevocationList() goes without a table when a serial number is too long or all of them collide", async () => {
  const long = await listOf([5n, new Uint8Array(200).fill(1)]);
  assert.is(indexRevocationList(long).has(new Uint8Array(200).fill(1)), true);
  assert.is(indexRevocationList(long).has(Uint8Array.of(5)), true);
  const same = indexRevocationList(await listOf(new Array(1000).fill(9n)));
  assert.is(same.find(Uint8Array.of(9))!.revocationDate, DAY);
  assert.is(same.has(Uint8Array.of(8)), false);
  const [other, ...colliding] = Array.from({ length: 600 }, (_, i) => collidingSerial(i)).filter(isMinimal);
  const index = indexRevocationList(await listOf(colliding));
  for (const i of [0, 1, 299, colliding.length - 1]) {
    assert.equal(index.find(colliding[i]!)!.revocationDate, DAY + i * 1000);
  }
  assert.is(index.has(other!), false);
});

function isMinimal([first, second]: Bytes): boolean {
  return first !== (second! >= 0x80 ? 0xff : 0);
}

/** A serial number that has the same hash as the others in a list whose signature is of no use as a secret. */
function collidingSerial(index: number): Bytes {
  const step = (state: number, word: number): number => {
    const mixed = Math.imul(state ^ word, 0x85ebca6b);
    return mixed ^ mixed >>> 15;
  };
  const state = step(step(step(step(0, index), 0), 0), 0);
  const serialNumber = new Uint8Array(20);
  // The last word that is hashed makes up for the others.
  new DataView(serialNumber.buffer).setInt32(0, state ^ 0x55555555);
  new DataView(serialNumber.buffer).setInt32(16, index);
  return serialNumber;
}

test("indexRevocationList() refuses a malformed entry", async () => {
  const der = (await listOf([0x0102n, 0x0304n])).der.slice();
  const at = der.findIndex((octet, i) => octet === 3 && der[i + 1] === 4);
  der[at - 2] = 4;
  assertThrows(() => indexRevocationList(parseCertificateRevocationList(der)), "ERR_DER_UNEXPECTED_TAG");
});

test.run();
