/**
 * asn1js, which pkijs and @peculiar/x509 read with.
 *
 * @module
 */

import { fromBER } from "asn1js";
import type { RevocationPeer } from "./peer.ts";

/** asn1js alone: it parses, and neither finds nor verifies anything. */
export const asn1jsRevocation: RevocationPeer = {
  name: "asn1js (parsing alone)",
  async finder({ list }) {
    return () => fromBER(list).offset === list.length;
  },
};
