/**
 * The suites that this version runs.
 *
 * @module
 */

import type { ConformanceSuite } from "./conformance-suite.ts";
import { acvpEcRsa } from "./suites/acvp-ec-rsa.ts";
import { acvpMldsa } from "./suites/acvp-mldsa.ts";
import { bettertls } from "./suites/bettertls.ts";
import { boringsslChains } from "./suites/boringssl-chains.ts";
import { boringsslCrl } from "./suites/boringssl-crl.ts";
import { boringsslNames } from "./suites/boringssl-names.ts";
import { boringsslParse } from "./suites/boringssl-parse.ts";
import { boringsslSignedData } from "./suites/boringssl-signed-data.ts";
import { botanNameConstraints } from "./suites/botan-name-constraints.ts";
import { botanPss } from "./suites/botan-pss.ts";
import { botanX509test } from "./suites/botan-x509test.ts";
import { fuzzDer } from "./suites/fuzz-der.ts";
import { keys } from "./suites/keys.ts";
import { mldsaX509 } from "./suites/mldsa-x509.ts";
import { pkcs12 } from "./suites/pkcs12.ts";
import { pkits } from "./suites/pkits.ts";
import { rfc6979 } from "./suites/rfc6979.ts";
import { sigv4 } from "./suites/sigv4.ts";
import { sigv4a } from "./suites/sigv4a.ts";
import { sigv4X509 } from "./suites/sigv4-x509.ts";
import { webpkiNames } from "./suites/webpki-names.ts";
import { wycheproof } from "./suites/wycheproof.ts";
import { x509Limbo } from "./suites/x509-limbo.ts";

/** Suites by the names of their folders. */
export const SUITES: readonly ConformanceSuite[] = [
  acvpEcRsa,
  acvpMldsa,
  bettertls,
  boringsslChains,
  boringsslCrl,
  boringsslNames,
  boringsslParse,
  boringsslSignedData,
  botanNameConstraints,
  botanPss,
  botanX509test,
  fuzzDer,
  keys,
  mldsaX509,
  pkcs12,
  pkits,
  rfc6979,
  sigv4,
  sigv4a,
  sigv4X509,
  webpkiNames,
  wycheproof,
  x509Limbo,
];
