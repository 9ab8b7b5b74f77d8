import { ECDSA_SHA1, ECDSA_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import { derSequence } from "../../../core/der/writer.ts";
import {
  KeyCache,
  ROLES_ANYWHERE_PROFILE,
  trustAnchor,
  validatePath,
  type ValidatePathOptions,
} from "../../../core/path/mod.ts";
import { VerifiedPath } from "../../../core/path/verified-path.ts";
import { type Certificate, parseCertificate } from "../../../core/x509/certificate.ts";
import { assert, suite } from "../../support/suite.ts";
import {
  basicConstraints,
  CA_EXTENSIONS,
  CLIENT_EXTENSIONS,
  DAY,
  extendedKeyUsage,
  keyUsage,
  NOW,
  type TestExtension,
  testKey,
} from "../../support/test-authority.ts";
import { crypto, issue, leaf, refusal, root, validate } from "./hierarchy.ts";

const test = suite("core/path/validate-path");

test("validatePath() finds the path through intermediates in any order, with duplicates and strangers", async () => {
  const anchor = await root();
  const upper = await issue("Upper", "Root");
  const lower = await issue("Lower", "Upper");
  const end = await leaf("Lower");
  const stranger = await issue("Stranger", "Elsewhere");
  const path = await validate(end, [stranger, anchor], [anchor, stranger, upper, end, lower, upper, end]);
  assert.ok(path instanceof VerifiedPath);
  assert.is(path.endEntity, end);
  assert.equal(path.intermediates.map((one) => one.subject.attribute("2.5.4.3")), ["Lower", "Upper"]);
  assert.is(path.anchor, anchor);
  assert.is(path.time, NOW);
});

test("validatePath() accepts an anchor that is not self-signed", async () => {
  const anchor = await issue("Issuing", "Root");
  assert.is((await validate(await leaf("Issuing"), [anchor])).anchor, anchor);
});

test("validatePath() goes round a loop of cross-certificates to the anchor", async () => {
  const first = await issue("A", "B");
  const second = await issue("B", "A");
  const out = await issue("A", "Root");
  const path = await validate(await leaf("A"), [await root()], [first, second, out]);
  assert.equal(path.intermediates, [out]);
  await refusal(validate(await leaf("A"), [await root()], [first, second]), "ERR_PATH_UNKNOWN_ISSUER");
});

test("validatePath() shows nothing of a name that a terminal would act on", async () => {
  const { message } = await refusal(
    validate(await issue("\x1b]0;owned\x07\nok", "Gone\x9bm"), [await root()]),
    "ERR_PATH_UNKNOWN_ISSUER",
  );
  assert.match(message, 'certificate "CN=\\1B]0\\;owned\\07\\0Aok": its issuer "CN=Gone\\C2\\9Bm" is');
});

test("validatePath() tries the next issuer of the same name when one is expired", async () => {
  const old = await issue("Issuing", "Root", CA_EXTENSIONS, { notAfter: NOW - DAY / 2, serial: 2 });
  const renewed = await issue("Issuing", "Root", CA_EXTENSIONS, { serial: 3 });
  const path = await validate(await leaf("Issuing"), [await root()], [old, renewed]);
  assert.equal(path.intermediates, [renewed]);
});

test("validatePath() refuses an issuer that is not at hand, naming it", async () => {
  const error = await refusal(validate(await leaf("Missing"), [await root()]), "ERR_PATH_UNKNOWN_ISSUER");
  assert.is(
    error.message,
    'Cannot validate certificate "CN=Leaf": its issuer "CN=Missing" is neither a trust anchor nor among the given ' +
      "certificates",
  );
  assert.is(error.depth, 0);
  await refusal(validate(await leaf("Root"), []), "ERR_PATH_UNKNOWN_ISSUER");
  const self = await refusal(validate(await root(), [await issue("Other", "Other")]), "ERR_PATH_UNKNOWN_ISSUER");
  assert.match(self.message, "it is self-issued and no trust anchor");
});

test("validatePath() refuses a certificate that another key of the same name signed", async () => {
  const impostor = await leaf("Root", { issuerKey: "Impostor" });
  await refusal(validate(impostor, [await root()]), "ERR_PATH_SIGNATURE");
});

test("validatePath() refuses certificates outside their validity, the anchor too, both ends belonging to it", async () => {
  const from = NOW - DAY;
  const until = NOW + DAY;
  const end = await leaf();
  const anchor = await root(undefined, { notBefore: from - DAY, notAfter: until + DAY });
  await validate(end, [anchor], [], { time: from });
  await validate(end, [anchor], [], { time: until + 999 });
  await refusal(validate(end, [anchor], [], { time: from - 1 }), "ERR_PATH_NOT_YET_VALID");
  const error = await refusal(validate(end, [anchor], [], { time: until + 1000 }), "ERR_PATH_EXPIRED");
  assert.match(error.message, "it expired at 2026-06-02T12:00:00Z, the validation time is 2026-06-02T12:00:01Z");

  const old = await refusal(
    validate(await leaf("Root"), [await root(undefined, { notAfter: NOW - 1000 })]),
    "ERR_PATH_EXPIRED",
  );
  assert.is(old.depth, 1);
  const young = await issue("Issuing", "Root", CA_EXTENSIONS, { notBefore: NOW + 1000 });
  await refusal(validate(await leaf("Issuing"), [await root()], [young]), "ERR_PATH_NOT_YET_VALID");
});

test("validatePath() refuses issuers that are no CA or may not sign certificates", async () => {
  const cases: [readonly TestExtension[], string][] = [
    [[keyUsage(5)], "ERR_PATH_NOT_A_CA"],
    [[basicConstraints(false), keyUsage(5)], "ERR_PATH_NOT_A_CA"],
    [[basicConstraints(true), keyUsage(0, 6)], "ERR_PATH_KEY_USAGE"],
  ];
  for (const [extensions, code] of cases) {
    const issuing = await issue("Issuing", "Root", extensions);
    await refusal(validate(await leaf("Issuing"), [await root()], [issuing]), code);
    await refusal(validate(await leaf(), [await root(extensions)]), code);
  }
  await validate(await leaf(), [await root([basicConstraints(true)])]);
});

test("validatePath() counts the intermediates below a pathLenConstraint, self-issued ones aside", async () => {
  const anchor = await root([basicConstraints(true, 1), keyUsage(5)]);
  const one = await issue("One", "Root");
  const two = await issue("Two", "One");
  await validate(await leaf("One"), [anchor], [one]);
  const error = await refusal(validate(await leaf("Two"), [anchor], [one, two]), "ERR_PATH_LENGTH");
  assert.match(error.message, "2 intermediates follow, its pathLenConstraint allows 1");

  const zero = await issue("Zero", "Root", [basicConstraints(true, 0), keyUsage(5)]);
  await validate(await leaf("Zero"), [await root()], [zero]);
  // The CA certified its own next key: subject and issuer are the same name.
  const next = await issue("Zero", "Zero", CA_EXTENSIONS, { key: "Zero 2" });
  await validate(await leaf("Zero", { issuerKey: "Zero 2" }), [await root()], [zero, next]);
  const below = await issue("Below", "Zero");
  await refusal(validate(await leaf("Below"), [await root()], [zero, below]), "ERR_PATH_LENGTH");
});

test("validatePath() refuses unknown critical extensions at every position and accepts them uncritical", async () => {
  const unknown = (critical: boolean): TestExtension => ({ oid: "1.2.3.4", critical, value: derSequence() });
  for (const [critical, action] of [[true, refusal], [false, (path: Promise<unknown>) => path]] as const) {
    const marked = unknown(critical);
    const code = "ERR_PATH_CRITICAL_EXTENSION";
    await action(validate(await issue("Leaf", "Root", [...CLIENT_EXTENSIONS, marked]), [await root()]), code);
    await action(validate(await leaf(), [await root([...CA_EXTENSIONS, marked])]), code);
    const issuing = await issue("Issuing", "Root", [...CA_EXTENSIONS, marked]);
    await action(validate(await leaf("Issuing"), [await root()], [issuing]), code);
  }
});

test("validatePath() refuses malformed extensions with the parser's error as the cause", async () => {
  const broken: TestExtension = { oid: "2.5.29.19", critical: true, value: new Uint8Array([0x30, 0x05]) };
  const error = await refusal(validate(await issue("Leaf", "Root", [broken]), [await root()]), "ERR_PATH_MALFORMED");
  assert.is((error.cause as { code: string }).code, "ERR_DER_TRUNCATED");
  const issuing = await issue("Issuing", "Root", [broken]);
  await refusal(validate(await leaf("Issuing"), [await root()], [issuing]), "ERR_PATH_MALFORMED");
});

test("validatePath() reports the most specific of several reasons", async () => {
  const expired = await issue("Issuing", "Root", CA_EXTENSIONS, { notAfter: NOW - 1000 });
  const impostor = await issue("Issuing", "Nowhere", CA_EXTENSIONS, { key: "Impostor" });
  const error = await refusal(validate(await leaf("Issuing"), [await root()], [impostor, expired]), "ERR_PATH_EXPIRED");
  assert.is(error.certificate, expired);
  assert.is(error.depth, 1);
});

test("validatePath() applies a profile's rules to CA certificates and goes on to the next path", async () => {
  const { publicKey } = await testKey("Root");
  // No provider signs with SHA-1; the rule is checked before the signature.
  const signer = { algorithm: ECDSA_SHA1, publicKey, sign: () => new Uint8Array(64) };
  const sha1 = await issue("Issuing", "Root", CA_EXTENSIONS, { signer, serial: 9 });
  const profile = ROLES_ANYWHERE_PROFILE;
  const end = await leaf("Issuing");
  const error = await refusal(validate(end, [await root()], [sha1], { profile }), "ERR_PATH_PROFILE");
  assert.match(error.message, "it is signed with ECDSA with SHA-1, SHA-256 or stronger is required");
  const strong = await issue("Issuing", "Root");
  assert.equal((await validate(end, [await root()], [sha1, strong], { profile })).intermediates, [strong]);
  const bare = await root([basicConstraints(true)]);
  await refusal(validate(await leaf(), [bare], [], { profile }), "ERR_PATH_PROFILE");
});

test("validatePath() stops within its budget among many issuers of one name", async () => {
  const decoys: Certificate[] = [];
  for (let i = 0; i < 20; i++) {
    decoys.push(await issue("Issuing", "Root", CA_EXTENSIONS, { key: `decoy ${i}`, serial: i + 1 }));
  }
  const end = await leaf("Issuing");
  const limits = { signatures: 10 };
  const error = await refusal(validate(end, [await root()], decoys, { limits }), "ERR_PATH_BUDGET");
  assert.match(error.message, "the search for a path stopped after 10 signatures");
  await refusal(validate(end, [await root()], decoys, { limits: { candidates: 5 } }), "ERR_PATH_BUDGET");
});

test("validatePath() does not go deeper than its budget", async () => {
  const chain: Certificate[] = [];
  for (let i = 0; i < 4; i++) chain.push(await issue(`CA ${i + 1}`, i === 0 ? "Root" : `CA ${i}`));
  const end = await leaf("CA 4");
  await validate(end, [await root()], chain, { limits: { intermediates: 4 } });
  await refusal(validate(end, [await root()], chain, { limits: { intermediates: 3 } }), "ERR_PATH_BUDGET");
});

test("validatePath() checks a mesh of cross-certificates in bounded time", async () => {
  const names = ["A", "B", "C", "D", "E"];
  const mesh: Certificate[] = [];
  for (const subject of names) {
    for (const issuer of names) if (subject !== issuer) mesh.push(await issue(subject, issuer));
  }
  await refusal(
    validate(await leaf("A"), [await root()], mesh, { limits: { candidates: 500 } }),
    "ERR_PATH_UNKNOWN_ISSUER",
  );
});

test("validatePath() refuses every certificate with one changed octet", async () => {
  const anchor = await root();
  const issuing = await issue("Issuing", "Root");
  const end = await leaf("Issuing");
  for (const [which, original] of [[0, end], [1, issuing]] as const) {
    for (let at = 0; at < original.der.length; at += 7) {
      const der = original.der.slice();
      der[at]! ^= 0x01;
      let changed: Certificate;
      try {
        changed = parseCertificate(der);
      } catch {
        continue;
      }
      const outcome = which === 0 ? validate(changed, [anchor], [issuing]) : validate(end, [anchor], [changed]);
      const error: { code?: string } = await outcome.then(() => assert.unreachable(`octet ${at}`), (reason) => reason);
      assert.match(String(error.code), /^ERR_PATH_/, `octet ${at} of ${which}`);
    }
  }
});

test("validatePath() demands a decision about revocation and knows its options", async () => {
  const anchor = await root();
  const end = await leaf();
  const options = { anchors: [anchor], intermediates: [], time: NOW, crypto };
  for (
    const wrong of [options, { ...options, revocation: "never" }, { ...options, revocation: "skip", anchor }, {
      ...options,
      revocation: "skip",
      time: NaN,
    }]
  ) {
    const error = await validatePath(end, wrong as ValidatePathOptions).then(() => undefined, (reason) => reason);
    assert.instance(error, TypeError);
  }
});

test("validatePath() trusts an anchor that is a name and a key, without a certificate", async () => {
  const { subject, publicKey } = await root();
  const anchor = { subject, publicKey, validity: "ignore", constraints: "ignore" } as const;
  assert.is((await validate(await leaf(), [anchor])).anchor, anchor);
  const impostor = { ...anchor, publicKey: (await issue("Impostor", "Impostor")).publicKey };
  await refusal(validate(await leaf(), [impostor]), "ERR_PATH_SIGNATURE");
});

test("trustAnchor() enforces validity and constraints as it is told", async () => {
  const old = await root([keyUsage(0)], { notAfter: NOW - 1000 });
  const end = await leaf();
  await refusal(validate(end, [trustAnchor(old, { validity: "enforce", constraints: "ignore" })]), "ERR_PATH_EXPIRED");
  await refusal(validate(end, [trustAnchor(old, { validity: "ignore", constraints: "enforce" })]), "ERR_PATH_NOT_A_CA");
  await validate(end, [trustAnchor(old, { validity: "ignore", constraints: "ignore" })]);
  const unsaid = trustAnchor(old, { validity: "ignore" } as never);
  assert.instance(await validate(end, [unsaid]).catch((error) => error), TypeError);
});

test("validatePath() stops at an intermediate that is an anchor", async () => {
  const issuing = await issue("Issuing", "Root");
  const path = await validate(await leaf("Issuing"), [issuing, await root()], [issuing]);
  assert.is(path.anchor, issuing);
  assert.equal(path.intermediates, []);
});

test("validatePath() wants the purpose of the end entity and of every CA that restricts it", async () => {
  const client = "1.3.6.1.5.5.7.3.2";
  const server = "1.3.6.1.5.5.7.3.1";
  const end = await issue("Leaf", "Issuing", [...CLIENT_EXTENSIONS, extendedKeyUsage(client)]);
  const free = await issue("Issuing", "Root");
  const bound = await issue("Issuing", "Root", [...CA_EXTENSIONS, extendedKeyUsage(server)], { serial: 7 });
  const any = await issue("Issuing", "Root", [...CA_EXTENSIONS, extendedKeyUsage("2.5.29.37.0")], { serial: 8 });
  const anchors = [await root()];
  await validate(end, anchors, [free], { purpose: client });
  await validate(end, anchors, [any], { purpose: client });
  await validate(end, anchors, [bound]);
  await refusal(validate(end, anchors, [free], { purpose: server }), "ERR_PATH_PURPOSE");
  const error = await refusal(validate(end, anchors, [bound], { purpose: client }), "ERR_PATH_PURPOSE");
  assert.is(error.depth, 1);
  assert.equal((await validate(end, anchors, [bound, free], { purpose: client })).intermediates, [free]);
});

test("validatePath() wants the key usages it is told, and one that goes with the purpose", async () => {
  const anchors = [await root()];
  const agreeing = await issue("Leaf", "Root", [keyUsage(4), extendedKeyUsage("1.3.6.1.5.5.7.3.3")]);
  await validate(agreeing, anchors, [], { keyUsage: ["keyAgreement"] });
  await refusal(validate(agreeing, anchors, [], { keyUsage: ["digitalSignature"] }), "ERR_PATH_KEY_USAGE");
  await refusal(validate(agreeing, anchors, [], { purpose: "1.3.6.1.5.5.7.3.3" }), "ERR_PATH_KEY_USAGE");
});

test("validatePath() refuses what the algorithm policy does not accept", async () => {
  const { publicKey } = await testKey("Root");
  const signer = { algorithm: ECDSA_SHA1, publicKey, sign: () => new Uint8Array(64) };
  const error = await refusal(validate(await leaf("Root", { signer }), [await root()]), "ERR_PATH_ALGORITHM");
  assert.match(error.message, "it is signed with ECDSA with SHA-1, accepted are SHA-256, SHA-384, SHA-512");
  const algorithms = { hashes: ["SHA-384"] } as const;
  await refusal(validate(await leaf(), [await root()], [], { algorithms }), "ERR_PATH_ALGORITHM");
});

test("validatePath() counts the intermediates that the caller allows", async () => {
  const one = await issue("One", "Root");
  const two = await issue("Two", "One");
  const next = await issue("One", "One", CA_EXTENSIONS, { key: "One 2" });
  const anchors = [await root()];
  await validate(await leaf("Two"), anchors, [one, two], { maxPathLength: 2 });
  await validate(await leaf("One", { issuerKey: "One 2" }), anchors, [one, next], { maxPathLength: 1 });
  await refusal(validate(await leaf("Two"), anchors, [one, two], { maxPathLength: 1 }), "ERR_PATH_LENGTH");
});

test("validatePath() uses keys that the caller keeps, and keeps only those of paths that are valid", async () => {
  const imported: string[] = [];
  const counting = {
    ...crypto,
    importPublicKey(...[key, algorithm]: Parameters<typeof crypto.importPublicKey>) {
      imported.push(algorithm.name);
      return crypto.importPublicKey(key, algorithm);
    },
  };
  const keys = new KeyCache();
  const anchors = [await root()];
  const issuing = await issue("Issuing", "Root");
  const end = await leaf("Issuing");
  await refusal(validate(end, [], [issuing], { crypto: counting, keys }), "ERR_PATH_UNKNOWN_ISSUER");
  await validate(end, anchors, [issuing], { crypto: counting, keys });
  assert.is(imported.length, 3);
  await validate(parseCertificate(end.der), anchors, [parseCertificate(issuing.der)], { crypto: counting, keys });
  assert.is(imported.length, 3);
  assert.throws(() => new KeyCache(0), RangeError);
});

test("KeyCache gives up the key that was used least recently", async () => {
  const keys = new KeyCache(2);
  const verifier = { algorithm: ECDSA_SHA256, verify: () => true };
  const [a, b, c] = await Promise.all(["A", "B", "C"].map(async (name) => (await issue(name, name)).publicKey));
  const again = (key: typeof a) => ({ ...key! });
  keys.keep(a!, ECDSA_SHA256, verifier);
  keys.keep(b!, ECDSA_SHA256, verifier);
  assert.is(keys.find(again(a), ECDSA_SHA256), verifier);
  keys.keep(c!, ECDSA_SHA256, verifier);
  assert.is(keys.find(again(a), ECDSA_SHA256), verifier);
  assert.is(keys.find(again(b), ECDSA_SHA256), undefined);
  assert.is(keys.find(again(a), ECDSA_SHA1), undefined);
});

test("validatePath() explains what it tried when it is asked", async () => {
  const old = await issue("Issuing", "Root", CA_EXTENSIONS, { notAfter: NOW - 1000, serial: 2 });
  const renewed = await issue("Issuing", "Root", CA_EXTENSIONS, { serial: 3 });
  const end = await leaf("Issuing");
  const anchors = [await root()];
  const { explanation } = await validate(end, anchors, [old, renewed], { explain: "tree" });
  assert.is(explanation!.outcome, "verified");
  assert.is(explanation!.position, "end-entity");
  assert.equal(explanation!.issuers.map(({ outcome, reason }) => [outcome, reason?.code]), [
    ["refused", "ERR_PATH_EXPIRED"],
    ["verified", undefined],
  ]);
  assert.is(explanation!.issuers[1]!.issuers[0]!.position, "anchor");
  assert.is((await validate(end, anchors, [renewed])).explanation, undefined);

  const error = await refusal(validate(end, anchors, [old], { explain: "tree" }), "ERR_PATH_EXPIRED");
  assert.is(error.explanation!.outcome, "abandoned");
  assert.is(error.explanation!.issuers[0]!.reason!.certificate, old);
  const alone = await refusal(validate(old, anchors, [], { explain: "tree" }), "ERR_PATH_EXPIRED");
  assert.is(alone.explanation!.reason!.code, "ERR_PATH_EXPIRED");
});

test("VerifiedPath is made by the validator alone", async () => {
  const anchor = await root();
  const { policies } = await validate(await leaf(), [anchor]);
  const fields = { endEntity: anchor, intermediates: [], anchor, time: NOW, policies, explanation: undefined };
  assert.throws(() => new VerifiedPath(Symbol("validated") as never, fields), TypeError);
});

test.run();
