// runtimes: node20 node deno bun
import type { Cryptoki } from "../../../hsm-bridge/pkcs11/cryptoki.ts";
import { listSlots } from "../../../hsm-bridge/pkcs11/slots.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/pkcs11/slots");

/** A module with three slots, of whose second token it says this. */
const moduleSaying = (code: string): Cryptoki =>
  ({
    getSlotList: () => Promise.resolve([1n, 2n, 3n]),
    getSlotInfo: (id: bigint) => Promise.resolve({ description: `slot ${id}` }),
    getTokenInfo: (id: bigint) =>
      id === 2n ? Promise.reject(Object.assign(new Error(code), { code })) : Promise.resolve({ label: `token ${id}` }),
  }) as unknown as Cryptoki;

test("listSlots() leaves out a token that was pulled meanwhile", async () => {
  const slots = await listSlots(moduleSaying("ERR_HSM_RETURN_VALUE"));
  assert.equal(slots.map(({ id }) => id), [1n, 3n]);
});

test("listSlots() passes on every other failure", async () => {
  await assertRejects(listSlots(moduleSaying("ERR_HSM_CLOSED")), "ERR_HSM_CLOSED");
});

test.run();
