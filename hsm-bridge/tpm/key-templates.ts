/**
 * Templates that everyone has to agree upon: the storage keys that TSS2 key files name by a hierarchy alone.
 *
 * @module
 */

import type { PublicTemplate } from "./public-area.ts";

/** fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth, noDA, restricted, decrypt. */
const STORAGE_ATTRIBUTES = 0x00030472;

/** The primary storage key on P-256, which key files mean unless they say `rsaParent`. */
export const EC_PARENT: PublicTemplate = {
  type: { type: "ec", curve: "P-256" },
  attributes: STORAGE_ATTRIBUTES,
  storage: true,
};

/** The primary storage key with RSA-2048, of key files that say `rsaParent`. */
export const RSA_PARENT: PublicTemplate = {
  type: { type: "rsa", bits: 2048 },
  attributes: STORAGE_ATTRIBUTES,
  storage: true,
};
