/**
 * An identity whose key is in another process.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { parseCertificate } from "../x509/certificate.ts";
import { type CertificateInput, createIdentity, type Identity } from "./identity.ts";
import type { IdentitySource } from "./identity-source.ts";
import { RemoteSignerError } from "./remote-signer-error.ts";
import { type RemoteSigner, remoteSigner, type RemoteSignerOptions } from "./remote-signer.ts";

/** Where the key is, and its certificate. */
export interface RemoteIdentityOptions extends RemoteSignerOptions {
  /** The certificate, or a full chain. Default: what whoever holds the key says; the key must be that of one of them. */
  readonly certificate?: CertificateInput;
}

/**
 * Makes the source of an identity whose key and, unless it is given, certificate are asked for when it is first needed,
 * and again after a signature failed because there is another key now.
 *
 * Secret: the token, which goes to the endpoint alone.
 *
 * @throws {TypeError} for an endpoint that would show the token to others, with the first identity
 */
export function remoteIdentity(options: RemoteIdentityOptions): IdentitySource {
  const { certificate, ...place } = options;
  // The value is kept, not a promise of it: in a worker a promise belongs to the request that made it.
  let held: Identity | undefined;
  const create = async (): Promise<Identity> => {
    const signer = await remoteSigner(place);
    if (certificate === undefined && signer.certificates.length === 0) {
      const state = `it does not say the certificate of its key; pass "certificate"`;
      throw new RemoteSignerError("ERR_REMOTE_SIGNER_KEY", place.endpoint, state);
    }
    return await createIdentity({
      certificate: certificate ?? signer.certificates.map((der) => parseCertificate(der)),
      signer: forgetting(signer),
    });
  };
  /** The signer, with the identity forgotten when its key is not there any more. */
  const forgetting = (signer: RemoteSigner): RemoteSigner => ({
    ...signer,
    async sign(message: Bytes) {
      try {
        return await signer.sign(message);
      } catch (error) {
        if ((error as { readonly code?: unknown }).code === "ERR_REMOTE_SIGNER_KEY") held = undefined;
        throw error;
      }
    },
  });
  return { identity: async () => held ??= await create() };
}
