/**
 * The suites that this version runs, and those that come with later ones.
 *
 * @module
 */

import type { ConformanceSuite } from "./conformance-suite.ts";
import { acvpEcRsa } from "./suites/acvp-ec-rsa.ts";
import { acvpMldsa } from "./suites/acvp-mldsa.ts";
import { fuzzDer } from "./suites/fuzz-der.ts";
import { keys } from "./suites/keys.ts";
import { mldsaX509 } from "./suites/mldsa-x509.ts";
import { rfc6979 } from "./suites/rfc6979.ts";
import { sigv4 } from "./suites/sigv4.ts";
import { sigv4X509 } from "./suites/sigv4-x509.ts";
import { wycheproof } from "./suites/wycheproof.ts";

/** Suites by the names of their folders. */
export const SUITES: readonly ConformanceSuite[] = [
  acvpEcRsa,
  acvpMldsa,
  fuzzDer,
  keys,
  mldsaX509,
  rfc6979,
  sigv4,
  sigv4X509,
  wycheproof,
];

/** Suites that are known and about parts of the house that are not built yet. */
export const LATER_SUITES: readonly string[] = [
  "bettertls",
  "boringssl-chains",
  "boringssl-crl",
  "boringssl-names",
  "boringssl-parse",
  "boringssl-signed-data",
  "botan-name-constraints",
  "botan-pss",
  "botan-x509test",
  "pkcs12",
  "pkits",
  "sigv4a",
  "webpki-names",
  "x509-limbo",
];
