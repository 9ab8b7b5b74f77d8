/**
 * What the RSA suites have in common.
 *
 * @module
 */

import {
  type HashName,
  type Pkcs1Algorithm,
  RSA_PKCS1_SHA1,
  RSA_PKCS1_SHA224,
  RSA_PKCS1_SHA256,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
} from "../../core/crypto/signature-algorithm.ts";

/** RSASSA-PKCS1-v1_5 with this hash. */
export function pkcs1Algorithm(hash: HashName): Pkcs1Algorithm {
  return ALGORITHMS[hash];
}

const ALGORITHMS: { readonly [hash in HashName]: Pkcs1Algorithm } = {
  "SHA-1": RSA_PKCS1_SHA1,
  "SHA-224": RSA_PKCS1_SHA224,
  "SHA-256": RSA_PKCS1_SHA256,
  "SHA-384": RSA_PKCS1_SHA384,
  "SHA-512": RSA_PKCS1_SHA512,
};
