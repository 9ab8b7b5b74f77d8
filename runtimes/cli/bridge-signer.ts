/**
 * From the key that `bridge` is told to a signer.
 *
 * @module
 */

import {
  ECDSA_SHA384,
  ECDSA_SHA512,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
  sessionAlgorithm,
  type SignatureAlgorithm,
} from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { createIdentity } from "../../core/sign/identity.ts";
import { signingAlgorithmName } from "../../core/sign/signing-protocol.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import type { Host } from "../host.ts";
import { readKeyFile } from "../shared/key-file.ts";
import type { FlagValues } from "./flags.ts";
import { isDevice, keyPassword } from "./identity-flags.ts";
import { certificatesOf } from "./input-files.ts";
import { isTpmKeyFile } from "./tpm-key-file.ts";
import { UsageError } from "./usage-error.ts";

/** A key to sign with, as flags or a file of grants name it. */
export interface BridgeKeyPlace {
  /** A file, TSS2 of a TPM among them, or `pkcs11:` or `handle:`. */
  readonly key: string;
  /** File of its certificate, which may hold the chain as well; undefined: clients have it. */
  readonly certificate: string | undefined;
  /** File of intermediate certificates. */
  readonly intermediates: string | undefined;
  /** The signing protocol's name of the algorithm; undefined: what CreateSession wants of such a key. */
  readonly algorithm: string | undefined;
}

/** A key that is ready to sign. */
export interface BridgeKey {
  /** Signs with it. */
  readonly signer: Signer;
  /** Certificates, that of the key first; none when they are not known. */
  readonly certificates: readonly Certificate[];
  /** Gives back what it lives on; absent: there is nothing to give back. */
  close?(): Promise<void>;
}

/**
 * Opens the key, wherever it is. Every kind of key that the bridge serves begins here.
 *
 * Secret: passwords and PINs go to whoever holds the key, and the key stays there.
 *
 * @param values flags with passwords, PINs and modules
 * @throws what the place of the key throws; {UsageError} for an algorithm that such a key does not have;
 * {IdentityError} for the certificate of another key
 */
export async function bridgeSigner(host: Host, values: FlagValues, place: BridgeKeyPlace): Promise<BridgeKey> {
  const { key, certificate, intermediates } = place;
  if (isDevice(key) || isTpmKeyFile(host, key)) {
    const { deviceSigner } = await import("./device-signer.ts");
    return await deviceSigner(host, values, {
      key,
      certificate,
      intermediates,
      algorithm: (publicKey) => {
        if (publicKey.type !== "ed25519") return bridgeAlgorithm(publicKey, place.algorithm);
        throw new UsageError("ERR_USAGE_INVALID_VALUE", "keys of Ed25519 are not served");
      },
    });
  }
  const signer = await fileSigner(host, values, place);
  if (certificate === undefined) return { signer, certificates: [] };
  const identity = await createIdentity({
    certificate: certificatesOf(host, certificate),
    ...(intermediates === undefined ? {} : { chain: certificatesOf(host, intermediates) }),
    signer,
  });
  return { signer, certificates: [identity.certificate, ...identity.chain] };
}

/** Secret: the components are handed to the platform. */
async function fileSigner(host: Host, values: FlagValues, { key: path, algorithm }: BridgeKeyPlace): Promise<Signer> {
  const key = await readKeyFile(host, path, keyPassword(values));
  return await host.crypto().importPrivateKey(key, bridgeAlgorithm(key, algorithm));
}

/** The algorithm of a name, for a key; without a name what CreateSession wants of it. @throws {UsageError} */
export function bridgeAlgorithm(
  key: Parameters<typeof sessionAlgorithm>[0],
  name: string | undefined,
): SignatureAlgorithm {
  const usual = sessionAlgorithm(key);
  const possible = [usual].concat(
    key.type === "rsa" ? [RSA_PKCS1_SHA384, RSA_PKCS1_SHA512] : key.type === "ec" ? [ECDSA_SHA384, ECDSA_SHA512] : [],
  );
  if (name === undefined) return usual;
  const chosen = possible.find((algorithm) => signingAlgorithmName(algorithm) === name);
  if (chosen !== undefined) return chosen;
  throw new UsageError(
    "ERR_USAGE_INVALID_VALUE",
    `the key does not sign "${name}", but ${possible.map(signingAlgorithmName).join(", ")}`,
  );
}
