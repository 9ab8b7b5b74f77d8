// runtimes: node20 node deno bun
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { pinSourcePath, PinStore } from "../../../hsm-bridge/pkcs11/pin-store.ts";
import { parsePkcs11Uri } from "../../../hsm-bridge/pkcs11/pkcs11-uri-parsing.ts";
import { pinText } from "../../support/fake-token.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/pkcs11/pin-store");

test("pinSourcePath() knows file URIs and paths, and runs no command", () => {
  assert.is(pinSourcePath("file:/etc/pin"), "/etc/pin");
  assert.is(pinSourcePath("file:///etc/pin%20code"), "/etc/pin code");
  assert.is(pinSourcePath("file://localhost/etc/pin"), "/etc/pin");
  assert.is(pinSourcePath("FILE:pin"), "pin");
  assert.is(pinSourcePath("/etc/pin"), "/etc/pin");
  assert.is(pinSourcePath("C:\\pin"), "C:\\pin");
  for (const other of ["", "file:", "|/bin/pinomatic", "file://host/pin", "file:/a%zz", "https://host/pin"]) {
    assert.is(pinSourcePath(other), undefined, other);
  }
});

test("PinStore takes the PIN of the first URI that has one", async () => {
  const key = parsePkcs11Uri("pkcs11:object=key");
  const certificate = parsePkcs11Uri("pkcs11:object=certificate?pin-value=1");
  assert.is(pinText(await new PinStore({}, [key, certificate]).given()), "1");
  assert.is(pinText(await new PinStore({}, [parsePkcs11Uri("pkcs11:?pin-value=2"), certificate]).given()), "2");
  assert.is(await new PinStore({}, [undefined, key]).given(), undefined);
});

test("PinStore remembers what was right and what was wrong, each for its place, until it is closed", () => {
  const store = new PinStore({}, []);
  store.accept("a", encodeUtf8("1"));
  assert.is(pinText(store.accepted("a")), "1");
  assert.is(store.accepted("b"), undefined);
  store.refuse("a", encodeUtf8("1"));
  assert.is(store.accepted("a"), undefined);
  assert.ok(store.isRefused("a", encodeUtf8("1")));
  assert.not(store.isRefused("b", encodeUtf8("1")));
  store.accept("a", encodeUtf8("2"));
  const kept = store.accepted("a")!;
  assert.not(JSON.stringify(store).includes("2"));
  store.close();
  assert.equal(kept, new Uint8Array(1));
  assert.is(store.accepted("a"), undefined);
});

test("PinStore.inTurn() does one thing at a time, also when one fails", async () => {
  const store = new PinStore({}, []);
  const order: string[] = [];
  const first = store.inTurn(async () => {
    await Promise.resolve();
    order.push("first");
    throw new Error("failed");
  });
  const second = store.inTurn(async () => order.push("second"));
  await first.catch(() => order.push("caught"));
  await second;
  assert.ok(order.indexOf("first") < order.indexOf("second"));
});

test("PinStore remembers a PIN as wrong that it kept as right until then", () => {
  const store = new PinStore({}, []);
  store.accept("a", encodeUtf8("1234"));
  store.refuse("a", store.accepted("a")!);
  assert.ok(store.isRefused("a", encodeUtf8("1234")));
  assert.not(store.isRefused("a", new Uint8Array(4)));
});

test("PinStore gives copies, which their user overwrites", async () => {
  const uri = parsePkcs11Uri("pkcs11:object=key?pin-value=1");
  const store = new PinStore({}, [uri]);
  (await store.given())!.fill(0);
  assert.is(pinText(await store.given()), "1");
});

test.run();
