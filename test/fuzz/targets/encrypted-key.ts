/**
 * Encrypted private keys with the right password.
 *
 * @module
 */

import { CryptoError } from "../../../core/crypto/crypto-error.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import type { CryptoProvider } from "../../../core/crypto/provider.ts";
import { loadPrivateKey } from "../../../core/keys/mod.ts";
import { PASSWORD } from "../../vectors/keys/keys.ts";
import type { Octets } from "../mutate.ts";

/** Loads; work that a file may ask for within the limits is not what is looked for, so it is refused. */
export async function loadEncrypted(input: Octets): Promise<unknown> {
  return await loadPrivateKey(input, { crypto: IMPATIENT, password: PASSWORD });
}

const portable = /* @__PURE__ */ portableProvider();

const IMPATIENT: CryptoProvider = {
  ...portable,
  deriveKey(derivation, password) {
    const work = derivation.name === "PBKDF2"
      ? derivation.iterations
      : derivation.cost * derivation.blockSize * derivation.parallelization;
    if (work > 4096) throw new CryptoError("ERR_CRYPTO_LIMIT", derivation.name, "Cannot derive key: no patience");
    return portable.deriveKey(derivation, password);
  },
};
