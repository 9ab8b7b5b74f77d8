import { derSequence } from "../../../../core/der/writer.ts";
import {
  authorityKeyIdentifierExtension,
  crlNumberExtension,
  type ExtensionTemplate,
  issueRevocationList,
  type RevocationListTemplate,
} from "../../../../core/issue/mod.ts";
import { checkConformingList } from "../../../../core/path/mod.ts";
import { parseCertificateRevocationList } from "../../../../core/x509/mod.ts";
import { assert, suite } from "../../../support/suite.ts";
import { NOBODY } from "../../../support/x509-fixtures.ts";

const test = suite("core/path/revocation/conforming-list");

const KEY = authorityKeyIdentifierExtension(Uint8Array.of(1));
const NUMBER = crlNumberExtension(7);

async function findingOf(extensions: readonly ExtensionTemplate[], parts: Partial<RevocationListTemplate> = {}) {
  const template: RevocationListTemplate = {
    issuer: [{ type: "CN", value: "CA" }],
    thisUpdate: Date.UTC(2026, 0, 1),
    nextUpdate: Date.UTC(2026, 0, 8),
    revokedCertificates: [],
    extensions,
    ...parts,
  };
  return checkConformingList(parseCertificateRevocationList(await issueRevocationList(template, NOBODY)));
}

test("checkConformingList() says nothing of a list that keeps the rules", async () => {
  assert.is(await findingOf([KEY, NUMBER]), undefined);
});

test("checkConformingList() wants version 2, authorityKeyIdentifier and CRL number", async () => {
  assert.is(await findingOf([], { version: 1 }), "it is of version 1");
  assert.is(await findingOf([KEY]), "its CRL number is missing");
  assert.is(await findingOf([NUMBER]), "its authorityKeyIdentifier is missing");
});

test("checkConformingList() wants nextUpdate", async () => {
  const template = { issuer: [{ type: "CN", value: "CA" }], thisUpdate: 0, revokedCertificates: [] };
  const list = await issueRevocationList({ ...template, extensions: [KEY, NUMBER] }, NOBODY);
  assert.is(checkConformingList(parseCertificateRevocationList(list)), "its nextUpdate is missing");
});

test("checkConformingList() wants extensions to be as critical as RFC 5280 says", async () => {
  assert.is(await findingOf([KEY, { ...NUMBER, critical: true }]), "its CRL number must not be critical");
  const point = { oid: "2.5.29.28", critical: false, value: derSequence() };
  assert.is(await findingOf([KEY, NUMBER, point]), "its issuingDistributionPoint must be critical");
});

test("checkConformingList() takes CRL numbers of 20 octets", async () => {
  assert.is(await findingOf([KEY, crlNumberExtension((1n << 159n) - 1n)]), undefined);
  assert.is(await findingOf([KEY, crlNumberExtension(1n << 160n)]), "its CRL number has more than 20 octets");
});

test.run();
