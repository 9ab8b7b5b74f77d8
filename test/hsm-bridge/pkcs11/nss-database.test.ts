// runtimes: node20 node deno bun
import { nssModule } from "../../../hsm-bridge/pkcs11/nss-database.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/pkcs11/nss-database");

test("nssModule() names the module and writes its parameters", () => {
  const { names, reserved } = nssModule("sql:/srv/pki/nssdb");
  assert.is(names[0], "libsoftokn3.so");
  assert.is(
    reserved,
    "configdir='sql:/srv/pki/nssdb' certPrefix='' keyPrefix='' secmod='secmod.db' flags=",
  );
});

test("nssModule() escapes what would end the directory", () => {
  const { reserved } = nssModule("sql:/it's\\here");
  assert.ok(reserved.startsWith("configdir='sql:/it\\'s\\\\here' certPrefix="), reserved);
});

test("nssModule() refuses a database without a directory", () => {
  for (const database of ["sql:", "sql:/a\0b"]) assert.throws(() => nssModule(database), /names no directory/);
});

test.run();
