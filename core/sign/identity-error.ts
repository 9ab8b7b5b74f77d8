/**
 * Why certificate, chain and key make no identity.
 *
 * @module
 */

import { BaseError } from "../base-error.ts";
import type { Certificate } from "../x509/certificate.ts";

/**
 * - `ERR_IDENTITY_KEY_MISMATCH`: the private key belongs to none of the certificates given for it
 * - `ERR_IDENTITY_CHAIN_TOO_LONG`: more intermediates than a request carries
 */
export type IdentityErrorCode = "ERR_IDENTITY_KEY_MISMATCH" | "ERR_IDENTITY_CHAIN_TOO_LONG";

/** Certificate, chain and key that make no identity. */
export class IdentityError extends BaseError<IdentityErrorCode> {
  /** Always `IdentityError`. */
  override readonly name: string = "IdentityError";
  /** The certificate of the identity, or the first one offered for it. */
  readonly certificate: Certificate;

  /** Makes the error "Cannot make identity: `state`". */
  constructor(code: IdentityErrorCode, certificate: Certificate, state: string) {
    super(code, `Cannot make identity: ${state}`);
    this.certificate = certificate;
  }
}
