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

test("indexRevocationList() goes without a table when a serial number is too long or all of them collide", async () => {
  const long = await listOf([5n, new Uint8Array(200).fill(1)]);
  assert.is(indexRevocationList(long).has(new Uint8Array(200).fill(1)), true);
  assert.is(indexRevocationList(long).has(Uint8Array.of(5)), true);
  // The same serial number again and again shares one slot.
  const same = await listOf(new Array(1000).fill(9n));
  assert.is(indexRevocationList(same).has(Uint8Array.of(9)), true);
  assert.is(indexRevocationList(same).find(Uint8Array.of(9))!.revocationDate, DAY);
  assert.is(indexRevocationList(same).has(Uint8Array.of(8)), false);
});

test("indexRevocationList() refuses a malformed entry", async () => {
  const der = (await listOf([0x0102n, 0x0304n])).der.slice();
  const at = der.findIndex((octet, i) => octet === 3 && der[i + 1] === 4);
  der[at - 2] = 4;
  assertThrows(() => indexRevocationList(parseCertificateRevocationList(der)), "ERR_DER_UNEXPECTED_TAG");
});

test.run();
