import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import type { Bytes } from "../../../../core/bytes/bytes.ts";
import {
  derContextConstructed,
  derContextPrimitive,
  derInteger,
  derObjectIdentifier,
  derSequence,
  derUtf8String,
} from "../../../../core/der/writer.ts";
import { assert, suite } from "../../../support/suite.ts";
import {
  CA_EXTENSIONS,
  directoryName,
  dnsName,
  keyUsage,
  subjectAlternativeName,
  type TestExtension,
  type TestName,
  uriName,
} from "../../../support/test-authority.ts";
import { issue, refusal, root, validate } from "../hierarchy.ts";

const test = suite("core/path/checks/name-constraints");

const email = (text: string): Bytes => derContextPrimitive(1, encodeUtf8(text));
const ip = (...octets: number[]): Bytes => derContextPrimitive(7, Uint8Array.from(octets));
const registeredId = derContextPrimitive(8, Uint8Array.of(0x2a, 3));
const otherName = (oid: string, value: Bytes): Bytes =>
  derContextConstructed(0, derObjectIdentifier(oid), derContextConstructed(0, value));
const utf8Mailbox = (text: string): Bytes => otherName("1.3.6.1.5.5.7.8.9", derUtf8String(text));

function constraints(permitted: readonly Bytes[], excluded: readonly Bytes[] = [], critical = true): TestExtension {
  const list = (tag: number, bases: readonly Bytes[]): Bytes[] =>
    bases.length === 0 ? [] : [derContextConstructed(tag, ...bases.map((base) => derSequence(base)))];
  return { oid: "2.5.29.30", critical, value: derSequence(...list(0, permitted), ...list(1, excluded)) };
}

interface Subject {
  readonly san?: readonly Bytes[];
  readonly subject?: TestName;
}

/** Whether an end entity with these names is valid below a CA with this constraint. */
async function isAllowed(limit: TestExtension, { san, subject }: Subject): Promise<boolean> {
  const issuing = await issue("Issuing", "Root", [...CA_EXTENSIONS, limit]);
  const extensions = [keyUsage(0), ...(san === undefined ? [] : [subjectAlternativeName(...san)])];
  const end = await issue("Leaf", "Issuing", extensions, subject === undefined ? {} : { subject });
  const path = validate(end, [await root()], [issuing]);
  return await path.then(() => true, (error: { code: string }) => {
    assert.is(error.code, "ERR_PATH_NAME_CONSTRAINTS");
    return false;
  });
}

async function check(limit: TestExtension, allowed: readonly Bytes[], refused: readonly Bytes[]): Promise<void> {
  for (const name of allowed) assert.ok(await isAllowed(limit, { san: [name] }), text(name));
  for (const name of refused) assert.not.ok(await isAllowed(limit, { san: [name] }), text(name));
}

function text(name: Bytes): string {
  return String.fromCharCode(...name);
}

test("name constraints permit DNS names of a subtree, wildcards when all that they stand for is in it", async () => {
  await check(
    constraints([dnsName("Example.com")]),
    ["example.com", "a.EXAMPLE.com", "b.a.example.com", "*.example.com", "*.a.example.com"].map(dnsName),
    ["example.org", "badexample.com", "com", "*.com", "", ".example.com", "a..example.com", "a b.example.com"].map(
      dnsName,
    ),
  );
  await check(constraints([dnsName("a.example.com")]), [], [dnsName("*.example.com")]);
  await check(constraints([dnsName(".example.com")]), [dnsName("a.example.com")], [dnsName("example.com")]);
  await check(constraints([dnsName("")]), [], [dnsName("example.com")]);
});

test("name constraints exclude DNS names of a subtree, wildcards when anything that they stand for is in it", async () => {
  await check(
    constraints([], [dnsName("bad.example.com")]),
    ["example.com", "good.example.com", "*.good.example.com"].map(dnsName),
    ["bad.example.com", "a.bad.example.com", "*.bad.example.com", "*.example.com"].map(dnsName),
  );
  // A leading dot, which RFC 5280 does not know, means the names below, as everywhere.
  await check(
    constraints([], [dnsName(".example.com")]),
    ["example.com", "badexample.com"].map(dnsName),
    ["a.example.com", "*.example.com", "*.a.example.com"].map(dnsName),
  );
  await check(constraints([], [dnsName("")]), [uriName("https://example.com/")], [dnsName("example.com")]);
});

test("name constraints hold addresses against masks, IPv4 in IPv6 among what is excluded", async () => {
  await check(
    constraints([ip(10, 1, 0, 0, 255, 255, 0, 0)]),
    [ip(10, 1, 2, 3)],
    [ip(10, 2, 0, 1), ip(...Array<number>(10).fill(0), 255, 255, 10, 1, 2, 3)],
  );
  await check(
    constraints([], [ip(10, 1, 0, 0, 255, 255, 0, 0)]),
    [ip(10, 2, 0, 1), ip(0x20, 1, ...Array<number>(14).fill(0))],
    [ip(10, 1, 2, 3), ip(...Array<number>(10).fill(0), 255, 255, 10, 1, 2, 3)],
  );
  await check(constraints([], [ip(10, 0, 0, 0, 255, 0, 255, 0)]), [dnsName("example.com")], [ip(192, 0, 2, 1)]);
});

test("name constraints hold mailboxes, hosts and domains against mailboxes", async () => {
  await check(
    constraints([email("root@example.com")]),
    [email("root@EXAMPLE.com")],
    [email("Root@example.com"), email("root@a.example.com"), email("a@b@example.com"), email("example.com")],
  );
  await check(
    constraints([email("example.com")]),
    [email("any.one@example.com"), email('"a@b"@example.com'), utf8Mailbox("δοκ@example.com")],
    [email("one@a.example.com"), utf8Mailbox("δοκ@example.org"), otherName("1.3.6.1.5.5.7.8.9", derInteger(1))],
  );
  await check(
    constraints([email(".example.com")]),
    [email("one@a.example.com")],
    [email("one@example.com"), email("one@[192.0.2.1]")],
  );
  await check(constraints([email("")]), [dnsName("example.com")], [email("one@example.com")]);
  // Quotes are no part of the mailbox.
  await check(
    constraints([], [email("root@example.com"), email('"a b"@example.com')]),
    [email('"Root"@example.com'), email('"roo t"@example.com'), email("ab@example.com")],
    [email('"root"@example.com'), email('"r\\oot"@Example.com'), email('"a\\ b"@example.com')],
  );
});

test("name constraints on mailboxes reach emailAddress in the subject where there are no alternative names", async () => {
  const limit = constraints([email("example.com")]);
  const subject = (text: string): TestName => [["1.2.840.113549.1.9.1", text]];
  assert.ok(await isAllowed(limit, { subject: subject("one@example.com") }));
  assert.not.ok(await isAllowed(limit, { subject: subject("one@example.org") }));
  assert.ok(await isAllowed(limit, { subject: subject("one@example.org"), san: [dnsName("example.org")] }));
});

test("name constraints on hosts reach common names that look like hosts where there are no alternative names", async () => {
  const limit = constraints([dnsName("example.com"), ip(10, 0, 0, 0, 255, 0, 0, 0)]);
  const allowed = (cn: string) => isAllowed(limit, { subject: [["2.5.4.3", cn]] });
  for (const cn of ["2001:db8::1", "::ffff:192.0.2.1"]) assert.not.ok(await allowed(cn), cn);
  for (const cn of ["www.example.com", "10.1.2.3", "a:b", "Some Person", "localhost", "v1.2"]) {
    assert.ok(await allowed(cn), cn);
  }
  for (const cn of ["www.example.org", "*.example.org", "192.0.2.1"]) assert.not.ok(await allowed(cn), cn);
});

test("name constraints hold hosts and domains against URIs, and refuse URIs without a qualified host", async () => {
  await check(
    constraints([uriName("example.com")]),
    [uriName("https://user@EXAMPLE.com:8443/path?a@b"), dnsName("example.org")],
    [
      "https://a.example.com/",
      "https://example.com@evil.org/",
      "urn:example.com",
      "https://192.0.2.1/",
      "https://[2001:db8::1]/",
      "https://localhost/",
      "https://evil.org/example.com",
    ].map(uriName),
  );
  await check(constraints([uriName(".example.com")]), [uriName("x://a.example.com")], [uriName("x://example.com")]);
  await check(constraints([], [uriName("https://example.com")]), [dnsName("example.com")], [
    uriName("x://example.org"),
  ]);
});

test("name constraints hold directory names against the subject and directoryName, compared as RFC 5280 §7.1 says", async () => {
  const base: TestName = [["2.5.4.6", "US"], ["2.5.4.10", "Example  Corp"]];
  const inside: TestName = [["2.5.4.6", "us"], ["2.5.4.10", "example corp"], ["2.5.4.3", "Leaf"]];
  const outside: TestName = [["2.5.4.10", "Example Corp"], ["2.5.4.6", "US"]];
  const permitted = constraints([directoryName(base)]);
  assert.ok(await isAllowed(permitted, { subject: inside }));
  assert.not.ok(await isAllowed(permitted, { subject: outside }));
  assert.not.ok(await isAllowed(permitted, { subject: inside, san: [directoryName(outside)] }));
  assert.ok(await isAllowed(permitted, { subject: [], san: [dnsName("example.com")] }));
  const excluded = constraints([], [directoryName(base)]);
  assert.not.ok(await isAllowed(excluded, { subject: inside }));
  assert.ok(await isAllowed(excluded, { subject: outside }));
});

test("name constraints hold directory names in whatever type of string they are written", async () => {
  const utf8 = directoryName([["2.5.4.10", "Acme"], ["2.5.4.3", "x"]]);
  const base = directoryName([["2.5.4.10", "ACME"]]);
  // TeletexString, VisibleString, IA5String, PrintableString.
  for (const tag of [0x14, 0x1a, 0x16, 0x13]) {
    const other = utf8.map((octet) => octet === 0x0c ? tag : octet);
    assert.not.ok(await isAllowed(constraints([], [base]), { subject: [], san: [other] }));
    assert.ok(await isAllowed(constraints([base]), { subject: [], san: [other] }));
  }
});

test("name constraints of forms that are not processed refuse names of these forms and no others", async () => {
  const typed = otherName("1.2.3.4", derUtf8String("x"));
  for (const form of [registeredId, typed]) {
    for (const limit of [constraints([form]), constraints([], [form])]) {
      await check(limit, [dnsName("example.com")], [form]);
    }
  }
});

test("name constraints with a minimum or maximum refuse every name of the form", async () => {
  const value = derSequence(
    derContextConstructed(0, derSequence(dnsName("example.com"), derContextPrimitive(0, Uint8Array.of(1)))),
  );
  await check({ oid: "2.5.29.30", critical: true, value }, [uriName("x://example.com")], [dnsName("example.com")]);
});

test("name constraints count when they are not critical, and of every CA above, the anchor included", async () => {
  assert.not.ok(await isAllowed(constraints([dnsName("a.test")], [], false), { san: [dnsName("b.test")] }));
  const anchor = await root([...CA_EXTENSIONS, constraints([dnsName("example.com")])]);
  const issuing = await issue("Issuing", "Root", [...CA_EXTENSIONS, constraints([dnsName("a.example.com")])]);
  const end = (name: string) => issue("Leaf", "Issuing", [keyUsage(0), subjectAlternativeName(dnsName(name))]);
  await validate(await end("x.a.example.com"), [anchor], [issuing]);
  const error = await refusal(validate(await end("b.example.com"), [anchor], [issuing]), "ERR_PATH_NAME_CONSTRAINTS");
  assert.is(
    error.message,
    'Cannot validate certificate "CN=Leaf": its dNSName "b.example.com" is not permitted by the name constraints of ' +
      '"CN=Issuing"',
  );
  const outside = await issue("Issuing", "Root", [...CA_EXTENSIONS, subjectAlternativeName(dnsName("b.test"))]);
  const upper = await refusal(validate(await end("a.example.com"), [anchor], [outside]), "ERR_PATH_NAME_CONSTRAINTS");
  assert.is(upper.depth, 1);
});

test("name constraints do not reach intermediates that a CA issued to itself", async () => {
  const limit = constraints([], [directoryName([["2.5.4.3", "Issuing"]])]);
  const first = await issue("Issuing", "Root", [...CA_EXTENSIONS, limit]);
  const next = await issue("Issuing", "Issuing", CA_EXTENSIONS, { key: "Issuing 2" });
  const end = await issue("Leaf", "Issuing", [keyUsage(0)], { issuerKey: "Issuing 2" });
  await validate(end, [await root()], [first, next]);
});

test("name constraints that are malformed make the CA's certificate malformed", async () => {
  const issuing = await issue("Issuing", "Root", [...CA_EXTENSIONS, {
    oid: "2.5.29.30",
    critical: true,
    value: derSequence(),
  }]);
  const end = await issue("Leaf", "Issuing", [keyUsage(0)]);
  const error = await refusal(validate(end, [await root()], [issuing]), "ERR_PATH_MALFORMED");
  assert.is(error.certificate, issuing);
});

test("name constraints end within the budget whatever their number", async () => {
  const many = (count: number, make: (text: string) => Bytes) =>
    Array.from({ length: count }, (_, i) => make(`h${i}.example.com`));
  const issuing = await issue("Issuing", "Root", [...CA_EXTENSIONS, constraints([], many(1500, dnsName))]);
  const names = subjectAlternativeName(...Array.from({ length: 1500 }, (_, i) => dnsName(`g${i}.example.com`)));
  const end = await issue("Leaf", "Issuing", [keyUsage(0), names]);
  const error = await refusal(validate(end, [await root()], [issuing]), "ERR_PATH_BUDGET");
  assert.match(error.message, "the search for a path stopped after 1048576 comparisons");
  const few = await issue("Leaf", "Issuing", [keyUsage(0), subjectAlternativeName(dnsName("g.example.com"))]);
  await validate(few, [await root()], [issuing]);
});

test("name constraints cost as many comparisons as there are constraints, for every alternative name of any form", async () => {
  const limit = constraints([], [
    dnsName("example.com"),
    ip(10, 0, 0, 0, 255, 0, 0, 0),
    directoryName([["2.5.4.3", "x"]]),
  ]);
  const issuing = await issue("Issuing", "Root", [...CA_EXTENSIONS, limit]);
  const cost = async (comparisons: number, ...san: Bytes[]): Promise<void> => {
    const extensions = [keyUsage(0), ...(san.length === 0 ? [] : [subjectAlternativeName(...san)])];
    const end = await issue("Leaf", "Issuing", extensions);
    await validate(end, [await root()], [issuing], { limits: { comparisons } });
    const limits = { comparisons: comparisons - 1 };
    await refusal(validate(end, [await root()], [issuing], { limits }), "ERR_PATH_BUDGET");
  };
  await cost(3);
  await cost(3, dnsName("host.example.net"));
  await cost(12, dnsName("host.example.net"), dnsName("b"), email("one@example.net"), uriName("https://example.net/"));
});

test.run();
