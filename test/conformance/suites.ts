/**
 * The suites that this version runs, and those that come with later ones.
 *
 * @module
 */

import type { ConformanceSuite } from "./conformance-suite.ts";
import { fuzzDer } from "./suites/fuzz-der.ts";
import { keys } from "./suites/keys.ts";
import { sigv4 } from "./suites/sigv4.ts";

/** Suites by the names of their folders. */
export const SUITES: readonly ConformanceSuite[] = [sigv4, keys, fuzzDer];

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
