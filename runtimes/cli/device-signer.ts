/**
 * Signers of keys on tokens and in TPMs, for commands that want a signature and no session.
 *
 * @module
 */

import type { PublicKey } from "../../core/crypto/public-key.ts";
import type { SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { createIdentity } from "../../core/sign/identity.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import type { Host } from "../host.ts";
import { MAX_KEY_FILE_LENGTH } from "../shared/key-file.ts";
import { choiceOf, keyElsewhere, wordedSigner } from "./device-identity.ts";
import type { FlagValues } from "./flags.ts";
import { isRemoteKey } from "./identity-flags.ts";
import { certificatesOf } from "./input-files.ts";
import { originalWords } from "./original-words.ts";
import { tokenOptions, tpmOptions } from "./token-flags.ts";

/** Which key is meant. */
export interface DeviceKeyPlace {
  /** `pkcs11:`, `handle:` or a TSS2 file; undefined: that of the certificate, on its token. */
  readonly key: string | undefined;
  /** `pkcs11:` or a file; undefined: none is needed, or with the key undefined the one that is chosen. */
  readonly certificate: string | undefined;
  /** File of intermediate certificates. */
  readonly intermediates?: string | undefined;
  /** What to sign with; undefined: what CreateSession wants of such a key. */
  readonly algorithm?: ((key: PublicKey) => SignatureAlgorithm) | undefined;
}

/** A key that is open. */
export interface DeviceSigner {
  /** Signs with it. */
  readonly signer: Signer;
  /** Certificates, that of the key first; none when none was named. */
  readonly certificates: readonly Certificate[];
  /** Gives back what it lives on. */
  close(): Promise<void>;
}

/**
 * Opens a key of a device.
 *
 * Secret: PINs and passwords go to the device; the key stays there.
 */
export async function deviceSigner(host: Host, values: FlagValues, place: DeviceKeyPlace): Promise<DeviceSigner> {
  try {
    const opened = await openKey(host, values, place);
    return { ...opened, signer: wordedSigner(opened.signer) };
  } catch (error) {
    throw originalWords(error);
  }
}

async function openKey(host: Host, values: FlagValues, place: DeviceKeyPlace): Promise<DeviceSigner> {
  const { key, certificate, intermediates, algorithm } = place;
  if (key !== undefined && isRemoteKey(key)) {
    const { remoteKeySigner } = await import("./remote-key.ts");
    return await remoteKeySigner(host, values, { ...place, key });
  }
  const chosen = algorithm === undefined ? {} : { algorithm };
  const chain = intermediates === undefined ? undefined : certificatesOf(host, intermediates);
  const file = certificate?.startsWith("pkcs11:") ? undefined : certificate;
  if (key === undefined || certificate?.startsWith("pkcs11:")) {
    if (key !== undefined && !key.startsWith("pkcs11:")) throw keyElsewhere();
    const { pkcs11Identity } = await import("../../hsm-bridge/pkcs11/token-identity.ts");
    const source = pkcs11Identity({
      ...tokenOptions(host, values),
      ...await choiceOf(host, values),
      ...chosen,
      certificate: certificate ?? "pkcs11:type=cert",
      ...(key === undefined ? {} : { privateKey: key }),
      ...(chain === undefined ? {} : { intermediates: chain }),
    });
    return await closingOnFailure(source, async () => {
      const identity = await source.identity();
      const certificates = [identity.certificate, ...identity.chain];
      return { signer: identity.signer, certificates, close: () => source.close() };
    });
  }
  const signer = await signerOf(host, values, key, chosen);
  return await closingOnFailure(signer, async () => {
    const close = () => signer.close();
    if (file === undefined) return { signer, certificates: [], close };
    const identity = await createIdentity({
      certificate: certificatesOf(host, file),
      ...(chain === undefined ? {} : { chain }),
      signer,
    });
    return { signer, certificates: [identity.certificate, ...identity.chain], close };
  });
}

async function signerOf(
  host: Host,
  values: FlagValues,
  key: string,
  chosen: Pick<DeviceKeyPlace, "algorithm">,
): Promise<Signer & { close(): Promise<void> }> {
  if (key.startsWith("pkcs11:")) {
    const { pkcs11Signer } = await import("../../hsm-bridge/pkcs11/token-identity.ts");
    return await pkcs11Signer(key, { ...tokenOptions(host, values), ...chosen });
  }
  const { tpmSigner } = await import("../../hsm-bridge/tpm/tpm-signer.ts");
  const isHandle = key.startsWith("handle:");
  return await tpmSigner({
    ...tpmOptions(host, values, isHandle ? "handle" : "file"),
    ...chosen,
    key: isHandle ? key : host.readFile(key, MAX_KEY_FILE_LENGTH),
  });
}

async function closingOnFailure<T>(opened: { close(): Promise<void> }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await opened.close();
    throw error;
  }
}
