import type { Bytes } from "../../../core/bytes/bytes.ts";
import {
  derBoolean,
  derElement,
  derInteger,
  derNull,
  derPrintableString,
  derSequence,
  derUtf8String,
} from "../../../core/der/writer.ts";
import {
  basicConstraintsExtension,
  extendedKeyUsageExtension,
  type ExtensionTemplate,
  type GeneralNameTemplate,
  keyUsageExtension,
  nameConstraintsExtension,
  type NameTemplate,
  subjectAlternativeNameExtension,
} from "../../../core/issue/mod.ts";
import { trustAnchor } from "../../../core/path/mod.ts";
import { type Certificate, parseCertificate, SERVER_AUTH } from "../../../core/x509/mod.ts";
import { assert, suite } from "../../support/suite.ts";
import { DAY, NOW } from "../../support/test-authority.ts";
import { certificate, named, outcome, type Said } from "./issued-world.ts";

const test = suite("core/path");

const anchor = await certificate("CA", "Anchor", "Anchor");

const run = (target: Certificate, ...others: Certificate[]): Promise<string> =>
  outcome(target, anchor, others, undefined);

/** Whether an end entity is valid below one CA. */
async function below(ca: Said, end: Said = {}): Promise<string> {
  return await run(await certificate("end entity", "End", "CA", end), await certificate("CA", "CA", "Anchor", ca));
}

/** A certificate with one octet of its signature changed. */
function damaged({ der }: Certificate): Certificate {
  const octets = der.slice();
  octets[octets.length - 1]! ^= 1;
  return parseCertificate(octets);
}

const cn = (value: Bytes): NameTemplate => [{ type: "O", value: "Example" }, { type: "CN", value }];

test("PKITS 4.1, 4.2: signatures and both ends of validity, of the CA and of the end entity", async () => {
  const ca = await certificate("CA", "CA", "Anchor");
  const end = await certificate("end entity", "End", "CA");
  assert.is(await run(end, ca), "valid");
  assert.is(await run(end, damaged(ca)), "ERR_PATH_SIGNATURE");
  assert.is(await run(damaged(end), ca), "ERR_PATH_SIGNATURE");
  const far = Date.UTC(2050, 0, 1);
  for (
    const [said, code] of [
      [{ notBefore: NOW + 1000 }, "ERR_PATH_NOT_YET_VALID"],
      [{ notBefore: far, notAfter: far + DAY }, "ERR_PATH_NOT_YET_VALID"],
      [{ notAfter: NOW - 1000 }, "ERR_PATH_EXPIRED"],
      [{ notBefore: Date.UTC(1950, 0, 1), notAfter: Date.UTC(1999, 0, 1) }, "ERR_PATH_EXPIRED"],
      [{ notBefore: Date.UTC(1950, 0, 1), notAfter: far }, "valid"],
      [{ notBefore: NOW, notAfter: NOW }, "valid"],
    ] as const
  ) {
    assert.is(await below(said), code);
    assert.is(await below({}, said), code);
  }
});

test("PKITS 4.3: names chain whatever their string types, case and white space", async () => {
  const rows: readonly (readonly [string, Bytes, Bytes, boolean])[] = [
    ["4.3.5 capitalization", derPrintableString("the ca"), derPrintableString("The CA"), true],
    ["4.3.9 UTF8String", derUtf8String("CÁ"), derUtf8String("CÁ"), true],
    ["4.3.10 rollover to UTF8String", derPrintableString("The CA"), derUtf8String("The CA"), true],
    ["4.3.11 case of UTF8String", derUtf8String("  the ca "), derUtf8String("THE  CA"), true],
    ["4.3.1 another name", derPrintableString("The CA"), derPrintableString("The CB"), false],
    ["TeletexString by octets", derElement(0x14, Uint8Array.of(0x43)), derElement(0x14, Uint8Array.of(0x63)), false],
    ["NumericString", derElement(0x12, Uint8Array.of(0x31)), derElement(0x12, Uint8Array.of(0x31)), true],
    ["malformed text", derElement(0x13, Uint8Array.of(0x40)), derElement(0x13, Uint8Array.of(0x40)), false],
  ];
  for (const [id, subject, issuer, chains] of rows) {
    const expected = chains ? "valid" : "ERR_PATH_UNKNOWN_ISSUER";
    assert.is(await below({ subjectName: cn(subject) }, { issuerName: cn(issuer) }), expected, id);
  }
  // 4.3.2: the same relative names in another order.
  const [one, other] = [{ type: "O", value: "A" }, { type: "OU", value: "B" }];
  assert.is(await below({ subjectName: [one, other] }, { issuerName: [other, one] }), "ERR_PATH_UNKNOWN_ISSUER");
  assert.is(await below({ subjectName: [[one, other]] }, { issuerName: [[other, one]] }), "valid");
  assert.is(await below({ subjectName: [[one, other]] }, { issuerName: [one, other] }), "ERR_PATH_UNKNOWN_ISSUER");
});

test("PKITS 4.6: basicConstraints, critical or not, and every length of paths", async () => {
  const extensions = (...constraints: ExtensionTemplate[]) => ({
    extensions: [...constraints, keyUsageExtension(["keyCertSign"])],
  });
  const { oid } = basicConstraintsExtension({ ca: false });
  assert.is(await below(extensions()), "ERR_PATH_NOT_A_CA");
  assert.is(await below(extensions({ oid, critical: true, value: derSequence() })), "ERR_PATH_NOT_A_CA");
  assert.is(await below(extensions({ oid, critical: false, value: derSequence() })), "ERR_PATH_NOT_A_CA");
  assert.is(
    await below(extensions({ oid, critical: false, value: derSequence(derBoolean(false)) })),
    "ERR_PATH_NOT_A_CA",
  );
  assert.is(await below(extensions({ oid, critical: false, value: derSequence(derBoolean(true)) })), "valid");
  assert.is(
    await below(extensions({ oid, critical: true, value: derSequence(derBoolean(true), derInteger(1n << 31n)) })),
    "ERR_PATH_MALFORMED",
  );
  // Anchor → 6 → second → third → fourth → end, the last two of them CAs or not.
  const chain = async (lengths: readonly (number | undefined)[], endIsCa: boolean): Promise<string> => {
    const path: Certificate[] = [];
    for (const [i, pathLength] of lengths.entries()) {
      path.push(
        await certificate(
          "CA",
          `CA ${i}`,
          i === 0 ? "Anchor" : `CA ${i - 1}`,
          pathLength === undefined ? {} : { pathLength },
        ),
      );
    }
    return await run(await certificate(endIsCa ? "CA" : "end entity", "End", `CA ${lengths.length - 1}`), ...path);
  };
  assert.is(await chain([0], false), "valid"); // 4.6.7
  assert.is(await chain([0], true), "valid"); // 4.6.8: the last certificate does not count
  assert.is(await chain([0, undefined], false), "ERR_PATH_LENGTH"); // 4.6.5
  assert.is(await chain([0, undefined], true), "ERR_PATH_LENGTH"); // 4.6.6
  assert.is(await chain([6, 0, 0], false), "ERR_PATH_LENGTH"); // 4.6.9
  assert.is(await chain([6, 0, 0], true), "ERR_PATH_LENGTH"); // 4.6.10
  assert.is(await chain([6, 1, 1, undefined], false), "ERR_PATH_LENGTH"); // 4.6.11
  assert.is(await chain([6, 4, 1, undefined], false), "valid"); // 4.6.13
  assert.is(await chain([6, 4, 1, undefined], true), "valid"); // 4.6.14
  assert.is(await chain([1, 5, 0], false), "ERR_PATH_LENGTH"); // a length may grow, and the first one stands
  assert.is(await chain([2, 5, 0], false), "valid");
});

test("PKITS 4.6.15 to 4.6.17: certificates that a CA issued to itself do not count, others of its name do", async () => {
  const first = await certificate("CA", "CA", "Anchor", { pathLength: 0, key: "1" });
  const next = await certificate("CA", "CA", "CA", { key: "2", issuerKey: "1" });
  const end = await certificate("end entity", "End", "CA", { issuerKey: "2" });
  assert.is(await run(end, first, next), "valid");
  const sub = await certificate("CA", "Sub", "CA", { issuerKey: "2" });
  assert.is(await run(await certificate("end entity", "End", "Sub"), first, next, sub), "ERR_PATH_LENGTH");
  // The self-issued one is the last: it ends the path and does not count either.
  assert.is(await run(next, first), "valid");
  const narrowed = await certificate("CA", "CA", "CA", { key: "2", issuerKey: "1", pathLength: 0 });
  const wide = await certificate("CA", "CA", "Anchor", { pathLength: 1, key: "1" });
  assert.is(await run(await certificate("end entity", "End", "Sub"), wide, narrowed, sub), "ERR_PATH_LENGTH");
});

test("PKITS 4.7: keyUsage of a CA includes keyCertSign, critical or not", async () => {
  const usage = (critical: boolean, ...usages: Said["usages"] & object) => ({
    extensions: [basicConstraintsExtension({ ca: true }), { ...keyUsageExtension(usages), critical }],
  });
  for (const critical of [true, false]) {
    assert.is(await below(usage(critical, "keyCertSign")), "valid");
    assert.is(await below(usage(critical, "cRLSign", "digitalSignature")), "ERR_PATH_KEY_USAGE");
  }
  assert.is(await below({ extensions: [basicConstraintsExtension({ ca: true })] }), "valid");
});

test("PKITS 4.16: an unknown extension is refused when it is critical, at every position", async () => {
  const more = (critical: boolean) => ({ more: [{ oid: "2.16.840.1.101.2.1.12.2", critical, value: derNull() }] });
  assert.is(await below({}, more(false)), "valid");
  assert.is(await below({}, more(true)), "ERR_PATH_CRITICAL_EXTENSION");
  assert.is(await below(more(true)), "ERR_PATH_CRITICAL_EXTENSION");
  const strange = await certificate("CA", "Strange", "Strange", more(true));
  const end = await certificate("end entity", "End", "Strange");
  assert.is(await outcome(end, strange, [], undefined), "ERR_PATH_CRITICAL_EXTENSION");
  const loose = trustAnchor(strange, { validity: "enforce", constraints: "ignore" });
  assert.is(await outcome(end, strange, [], undefined, { anchors: [loose] }), "valid");
});

test("a critical extension that cannot be read is refused where it has no say as well", async () => {
  for (const oid of ["2.5.29.18", "2.5.29.30", "2.5.29.31", "2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.54"]) {
    const value = derSequence(derSequence(derNull()), derBoolean(true));
    const code = "ERR_PATH_MALFORMED";
    assert.is(await below({}, { more: [{ oid, critical: true, value }] }), code, oid);
    assert.is(await below({ more: [{ oid, critical: true, value }] }), code, oid);
  }
});

const directory = (...names: string[]): GeneralNameTemplate => ({
  form: "directoryName",
  value: names.map((value) => ({ type: "OU", value })),
});
const units = (...names: string[]): NameTemplate => names.map((value) => ({ type: "OU", value }));
const dns = (value: string): GeneralNameTemplate => ({ form: "dNSName", value });
const email = (value: string): GeneralNameTemplate => ({ form: "rfc822Name", value });
const uri = (value: string): GeneralNameTemplate => ({ form: "uniformResourceIdentifier", value });
const permit = (...permittedSubtrees: GeneralNameTemplate[]) => ({
  more: [nameConstraintsExtension({ permittedSubtrees })],
});
const exclude = (...excludedSubtrees: GeneralNameTemplate[]) => ({
  more: [nameConstraintsExtension({ excludedSubtrees })],
});
const san = (...names: GeneralNameTemplate[]) => ({ more: [subjectAlternativeNameExtension(names)] });

const CONSTRAINED = "ERR_PATH_NAME_CONSTRAINTS";

test("PKITS 4.13.1 to 4.13.18: directory names, permitted, excluded, and narrowed by the CA below", async () => {
  const subject = (...names: string[]): Said => ({ subjectName: units(...names) });
  assert.is(await below(permit(directory("p1")), subject("p1", "x")), "valid"); // 4.13.1
  assert.is(await below(permit(directory("p1")), subject("p2")), CONSTRAINED); // 4.13.2
  assert.is(await below(permit(directory("p1")), { ...subject("p1"), ...san(directory("p2")) }), CONSTRAINED); // 4.13.3
  assert.is(await below(permit(directory("p1")), { ...subject("p1"), ...san(directory("p1", "y")) }), "valid"); // 4.13.4
  assert.is(await below(permit(directory("p1"), directory("p2")), subject("p2")), "valid"); // 4.13.5
  assert.is(await below(exclude(directory("x1")), subject("p1")), "valid"); // 4.13.6
  assert.is(await below(exclude(directory("x1")), subject("x1", "y")), CONSTRAINED); // 4.13.7
  assert.is(await below(exclude(directory("x1"), directory("x2")), subject("x1")), CONSTRAINED); // 4.13.8
  assert.is(await below(exclude(directory("x1"), directory("x2")), subject("x2")), CONSTRAINED); // 4.13.9
  const both = {
    more: [
      nameConstraintsExtension({ permittedSubtrees: [directory("p1")], excludedSubtrees: [directory("p1", "x")] }),
    ],
  };
  assert.is(await below(both, subject("p1", "x", "z")), CONSTRAINED); // 4.13.10
  assert.is(await below(both, subject("p1", "y")), "valid"); // 4.13.11
  // 4.13.14: an empty subject is under no constraint.
  assert.is(await below(permit(directory("p1")), { subjectName: [], ...san(email("a@example.com")) }), "valid");
  // 4.13.12 to 4.13.18: two CAs.
  const at = (upper: Said, lower: Said, ...name: string[]) => twoLevels(upper, lower, subject(...name));
  assert.is(await at(permit(directory("p1")), permit(directory("p1", "a")), "p1", "a", "e"), "valid");
  assert.is(await at(permit(directory("p1")), permit(directory("p1", "a")), "p1", "b"), CONSTRAINED);
  assert.is(await at(permit(directory("p1")), permit(directory("p2")), "p2"), CONSTRAINED);
  assert.is(await at(permit(directory("p1")), permit(directory("p2")), "p1"), CONSTRAINED);
  assert.is(await at(exclude(directory("x1")), exclude(directory("x2")), "x1"), CONSTRAINED);
  assert.is(await at(exclude(directory("x1")), exclude(directory("x2")), "x2"), CONSTRAINED);
  assert.is(await at(exclude(directory("x1")), exclude(directory("x2")), "p"), "valid");
});

/** Anchor → CA → a CA under "p1" → end. */
async function twoLevels(upper: Said, lower: Said, end: Said): Promise<string> {
  const subjectName = units("p1", "ca");
  return await run(
    await certificate("end entity", "End", "Lower", { ...end, issuerName: subjectName }),
    await certificate("CA", "Lower", "CA", { ...lower, subjectName }),
    await certificate("CA", "CA", "Anchor", upper),
  );
}

test("PKITS 4.13.19, 4.13.20: constraints pass by intermediates that a CA issued to itself, and not by the last one", async () => {
  const limited = { ...permit(directory("p1")), subjectName: units("ca"), key: "1" };
  const first = await certificate("CA", "CA", "Anchor", limited);
  const next = await certificate("CA", "CA", "CA", {
    subjectName: units("ca"),
    issuerName: units("ca"),
    key: "2",
    issuerKey: "1",
  });
  const end = (...names: string[]) =>
    certificate("end entity", "End", "CA", { subjectName: units(...names), issuerName: units("ca"), issuerKey: "2" });
  assert.is(await run(await end("p1", "e"), first, next), "valid");
  assert.is(await run(await end("p2"), first, next), CONSTRAINED);
  assert.is(await run(next, first), CONSTRAINED);
});

test("PKITS 4.13.21 to 4.13.38: mailboxes, DNS names and URIs", async () => {
  const rows: readonly (readonly [string, Said, Said, boolean])[] = [
    ["4.13.21", permit(email(".testcertificates.gov")), san(email("a@mail.testcertificates.gov")), true],
    ["4.13.22", permit(email(".testcertificates.gov")), san(email("a@testcertificates.gov")), false],
    ["4.13.23", permit(email("testcertificates.gov")), san(email("a@testcertificates.gov")), true],
    ["4.13.24", permit(email("testcertificates.gov")), san(email("a@mail.testcertificates.gov")), false],
    ["4.13.25", exclude(email("testcertificates.gov")), san(email("a@mail.testcertificates.gov")), true],
    ["4.13.26", exclude(email("testcertificates.gov")), san(email("a@testcertificates.gov")), false],
    ["4.13.29", permit(email("testcertificates.gov")), {
      subjectName: [{ type: "CN", value: "End" }, { type: "emailAddress", value: "a@mailserver.testcertificates.gov" }],
    }, false],
    ["4.13.30", permit(dns("testcertificates.gov")), san(dns("testserver.testcertificates.gov")), true],
    ["4.13.32", exclude(dns("invalidcertificates.gov")), san(dns("testserver.invalidcertificates.gov.example")), true],
    ["4.13.33", exclude(dns("invalidcertificates.gov")), san(dns("a.invalidcertificates.gov")), false],
    ["4.13.38", permit(dns("testcertificates.gov")), san(dns("mytestcertificates.gov")), false],
    [
      "4.13.34",
      permit(uri(".testcertificates.gov")),
      san(uri("http://testserver.testcertificates.gov/index.html")),
      true,
    ],
    ["4.13.35", permit(uri(".testcertificates.gov")), san(uri("http://testcertificates.gov/invalid.html")), false],
    ["4.13.36", exclude(uri("invalidcertificates.gov")), san(uri("http://a.invalidcertificates.gov/x")), true],
    ["4.13.37", exclude(uri("invalidcertificates.gov")), san(uri("ftp://invalidcertificates.gov:21/test37/")), false],
  ];
  for (const [id, ca, end, valid] of rows) assert.is(await below(ca, end), valid ? "valid" : CONSTRAINED, id);
});

test("as many names times constraints as BoringSSL takes are compared, of all forms together, and one more is not", async () => {
  const mixed = (count: number, tag: string): GeneralNameTemplate[] =>
    Array.from(
      { length: count },
      (_, i): GeneralNameTemplate =>
        i % 3 === 0
          ? dns(`${tag}${i}.test`)
          : i % 3 === 1
          ? { form: "directoryName", value: [{ type: "CN", value: `${tag}${i}` }] }
          : { form: "iPAddress", value: Uint8Array.of(10, i >> 16, i >> 8, i) },
    );
  const bases = (count: number): GeneralNameTemplate[] =>
    mixed(count, "x").map((name, i) =>
      name.form === "iPAddress" ? { ...name, value: Uint8Array.of(11, i >> 16, i >> 8, i, 255, 255, 255, 255) } : name
    );
  assert.is(await below(exclude(...bases(1024)), san(...mixed(1024, "t"))), "valid");
  assert.is(await below(exclude(...bases(1024)), san(...mixed(1025, "t"))), "ERR_PATH_BUDGET");
  assert.is(await below(exclude(...bases(1025)), san(...mixed(1024, "t"))), "ERR_PATH_BUDGET");
  const alone = (count: number) => Array.from({ length: count }, (_, i) => dns(`t${i}.test`));
  assert.is(await below(permit(dns("test")), san(...alone(2000))), "valid");
});

test("purposes count in every certificate that has extendedKeyUsage, an anchor's where it is enforced", async () => {
  const use = (...oids: string[]) => ({ more: [extendedKeyUsageExtension(oids)] });
  const other = "1.3.6.1.5.5.7.3.2";
  const any = "2.5.29.37.0";
  const ask = async (ca: Said, end: Said) =>
    await outcome(
      await certificate("end entity", "End", "CA", end),
      anchor,
      [await certificate("CA", "CA", "Anchor", ca)],
      undefined,
      { purpose: SERVER_AUTH },
    );
  assert.is(await ask({}, use(SERVER_AUTH)), "valid");
  assert.is(await ask({}, {}), "valid");
  assert.is(await ask(use(any), use(any)), "valid");
  assert.is(await ask(use(any, other), use(SERVER_AUTH)), "valid");
  assert.is(await ask(use(other), use(SERVER_AUTH)), "ERR_PATH_PURPOSE");
  assert.is(await ask({}, use(other)), "ERR_PATH_PURPOSE");
  assert.is(
    await ask({}, { more: [{ oid: "2.5.29.37", critical: false, value: derSequence() }] }),
    "ERR_PATH_MALFORMED",
  );
  const clients = await certificate("CA", "Clients", "Clients", use(other));
  const end = await certificate("end entity", "End", "Clients", use(SERVER_AUTH));
  const under = (constraints: "enforce" | "ignore", validity: "enforce" | "ignore" = "enforce") =>
    outcome(end, clients, [], undefined, {
      anchors: [trustAnchor(clients, { validity, constraints })],
      purpose: SERVER_AUTH,
    });
  assert.is(await under("enforce"), "ERR_PATH_PURPOSE");
  assert.is(await under("ignore"), "valid");
});

test("an anchor's period of validity counts where it is enforced, and at both ends", async () => {
  for (const said of [{ notAfter: NOW - 1000 }, { notBefore: NOW + 1000 }]) {
    const old = await certificate("CA", "Old", "Old", said);
    const end = await certificate("end entity", "End", "Old");
    const under = (validity: "enforce" | "ignore") =>
      outcome(end, old, [], undefined, { anchors: [trustAnchor(old, { validity, constraints: "ignore" })] });
    assert.is(await under("ignore"), "valid");
    assert.is((await under("enforce")).startsWith("ERR_PATH_"), true);
  }
});

test("a change of keys of the anchor is crossed in every direction", async () => {
  const oldRoot = await certificate("CA", "Root", "Root", { key: "old root", issuerKey: "old root" });
  const newRoot = await certificate("CA", "Root", "Root", { key: "new root", issuerKey: "new root" });
  const newWithOld = await certificate("CA", "Root", "Root", { key: "new root", issuerKey: "old root" });
  const ca = (issuerKey: string) => certificate("CA", "CA", "Root", { issuerKey, key: issuerKey + " ca" });
  const end = (issuerKey: string) => certificate("end entity", "End", "CA", { issuerKey: issuerKey + " ca" });
  const [caOld, caNew, endOld, endNew] = [
    await ca("old root"),
    await ca("new root"),
    await end("old root"),
    await end("new root"),
  ];
  const all = [newRoot, newWithOld, caNew, caOld];
  assert.is(await outcome(endNew, oldRoot, all, undefined), "valid"); // long rollover
  assert.is(await outcome(endNew, oldRoot, [caNew, newWithOld], undefined), "valid"); // rollover
  assert.is(await outcome(endOld, oldRoot, all, undefined), "valid"); // old
  assert.is(await outcome(endNew, newRoot, [caNew], undefined), "valid"); // new
  assert.is(await outcome(endNew, oldRoot, [caNew, newRoot], undefined), "ERR_PATH_SIGNATURE");
  assert.is(await outcome(endOld, newRoot, [caOld, newWithOld], undefined), "ERR_PATH_SIGNATURE");
});

test("loops, certificates that sign themselves and empty issuers lead to no anchor", async () => {
  const loop = [await certificate("CA", "A", "B"), await certificate("CA", "B", "A")];
  assert.is(await run(await certificate("end entity", "End", "A"), ...loop), "ERR_PATH_UNKNOWN_ISSUER");
  assert.is(await run(await certificate("end entity", "End", "End"), anchor), "ERR_PATH_UNKNOWN_ISSUER");
  assert.is(
    await run(await certificate("end entity", "End", "Anchor", { issuerName: named("") })),
    "ERR_PATH_UNKNOWN_ISSUER",
  );
});

test.run();
