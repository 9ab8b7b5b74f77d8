// runtimes: node20 node deno bun
import type { ForeignFunctions, ForeignPlatform } from "../../../hsm-bridge/ffi/foreign-functions.ts";
import { chosenModule } from "../../../hsm-bridge/pkcs11/module-choice.ts";
import { openModule } from "../../../hsm-bridge/pkcs11/module.ts";
import { parsePkcs11Uri } from "../../../hsm-bridge/pkcs11/pkcs11-uri-parsing.ts";
import { FakeModule } from "../../support/fake-ffi.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/pkcs11/module-choice");

/** Foreign functions that find one module under one name, and note what was looked for. */
function finding(
  name: string | undefined,
  platform: ForeignPlatform = "unix",
): { readonly foreign: ForeignFunctions; readonly tried: string[] } {
  const fake = new FakeModule({ platform });
  const tried: string[] = [];
  const foreign: ForeignFunctions = {
    name: fake.name,
    platform: fake.platform,
    functionAt: (address, signature, ...rest) => fake.functionAt(address, signature, ...rest),
    addressOf: (memory) => fake.addressOf(memory),
    read: (address, length) => fake.read(address, length),
    open: (path) => {
      tried.push(path);
      return fake.open(path === name ? fake.path : path);
    },
  };
  return { foreign, tried };
}

async function tried(name: string | undefined, module: string | undefined, ...uris: readonly string[]) {
  const { foreign, tried } = finding(name);
  const opened = await chosenModule({ module, foreign }, uris.map(parsePkcs11Uri));
  await opened.close();
  return tried;
}

test("chosenModule() takes the module that is named, whatever URIs say", async () => {
  assert.equal(await tried("/lib/a.so", "/lib/a.so", "pkcs11:?module-path=/lib/b.so"), ["/lib/a.so"]);
  const { foreign } = finding(undefined);
  await assertRejects(chosenModule({ module: "/lib/a.so", foreign }), "ERR_HSM_MODULE_NOT_FOUND");
});

test("chosenModule() takes module-path and module-name of the first URI that has any", async () => {
  assert.equal(await tried("/lib/b.so", undefined, "pkcs11:", "pkcs11:?module-path=/lib/b.so"), ["/lib/b.so"]);
  assert.equal(await tried("libhsm.so", undefined, "pkcs11:?module-name=hsm"), ["libhsm.so"]);
  const deep = await tried("/usr/lib/pkcs11/hsm.so", undefined, "pkcs11:?module-name=hsm");
  assert.ok(deep.includes("hsm.so") && deep.includes("/usr/lib/pkcs11/libhsm.so"));
  const inDirectory = await tried("/opt/x/hsm.so", undefined, "pkcs11:?module-path=/opt/x/&module-name=hsm");
  assert.equal(inDirectory, ["/opt/x/libhsm.so", "/opt/x/hsm.so"]);
});

test("chosenModule() takes p11-kit's proxy when nothing is named", async () => {
  assert.equal(await tried("p11-kit-proxy.so", undefined, "pkcs11:token=x"), ["p11-kit-proxy.so"]);
  const homebrew = "/opt/homebrew/lib/p11-kit-proxy.dylib";
  assert.is((await tried(homebrew, undefined)).at(-1), homebrew);
  const { foreign } = finding(undefined);
  const error = await assertRejects(chosenModule({ foreign }), "ERR_HSM_MODULE_NOT_FOUND");
  assert.match(error.message, /p11-kit-proxy\.so/);
});

test("chosenModule() looks on Windows for libraries of Windows, and in no folder of the current drive", async () => {
  const { foreign, tried } = finding("hsm.dll", "windows");
  await (await chosenModule({ foreign }, [parsePkcs11Uri("pkcs11:?module-name=hsm")])).close();
  assert.equal(tried, ["libhsm.dll", "hsm.dll"]);
  const proxy = finding("p11-kit-proxy.dll", "windows");
  await (await chosenModule({ foreign: proxy.foreign })).close();
  assert.equal(proxy.tried, ["p11-kit-proxy.dll"]);
});

test("chosenModule() opens NSS's module for a database", async () => {
  const { foreign, tried } = finding("libsoftokn3.dylib");
  const opened = await chosenModule({ module: "sql:/db", foreign });
  assert.equal(tried, ["libsoftokn3.so", "libsoftokn3.dylib"]);
  await opened.close();
});

test("chosenModule() leaves a module open that somebody else opened", async () => {
  const fake = new FakeModule();
  const own = await openModule(fake.path, { foreign: fake });
  const chosen = await chosenModule({ module: own });
  assert.is((await chosen.getInfo()).manufacturer, "anyrole");
  assert.is(chosen.path, "fake.so");
  await chosen.close();
  assert.is(fake.initialized, 1);
  await own.close();
  assert.is(fake.initialized, 0);
});

test.run();
