/**
 * What is done with every store.
 *
 * @module
 */

import type { CredentialStore } from "../core/credentials/mod.ts";
import type { Group } from "./harness.ts";

/** About as long as a sealed session. */
export const ENTRY: Uint8Array<ArrayBuffer> = /* @__PURE__ */ new Uint8Array(1500).fill(0x61);

/** As stores have them. */
export const NAME = "0123456789abcdef".repeat(4);

const LEASE_MS = 60_000;

/**
 * The group of a store.
 *
 * @param bare what its own means can do
 * @param leases `"everybody"`: who asks has one, which takes no time
 */
export function storeGroup(
  name: string,
  store: CredentialStore,
  bare: { readonly put: () => unknown; readonly get: () => unknown },
  leases: "exclusive" | "everybody" = "exclusive",
): Group {
  const lease = async (): Promise<void> => {
    const held = await store.lease(NAME, LEASE_MS);
    if (held === undefined) throw new Error("somebody else has the lease");
    await held.release();
  };
  return {
    name,
    unit: "ms",
    contenders: [
      { name: "put", run: () => store.put(NAME, ENTRY, Date.now() + LEASE_MS) },
      { name: "bare put", run: bare.put },
      { name: "get", run: () => store.get(NAME) },
      { name: "bare get", run: bare.get },
      ...leases === "exclusive" ? [{ name: "lease, given back", run: lease }] : [],
    ],
    comparisons: [
      { name: "put", against: "bare put" },
      { name: "get", against: "bare get" },
      ...leases === "exclusive" ? [{ name: "lease, given back", against: "bare put" }] : [],
    ],
  };
}
