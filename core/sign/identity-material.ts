/**
 * Identities from what a program already holds: texts of secrets and variables, keys of the platform, signers.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import type { Signer } from "../crypto/signer.ts";
import { readCertificates } from "../x509/read-certificates.ts";
import { createIdentity, type Identity } from "./identity.ts";
import type { IdentitySource } from "./identity-source.ts";
import { type SoftwareKey, softwareSigner } from "./software-signer.ts";

/** Certificate and key of one identity. */
export interface IdentityMaterial {
  /** The certificate: PEM (a full chain as well) or DER. */
  readonly certificate: string | Bytes;
  /** Intermediate certificates in any order: PEM or DER. Default: those beside the certificate. */
  readonly intermediates?: string | Bytes | undefined;
  /**
   * The key: PEM or DER, a JSON Web Key, a `CryptoKey`, or a signer. An encrypted key is made a signer by
   * `loadSoftwareSigner`.
   *
   * Secret: everything but a signer and a non-extractable `CryptoKey`.
   */
  readonly privateKey: SoftwareKey | Signer;
}

/**
 * Makes the source of an identity that is put together when it is first asked for, and again if that failed.
 *
 * Secret: the material is kept as long as the source.
 *
 * @param crypto imports the key, and checks a `CryptoKey` or signer against the certificate
 */
export function identityFromMaterial(material: IdentityMaterial, crypto: CryptoProvider): IdentitySource {
  // The value is kept, not a promise of it: in a worker a promise belongs to the request that made it.
  let held: Identity | undefined;
  const create = async (): Promise<Identity> => {
    const { privateKey, intermediates } = material;
    const certificates = readCertificates(material.certificate);
    const own = isSigner(privateKey)
      ? privateKey
      : await softwareSigner(privateKey, { crypto, certificate: certificates[0]! });
    return await createIdentity({
      certificate: certificates,
      ...(intermediates === undefined ? {} : { chain: intermediates }),
      signer: own,
      ...(isSigner(privateKey) ? { crypto } : {}),
    });
  };
  return { identity: async () => held ??= await create() };
}

function isSigner(key: SoftwareKey | Signer): key is Signer {
  return typeof key === "object" && "sign" in key && typeof key.sign === "function";
}
