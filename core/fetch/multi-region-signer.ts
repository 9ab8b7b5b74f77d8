/**
 * Signers for sets of regions (SigV4a).
 *
 * @module
 */

import { type Bytes, concatBytes } from "../bytes/bytes.ts";
import { decodeHex } from "../bytes/hex.ts";
import { wipe } from "../bytes/wipe.ts";
import type { EcPrivateKey } from "../crypto/private-key.ts";
import { ECDSA_SHA256 } from "../crypto/signature-algorithm.ts";
import type { Signer } from "../crypto/signer.ts";
import { globalCrypto } from "../crypto/web-crypto.ts";
import { platformSigner } from "../crypto/webcrypto-signer.ts";
import type { SigV4Credentials } from "../sigv4/hmac-scheme.ts";
import { createSigV4aSigner, type SigV4aSignerOptions } from "../sigv4/sigv4a-scheme.ts";
import type { RequestSigner } from "./request-signer.ts";

/**
 * Makes one. Secret: the credentials.
 *
 * @param crypto default WebCrypto
 */
export function multiRegionSigner(
  credentials: SigV4Credentials,
  options: Omit<SigV4aSignerOptions, "crypto">,
  crypto: SigV4aSignerOptions["crypto"] = { importPrivateKey: (key) => importScalar((key as EcPrivateKey).scalar) },
): Promise<RequestSigner> {
  return createSigV4aSigner(credentials, { ...options, crypto });
}

/** A signer of a private key on P-256, in WebCrypto and without its public half, for which nobody asks. */
async function importScalar(scalar: Bytes): Promise<Signer> {
  const { subtle } = globalCrypto()!;
  const pkcs8 = concatBytes([decodeHex(P256_PKCS8)!, scalar]);
  const key = await subtle.importKey("pkcs8", pkcs8, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  wipe(pkcs8);
  return platformSigner(subtle, key, new Uint8Array(0), ECDSA_SHA256);
}

/** PrivateKeyInfo (RFC 5208 §5) of a key on P-256, up to the octets of its scalar (RFC 5915 §3). */
const P256_PKCS8 = "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420";
