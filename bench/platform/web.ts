/**
 * The bare operations of WebCrypto.
 *
 * @module
 */

import { ecdsaSignatureFromDer } from "../../core/crypto/ecdsa-signature.ts";
import { CURVE_OCTETS } from "../../core/crypto/public-key.ts";
import { importParameters, operationParameters } from "../../core/crypto/web-crypto.ts";
import type { Platform } from "./platform.ts";

/** WebCrypto's part of a platform. */
export const webVerification: Pick<Platform, "bareVerification" | "bareSha256"> = {
  async bareVerification(key, algorithm, message, signature) {
    const { subtle } = crypto;
    const handle = await subtle.importKey(
      "spki",
      key.spki,
      importParameters(key, algorithm) as EcKeyImportParams,
      false,
      ["verify"],
    );
    const parameters = operationParameters(algorithm) as EcdsaParams;
    const octets = key.type === "ec" ? ecdsaSignatureFromDer(signature, CURVE_OCTETS[key.curve]) : signature;
    return () => subtle.verify(parameters, handle, octets, message);
  },
  bareSha256: (data) => crypto.subtle.digest("SHA-256", data),
};
