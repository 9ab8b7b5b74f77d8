// runtimes: node20 node deno bun
import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import { decodeUtf8, encodeUtf8 } from "../../../core/bytes/text.ts";
import { formatPkcs11Uri, Pkcs11Uri } from "../../../hsm-bridge/pkcs11/pkcs11-uri.ts";
import { isPkcs11Uri, parsePkcs11Uri } from "../../../hsm-bridge/pkcs11/pkcs11-uri-parsing.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/pkcs11/pkcs11-uri");

test("parsePkcs11Uri() reads every attribute of the path", () => {
  const { attributes } = parsePkcs11Uri(
    "pkcs11:token=My%20token%2025%25;manufacturer=Snake%20Oil,%20Inc.;serial=DECAFBAD;model=v&1;" +
      "library-manufacturer=a=b;library-description=Soft%20Token;library-version=3.12;object=%C3%A4;type=private;" +
      "id=%69%95%3E%5C%F4%BD%00;slot-description=slot;slot-manufacturer=maker;slot-id=327;x-vendor=1",
  );
  assert.equal(attributes, {
    token: "My token 25%",
    manufacturer: "Snake Oil, Inc.",
    serial: "DECAFBAD",
    model: "v&1",
    libraryManufacturer: "a=b",
    libraryDescription: "Soft Token",
    libraryVersion: { major: 3, minor: 12 },
    object: "ä",
    type: "private",
    id: decodeHex("69953e5cf4bd00"),
    slotDescription: "slot",
    slotManufacturer: "maker",
    slotId: 327n,
    vendorPath: [{ name: "x-vendor", value: "1" }],
  });
});

test("parsePkcs11Uri() reads every attribute of the query", () => {
  const uri = parsePkcs11Uri(
    "pkcs11:?pin-value=12%2634&module-path=/usr/lib/a%20b.so&module-name=softhsm2&v=1&v=2",
  );
  assert.is(decodeUtf8(uri.pinValue()!), "12&34");
  assert.equal(uri.attributes, {
    modulePath: "/usr/lib/a b.so",
    moduleName: "softhsm2",
    vendorQuery: [{ name: "v", value: "1" }, { name: "v", value: "2" }],
  });
  assert.is(parsePkcs11Uri("pkcs11:?pin-source=file:/etc/token_pin").attributes.pinSource, "file:/etc/token_pin");
  assert.is(parsePkcs11Uri("pkcs11:?pin-source=|/usr/lib/pinomatic").attributes.pinSource, "|/usr/lib/pinomatic");
});

test("parsePkcs11Uri() reads URIs that say little", () => {
  assert.equal(parsePkcs11Uri("pkcs11:").attributes, {});
  assert.equal(parsePkcs11Uri("PKCS11:?").attributes, {});
  assert.equal(parsePkcs11Uri("pkcs11:token=;id=").attributes, { token: "", id: new Uint8Array(0) });
  assert.is(parsePkcs11Uri("pkcs11:slot-id=0").attributes.slotId, 0n);
  assert.is(parsePkcs11Uri("pkcs11:slot-id=18446744073709551615").attributes.slotId, 0xffff_ffff_ffff_ffffn);
  assert.equal(parsePkcs11Uri("pkcs11:library-version=2").attributes.libraryVersion, { major: 2, minor: 0 });
  for (const type of ["public", "private", "cert", "secret-key", "data"]) {
    assert.is(parsePkcs11Uri(`pkcs11:type=${type}`).attributes.type, type);
  }
});

test("isPkcs11Uri() goes by the scheme", () => {
  assert.ok(isPkcs11Uri("PKCS11:token=x"));
  assert.not(isPkcs11Uri("pkcs11"));
  assert.not(isPkcs11Uri("/etc/pkcs11:token"));
});

const MALFORMED: readonly (readonly [text: string, code: string, offset: number, attribute?: string])[] = [
  ["", "SCHEME", 0],
  ["pkcs11", "SCHEME", 0],
  [" pkcs11:", "SCHEME", 0],
  ["pkcs12:token=x", "SCHEME", 0],
  ["pkcs11:token", "SYNTAX", 7],
  ["pkcs11:;", "SYNTAX", 7],
  ["pkcs11:token=a;", "SYNTAX", 15],
  ["pkcs11:token=a;;object=b", "SYNTAX", 15],
  ["pkcs11:=a", "SYNTAX", 7],
  ["pkcs11:to ken=a", "SYNTAX", 7],
  ["pkcs11:?pin-value=1&", "SYNTAX", 20],
  ["pkcs11:?pin-value", "SYNTAX", 8],
  ["pkcs11:token=a b", "CHARACTER", 14, "token"],
  ["pkcs11:token=a/b", "CHARACTER", 14, "token"],
  ["pkcs11:token=ä", "CHARACTER", 13, "token"],
  ["pkcs11:token=a#b", "CHARACTER", 14, "token"],
  ["pkcs11:?module-path=/a?b;c", "CHARACTER", 24, "module-path"],
  ["pkcs11:token=%4", "ENCODING", 13, "token"],
  ["pkcs11:token=%4;id=%41", "ENCODING", 13, "token"],
  ["pkcs11:token=%GG", "ENCODING", 13, "token"],
  ["pkcs11:token=%C3%28", "ENCODING", 13, "token"],
  ["pkcs11:?pin-value=%ff", "ENCODING", 18, "pin-value"],
  ["pkcs11:token=a;token=b", "DUPLICATE", 15, "token"],
  ["pkcs11:x-own=a;x-own=b", "DUPLICATE", 15],
  ["pkcs11:?module-name=a&module-name=a", "DUPLICATE", 22, "module-name"],
  ["pkcs11:token=a;pin-value=1", "MISPLACED", 15, "pin-value"],
  ["pkcs11:?object=a", "MISPLACED", 8, "object"],
  ["pkcs11:slot-id=", "VALUE", 15, "slot-id"],
  ["pkcs11:slot-id=0x1", "VALUE", 15, "slot-id"],
  ["pkcs11:slot-id=-1", "VALUE", 15, "slot-id"],
  ["pkcs11:slot-id=18446744073709551616", "VALUE", 15, "slot-id"],
  ["pkcs11:type=", "VALUE", 12, "type"],
  ["pkcs11:type=certificate", "VALUE", 12, "type"],
  ["pkcs11:library-version=", "VALUE", 23, "library-version"],
  ["pkcs11:library-version=1.", "VALUE", 23, "library-version"],
  ["pkcs11:library-version=1.2.3", "VALUE", 23, "library-version"],
  ["pkcs11:library-version=256", "VALUE", 23, "library-version"],
  ["pkcs11:?module-path=lib/x.so", "VALUE", 20, "module-path"],
  ["pkcs11:?module-path=/x%00.so", "VALUE", 20, "module-path"],
  ["pkcs11:?module-name=", "VALUE", 20, "module-name"],
  ["pkcs11:?module-name=../x", "VALUE", 20, "module-name"],
  ["pkcs11:?pin-value=1&pin-source=/x", "PIN", 31, "pin-source"],
  ["pkcs11:?pin-source=/x&pin-value=1", "PIN", 32, "pin-value"],
  [`pkcs11:token=${"a".repeat(20_000)}`, "LENGTH", 16_384],
];

for (const [text, code, offset, attribute] of MALFORMED) {
  test(`parsePkcs11Uri() refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
    const error = assertThrows(() => parsePkcs11Uri(text), `ERR_PKCS11_URI_${code}`);
    assert.is(error.offset, offset);
    assert.is(error.attribute, attribute);
    assert.match(error.message, new RegExp(`^Cannot read PKCS#11 URI: .* \\(at character ${offset + 1}\\)$`));
  });
}

test("parsePkcs11Uri() repeats no piece of a PIN in an error", () => {
  for (
    const query of [
      "pin-value=canary secret",
      "pin-value=canary%zz",
      "pin-value=a&canary",
      "pin-value=a&canary=b c",
      "pin-value=canary&pin-source=x",
      "pin-value=canary&pin-value=canary",
      "pin-value=a&canary=%ff",
    ]
  ) {
    try {
      parsePkcs11Uri(`pkcs11:token=x?${query}`);
      assert.unreachable(query);
    } catch (error) {
      assert.not(JSON.stringify({ ...(error as object) }).includes("canary"), query);
      assert.not(String(error).includes("canary"), query);
    }
  }
});

test("formatPkcs11Uri() writes what parsePkcs11Uri() reads, the PIN aside", () => {
  const text = "pkcs11:token=a%20%3B%2F%3F%26b;object=%C3%A4;slot-id=0;id=%01%FF;type=cert;v=%25" +
    "?pin-source=file:/a%26b&module-path=/x%20y.so&w=1&w=2";
  const uri = parsePkcs11Uri(text);
  const written = formatPkcs11Uri(uri);
  assert.equal(parsePkcs11Uri(written).attributes, uri.attributes);
  assert.is(formatPkcs11Uri(parsePkcs11Uri(written)), written);
  assert.is(
    written,
    "pkcs11:token=a%20%3B%2F%3F&b;object=%C3%A4;slot-id=0;id=%01%ff;type=cert;v=%25" +
      "?pin-source=file:/a%26b&module-path=/x%20y.so&w=1&w=2",
  );
});

test("formatPkcs11Uri() encodes every octet that it must", () => {
  const token = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("") + "€🔑";
  const id = Uint8Array.from({ length: 256 }, (_, octet) => octet);
  const again = parsePkcs11Uri(formatPkcs11Uri(new Pkcs11Uri({ token, object: "", id, slotId: 7n })));
  assert.is(again.attributes.token, token);
  assert.is(again.attributes.object, "");
  assert.is(encodeHex(again.attributes.id!), encodeHex(id));
});

test("Pkcs11Uri shows the PIN nowhere", () => {
  const uri = parsePkcs11Uri("pkcs11:token=t?pin-value=canary&pin-vaule=canary&module-name=m");
  assert.is(String(uri), "pkcs11:token=t");
  assert.is(JSON.stringify({ uri }), '{"uri":"pkcs11:token=t"}');
  assert.not(JSON.stringify(Object.entries(parsePkcs11Uri("pkcs11:?pin-value=canary"))).includes("canary"));
  assert.not(formatPkcs11Uri(parsePkcs11Uri("pkcs11:?pin-value=canary")).includes("canary"));
});

test("Pkcs11Uri.with() changes attributes and keeps the PIN", () => {
  const uri = parsePkcs11Uri("pkcs11:token=t;object=o?pin-value=1234").with({ object: undefined, id: encodeUtf8("1") });
  assert.is(String(uri), "pkcs11:token=t;id=%31");
  assert.is(decodeUtf8(uri.pinValue()!), "1234");
});

test.run();
