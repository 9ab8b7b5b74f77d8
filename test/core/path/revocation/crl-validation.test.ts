import type { Bytes } from "../../../../core/bytes/bytes.ts";
import {
  derBitString,
  derContextConstructed,
  derContextPrimitive,
  derInteger,
  derObjectIdentifier,
  derPrintableString,
  derSequence,
  derUtf8String,
} from "../../../../core/der/writer.ts";
import { reasonCodeExtension, type RevokedCertificateTemplate } from "../../../../core/issue/mod.ts";
import type { Certificate, CertificateRevocationList } from "../../../../core/x509/mod.ts";
import { assert, suite } from "../../../support/suite.ts";
import { DAY, NOW } from "../../../support/test-authority.ts";
import {
  certificate,
  certificateIssuer,
  cRLIssuer,
  deltaOf,
  directory,
  entry,
  flag,
  fullName,
  issuingPoint,
  list,
  named,
  outcome,
  point,
  points,
  type Said,
} from "../issued-world.ts";

const test = suite("core/path/revocation");

const REVOKED = "ERR_PATH_REVOKED";
const UNKNOWN = "ERR_PATH_REVOCATION_UNKNOWN";

const anchor = await certificate("CA", "Anchor", "Anchor");
const anchorList = await list("Anchor");

/** Anchor → CA → end entity. */
async function world(end: Said = {}, ca: Said = {}) {
  return { ca: await certificate("CA", "CA", "Anchor", ca), end: await certificate("end entity", "End", "CA", end) };
}

const run = (
  target: Certificate,
  others: readonly Certificate[],
  ...crls: readonly CertificateRevocationList[]
): Promise<string> => outcome(target, anchor, others, [anchorList, ...crls]);

const relative = (text: string): Bytes =>
  derContextConstructed(
    0,
    derContextConstructed(1, derSequence(derObjectIdentifier("2.5.4.3"), derUtf8String(text))),
  );

/** ReasonFlags by bits; 1 is keyCompromise. */
function reasons(tag: number, ...bits: number[]): Bytes {
  const octets = new Uint8Array(2);
  for (const bit of bits) octets[bit >> 3]! |= 0x80 >> (bit & 7);
  return derContextPrimitive(tag, derBitString(octets, 7).slice(2));
}

test("PKITS 4.4: a list of another issuer, of an unknown extension, or out of time settles nothing", async () => {
  const { ca, end } = await world();
  assert.is(await run(end, [ca], await list("CA")), "valid");
  // 4.4.5 Bad CRL Issuer Name, 4.4.6 Wrong CRL.
  assert.is(await run(end, [ca], await list("Other", { key: "CA" })), UNKNOWN);
  assert.is(await run(end, [ca], await list("CA", { key: "Other" })), UNKNOWN);
  // 4.4.9, 4.4.10 Unknown CRL Extension, beside an entry and without.
  const strange = { oid: "2.16.840.1.101.2.1.12.2", critical: true, value: derInteger(1) };
  assert.is(await run(end, [ca], await list("CA", { more: [strange] })), UNKNOWN);
  const both = await list("CA", { more: [strange], revoked: [entry(end, strange)] });
  assert.is(await run(end, [ca], both), UNKNOWN);
  // 4.4.11, 4.4.12 Old CRL nextUpdate; a thisUpdate yet to come.
  const old = { thisUpdate: Date.UTC(1998, 0, 1), nextUpdate: Date.UTC(1999, 0, 1) };
  assert.is(await run(end, [ca], await list("CA", old)), UNKNOWN);
  assert.is(await run(end, [ca], await list("CA", { thisUpdate: NOW + 1000 })), UNKNOWN);
  // 4.4.13 GeneralizedTime.
  assert.is(await run(end, [ca], await list("CA", { nextUpdate: Date.UTC(2050, 0, 1) })), "valid");
});

test("PKITS 4.4: serial numbers are compared as integers, negative and long ones too", async () => {
  const long = Uint8Array.from({ length: 20 }, (_, i) => i + 0x10);
  for (const serial of [Uint8Array.of(0xff), Uint8Array.of(0x80, 1), Uint8Array.of(0), long]) {
    const { ca, end } = await world({ serial });
    const other = (octets: Bytes) => ({ serialNumber: octets, revocationDate: NOW - 2000 });
    // 4.4.14, 4.4.16: the list names a neighbour.
    const near = serial.slice();
    near[near.length - 1]! ^= 3;
    const neighbours = await list("CA", { revoked: [other(Uint8Array.of(0, 0xff)), other(near)] });
    assert.is(await run(end, [ca], neighbours), "valid");
    // 4.4.15, 4.4.18.
    assert.is(await run(end, [ca], await list("CA", { revoked: [other(Uint8Array.of(1)), end] })), REVOKED);
  }
});

test("PKITS 4.4.19 to 4.4.21: a CA may have a key for lists alone, whose certificate is validated", async () => {
  const { ca, end } = await world({}, { usages: ["keyCertSign"] });
  const signer = await certificate("end entity", "CA", "Anchor", { key: "lists", usages: ["cRLSign"] });
  const good = await list("CA", { key: "lists" });
  assert.is(await run(end, [ca, signer], good), "valid");
  assert.is(await run(end, [signer, ca], await list("CA", { key: "lists", revoked: [end] })), REVOKED);
  // 4.4.21: the certificate of that key has been revoked.
  const without = await list("Anchor", { revoked: [signer] });
  assert.is(await outcome(end, anchor, [ca, signer], [without, good]), UNKNOWN);
  // And where nobody can say whether it has been.
  const { end: mute } = await world();
  assert.is(await run(mute, [ca, signer], await list("CA", { key: "CA" })), UNKNOWN);
  const elsewhere = await certificate("end entity", "CA", "Anchor 2", { key: "lists", usages: ["cRLSign"] });
  assert.is(await run(end, [ca, elsewhere], good), UNKNOWN);
});

test("PKITS 4.5: self-issued certificates carry a CA over to its new key, lists included", async () => {
  const fresh = await certificate("CA", "CA", "Anchor", { key: "new" });
  const old = await certificate("CA", "CA", "Anchor", { key: "old" });
  const oldWithNew = await certificate("CA", "CA", "CA", { key: "old", issuerKey: "new" });
  const newWithOld = await certificate("CA", "CA", "CA", { key: "new", issuerKey: "old" });
  const end = (issuerKey: string) => certificate("end entity", "End", "CA", { issuerKey });
  const [underOld, underNew] = [await end("old"), await end("new")];
  const byNew = await list("CA", { key: "new" });
  // 4.5.1 Old With New, 4.5.2.
  assert.is(await run(underOld, [fresh, oldWithNew], byNew), "valid");
  assert.is(await run(underOld, [fresh, oldWithNew], await list("CA", { key: "new", revoked: [underOld] })), REVOKED);
  // 4.5.3 New With Old, 4.5.4, 4.5.5: two lists of one issuer by two keys.
  const byOld = await list("CA", { key: "old" });
  assert.is(await run(underNew, [old, newWithOld], byOld), "valid");
  assert.is(await run(underOld, [old, newWithOld], byNew, byOld), "valid");
  assert.is(await run(underNew, [old, newWithOld], await list("CA", { key: "old", revoked: [underNew] })), REVOKED);
  // 4.5.7, 4.5.8: the key for lists has been revoked, or signs a certificate.
  const forLists = await certificate("end entity", "CA", "CA", { key: "lists", issuerKey: "old", usages: ["cRLSign"] });
  const byLists = await list("CA", { key: "lists", revoked: [underOld], thisUpdate: NOW - 500 });
  assert.is(await run(underOld, [old, forLists], byLists, byOld), REVOKED);
  assert.is(await run(await end("lists"), [old, forLists], byOld), "ERR_PATH_NOT_A_CA");
  // It does not say of itself that it has not been.
  assert.is(await run(underOld, [old, forLists], await list("CA", { key: "lists" })), UNKNOWN);
});

test("PKITS 4.7.4, 4.7.5: lists of a CA whose keyUsage lacks cRLSign settle nothing", async () => {
  const { ca, end } = await world({}, { usages: ["keyCertSign", "digitalSignature"] });
  assert.is(await run(end, [ca], await list("CA")), UNKNOWN);
});

test("PKITS 4.14.1 to 4.14.9: names of distribution points match, in full and relative", async () => {
  const whole = (...names: string[]) => fullName(...names.map((name) => directory("CA", name)));
  const rows: readonly (readonly [string, Bytes, Bytes, boolean])[] = [
    ["4.14.1", whole("1"), whole("1"), true],
    ["4.14.3", whole("1"), whole("2"), false],
    ["4.14.4", relative("1"), whole("1"), true],
    ["4.14.5", relative("1"), relative("1"), true],
    ["4.14.6", relative("1"), relative("2"), false],
    ["4.14.7", whole("1"), relative("1"), true],
    ["4.14.8", whole("1"), relative("2"), false],
    ["one of several", whole("1", "2"), whole("3", "2"), true],
    ["none of several", whole("1", "2"), whole("3", "4"), false],
  ];
  for (const [id, atList, atCertificate, matches] of rows) {
    const { ca, end } = await world({ more: [points(point(atCertificate))] });
    const crl = { more: [issuingPoint(atList)] };
    assert.is(await run(end, [ca], await list("CA", crl)), matches ? "valid" : UNKNOWN, id);
    if (matches) assert.is(await run(end, [ca], await list("CA", { ...crl, revoked: [end] })), REVOKED, id);
  }
  // 4.14.9: only cRLIssuer in the point, and another name at the list. 4.14.10: no issuing point at the list.
  const { ca, end } = await world({ more: [points(point(cRLIssuer("CA")))] });
  assert.is(await run(end, [ca], await list("CA", { more: [issuingPoint(whole("1"), flag(4))] })), UNKNOWN);
  const other = await world({ more: [points(point(whole("1")))] });
  assert.is(await run(other.end, [other.ca], await list("CA")), "valid");
});

test("PKITS 4.14.11 to 4.14.14: lists for users, for CAs and for attribute certificates", async () => {
  const { ca, end } = await world();
  const sub = await certificate("CA", "Sub", "CA");
  const below = await certificate("end entity", "Below", "Sub");
  const users = await list("CA", { more: [issuingPoint(flag(1))] });
  const authorities = await list("CA", { more: [issuingPoint(flag(2))] });
  const attributes = await list("CA", { more: [issuingPoint(flag(5))] });
  const ofSub = await list("Sub");
  assert.is(await run(end, [ca], users), "valid");
  assert.is(await run(below, [ca, sub], users, ofSub), UNKNOWN);
  assert.is(await run(end, [ca], authorities), UNKNOWN);
  assert.is(await run(below, [ca, sub], authorities, ofSub), "valid");
  assert.is(await run(end, [ca], attributes), UNKNOWN);
  assert.is(await run(below, [ca, sub], attributes, users, authorities, ofSub), "valid");
});

test("PKITS 4.14.15 to 4.14.21: every reason is covered, by one list or by several", async () => {
  const compromise = (...revoked: Certificate[]) =>
    list("CA", {
      more: [issuingPoint(reasons(3, 1, 2))],
      revoked: revoked.map((one) => entry(one, reasonCodeExtension("keyCompromise"))),
    });
  const others = (...revoked: Certificate[]) =>
    list("CA", {
      more: [issuingPoint(reasons(3, 3, 4, 5, 6, 7, 8))],
      revoked: revoked.map((one) => entry(one, reasonCodeExtension("superseded"))),
    });
  const { ca, end } = await world();
  assert.is(await run(end, [ca], await compromise(), await others()), "valid");
  assert.is(await run(end, [ca], await compromise(end), await others()), REVOKED);
  assert.is(await run(end, [ca], await compromise(), await others(end)), REVOKED);
  // 4.14.17: two lists, and a reason that neither covers.
  assert.is(await run(end, [ca], await compromise(), await compromise()), UNKNOWN);
  // 4.14.18 to 4.14.21: two points, each with its reasons and its name.
  const at = (name: string) => fullName(directory("CA", name));
  const two = await world({
    more: [points(point(at("1"), reasons(1, 1, 2)), point(at("2"), reasons(1, 3, 4, 5, 6, 7, 8)))],
  });
  const first = (...revoked: Certificate[]) => list("CA", { more: [issuingPoint(at("1"), reasons(3, 1, 2))], revoked });
  const second = (...revoked: Certificate[]) =>
    list("CA", { more: [issuingPoint(at("2"), reasons(3, 3, 4, 5, 6, 7, 8))], revoked });
  assert.is(await run(two.end, [two.ca], await first(), await second()), "valid");
  assert.is(await run(two.end, [two.ca], await first(two.end), await second()), REVOKED);
  assert.is(await run(two.end, [two.ca], await first(), await second(two.end)), REVOKED);
  assert.is(await run(two.end, [two.ca], await second()), UNKNOWN);
  // The list of the first point counts for the reasons that the point names, not for those that it covers.
  const wide = await list("CA", { more: [issuingPoint(at("1"))] });
  assert.is(await run(two.end, [two.ca], wide), UNKNOWN);
});

test("PKITS 4.14.22 to 4.14.27: indirect lists, of the certificate's own issuer and of another", async () => {
  const { ca, end } = await world();
  const indirect = { more: [issuingPoint(flag(4))] };
  assert.is(await run(end, [ca], await list("CA", indirect)), "valid");
  assert.is(await run(end, [ca], await list("CA", { ...indirect, revoked: [end] })), REVOKED);
  // The entry is about a certificate of another issuer with the same number.
  const foreign = entry(end, certificateIssuer("Other"));
  assert.is(await run(end, [ca], await list("CA", { ...indirect, revoked: [foreign] })), "valid");
  // 4.14.24, 4.14.25: the certificate names another CA for its lists.
  const clerk = await certificate("CA", "Clerk", "Anchor");
  const at = fullName(directory("Clerk", "1"));
  const delegated = await world({ more: [points(point(at, cRLIssuer("Clerk")))] });
  const ofClerk = (...revoked: (Certificate | RevokedCertificateTemplate)[]) =>
    list("Clerk", { more: [issuingPoint(at, flag(4))], revoked });
  const others = [delegated.ca, clerk];
  assert.is(await run(delegated.end, others, await ofClerk()), "valid");
  assert.is(await run(delegated.end, others, await ofClerk(entry(delegated.end, certificateIssuer("CA")))), REVOKED);
  assert.is(await run(delegated.end, others, await ofClerk(delegated.end)), "valid");
  // 4.14.26: the list is not at that point. 4.14.27: it is not indirect, or is one of the certificate's own issuer.
  const elsewhere = await list("Clerk", { more: [issuingPoint(fullName(directory("Clerk", "2")), flag(4))] });
  assert.is(await run(delegated.end, others, elsewhere), UNKNOWN);
  assert.is(await run(delegated.end, others, await list("Clerk", { more: [issuingPoint(at)] })), UNKNOWN);
  assert.is(await run(delegated.end, others, await list("CA")), UNKNOWN);
  // Nobody trusts the clerk, or the clerk has been revoked.
  const pretender = await certificate("CA", "Clerk", "Anchor 2");
  assert.is(await run(delegated.end, [delegated.ca, pretender], await ofClerk()), UNKNOWN);
  const gone = [await list("Anchor", { revoked: [clerk] }), await ofClerk()];
  assert.is(await outcome(delegated.end, anchor, others, gone), UNKNOWN);
});

test("PKITS 4.14.28 to 4.14.30: an issuer of lists below the CA, named in full, relatively, and by itself", async () => {
  for (const [id, where] of [["4.14.28", fullName(directory("Clerk", "1"))], ["4.14.29", relative("1")]] as const) {
    const { ca, end } = await world({ more: [points(point(where, cRLIssuer("Clerk")))] });
    const clerk = await certificate("end entity", "Clerk", "CA", { usages: ["cRLSign"] });
    const indirect = { more: [issuingPoint(fullName(directory("Clerk", "1")), flag(4))] };
    const own = await list("CA");
    assert.is(await run(end, [ca, clerk], own, await list("Clerk", indirect)), "valid", id);
    const revoked = [entry(end, certificateIssuer("CA"))];
    assert.is(await run(end, [ca, clerk], own, await list("Clerk", { ...indirect, revoked })), REVOKED, id);
  }
  // 4.14.30: what covers the issuer of the list is the list.
  const delegated = points(point(cRLIssuer("Clerk")));
  const { ca, end } = await world({ more: [delegated] });
  const clerk = await certificate("end entity", "Clerk", "CA", { usages: ["cRLSign"], more: [delegated] });
  const speak = (...revoked: Certificate[]) =>
    list("Clerk", {
      more: [issuingPoint(flag(4))],
      revoked: revoked.map((one) => entry(one, certificateIssuer("CA"))),
    });
  assert.is(await run(end, [ca, clerk], await speak()), "valid");
  assert.is(await run(end, [ca, clerk], await speak(end)), REVOKED);
  assert.is(await run(end, [ca, clerk], await speak(clerk)), UNKNOWN);
  // One whose certificate leaves it to the CA has to be in the CA's list.
  const plain = await certificate("end entity", "Clerk", "CA", { usages: ["cRLSign"] });
  assert.is(await run(end, [ca, plain], await speak()), UNKNOWN);
  // Two who vouch for each other vouch for nobody.
  const pair = (name: string, other: string) =>
    certificate("end entity", name, "CA", { usages: ["cRLSign"], more: [points(point(cRLIssuer(other)))] });
  const two = [ca, await pair("Clerk", "Clark"), await pair("Clark", "Clerk")];
  const clark = await list("Clark", { more: [issuingPoint(flag(4))] });
  assert.is(await run(end, two, await speak(), clark), UNKNOWN);
});

test("PKITS 4.14.31 to 4.14.35: entries are about the issuer that was named last", async () => {
  const clerk = await certificate("CA", "Clerk", "Anchor");
  const where = points(point(cRLIssuer("Clerk")));
  const { ca, end } = await world({ more: [where], serial: 7 });
  const other = { serialNumber: 5, revocationDate: NOW - 2000 };
  const indirect = (...revoked: (Certificate | RevokedCertificateTemplate)[]) =>
    list("Clerk", { more: [issuingPoint(flag(4))], revoked });
  const of = (name: string) => ({ ...other, extensions: [certificateIssuer(name)] });
  const others = [ca, clerk];
  assert.is(await run(end, others, await indirect(of("CA"), end)), REVOKED);
  assert.is(await run(end, others, await indirect(of("CA"), of("Other"), end)), "valid");
  assert.is(await run(end, others, await indirect(of("Other"), of("CA"), other, end)), REVOKED);
  assert.is(await run(end, others, await indirect(end, of("CA"))), "valid");
  const reasoned = {
    serialNumber: 7,
    revocationDate: NOW - 2000,
    extensions: [certificateIssuer("CA"), reasonCodeExtension("keyCompromise")],
  };
  assert.is(await run(end, others, await indirect(of("Other"), reasoned)), REVOKED);
});

test("PKITS 4.15: delta lists with and without the list that they complete", async () => {
  const { ca, end } = await world();
  const base = (number: number, ...revoked: Certificate[]) => list("CA", { number, revoked });
  const delta = (number: number, of: number, ...revoked: RevokedCertificateTemplate[]) =>
    list("CA", { number, more: [deltaOf(of)], revoked, thisUpdate: NOW - 500 });
  // 4.15.1 No Base.
  assert.is(await run(end, [ca], await delta(2, 1)), UNKNOWN);
  // 4.15.2, 4.15.5, 4.15.7: on neither, and taken off by the delta list.
  assert.is(await run(end, [ca], await base(1), await delta(2, 1)), "valid");
  assert.is(
    await run(end, [ca], await base(1, end), await delta(2, 1, entry(end, reasonCodeExtension("removeFromCRL")))),
    "valid",
  );
  // 4.15.3, 4.15.4, 4.15.6: on one of them.
  assert.is(await run(end, [ca], await base(1), await delta(2, 1, entry(end))), REVOKED);
  assert.is(await run(end, [ca], await base(1, end), await delta(2, 1)), REVOKED);
  assert.is(
    await run(end, [ca], await base(1, end), await delta(2, 1, entry(end, reasonCodeExtension("certificateHold")))),
    REVOKED,
  );
  // 4.15.8, 4.15.9: a newer list than the delta list's base; 4.15.10: an older one, which it cannot complete.
  assert.is(await run(end, [ca], await base(2), await delta(3, 1)), "valid");
  assert.is(await run(end, [ca], await base(2), await delta(3, 1, entry(end))), REVOKED);
  const stale = await list("CA", { number: 1, nextUpdate: NOW - 500, thisUpdate: NOW - DAY });
  assert.is(await run(end, [ca], stale, await delta(3, 2)), UNKNOWN);
  assert.is(await run(end, [ca], stale, await delta(3, 1)), "valid");
});

test("lists are found by the names of their issuers as RFC 5280 §7.1 compares them", async () => {
  const printed = [{ type: "CN", value: derPrintableString("the  ca") }];
  const { ca, end } = await world();
  assert.is(
    await run(end, [ca], await list("CA", { issuerName: [{ type: "CN", value: derUtf8String("ca") }] })),
    "valid",
  );
  const spaced = await certificate("CA", "CA", "Anchor", {
    subjectName: [{ type: "CN", value: derUtf8String(" The CA") }],
  });
  const below = await certificate("end entity", "End", "CA", { issuerName: printed });
  assert.is(await run(below, [spaced], await list("CA", { issuerName: named("THE CA") })), "valid");
});

test.run();
