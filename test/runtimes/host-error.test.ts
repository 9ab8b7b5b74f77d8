import { fileError } from "../../runtimes/host-error.ts";
import { assert, suite } from "../support/suite.ts";

const test = suite("runtimes/host-error");

test("fileError() shows no PIN of a URI that is taken for a file, and says what begins a URI", () => {
  for (
    const given of [
      "PKCS11:token=x?pin-value=canary&module-name=y",
      " pkcs11:?PIN-VALUE=canary;x",
      "x?pin-value=canary",
    ]
  ) {
    const error = fileError(given, "ENOENT", new Error(`ENOENT: no such file or directory, open '${given}'`));
    assert.is(error.code, "ERR_FILE_NOT_FOUND");
    for (const shown of [error.message, error.path, JSON.stringify(error), String(error.cause)]) {
      assert.not.match(shown ?? "", /canary/);
    }
    assert.is(/pkcs11: in small letters/.test(error.message), /pkcs11/i.test(given));
  }
});

test("fileError() says that nothing has put the home directory in the place of ~", () => {
  const cause = new Error("x");
  const error = fileError("~/client.pem", "ENOENT", cause);
  assert.match(error.message, /^Cannot read ~\/client\.pem: there is no such file; nothing has put the home directory/);
  assert.is(error.cause, cause);
});

test.run();
