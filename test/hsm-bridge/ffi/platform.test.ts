// runtimes: node20 node deno bun
import { foreignPlatform } from "../../../hsm-bridge/ffi/platform.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/ffi/platform");

test("foreignPlatform() knows Node's and Deno's names", () => {
  for (const [platform, arch] of [["linux", "x64"], ["darwin", "arm64"], ["linux", "aarch64"], ["freebsd", "x86_64"]]) {
    assert.is(foreignPlatform(platform!, arch!), "unix");
  }
  assert.is(foreignPlatform("win32", "x64"), "windows");
  assert.is(foreignPlatform("windows", "x86_64"), "windows");
});

test("foreignPlatform() refuses processors with other addresses or other octet order", () => {
  for (const arch of ["ia32", "arm", "s390x", "ppc64", "mips64"]) {
    const error = assertThrows(() => foreignPlatform("linux", arch), "ERR_HSM_FFI_UNAVAILABLE");
    assert.match(error.message, new RegExp(arch));
  }
});

test.run();
