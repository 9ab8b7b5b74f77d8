import { arrangeChain } from "../../../core/sign/arrange-chain.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";
import { madeCertificate } from "./made-certificate.ts";

const test = suite("core/sign/arrange-chain");

const leaf = madeCertificate({ subject: "leaf", issuer: "A", authorityKeyIdentifier: 1 });
const a = madeCertificate({ subject: "A", issuer: "B", subjectKeyIdentifier: 1, authorityKeyIdentifier: 2 });
const b = madeCertificate({ subject: "B", issuer: "root", subjectKeyIdentifier: 2, authorityKeyIdentifier: 3 });
const root = madeCertificate({ subject: "root", issuer: "root", subjectKeyIdentifier: 3, authorityKeyIdentifier: 3 });

test("arrangeChain() orders the intermediates issuer by issuer, whatever order they come in", () => {
  for (const pool of [[a, b], [b, a], [root, b, leaf, a], [leaf, a, b, root]]) {
    assert.equal(arrangeChain(leaf, pool).map((one) => one.der), [a.der, b.der]);
  }
});

test("arrangeChain() leaves out the certificate, duplicates, roots and strangers", () => {
  const stranger = madeCertificate({ subject: "X", issuer: "Y" });
  const copy = madeCertificate({ subject: "A", issuer: "B", subjectKeyIdentifier: 1, authorityKeyIdentifier: 2 });
  assert.equal(arrangeChain(leaf, [leaf, stranger, a, copy, root]).map((one) => one.der), [a.der]);
  assert.equal(arrangeChain(root, [root]), []);
  assert.equal(arrangeChain(leaf, []), []);
});

test("arrangeChain() does not take a namesake whose key identifier differs", () => {
  const namesake = madeCertificate({ subject: "A", issuer: "B", subjectKeyIdentifier: 9, authorityKeyIdentifier: 2 });
  assert.equal(arrangeChain(leaf, [namesake, a]).map((one) => one.der), [a.der]);
});

test("arrangeChain() keeps certificates of one key by several issuers", () => {
  const cross = madeCertificate({ subject: "A", issuer: "C", subjectKeyIdentifier: 1, authorityKeyIdentifier: 4 });
  assert.equal(arrangeChain(leaf, [b, cross, a]).map((one) => one.der), [cross.der, a.der, b.der]);
});

test("arrangeChain() ends where two certificates issued each other", () => {
  const first = madeCertificate({ subject: "A", issuer: "B" });
  const second = madeCertificate({ subject: "B", issuer: "A" });
  assert.is(arrangeChain(leaf, [second, first]).length, 2);
});

test("arrangeChain() refuses more than five intermediates", () => {
  const ladder = ["A", "B", "C", "D", "E", "F"].map((subject, index, all) =>
    madeCertificate({ subject, issuer: all[index + 1] ?? "root" })
  );
  assert.is(arrangeChain(leaf, ladder.slice(0, 5)).length, 5);
  const error = assertThrows(() => arrangeChain(leaf, ladder), "ERR_IDENTITY_CHAIN_TOO_LONG");
  assert.match(error.message, "6 intermediate certificates");
});

test.run();
