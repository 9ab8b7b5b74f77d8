/**
 * Where identities come from.
 *
 * @module
 */

import type { Awaitable } from "../crypto/signer.ts";
import type { Identity } from "./identity.ts";

/**
 * Supplies the identity of the moment: from files that are replaced, a device, a binding. Ask each time one is needed;
 * the same object again means that nothing has changed.
 */
export interface IdentitySource {
  /** The identity as it is now; an error when it cannot be had, and the next call tries again. */
  identity(): Awaitable<Identity>;
}

/** The source of an identity that never changes. */
export function fixedIdentity(identity: Identity): IdentitySource {
  return { identity: () => identity };
}
