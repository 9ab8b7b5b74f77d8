/**
 * A revocation list of any size and a certificate that is its last entry, made when the benchmarks start.
 *
 * @module
 */

import type { Bytes } from "../core/bytes/bytes.ts";
import { largeRevocationList, serialNumberAt } from "../test/support/large-revocation-list.ts";
import { INTERMEDIATE_NAME, makeChain } from "./chain-fixture.ts";
import { NOW_MS } from "./now.ts";

/** A list, signed with RSA-2048. */
export interface RevocationFixture {
  /** The list, DER. */
  readonly list: Bytes;
  /** The certificate of its issuer, DER. */
  readonly issuer: Bytes;
  /** A certificate of this issuer that the last entry names, DER. */
  readonly leaf: Bytes;
  /** Contents of its serial number's INTEGER. */
  readonly serialNumber: Bytes;
}

/** Makes a list with so many entries. */
export async function makeRevocation(entries: number): Promise<RevocationFixture> {
  const serialNumber = serialNumberAt(entries - 1);
  const { leaf, intermediate, signer } = await makeChain("RSA-2048", serialNumber);
  const times = { thisUpdate: NOW_MS - 3_600_000, nextUpdate: NOW_MS + 86_400_000 };
  const list = await largeRevocationList({ entries, issuer: INTERMEDIATE_NAME, ...times }, signer);
  return { list, issuer: intermediate, leaf, serialNumber };
}
