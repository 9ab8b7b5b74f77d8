import { derContextConstructed, derContextPrimitive, derSequence } from "../../../core/der/writer.ts";
import { CONFORMING_ISSUER_PROFILE } from "../../../core/path/mod.ts";
import { assert, suite } from "../../support/suite.ts";
import {
  basicConstraints,
  CA_EXTENSIONS,
  CLIENT_EXTENSIONS,
  dnsName,
  keyUsage,
  subjectAlternativeName,
  type TestExtension,
} from "../../support/test-authority.ts";
import { issue, type More, refusal, root, validate } from "./hierarchy.ts";

const test = suite("core/path/conforming-issuer-profile");

const profile = CONFORMING_ISSUER_PROFILE;
const subjectKey: TestExtension = { oid: "2.5.29.14", value: Uint8Array.of(4, 1, 7) };
const authorityKey: TestExtension = {
  oid: "2.5.29.35",
  value: derSequence(derContextPrimitive(0, Uint8Array.of(7))),
};
const CA = [...CA_EXTENSIONS, subjectKey];
const END = [...CLIENT_EXTENSIONS, authorityKey];
const nameConstraints = (critical: boolean, base: string): TestExtension => ({
  oid: "2.5.29.30",
  critical,
  value: derSequence(derContextConstructed(0, derSequence(dnsName(base)))),
});

test("CONFORMING_ISSUER_PROFILE accepts what a conforming CA issues", async () => {
  await validate(await issue("Leaf", "Root", END), [await root(CA)], [], { profile });
});

test("CONFORMING_ISSUER_PROFILE refuses end entities that break a rule of RFC 5280 §4", async () => {
  const cases: [string, readonly TestExtension[], More?][] = [
    ["its authorityKeyIdentifier is missing", CLIENT_EXTENSIONS],
    ["its authorityKeyIdentifier must not be critical", [{ ...authorityKey, critical: true }]],
    ["its serial number is not positive", END, { serial: 0 }],
    ["its subject is empty, and it has no critical subjectAltName", [...END, subjectAlternativeName(dnsName("a.b"))], {
      subject: [],
    }],
    ['its dNSName "a_b.c" is not in the preferred name syntax', [...END, subjectAlternativeName(dnsName("a_b.c"))]],
    ["its keyUsage includes keyCertSign, and it is no CA", [keyUsage(0, 5), authorityKey]],
    ["it has nameConstraints, and it is no CA", [...END, nameConstraints(true, "a.b")]],
  ];
  for (const [state, extensions, more] of cases) {
    const end = await issue("Leaf", "Root", extensions, more);
    const error = await refusal(validate(end, [await root(CA)], [], { profile }), "ERR_PATH_PROFILE");
    assert.match(error.message, state);
    await validate(end, [await root(CA)]);
  }
});

test("CONFORMING_ISSUER_PROFILE refuses CA certificates that break a rule of RFC 5280 §4", async () => {
  const cases: [string, readonly TestExtension[]][] = [
    ["it is a CA, and its subjectKeyIdentifier is missing", CA_EXTENSIONS],
    ["its basicConstraints must be critical", [{ ...basicConstraints(true), critical: false }, subjectKey]],
    ["its nameConstraints must be critical", [...CA, nameConstraints(false, "a.b")]],
    ["dNSName that begins with a dot", [...CA, nameConstraints(true, ".a.b")]],
  ];
  const end = await issue("Leaf", "Root", END);
  for (const [state, extensions] of cases) {
    const error = await refusal(validate(end, [await root(extensions)], [], { profile }), "ERR_PATH_PROFILE");
    assert.match(error.message, state);
  }
});

test.run();
