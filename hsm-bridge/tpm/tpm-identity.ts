/**
 * An identity whose key is in the TPM.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { createIdentity, type Identity } from "../../core/sign/identity.ts";
import type { IdentitySource } from "../../core/sign/identity-source.ts";
import { type TpmSigner, tpmSigner, type TpmSignerOptions } from "./tpm-signer.ts";

/** A key of the TPM, and its certificate. */
export interface TpmIdentityOptions extends TpmSignerOptions {
  /** The certificate: PEM (a full chain as well) or DER. */
  readonly certificate: string | Bytes;
  /** Intermediate certificates in any order: PEM or DER. Default: those beside the certificate. */
  readonly intermediates?: string | Bytes | undefined;
}

/** The source of an identity with a key of the TPM. */
export interface TpmIdentitySource extends IdentitySource {
  /** The identity; the TPM is opened when it is first asked for, and again if that failed. */
  identity(): Promise<Identity>;
  /** Ends its use, and closes the TPM if it was opened for it. */
  close(): Promise<void>;
}

/**
 * Makes the source of an identity with a key of the TPM.
 *
 * Secret: the passwords; they are kept until the source is closed, and overwritten then.
 *
 * @example
 * ```ts
 * import { tpmIdentity, type TpmIdentitySource } from "anyrole/hsm";
 *
 * export function identityOf(certificatePem: string): TpmIdentitySource {
 *   return tpmIdentity({ key: "handle:0x81010001", certificate: certificatePem });
 * }
 * ```
 *
 * @throws {TpmError} by `identity()`, as {@link tpmSigner}
 * @throws {IdentityError} by `identity()`: `ERR_IDENTITY_KEY_MISMATCH` when the certificate is not the key's, …
 */
export function tpmIdentity(options: TpmIdentityOptions): TpmIdentitySource {
  const { certificate, intermediates, ...signerOptions } = options;
  let held: Promise<{ readonly identity: Identity; readonly signer: TpmSigner }> | undefined;
  const open = async (): Promise<{ readonly identity: Identity; readonly signer: TpmSigner }> => {
    const signer = await tpmSigner(signerOptions);
    try {
      const chain = intermediates === undefined ? {} : { chain: intermediates };
      return { identity: await createIdentity({ certificate, ...chain, signer }), signer };
    } catch (error) {
      await signer.close();
      throw error;
    }
  };
  return {
    identity: async () => {
      const opened = held ??= open();
      try {
        return (await opened).identity;
      } catch (error) {
        // The next call tries again.
        if (held === opened) held = undefined;
        throw error;
      }
    },
    close: async () => {
      const opened = await held?.catch(() => undefined);
      held = undefined;
      await opened?.signer.close();
    },
  };
}
