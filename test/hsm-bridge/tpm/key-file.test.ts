// runtimes: node20 node deno bun
import { createPublicKey } from "node:crypto";
import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import {
  derBoolean,
  derContextConstructed,
  derElement,
  derInteger,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  derUtf8String,
} from "../../../core/der/writer.ts";
import { decodePem, encodePem } from "../../../core/pem/pem.ts";
import { encodeTpmKeyFile, isTpmKeyFile, parseTpmKeyFile } from "../../../hsm-bridge/tpm/key-file.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";
import { TPM_KEY_FILES } from "../../support/tpm-key-files.ts";

const test = suite("hsm-bridge/tpm/key-file");

const GOOD = parseTpmKeyFile(TPM_KEY_FILES["P-256"]);
const TYPE = derObjectIdentifier("2.23.133.10.1.3");
const IMPORTABLE = derObjectIdentifier("2.23.133.10.1.4");
const PARENT = derInteger(0x40000001);
const PARTS = [derOctetString(GOOD.publicPart), derOctetString(GOOD.privatePart)];

function field(n: number, element: Bytes): Bytes {
  return derContextConstructed(n, element);
}

function file(...fields: readonly Bytes[]): Bytes {
  return derSequence(...fields, ...PARTS);
}

test("parseTpmKeyFile() reads what OpenSSL's provider writes", () => {
  const facts = Object.entries(TPM_KEY_FILES).map(([name, pem]) => {
    const { kind, emptyAuth, parent, area, policy, secret, description, rsaParent } = parseTpmKeyFile(pem);
    assert.equal([policy, secret, description, rsaParent], [undefined, undefined, undefined, false]);
    const key = createPublicKey({ key: Buffer.from(area.key.spki), format: "der", type: "spki" });
    const detail = key.asymmetricKeyDetails!.namedCurve ?? key.asymmetricKeyDetails!.modulusLength;
    return `${name}: ${kind} ${emptyAuth} ${parent.toString(16)} ${detail}`;
  });
  assert.equal(facts, [
    "P-256: loadable true 40000001 prime256v1",
    "P-384: loadable true 40000001 secp384r1",
    "RSA-2048: loadable true 40000001 2048",
    "P-256 with password: loadable false 40000001 prime256v1",
    "P-256 below 81000001: loadable true 81000001 prime256v1",
  ]);
});

test("parseTpmKeyFile() takes PEM with text around it, octets of PEM, and DER", () => {
  const pem = TPM_KEY_FILES["P-256"];
  const { octets } = decodePem(pem)[0]!;
  const certificate = encodePem("CERTIFICATE", new Uint8Array(8));
  for (const input of [`text\n${certificate}${pem}`, new Uint8Array(Buffer.from(pem)), octets]) {
    assert.equal(parseTpmKeyFile(input).area.key.spki, GOOD.area.key.spki);
  }
  assert.ok(isTpmKeyFile(pem));
  assert.not(isTpmKeyFile(certificate));
});

test("parseTpmKeyFile() reads every field of the draft", () => {
  const step = derSequence(field(0, derInteger(0x16b)), field(1, derOctetString(new Uint8Array(0))));
  const signed = derSequence(field(0, derUtf8String("night")), field(1, derSequence(step)));
  const whole = parseTpmKeyFile(file(
    IMPORTABLE,
    field(0, derBoolean(false)),
    field(1, derSequence(step)),
    field(2, derOctetString(Uint8Array.of(0, 2, 7, 7))),
    field(3, derSequence(signed)),
    field(4, derUtf8String("edge 7")),
    field(5, derBoolean(true)),
    PARENT,
  ));
  assert.is(whole.kind, "importable");
  assert.is(whole.emptyAuth, false);
  assert.equal(whole.policy, [{ commandCode: 0x16b, parameters: new Uint8Array(0) }]);
  assert.equal(whole.secret, Uint8Array.of(0, 2, 7, 7));
  assert.equal(whole.authPolicy?.map(({ name, steps }) => [name, steps.length]), [["night", 1]]);
  assert.is(whole.description, "edge 7");
  assert.is(whole.rsaParent, true);
});

test("parseTpmKeyFile() takes true as 01, a secret without its size, and parents of every kind", () => {
  const boolean = (octet: number) => field(0, derElement(1, Uint8Array.of(octet)));
  const read = [0x00, 0x01, 0xff].map((octet) => parseTpmKeyFile(file(TYPE, boolean(octet), PARENT)).emptyAuth);
  assert.equal(read, [false, true, true]);
  assert.is(parseTpmKeyFile(file(TYPE, PARENT)).emptyAuth, false);
  const secret = field(2, derOctetString(Uint8Array.of(7, 7, 7)));
  assert.equal(parseTpmKeyFile(file(IMPORTABLE, secret, PARENT)).secret, Uint8Array.of(0, 3, 7, 7, 7));
  for (const parent of [0x40000001, 0x40000007, 0x4000000b, 0x4000000c, 0x81000000, 0x81ffffff]) {
    assert.is(parseTpmKeyFile(file(TYPE, derInteger(parent))).parent, parent);
  }
  // As engines on systems with a 32-bit long wrote it.
  assert.is(parseTpmKeyFile(file(TYPE, derInteger(0x81000001 - 2 ** 32))).parent, 0x81000001);
});

test("parseTpmKeyFile() refuses everything else", () => {
  const refused: Readonly<Record<string, Bytes>> = {
    "another type": file(derObjectIdentifier("2.23.133.10.1.2"), PARENT),
    "a boolean of 02": file(TYPE, field(0, derElement(1, Uint8Array.of(2))), PARENT),
    "a boolean of two octets": file(TYPE, field(0, derElement(1, Uint8Array.of(0, 0))), PARENT),
    "two booleans": file(TYPE, derContextConstructed(0, derBoolean(true), derBoolean(true)), PARENT),
    "fields out of order": file(TYPE, field(4, derUtf8String("x")), field(0, derBoolean(true)), PARENT),
    "an unknown field": file(TYPE, field(6, derBoolean(true)), PARENT),
    "no parent": file(TYPE),
    "a transient parent": file(TYPE, derInteger(0x80000001)),
    "the lock-out hierarchy as parent": file(TYPE, derInteger(0x4000000a)),
    "parent 0": file(TYPE, derInteger(0)),
    "a parent of five octets": file(TYPE, derInteger(0x140000001)),
    "an importable key without a secret": file(IMPORTABLE, PARENT),
    "a loadable key with a secret": file(TYPE, field(2, derOctetString(Uint8Array.of(0, 0))), PARENT),
    "no private part": derSequence(TYPE, PARENT, PARTS[0]!),
    "more after the private part": derSequence(TYPE, PARENT, ...PARTS, PARENT),
    "a private part with a wrong size": derSequence(TYPE, PARENT, PARTS[0]!, derOctetString(Uint8Array.of(0, 9, 1))),
    "a private part with more": derSequence(TYPE, PARENT, PARTS[0]!, derOctetString(Uint8Array.of(0, 1, 1, 1))),
    "a public part with more": derSequence(
      TYPE,
      PARENT,
      derOctetString(concatBytes([GOOD.publicPart, Uint8Array.of(0)])),
      PARTS[1]!,
    ),
    "a name that is not UTF-8": file(TYPE, field(4, derElement(12, Uint8Array.of(0xff))), PARENT),
    "a signed policy without steps": file(TYPE, field(3, derSequence(derSequence())), PARENT),
    "a policy of 65 steps": file(TYPE, field(1, derSequence(...Array.from({ length: 65 }, () => STEP))), PARENT),
    "more after the file": concatBytes([file(TYPE, PARENT), Uint8Array.of(0)]),
    "a file of 70 kB": file(TYPE, PARENT, derOctetString(new Uint8Array(70_000))),
    "nothing": new Uint8Array(0),
  };
  for (const [name, der] of Object.entries(refused)) {
    const error = assertThrows(() => parseTpmKeyFile(der), "ERR_TPM_KEY_FILE");
    assert.match(error.message, /^Cannot read /, name);
  }
  assertThrows(() => parseTpmKeyFile(file(derObjectIdentifier("2.23.133.10.1.5"), PARENT)), "ERR_TPM_KEY_UNSUPPORTED");
  for (
    const text of ["", "no PEM", TPM_KEY_FILES["P-256"].slice(0, 200), encodePem("PRIVATE KEY", file(TYPE, PARENT))]
  ) {
    assertThrows(() => parseTpmKeyFile(text), "ERR_TPM_KEY_FILE");
  }
});

const STEP = derSequence(field(0, derInteger(0x16b)), field(1, derOctetString(new Uint8Array(0))));

test("parseTpmKeyFile() refuses every cut and survives every change of an octet", () => {
  const { octets } = decodePem(TPM_KEY_FILES["P-256"])[0]!;
  for (let length = 0; length < octets.length; length++) {
    assertThrows(() => parseTpmKeyFile(octets.slice(0, length)), "ERR_TPM_KEY_FILE");
  }
  for (let at = 0; at < octets.length; at++) {
    for (const bit of [1, 0x10, 0x80]) {
      const changed = octets.slice();
      changed[at]! ^= bit;
      try {
        parseTpmKeyFile(changed);
      } catch (error) {
        assert.match((error as { readonly code: string }).code, /^ERR_TPM_KEY_(FILE|UNSUPPORTED)$/);
      }
    }
  }
});

test("parseTpmKeyFile() says where the fault is", () => {
  const { octets } = decodePem(TPM_KEY_FILES["P-256"])[0]!;
  const changed = octets.slice();
  changed[changed.length - 131] = 0x05;
  const error = assertThrows(() => parseTpmKeyFile(changed), "ERR_TPM_KEY_FILE");
  assert.match(error.message, /^Cannot read TSS2 key file: TPMKey.privkey at offset 112: /);
  assert.is(error["offset"], 112);
});

test("encodeTpmKeyFile() writes what parseTpmKeyFile() reads", () => {
  for (const pem of Object.values(TPM_KEY_FILES)) {
    const read = parseTpmKeyFile(pem);
    assert.equal(parseTpmKeyFile(encodeTpmKeyFile(read)), read);
  }
  const more = {
    ...GOOD,
    policy: [{ commandCode: 0x17f, parameters: Uint8Array.of(1, 2) }],
    description: "ключ",
    rsaParent: true,
  };
  const read = parseTpmKeyFile(encodeTpmKeyFile(more));
  assert.equal([read.policy, read.description, read.rsaParent], [more.policy, more.description, true]);
});

test.run();
