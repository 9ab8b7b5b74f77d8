import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { CURVE_OCTETS, type NamedCurve } from "../../../core/crypto/public-key.ts";
import { ECDSA_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import { ecPublicKey } from "../../../core/crypto/spki-encoding.ts";
import { derContextPrimitive, derSequence } from "../../../core/der/writer.ts";
import type { RevocationStatus } from "../../../core/path/revocation/revocation-checker.ts";
import { KeyCache, type ValidatePathOptions } from "../../../core/path/mod.ts";
import type { Certificate } from "../../../core/x509/certificate.ts";
import { assert, suite } from "../../support/suite.ts";
import { CA_EXTENSIONS, NOW } from "../../support/test-authority.ts";
import { crypto, issue, leaf, refusal, root, validate } from "./hierarchy.ts";

const test = suite("core/path/path-search");

/** A provider that says the same about every signature, and counts how often it was asked. */
function stub(answer: boolean): { readonly asked: () => number; readonly crypto: typeof crypto } {
  let count = 0;
  return {
    asked: () => count,
    crypto: {
      ...crypto,
      importPublicKey: (_key, algorithm) => ({
        algorithm,
        verify: () => {
          count++;
          return answer;
        },
      }),
    },
  };
}

/** A certificate that nobody signed, of a key that nobody has: a search with a stub does not care. */
async function unsigned(
  subject: string,
  issuer: string,
  serial: number,
  curve: NamedCurve = "P-256",
): Promise<Certificate> {
  const point = new Uint8Array(1 + 2 * CURVE_OCTETS[curve]);
  point.set([4, serial >> 8, serial & 0xff]);
  const { spki } = ecPublicKey({ curve, point });
  const signer = { algorithm: ECDSA_SHA256, publicKey: spki, sign: () => Uint8Array.of(0x30, 0) };
  return await issue(subject, issuer, CA_EXTENSIONS, { signer, serial, publicKey: spki });
}

test("PathSearch ends among a thousand issuers of one name within its signatures", async () => {
  const decoys = await Promise.all(Array.from({ length: 1000 }, (_, i) => unsigned("Issuing", "Root", i + 1)));
  const { asked, crypto } = stub(false);
  const error = await refusal(validate(await leaf("Issuing"), [await root()], decoys, { crypto }), "ERR_PATH_BUDGET");
  assert.match(error.message, "the search for a path stopped after 100 signatures");
  assert.is(asked(), 100);
});

for (const [curve, checked] of [["P-384", 25], ["P-521", 12]] as const) {
  test(`PathSearch checks fewer signatures by keys on ${curve}, which take longer`, async () => {
    const decoys = await Promise.all(Array.from({ length: 30 }, (_, i) => unsigned("Issuing", "Root", i + 1, curve)));
    const { asked, crypto } = stub(false);
    await refusal(validate(await leaf("Issuing"), [await root()], decoys, { crypto }), "ERR_PATH_BUDGET");
    assert.is(asked(), checked);
  });
}

test("PathSearch ends in a mesh where every CA signed every other within its candidates, each signature once", async () => {
  const names = Array.from({ length: 10 }, (_, i) => `CA ${i}`);
  const mesh: Certificate[] = [];
  for (const subject of names) {
    for (const issuer of names) if (subject !== issuer) mesh.push(await unsigned(subject, issuer, mesh.length + 1));
  }
  const { asked, crypto } = stub(true);
  const limits = { signatures: 1e9 };
  const end = await leaf("CA 0");
  const error = await refusal(validate(end, [await root()], mesh, { crypto, limits }), "ERR_PATH_BUDGET");
  assert.match(error.message, "the search for a path stopped after 10000 candidates");
  assert.ok(asked() <= mesh.length * mesh.length, String(asked()));
});

test("PathSearch checks a signature once for all certificates of a key", async () => {
  const from = ["B", "C", "D"];
  const crossed = await Promise.all(from.map((issuer, i) => issue("A", issuer, CA_EXTENSIONS, { serial: i + 1 })));
  const out = await issue("A", "Root", CA_EXTENSIONS, { serial: 9 });
  const limits = { signatures: 2 };
  const path = await validate(await leaf("A"), [await root()], [...crossed, out], { limits, keys: new KeyCache() });
  assert.equal(path.intermediates, [out]);
});

test("PathSearch reads no more certificates of a key that did not make the signature", async () => {
  const decoys = await Promise.all(
    Array.from({ length: 3 }, (_, i) => issue("Issuing", "Root", CA_EXTENSIONS, { serial: i + 2, key: "decoy" })),
  );
  const right = await issue("Issuing", "Root");
  const end = await leaf("Issuing");
  const anchor = await root();
  const octets = [end, decoys[0]!, right, anchor].reduce((sum, { der }) => sum + der.length, 0);
  const path = await validate(end, [anchor], [...decoys, right], { limits: { octets, signatures: 3 } });
  assert.equal(path.intermediates, [right]);
});

test("PathSearch keeps the key of an issuer that another certificate of the key was tried for", async () => {
  let imported = 0;
  const counting: typeof crypto = {
    ...crypto,
    importPublicKey(key, algorithm) {
      imported++;
      return crypto.importPublicKey(key, algorithm);
    },
  };
  const crossed = await issue("A", "B");
  const out = await issue("A", "Root", CA_EXTENSIONS, { serial: 2 });
  const anchors = [await root()];
  const more = { crypto: counting, keys: new KeyCache() };
  await validate(await leaf("A"), anchors, [crossed, out], more);
  assert.is(imported, 2);
  await validate(await leaf("A"), anchors, [crossed, out], more);
  assert.is(imported, 2);
});

test("PathSearch goes no deeper than its intermediates along a chain of two hundred", async () => {
  const chain = await Promise.all(Array.from({ length: 200 }, (_, i) => unsigned(`CA ${i}`, `CA ${i + 1}`, i + 1)));
  const { asked, crypto } = stub(true);
  await refusal(validate(await leaf("CA 0"), [await root()], chain, { crypto }), "ERR_PATH_BUDGET");
  assert.ok(asked() <= 9, String(asked()));
});

test("PathSearch reads no more octets of certificates than its budget has", async () => {
  const text = "x".repeat(5000);
  const decoys = await Promise.all(
    Array.from(
      { length: 3 },
      (_, i) =>
        issue("Issuing", "Root", [...CA_EXTENSIONS, { oid: "1.2.3", value: encodeUtf8(text) }], {
          serial: i + 2,
          key: `${i}`,
        }),
    ),
  );
  const right = await issue("Issuing", "Root");
  const end = await leaf("Issuing");
  const anchor = await root();
  const octets = [end, ...decoys, right, anchor].reduce((sum, { der }) => sum + der.length, 0);
  await validate(end, [anchor], [...decoys, right], { limits: { octets } });
  const error = await refusal(
    validate(end, [anchor], [...decoys, right], { limits: { octets: octets - 1 } }),
    "ERR_PATH_BUDGET",
  );
  assert.match(error.message, `the search for a path stopped after ${octets - 1} octets`);
});

test("PathSearch does not write names out that nobody hears of", async () => {
  const name = "N".repeat(40_000);
  const end = await issue("Leaf", name, [], { issuerKey: "Issuing" });
  const decoys = await Promise.all(
    Array.from({ length: 5 }, (_, i) => issue(name, "Root", CA_EXTENSIONS, { key: `decoy ${i}`, serial: i + 1 })),
  );
  const error = await refusal(validate(end, [await root()], decoys), "ERR_PATH_SIGNATURE");
  assert.match(error.message, `"CN=${name}" did not make its signature`);
});

test("PathSearch tries first the issuer whose key identifier the certificate names", async () => {
  const identifier = (octet: number) => ({ oid: "2.5.29.14", value: Uint8Array.of(4, 1, octet) });
  const named = { oid: "2.5.29.35", value: derSequence(derContextPrimitive(0, Uint8Array.of(9))) };
  const decoys = await Promise.all(
    [1, 2, 3].map((serial) =>
      issue("Issuing", "Root", [...CA_EXTENSIONS, identifier(serial)], { key: `decoy ${serial}`, serial })
    ),
  );
  const right = await issue("Issuing", "Root", [...CA_EXTENSIONS, identifier(9)]);
  const end = await issue("Leaf", "Issuing", [named]);
  const limits = { signatures: 2 };
  const path = await validate(end, [await root()], [...decoys, right], { limits });
  assert.equal(path.intermediates, [right]);
});

/** Revocation with a checker that knows the status of certificates by serial number, and notes whom it was asked about. */
function revocation(
  statuses: Readonly<Record<string, RevocationStatus>>,
  choice: { readonly unknown: "allow" | "deny"; readonly depth: "chain" | "end-entity" },
) {
  const asked: string[] = [];
  const options: Partial<ValidatePathOptions> = {
    revocation: {
      ...choice,
      checker: {
        check(certificate, issuer, context) {
          asked.push(`${certificate.serialNumberDecimal} by ${issuer.subject.attribute("2.5.4.3")}`);
          context.spend("signature");
          return Promise.resolve(statuses[certificate.serialNumberDecimal] ?? { status: "good" });
        },
      },
    },
  };
  return { asked, options };
}

test("PathSearch asks for the status of every certificate below the anchor, or of the end entity alone", async () => {
  const issuing = await issue("Issuing", "Root", CA_EXTENSIONS, { serial: 2 });
  const end = await leaf("Issuing", { serial: 3 });
  const anchors = [await root()];
  const chain = revocation({}, { unknown: "deny", depth: "chain" });
  await validate(end, anchors, [issuing], chain.options);
  assert.equal(chain.asked, ["2 by Root", "3 by Issuing"]);
  const alone = revocation({}, { unknown: "deny", depth: "end-entity" });
  await validate(end, anchors, [issuing], alone.options);
  assert.equal(alone.asked, ["3 by Issuing"]);
});

test("PathSearch refuses what was revoked, and what is unknown when the caller denies it", async () => {
  const end = await leaf("Root", { serial: 3 });
  const anchors = [await root()];
  const status = {
    revoked: { status: "revoked", reason: "keyCompromise", date: NOW - 1000 },
    unknown: { status: "unknown", code: "no-list", why: "there is no list" },
  } as const;
  const chain = (kind: keyof typeof status, unknown: "allow" | "deny") =>
    validate(end, anchors, [], revocation({ 3: status[kind] }, { unknown, depth: "chain" }).options);
  const error = await refusal(chain("revoked", "allow"), "ERR_PATH_REVOKED");
  assert.match(error.message, "it was revoked at 2026-06-01T11:59:59Z (keyCompromise)");
  const unknown = await refusal(chain("unknown", "deny"), "ERR_PATH_REVOCATION_UNKNOWN");
  assert.match(unknown.message, "the revocation status is not known: there is no list");
  await chain("unknown", "allow");
});

test("PathSearch goes on to another path when an intermediate was revoked", async () => {
  const bad = await issue("Issuing", "Root", CA_EXTENSIONS, { serial: 2 });
  const good = await issue("Issuing", "Root", CA_EXTENSIONS, { serial: 4 });
  const revoked = { status: "revoked", reason: "superseded", date: NOW } as const;
  const { options } = revocation({ 2: revoked }, { unknown: "deny", depth: "chain" });
  const path = await validate(await leaf("Issuing"), [await root()], [bad, good], options);
  assert.equal(path.intermediates, [good]);
});

test("PathSearch charges the steps of a checker to its budget", async () => {
  const { options } = revocation({}, { unknown: "deny", depth: "chain" });
  const limits = { signatures: 1 };
  await refusal(validate(await leaf(), [await root()], [], { ...options, limits }), "ERR_PATH_BUDGET");
});

test("PathSearch validates signers of lists to the same anchor, and trusts none that depends on itself", async () => {
  const signer = await issue("Signer", "Root", [], { serial: 5 });
  const stranger = await issue("Signer", "Elsewhere", [], { serial: 6 });
  const circular = await issue("Circular", "Root", [], { serial: 7 });
  const outcomes: Record<string, boolean> = {};
  const options: Partial<ValidatePathOptions> = {
    revocation: {
      unknown: "deny",
      depth: "chain",
      checker: {
        async check(certificate, _issuer, { validateSigner }) {
          const serial = certificate.serialNumberDecimal;
          if (serial === "3") {
            outcomes["signer"] = await validateSigner!(signer);
            outcomes["stranger"] = await validateSigner!(stranger);
            outcomes["circular"] = await validateSigner!(circular);
          }
          if (serial === "7" && !await validateSigner!(circular)) {
            return { status: "unknown", code: "signer", why: "nobody is trusted" };
          }
          return { status: "good" };
        },
      },
    },
  };
  const elsewhere = await issue("Elsewhere", "Elsewhere");
  await validate(await leaf("Root", { serial: 3 }), [await root(), elsewhere], [], options);
  assert.equal(outcomes, { signer: true, stranger: false, circular: false });
});

test.run();
