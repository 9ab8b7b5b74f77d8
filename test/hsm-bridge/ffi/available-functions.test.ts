// runtimes: node20 node deno bun
import { foreignFunctions } from "../../../hsm-bridge/ffi/available-functions.ts";
import { runtimeName } from "../../support/capabilities.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/ffi/available-functions");

/** What each runtime does not have. */
const ABSENT = { node: ["Deno.dlopen", "bun:ffi"], deno: ["bun:ffi"], bun: ["Deno.dlopen"], workerd: [] } as const;

test("foreignFunctions() says what to do where there is no such backend", async () => {
  for (const backend of ABSENT[runtimeName()]) {
    const error = await assertRejects(() => foreignFunctions(backend), "ERR_HSM_FFI_UNAVAILABLE");
    assert.match(error.message, new RegExp(`this runtime has no ${backend}; .*install koffi`));
  }
});

test("foreignFunctions() takes Deno's own in Deno, and bun:ffi in Bun when asked", async () => {
  const runtime = runtimeName();
  if (runtime === "deno") assert.is((await foreignFunctions()).name, "Deno.dlopen");
  if (runtime === "bun") assert.is((await foreignFunctions("bun:ffi")).name, "bun:ffi");
});

test.run();
