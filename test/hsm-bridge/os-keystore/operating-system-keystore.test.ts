// runtimes: node20 node deno bun
import { openKeystore } from "../../../hsm-bridge/os-keystore/operating-system-keystore.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/os-keystore/operating-system-keystore");

test("openKeystore() says that this version reaches no keystore, and which are of other systems", async () => {
  const systems = { "windows-cng": "windows", "macos-keychain": "darwin" } as const;
  for (const [name, own] of Object.entries(systems) as [keyof typeof systems, string][]) {
    for (const platform of ["windows", "darwin", "linux"]) {
      const code = platform === own ? "ERR_KEYSTORE_NOT_IN_BUILD" : "ERR_KEYSTORE_PLATFORM";
      const error = await assertRejects(() => openKeystore(name, platform), code);
      assert.is(error["keystore"], name);
      assert.match(error.message, platform === own ? "not yet in this build" : own);
    }
  }
});

test.run();
