/**
 * Encrypted private keys and PKCS#12 files with the right password.
 *
 * @module
 */

import { isCoded } from "../../../core/base-error.ts";
import { CryptoError } from "../../../core/crypto/crypto-error.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import type { CryptoProvider } from "../../../core/crypto/provider.ts";
import { loadPkcs12, loadPrivateKey } from "../../../core/keys/mod.ts";
import { PASSWORD } from "../../vectors/keys/keys.ts";
import { PASSWORD as CONTAINER_PASSWORD } from "../../vectors/pkcs12/files.ts";
import type { Octets } from "../mutate.ts";

/** Loads; work that a file may ask for within the limits is not what is looked for, so it is refused. */
export async function loadEncrypted(input: Octets): Promise<unknown> {
  return await loadPrivateKey(input, { crypto: impatientProvider(), password: PASSWORD });
}

/** The same with PKCS#12: with its password, and with the empty one. */
export async function loadContainer(input: Octets): Promise<unknown> {
  const withPassword = loadPkcs12(input, { crypto: impatientProvider(), password: CONTAINER_PASSWORD });
  const [first, second] = await Promise.allSettled([
    withPassword,
    loadPkcs12(input, { crypto: impatientProvider() }),
  ]);
  for (const { reason } of [first, second].filter((each) => each.status === "rejected")) {
    if (!isCoded(reason)) throw reason;
  }
  return await withPassword;
}

const MAX_WORK = 4096;

const portable = /* @__PURE__ */ portableProvider();

/** PKCS#12 derives keys by digests, the others by `deriveKey`. */
function impatientProvider(): CryptoProvider {
  let digests = 0;
  return {
    ...portable,
    digest(hash, data) {
      if (digests++ > 2 * MAX_WORK) throw noPatience(hash);
      return portable.digest(hash, data);
    },
    deriveKey(derivation, password) {
      const work = derivation.name === "PBKDF2"
        ? derivation.iterations
        : derivation.cost * derivation.blockSize * derivation.parallelization;
      if (work > MAX_WORK) throw noPatience(derivation.name);
      return portable.deriveKey(derivation, password);
    },
  };
}

function noPatience(operation: string): CryptoError {
  return new CryptoError("ERR_CRYPTO_LIMIT", operation, `Cannot do ${operation}: the fuzzer has no patience`);
}
