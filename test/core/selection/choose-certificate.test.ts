import { EVERY_CERTIFICATE, parseCertificateSelector } from "../../../core/selection/certificate-selector.ts";
import { chooseCertificate, matchesSelector } from "../../../core/selection/choose-certificate.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";
import { testIdentity } from "../../support/test-identity.ts";

const test = suite("core/selection/choose-certificate");

const year = (number: number) => Date.UTC(number, 0, 1);
const root = await testIdentity("Root");
const upper = await testIdentity("Upper", { issuer: root, kind: "ca" });
const lower = await testIdentity("Lower", { issuer: upper, kind: "ca" });
const [early, late, later] = [
  await testIdentity("edge-7", { issuer: lower, serialNumber: 1, notAfter: year(2100) }),
  await testIdentity("edge-7", { issuer: lower, serialNumber: 2, notAfter: year(2150) }),
  await testIdentity("edge-7", { issuer: lower, serialNumber: 3, notBefore: year(2021), notAfter: year(2150) }),
];
const other = await testIdentity("Other", { issuer: upper, serialNumber: 0xbeefn });
const ALL = [root, upper, lower, early, late, later, other];
const select = parseCertificateSelector;

test("matchesSelector() demands every attribute that is given", () => {
  const matches = (text: string) => matchesSelector(other.certificate, select(text));
  assert.ok(matchesSelector(other.certificate, EVERY_CERTIFICATE));
  assert.ok(matches("Key=x509Subject,Value=CN=Other"));
  assert.ok(matches("Key=x509Issuer,Value=CN=Upper"));
  assert.ok(matches("Key=x509Serial,Value=BE:EF"));
  assert.ok(matches("Key=x509Serial,Value=beef Key=x509Issuer,Value=CN=Upper Key=x509Subject,Value=CN = Other"));
  assert.not.ok(matches("Key=x509Serial,Value=beef Key=x509Issuer,Value=CN=Lower Key=x509Subject,Value=CN=Other"));
  assert.not.ok(matches("Key=x509Serial,Value=beee Key=x509Issuer,Value=CN=Upper"));
  assert.not.ok(matches("Key=x509Subject,Value=CN=other"));
});

test("chooseCertificate() takes the only one, and says when there is none", () => {
  assert.is(chooseCertificate(ALL, select("Key=x509Subject,Value=CN=Other"), "refuse"), other);
  assert.is(chooseCertificate([other, other], EVERY_CERTIFICATE, "refuse"), other);
  const none = () => chooseCertificate(ALL, select("Key=x509Subject,Value=CN=Nobody"), "latest-expiring");
  assert.match(assertThrows(none, "ERR_SELECTION_NONE").message, "no matching identities: none of 7 fits");
  assertThrows(() => chooseCertificate([], EVERY_CERTIFICATE, "refuse"), "ERR_SELECTION_NONE");
});

test("chooseCertificate() refuses several, or takes the one that expires last", () => {
  const selector = select("Key=x509Subject,Value=CN=edge-7");
  const several = assertThrows(() => chooseCertificate(ALL, selector, "refuse"), "ERR_SELECTION_SEVERAL");
  assert.match(several.message, "multiple matching identities: 3 fit the selector, CN=edge-7 (1), CN=edge-7 (2)");
  for (const order of [[early, late], [late, early], [early, late, early]]) {
    assert.is(chooseCertificate(order, selector, "latest-expiring"), late);
  }
  for (const order of [[early, late, later], [later, late, early]]) {
    assert.is(chooseCertificate(order, selector, "latest-expiring"), later);
  }
});

test.run();
