// runtimes: node20 node deno bun
import { loaderError } from "../../../hsm-bridge/ffi/loader-error.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/ffi/loader-error");

const OPEN = "cannot open shared object file: No such file or directory";

const cases: readonly (readonly [path: string, message: string, code: string])[] = [
  ["/x/m.so", `Failed to load shared library: ${OPEN}`, "ERR_HSM_MODULE_NOT_FOUND"],
  ["/x/m.so", `dlopen failed: /x/m.so: ${OPEN}`, "ERR_HSM_MODULE_NOT_FOUND"],
  ["m.so", `Failed to open library "m.so": /here/m.so: ${OPEN}`, "ERR_HSM_MODULE_NOT_FOUND"],
  ["m.so", "Error loading shared library m.so: No such file or directory", "ERR_HSM_MODULE_NOT_FOUND"],
  ["m.dylib", "dlopen(m.dylib, 0x0001): tried: 'm.dylib' (no such file)", "ERR_HSM_MODULE_NOT_FOUND"],
  ["m.dll", "The specified module could not be found. (os error 126)", "ERR_HSM_MODULE_NOT_FOUND"],
  ["/x/m.so", `dlopen failed: libneeded.so.3: ${OPEN}`, "ERR_HSM_MODULE_NOT_LOADABLE"],
  ["/x/m.so", "Failed to load shared library: invalid ELF header", "ERR_HSM_MODULE_NOT_LOADABLE"],
  ["/x", "Could not open library: /x: cannot read file data: Is a directory", "ERR_HSM_MODULE_NOT_LOADABLE"],
  ["/x/m.so", "/x/m.so: file too short", "ERR_HSM_MODULE_NOT_LOADABLE"],
  ["/x/m.so", "/x/m.so: undefined symbol: C_Missing", "ERR_HSM_MODULE_NOT_LOADABLE"],
];

for (const [path, message, code] of cases) {
  test(`loaderError() takes "${message}" for ${code}`, () => {
    const error = loaderError(path, new Error(message));
    assert.is(error.code, code);
    assert.is(error.module, path);
    assert.ok(error.message.startsWith(`Cannot load ${path}: `));
    assert.is((error.cause as Error).message, message);
  });
}

test.run();
