import { type Bytes, concatBytes } from "../../../../core/bytes/bytes.ts";
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import type { Signer } from "../../../../core/crypto/signer.ts";
import {
  derBitString,
  derContextConstructed,
  derContextPrimitive,
  derInteger,
  derObjectIdentifier,
  derSequence,
  derUtf8String,
} from "../../../../core/der/writer.ts";
import { encodeGeneralName } from "../../../../core/issue/general-name-encoding.ts";
import {
  crlNumberExtension,
  type ExtensionTemplate,
  issueRevocationList,
  type RevocationListTemplate,
  type RevokedCertificateTemplate,
} from "../../../../core/issue/mod.ts";
import { crlChecker, type CrlCheckerOptions } from "../../../../core/path/revocation/crl-checker.ts";
import type {
  CertificateIssuer,
  RevocationContext,
  RevocationStatus,
} from "../../../../core/path/revocation/revocation-checker.ts";
import { streamedList } from "../../../../core/path/revocation/streamed-list.ts";
import {
  type Certificate,
  type CertificateRevocationList,
  indexRevocationList,
  parseCertificateRevocationList,
  type RevocationListIndex,
} from "../../../../core/x509/mod.ts";
import {
  basicConstraints,
  commonName,
  DAY,
  keyUsage,
  NOW,
  testCertificate,
  type TestExtension,
  testKey,
} from "../../../support/test-authority.ts";
import { assert, assertRejects, suite } from "../../../support/suite.ts";

const test = suite("core/path/revocation/crl-checker");

const crypto = portableProvider();
const CA = [{ type: "CN", value: "CA" }];
const CLERK = [{ type: "CN", value: "Clerk" }];

const ca = await makeCa("CA", "ca");
const clerk = await makeCa("Clerk", "clerk");

interface Authority {
  readonly certificate: Certificate;
  readonly signer: Signer;
}

async function makeCa(
  name: string,
  key: string,
  extensions: readonly TestExtension[] = [basicConstraints(true), keyUsage(5, 6)],
): Promise<Authority> {
  const signer = await testKey(key);
  const subject = commonName(name);
  const certificate = await testCertificate({
    subject,
    issuer: subject,
    publicKey: signer.publicKey,
    signer,
    extensions,
  });
  return { certificate, signer };
}

async function leaf(extensions: readonly TestExtension[] = [], version: 1 | 3 = 3): Promise<Certificate> {
  return await testCertificate({
    subject: commonName("leaf"),
    issuer: commonName("CA"),
    serial: 7,
    publicKey: ca.signer.publicKey,
    signer: ca.signer,
    version,
    extensions,
  });
}

function list(parts: Partial<RevocationListTemplate> = {}, signer: Signer = ca.signer): Promise<Bytes> {
  return issueRevocationList({
    issuer: CA,
    thisUpdate: NOW - DAY,
    nextUpdate: NOW + DAY,
    revokedCertificates: [],
    ...parts,
  }, signer);
}

const revoked = (serialNumber: number, ...extensions: ExtensionTemplate[]): RevokedCertificateTemplate => ({
  serialNumber,
  revocationDate: NOW - 1000,
  extensions,
});

const reason = (value: number): ExtensionTemplate => ({
  oid: "2.5.29.21",
  critical: false,
  value: Uint8Array.of(0x0a, 1, value),
});

const uri = (value: string): Bytes => encodeGeneralName({ form: "uniformResourceIdentifier", value });
const directory = (value: string): Bytes =>
  encodeGeneralName({ form: "directoryName", value: [{ type: "CN", value }] });
const fullName = (...names: Bytes[]): Bytes => derContextConstructed(0, derContextConstructed(0, ...names));

/** A distribution point of a certificate. */
function distributionPoints(...points: Bytes[]): TestExtension {
  return { oid: "2.5.29.31", value: derSequence(...points) };
}

function issuingPoint(...fields: Bytes[]): ExtensionTemplate {
  return { oid: "2.5.29.28", critical: true, value: derSequence(...fields) };
}

const flag = (tag: number): Bytes => derContextPrimitive(tag, Uint8Array.of(0xff));

/** ReasonFlags: keyCompromise is bit 1. */
function reasons(tag: number, ...bits: number[]): Bytes {
  const octets = new Uint8Array(2);
  for (const bit of bits) octets[bit >> 3]! |= 0x80 >> (bit & 7);
  return derContextPrimitive(tag, derBitString(octets, 7).slice(2));
}

const deltaOf = (number: number): ExtensionTemplate => ({
  oid: "2.5.29.27",
  critical: true,
  value: derInteger(number),
});

interface Setting extends Partial<Omit<CrlCheckerOptions, "crls">>, Partial<RevocationContext> {
  readonly certificate?: Certificate;
  readonly issuer?: CertificateIssuer;
}

/** The status by lists held, held with an index, and streamed, which has to be the same. */
async function status(crls: readonly Bytes[], setting: Setting = {}): Promise<RevocationStatus> {
  const { certificate, issuer, time, crypto: provider, spend, signerCandidates, validateSigner, ...options } = setting;
  const subject = issuer ?? issuerOf(ca);
  const context: RevocationContext = {
    time: time ?? NOW,
    crypto: provider ?? crypto,
    spend: spend ?? (() => {}),
    ...(signerCandidates === undefined ? {} : { signerCandidates }),
    ...(validateSigner === undefined ? {} : { validateSigner }),
  };
  const ask = async (kind: "held" | "indexed" | "streamed"): Promise<RevocationStatus> => {
    const checker = crlChecker({
      expired: "enforce",
      ...options,
      crls: crls.map((der) => {
        if (kind === "streamed") return streamedList(() => inPieces(der, 11));
        const list = parseCertificateRevocationList(der);
        return kind === "indexed" ? indexed(list) : list;
      }),
    });
    const first = await checker.check(certificate ?? await leaf(), subject, context);
    // What a checker remembers changes nothing.
    assert.equal(await checker.check(certificate ?? await leaf(), subject, context), first);
    return first;
  };
  const held = await ask("held");
  assert.equal(await ask("indexed"), held);
  const streamed = await ask("streamed");
  // Offsets in a list that passes count from where a part of it starts.
  if (held.status !== "unknown" || held.code !== "malformed") assert.equal(streamed, held);
  else assert.is(streamed.status === "unknown" && streamed.code, "malformed");
  return held;
}

/** The list with an index, where it can have one. */
function indexed(list: CertificateRevocationList): CertificateRevocationList | RevocationListIndex {
  try {
    return indexRevocationList(list);
  } catch {
    return list;
  }
}

/** What is expected, in a word. */
async function code(crls: readonly Bytes[], setting: Setting = {}): Promise<string> {
  const found = await status(crls, setting);
  return found.status === "unknown" ? found.code : found.status === "revoked" ? found.reason : "good";
}

function* inPieces(octets: Bytes, length: number): Generator<Uint8Array> {
  for (let at = 0; at < octets.length; at += length) yield octets.subarray(at, at + length);
}

function issuerOf({ certificate }: Authority): CertificateIssuer {
  return { subject: certificate.subject, publicKey: certificate.publicKey, certificate };
}

test("crlChecker() says good, revoked with reason and date, and unknown without a list", async () => {
  assert.equal(await status([await list()]), { status: "good" });
  assert.equal(await status([await list({ revokedCertificates: [revoked(5), revoked(8)] })]), { status: "good" });
  const entries = [revoked(5), revoked(7, reason(1))];
  assert.equal(await status([await list({ revokedCertificates: entries })]), {
    status: "revoked",
    reason: "keyCompromise",
    date: NOW - 1000,
  });
  assert.is(await code([await list({ revokedCertificates: [revoked(7)] })]), "unspecified");
  assert.is(await code([await list({ revokedCertificates: [revoked(7, reason(6))] })]), "certificateHold");
  assert.is(await code([]), "no-list");
  assert.is(await code([await list({ issuer: CLERK }, clerk.signer)]), "no-list");
});

test("crlChecker() takes an entry for a revocation although its reason cannot be read", async () => {
  const strange = [[0x0a, 1, 7], [0x0a, 1, 11], [0x0a, 2, 0, 1], [0x02, 1, 1], []].map((octets) => ({
    oid: "2.5.29.21",
    critical: false,
    value: Uint8Array.from(octets),
  }));
  for (const extension of [...strange, { ...reason(99), critical: true }]) {
    const crl = await list({ revokedCertificates: [revoked(7, extension), revoked(8)] });
    assert.equal(await status([crl]), { status: "revoked", reason: "unspecified", date: NOW - 1000 });
  }
});

test("crlChecker() believes the issuer's signature alone", async () => {
  const good = await list();
  assert.is(await code([await list({}, clerk.signer)]), "signature");
  for (const at of [good.length - 1, good.length - 20]) {
    const damaged = good.slice();
    damaged[at]! ^= 1;
    assert.is(await code([damaged]), "signature");
  }
  // One octet of what is signed: the day of thisUpdate.
  const moved = good.slice();
  moved[good.indexOf(0x17) + 7]! ^= 1;
  assert.is(await code([moved]), "signature");
  assert.is(await code([moved, good]), "good");
  const mute = await makeCa("CA", "ca", [basicConstraints(true), keyUsage(5)]);
  assert.is(await code([good], { issuer: issuerOf(mute) }), "signer");
  const { subject, publicKey } = ca.certificate;
  assert.is(await code([good], { issuer: { subject, publicKey } }), "good");
});

test("crlChecker() says when the provider cannot check the signature", async () => {
  const unknownAlgorithm: Signer = { ...ca.signer, algorithm: { ...ca.signer.algorithm, oid: "1.2.3.4" } };
  assert.is(await code([await list({}, unknownAlgorithm)]), "unsupported-algorithm");
  const { importStreamVerifier: _, ...whole } = crypto;
  const checker = crlChecker({ crls: [streamedList(async () => inPieces(await list(), 100))], expired: "enforce" });
  const found = await checker.check(await leaf(), issuerOf(ca), { time: NOW, crypto: whole, spend: () => {} });
  assert.is(found.status === "unknown" && found.code, "unsupported-algorithm");
});

test("crlChecker() verifies ML-DSA signatures of streamed lists", async () => {
  const signer = await testKey("ml-dsa", { type: "ml-dsa", parameterSet: "ML-DSA-44" });
  const subject = commonName("CA");
  const certificate = await testCertificate({ subject, issuer: subject, publicKey: signer.publicKey, signer });
  const good = await list({}, signer);
  assert.is(await code([good], { issuer: issuerOf({ certificate, signer }) }), "good");
  good[good.indexOf(0x17) + 7]! ^= 1;
  assert.is(await code([good], { issuer: issuerOf({ certificate, signer }) }), "signature");
});

test("crlChecker() heeds thisUpdate and nextUpdate, to the second", async () => {
  const crl = [await list({ revokedCertificates: [revoked(5)] })];
  assert.is(await code(crl, { time: NOW - DAY - 1 }), "not-yet-valid");
  assert.is(await code(crl, { time: NOW - DAY - 1, expired: "ignore" }), "not-yet-valid");
  assert.is(await code(crl, { time: NOW - DAY }), "good");
  assert.is(await code(crl, { time: NOW + DAY + 999 }), "good");
  assert.is(await code(crl, { time: NOW + DAY + 1000 }), "expired");
  assert.is(await code(crl, { time: NOW + DAY + 1000, expired: "ignore" }), "good");
  assert.is(await code(crl, { maxAgeMs: DAY }), "good");
  assert.is(await code(crl, { maxAgeMs: DAY - 1 }), "expired");
  const { nextUpdate: _, ...open } = { issuer: CA, thisUpdate: NOW - DAY, nextUpdate: 0, revokedCertificates: [] };
  assert.is(await code([await issueRevocationList(open, ca.signer)], { time: NOW + 400 * DAY }), "good");
});

test("crlChecker() goes by the newest of several lists", async () => {
  const old = await list({ revokedCertificates: [revoked(7, reason(6))] });
  const fresh = await list({ thisUpdate: NOW - 1000, nextUpdate: NOW + 1000 });
  for (const crls of [[old, fresh], [fresh, old]]) {
    assert.is(await code(crls), "good");
    assert.is(await code(crls, { time: NOW - 2000 }), "certificateHold");
  }
});

test("crlChecker() does not use lists with critical extensions that it does not know", async () => {
  const strange: ExtensionTemplate = { oid: "1.2.3", critical: true, value: derInteger(1) };
  assert.is(await code([await list({ extensions: [strange] })]), "critical-extension");
  assert.is(await code([await list({ extensions: [{ ...strange, critical: false }] })]), "good");
  const entries = [revoked(7), revoked(8, strange)];
  assert.is(await code([await list({ revokedCertificates: entries })]), "critical-extension");
  const names = { oid: "2.5.29.29", critical: true, value: derSequence(directory("CA")) };
  assert.is(await code([await list({ revokedCertificates: [revoked(7, names)] })]), "critical-extension");
});

test("crlChecker() does not use malformed lists", async () => {
  const broken: ExtensionTemplate = { oid: "2.5.29.20", critical: false, value: Uint8Array.of(1, 2) };
  assert.is(await code([await list({ extensions: [broken] })]), "malformed");
  const entry = revoked(8, { oid: "2.5.29.29", critical: true, value: Uint8Array.of(5) });
  assert.is(await code([await list({ revokedCertificates: [entry] })]), "malformed");
  const both = issuingPoint(flag(1), flag(2));
  assert.is(await code([await list({ extensions: [both] })]), "malformed");
  const certificate = await leaf([{ oid: "2.5.29.31", value: derSequence() }]);
  assert.is(await code([await list()], { certificate }), "malformed");
});

test("crlChecker() uses lists for CAs, end entities and attributes for those alone", async () => {
  const users = [await list({ extensions: [issuingPoint(flag(1))] })];
  const authorities = [await list({ extensions: [issuingPoint(flag(2))] })];
  const attributes = [await list({ extensions: [issuingPoint(flag(5))] })];
  const authority = await leaf([basicConstraints(true)]);
  assert.is(await code(users), "good");
  assert.is(await code(authorities), "scope");
  assert.is(await code(attributes), "scope");
  assert.is(await code(users, { certificate: authority }), "scope");
  assert.is(await code(authorities, { certificate: authority }), "good");
  assert.is(await code(authorities, { certificate: await leaf([], 1) }), "scope");
});

test("crlChecker() matches distribution points by any of their names", async () => {
  const partition = (...names: Bytes[]) => list({ extensions: [issuingPoint(fullName(...names))] });
  const one = await partition(uri("http://crl.example/1"), directory("One"));
  const two = await list({
    extensions: [issuingPoint(fullName(uri("http://crl.example/2")))],
    revokedCertificates: [revoked(7)],
  });
  const points = (...names: Bytes[]) => leaf([distributionPoints(derSequence(fullName(...names)))]);
  assert.is(await code([one, two], { certificate: await points(uri("http://crl.example/1")) }), "good");
  assert.is(await code([one, two], { certificate: await points(uri("http://crl.example/2")) }), "unspecified");
  assert.is(await code([one, two], { certificate: await points(directory("one")) }), "good");
  assert.is(await code([one, two], { certificate: await points(uri("http://crl.example/3")) }), "scope");
  assert.is(await code([one, two]), "scope");
  assert.is(await code([await partition(directory("CA"))]), "good");
  assert.is(await code([await list()], { certificate: await points(uri("http://crl.example/3")) }), "good");
  // United, any part that names the certificate revokes it.
  assert.is(await code([one, two], { distributionPoints: "ignore" }), "unspecified");
  assert.is(await code([two, one], { distributionPoints: "ignore" }), "unspecified");
  assert.is(await code([one], { distributionPoints: "ignore" }), "good");
});

test("crlChecker() completes relative names of distribution points", async () => {
  const attribute = derSequence(derObjectIdentifier("2.5.4.3"), derUtf8String("part 1"));
  const relative = derContextConstructed(0, derContextConstructed(1, attribute));
  const crl = [await list({ extensions: [issuingPoint(relative)] })];
  const whole = encodeGeneralName({
    form: "directoryName",
    value: [{ type: "CN", value: "CA" }, { type: "CN", value: "PART 1" }],
  });
  assert.is(await code(crl, { certificate: await leaf([distributionPoints(derSequence(relative))]) }), "good");
  assert.is(await code(crl, { certificate: await leaf([distributionPoints(derSequence(fullName(whole)))]) }), "good");
  assert.is(await code(crl), "scope");
});

test("crlChecker() wants every reason covered", async () => {
  const some = await list({ extensions: [issuingPoint(reasons(3, 1, 2))] });
  const rest = (...entries: RevokedCertificateTemplate[]) =>
    list({ extensions: [issuingPoint(reasons(3, 3, 4, 5, 6, 7, 8))], revokedCertificates: entries });
  assert.is(await code([some]), "reasons");
  assert.is(await code([some, await rest()]), "good");
  assert.is(await code([some, await rest(revoked(7, reason(4)))]), "superseded");
  assert.is(await code([await rest()]), "reasons");
  assert.is(
    await code([await list({ extensions: [issuingPoint(reasons(3, 1))], revokedCertificates: [revoked(7)] })]),
    "unspecified",
  );
});

test("crlChecker() applies delta lists to the lists they complete", async () => {
  const base = await list({
    extensions: [crlNumberExtension(5)],
    revokedCertificates: [revoked(8), revoked(7, reason(6))],
  });
  const clean = await list({ extensions: [crlNumberExtension(5)] });
  const delta = (number: number, of: number, ...entries: RevokedCertificateTemplate[]) =>
    list({
      thisUpdate: NOW - 5000,
      extensions: [crlNumberExtension(number), deltaOf(of)],
      revokedCertificates: entries,
    });
  assert.is(await code([clean, await delta(6, 5, revoked(7, reason(1)))]), "keyCompromise");
  assert.is(await code([base, await delta(6, 5, revoked(7, reason(8)))]), "good");
  assert.is(await code([base, await delta(6, 3, revoked(9))]), "certificateHold");
  assert.is(await code([await delta(6, 5, revoked(7))]), "no-base");
  // Numbers that do not fit: the delta list is not used.
  assert.is(await code([base, await delta(7, 6, revoked(7, reason(8)))]), "certificateHold");
  assert.is(await code([base, await delta(5, 4, revoked(7, reason(8)))]), "certificateHold");
  assert.is(await code([await list(), await delta(6, 5, revoked(7))]), "good");
  // The newest one that fits.
  const newer = await list({
    thisUpdate: NOW - 1000,
    extensions: [crlNumberExtension(8), deltaOf(5)],
    revokedCertificates: [revoked(7, reason(1))],
  });
  assert.is(await code([await delta(6, 5), newer, clean]), "keyCompromise");
});

test("crlChecker() uses an outdated list with a delta list that is not, and no delta list of another scope", async () => {
  const base = await list({ nextUpdate: NOW - 1000, extensions: [crlNumberExtension(5)] });
  const extensions = [crlNumberExtension(6), deltaOf(5)];
  const delta = await list({ thisUpdate: NOW - 1000, extensions });
  assert.is(await code([base]), "expired");
  assert.is(await code([base, delta]), "good");
  const stale = await list({ thisUpdate: NOW - 5000, nextUpdate: NOW - 1000, extensions });
  assert.is(await code([base, stale]), "expired");
  const forged = await list({ thisUpdate: NOW - 1000, extensions }, clerk.signer);
  assert.is(await code([base, forged]), "expired");
  const narrow = await list({ thisUpdate: NOW - 1000, extensions: [...extensions, issuingPoint(flag(1))] });
  assert.is(await code([base, narrow]), "expired");
});

test("crlChecker() believes another signer of the issuer's name once its path is validated", async () => {
  const other = await makeCa("CA", "ca of last year");
  const mute = await makeCa("CA", "ca of last year", [basicConstraints(true), keyUsage(5)]);
  const crl = [await list({ revokedCertificates: [revoked(7)] }, other.signer)];
  const signerCandidates = [clerk.certificate, other.certificate, ca.certificate];
  const asked: Certificate[] = [];
  const validateSigner = (candidate: Certificate): Promise<boolean> => {
    asked.push(candidate);
    return Promise.resolve(true);
  };
  assert.is(await code(crl), "signature");
  assert.is(await code(crl, { signerCandidates }), "signer");
  assert.is(await code(crl, { signerCandidates, validateSigner: () => Promise.resolve(false) }), "signer");
  assert.is(await code(crl, { signerCandidates, validateSigner }), "unspecified");
  assert.ok(asked.length > 0 && asked.every((candidate) => candidate === other.certificate));
  assert.is(await code(crl, { signerCandidates: [mute.certificate], validateSigner }), "signer");
});

test("crlChecker() reads indirect lists, and no others, for certificates that name their issuer", async () => {
  const certificateIssuer = (name: string) => ({
    oid: "2.5.29.29",
    critical: true,
    value: derSequence(directory(name)),
  });
  const point = derSequence(derContextConstructed(2, directory("Clerk")));
  const certificate = await leaf([distributionPoints(point)]);
  const indirect = (...entries: RevokedCertificateTemplate[]) =>
    list({ issuer: CLERK, extensions: [issuingPoint(flag(4))], revokedCertificates: entries }, clerk.signer);
  const setting: Setting = {
    certificate,
    signerCandidates: [clerk.certificate],
    validateSigner: () => Promise.resolve(true),
  };
  assert.is(await code([await indirect()], setting), "good");
  assert.is(await code([await indirect(revoked(7))], setting), "good");
  assert.is(await code([await indirect(revoked(7, certificateIssuer("Other")))], setting), "good");
  assert.is(await code([await indirect(revoked(7, certificateIssuer("CA")))], setting), "unspecified");
  const inherited = [revoked(5, certificateIssuer("CA")), revoked(6), revoked(7, reason(1))];
  assert.is(await code([await indirect(...inherited)], setting), "keyCompromise");
  const changed = [revoked(5, certificateIssuer("CA")), revoked(6, certificateIssuer("Clerk")), revoked(7)];
  assert.is(await code([await indirect(...changed)], setting), "good");
  assert.is(await code([await list({ issuer: CLERK }, clerk.signer)], setting), "scope");
  const { validateSigner: _, ...unvalidated } = setting;
  assert.is(await code([await indirect()], unvalidated), "signer");
  assert.is(await code([await indirect()], { ...setting, certificate: await leaf() }), "no-list");
  // The issuer's own list can take such a certificate back, and not call it good.
  assert.is(await code([await list()], setting), "no-list");
  assert.is(await code([await list({ revokedCertificates: [revoked(7)] })], setting), "unspecified");
});

test("crlChecker() lets an issuer of indirect lists speak of itself where its certificate says so", async () => {
  const signer = await testKey("clerk");
  const make = (subject: string, ...extensions: TestExtension[]) =>
    testCertificate({
      subject: commonName(subject),
      issuer: commonName("CA"),
      serial: 7,
      publicKey: signer.publicKey,
      signer: ca.signer,
      extensions: [keyUsage(6), ...extensions],
    });
  const itself = await make("Clerk", distributionPoints(derSequence(derContextConstructed(2, directory("Clerk")))));
  const speak = (...entries: RevokedCertificateTemplate[]) =>
    list({ issuer: CLERK, extensions: [issuingPoint(flag(4))], revokedCertificates: entries }, signer);
  const names = { oid: "2.5.29.29", critical: true, value: derSequence(directory("CA")) };
  const asked: Certificate[] = [];
  const validateSigner = (candidate: Certificate): Promise<boolean> => {
    asked.push(candidate);
    return Promise.resolve(false);
  };
  const setting: Setting = { certificate: itself, signerCandidates: [itself], validateSigner };
  assert.is(await code([await speak()], setting), "good");
  assert.is(await code([await speak(revoked(7, names, reason(1)))], setting), "keyCompromise");
  assert.is(asked.length, 0);
  const { validateSigner: _, ...alone } = setting;
  assert.is(await code([await speak()], alone), "signer");
  // Another certificate of the same name and key is one to be validated.
  assert.is(await code([await speak()], { ...setting, signerCandidates: [await make("Clerk")] }), "signer");
  assert.ok(asked.length > 0);
  // A key that the CA has for lists alone: its own list does not call it good.
  const key = await make("CA");
  assert.is(await code([await list({}, signer)], { ...setting, certificate: key, signerCandidates: [key] }), "signer");
});

test("crlChecker() searches a list once for a certificate, however many distribution points it names", async () => {
  const crl = parseCertificateRevocationList(await list({ revokedCertificates: [revoked(5)] }));
  let searches = 0;
  const { search } = crl;
  crl.search = (...asked) => {
    searches++;
    return search.apply(crl, asked);
  };
  const certificate = await leaf([distributionPoints(...Array.from({ length: 500 }, () => derSequence()))]);
  const context: RevocationContext = { time: NOW, crypto, spend: () => {} };
  for (const points of ["enforce", "ignore"] as const) {
    searches = 0;
    const checker = crlChecker({ crls: [crl], expired: "enforce", distributionPoints: points });
    assert.is((await checker.check(certificate, issuerOf(ca), context)).status, "good");
    assert.is(searches, 1);
  }
});

test("crlChecker() pays for every name of a distribution point and of a list's that it compares", async () => {
  const named = (count: number) => fullName(...Array.from({ length: count }, (_, i) => uri(`http://crl.example/${i}`)));
  const points = Array.from({ length: 50 }, () => derSequence(derContextConstructed(2, directory("CA"))));
  const certificate = await leaf([distributionPoints(...points)]);
  const cost = async (names: number): Promise<number> => {
    let paid = 0;
    const crl = parseCertificateRevocationList(await list({ extensions: [issuingPoint(named(names), flag(4))] }));
    const context: RevocationContext = { time: NOW, crypto, spend: () => void paid++ };
    await crlChecker({ crls: [crl], expired: "enforce" }).check(certificate, issuerOf(ca), context);
    return paid;
  };
  assert.ok(await cost(200) - await cost(100) >= 50 * 100);
});

test("crlChecker() pays for what it does, and stops when the budget is spent", async () => {
  const crls = [await list()];
  const costs: string[] = [];
  await status(crls, { spend: (cost) => void costs.push(cost) });
  assert.ok(costs.includes("signature") && costs.includes("comparison"));
  const same = await Promise.all(Array.from({ length: 30 }, (_, i) => makeCa("CA", `same name ${i}`)));
  let left = 10;
  const broke = Object.assign(new Error("the budget is spent"), { code: "ERR_PATH_BUDGET" });
  const setting: Setting = {
    signerCandidates: same.map(({ certificate }) => certificate),
    spend: (cost) => {
      if (cost === "signature" && left-- === 0) throw broke;
    },
  };
  const forged = await list({}, clerk.signer);
  await assertRejects(() => status([forged], setting), "ERR_PATH_BUDGET");
});

test("crlChecker() reads no more of a streamed list than it has to, and lets its source's errors through", async () => {
  const read: number[] = [];
  const foreign = await list({ issuer: CLERK, revokedCertificates: Array.from({ length: 500 }, (_, i) => revoked(i)) });
  function* watched(): Generator<Uint8Array> {
    for (const piece of inPieces(foreign, 100)) {
      read.push(piece.length);
      yield piece;
    }
  }
  const context: RevocationContext = { time: NOW, crypto, spend: () => {} };
  const checker = crlChecker({ crls: [streamedList(watched)], expired: "enforce" });
  const found = await checker.check(await leaf(), issuerOf(ca), context);
  assert.is(found.status === "unknown" && found.code, "no-list");
  assert.ok(read.length < 4);
  const gone = Object.assign(new Error("the file is gone"), { code: "ENOENT" });
  const broken = crlChecker({ crls: [streamedList(() => Promise.reject(gone))], expired: "enforce" });
  await assertRejects(() => broken.check(ca.certificate, issuerOf(ca), context), "ENOENT");
});

test("crlChecker() answers unknown for a streamed list that ends early or is followed by more", async () => {
  const whole = await list({ revokedCertificates: [revoked(5)] });
  const context: RevocationContext = { time: NOW, crypto, spend: () => {} };
  for (const octets of [whole.slice(0, -1), whole.slice(0, 10), new Uint8Array(0), concatBytes([whole, whole])]) {
    const checker = crlChecker({ crls: [streamedList(() => [octets])], expired: "enforce" });
    const found = await checker.check(await leaf(), issuerOf(ca), context);
    assert.is(found.status === "unknown" && found.code, "malformed");
  }
});

test("crlChecker() never answers good or revoked for a list that was changed", async () => {
  const crl = await list({ revokedCertificates: [revoked(5)], extensions: [crlNumberExtension(1)] });
  const certificate = await leaf();
  const context: RevocationContext = { time: NOW, crypto, spend: () => {} };
  for (let at = 0; at < crl.length; at++) {
    const damaged = crl.slice();
    damaged[at]! ^= 1 << at % 8;
    const checker = crlChecker({ crls: [streamedList(() => [damaged])], expired: "enforce" });
    const found = await checker.check(certificate, issuerOf(ca), context);
    assert.is(found.status, "unknown", `octet ${at}`);
  }
});

test("crlChecker() refuses options that it does not know or that are missing", () => {
  const make = (options: object) => () => crlChecker(options as CrlCheckerOptions);
  assert.throws(make({ crls: [] }), /"expired"/);
  assert.throws(make({ crls: [], expired: "sometimes" }), /"expired"/);
  assert.throws(make({ expired: "ignore" }), /"crls"/);
  assert.throws(make({ crls: [], expired: "ignore", maxAgeMs: -1 }), /"maxAgeMs"/);
  assert.throws(make({ crls: [], expired: "ignore", distributionPoints: true }), /"distributionPoints"/);
  assert.throws(make({ crls: [], expired: "ignore", unknown: "allow" }), /"unknown" is not an option/);
  assert.throws(make({ crls: [], expired: "ignore", toString: 1 }), /"toString" is not an option/);
});

test.run();
