/**
 * Signers of a client's requests, one for each scope, as long as the credentials are the same.
 *
 * @module
 */

import type { Awaitable, Signer } from "../crypto/signer.ts";
import type { PresignedRequest, SignedRequest, SigV4Request } from "../sigv4/canonical-request.ts";
import { createHmacSigner, type HmacSignerOptions, type SigV4Credentials } from "../sigv4/hmac-scheme.ts";
import type { FetchPorts } from "./platform-ports.ts";

/** What signs: an `HmacSigner` or a `SigV4aSigner`. */
export interface RequestSigner {
  /** The key pair of SigV4a; absent: an access key signs. */
  readonly key?: Signer;
  /** Signs by the headers. */
  sign(request: SigV4Request, timeMs: number): Awaitable<SignedRequest>;
  /** Signs by the query. */
  presign(request: SigV4Request, timeMs: number, expiresSeconds: number): Awaitable<PresignedRequest>;
}

/** Finds the signer of credentials and scope; regions with `*` or `,` are a set, for which SigV4a is loaded. */
export type SignerFinder = (credentials: SigV4Credentials, scope: HmacSignerOptions) => Awaitable<RequestSigner>;

/** Makes a finder. Secret: it keeps derived keys of the last credentials. */
export function signerFinder({ sha256, crypto }: FetchPorts): SignerFinder {
  let holder: SigV4Credentials | undefined;
  let signers: Record<string, RequestSigner> = {};
  return (credentials, scope) => {
    if (holder !== credentials) {
      holder = credentials;
      signers = {};
    }
    const held = signers;
    const { region, service, signSessionToken } = scope;
    const name = `${region} ${service} ${signSessionToken}`;
    if (held[name] !== undefined) return held[name];
    const options = { ...scope, sha256 };
    if (!/[*,]/.test(region)) return held[name] = createHmacSigner(credentials, options);
    return import("./multi-region-signer.ts").then(({ multiRegionSigner }) =>
      multiRegionSigner(credentials, { ...options, regionSet: region.split(",") }, crypto)
    ).then((signer) => held[name] = signer);
  };
}
