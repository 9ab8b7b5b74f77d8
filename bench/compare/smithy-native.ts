/**
 * The signer of the AWS SDK for JavaScript as it is on Node: hashing by `node:crypto`.
 *
 * @module
 */

import { Hash } from "@smithy/hash-node";
import type { SigningPeer } from "./peer.ts";
import { smithyWith } from "./smithy.ts";

/** `SignatureV4` with the SDK's own `node:crypto` hash. */
export const smithyNative: SigningPeer = smithyWith(
  "@smithy/signature-v4, node:crypto",
  Hash.bind(null, "sha256"),
  { node20: 6, node: 6 },
);
