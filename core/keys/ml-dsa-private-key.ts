/**
 * ML-DSA private keys: the three forms of RFC 9881 §6.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { type MlDsaPrivateKey, mlDsaPrivateKey } from "../crypto/private-key.ts";
import type { MlDsaParameterSet } from "../crypto/signature-algorithm.ts";
import { DerReader } from "../der/reader.ts";
import { contextPrimitive, TAG } from "../der/tag.ts";
import { KeyError } from "./key-error.ts";

/**
 * Reads the CHOICE seed / expandedKey / both; the components are copies. That seed and expanded key belong together
 * is for a provider to check, which can expand.
 *
 * Secret: the result.
 *
 * @throws {DerError} when the octets are none of the three
 * @throws {KeyError} `ERR_KEY_INVALID` for a wrong length
 */
export function parseMlDsaPrivateKey(der: Bytes, parameterSet: MlDsaParameterSet): MlDsaPrivateKey {
  const choice = new DerReader(der);
  const reading = `${parameterSet}-PrivateKey`;
  let seed: Bytes | undefined;
  let expanded: Bytes | undefined;
  if (choice.peek() === contextPrimitive(0)) seed = choice.content(contextPrimitive(0), `${reading}.seed`);
  else if (choice.peek() === TAG.octetString) expanded = choice.octetString(`${reading}.expandedKey`);
  else {
    const both = choice.sequence(reading);
    seed = both.octetString(`${reading}.both.seed`);
    expanded = both.octetString(`${reading}.both.expandedKey`);
    both.finish(`${reading}.both`);
  }
  choice.finish(reading);
  return mlDsaKey(parameterSet, seed, expanded);
}

/**
 * Makes a key of a seed, an expanded key, or both; they are copied.
 *
 * Secret: all of it.
 */
export function mlDsaKey(parameterSet: MlDsaParameterSet, seed?: Bytes, expanded?: Bytes): MlDsaPrivateKey {
  checkLength(parameterSet, "seed", seed, SEED_OCTETS);
  checkLength(parameterSet, "expanded key", expanded, EXPANDED_OCTETS[parameterSet]);
  return mlDsaPrivateKey({
    parameterSet,
    ...(seed && { seed: new Uint8Array(seed) }),
    ...(expanded && { expanded: new Uint8Array(expanded) }),
  });
}

function checkLength(parameterSet: MlDsaParameterSet, part: string, octets: Bytes | undefined, length: number): void {
  if (octets === undefined || octets.length === length) return;
  const state = `the ${parameterSet} ${part} has ${octets.length} octets, ${length} are needed`;
  throw new KeyError("ERR_KEY_INVALID", "private key", state);
}

/** Octets of ξ (FIPS 204 §5.1). */
const SEED_OCTETS = 32;

/** Octets of an expanded private key (FIPS 204 §4, table 2). */
const EXPANDED_OCTETS: { readonly [set in MlDsaParameterSet]: number } = {
  "ML-DSA-44": 2560,
  "ML-DSA-65": 4032,
  "ML-DSA-87": 4896,
};
