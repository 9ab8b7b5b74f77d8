/**
 * Identities whose keys are on tokens and in TPMs, as flags name them.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { sealedBySignature, type SealingIdentity } from "../../core/credentials/sealing-key.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import type { CertificateSelector } from "../../core/selection/certificate-selector.ts";
import type { Identity } from "../../core/sign/identity.ts";
import type { Host } from "../host.ts";
import { MAX_KEY_FILE_LENGTH } from "../shared/key-file.ts";
import type { FlagValues } from "./flags.ts";
import { IdentityFlagError, type IdentityUse, isDevice, isRemoteKey, type NamedIdentity } from "./identity-flags.ts";
import { originalWords } from "./original-words.ts";
import { tokenOptions, tpmOptions } from "./token-flags.ts";

/** The identity of a device, which is open from its first use on. */
interface DeviceSource {
  identity(): Promise<Identity>;
  close(): Promise<void>;
}

/**
 * Makes the source of an identity whose key is on a token or in a TPM. Files beside it are read again when they change.
 *
 * Secret: PINs and passwords go to the device; the key stays there.
 *
 * @param use with `sealing` its sessions are shared, if signatures of the key are always the same
 */
export function deviceIdentity(host: Host, values: FlagValues, use: IdentityUse): NamedIdentity {
  const paths = ["certificate", "private-key", "intermediates"].map((name) => values.text(name))
    .filter((path): path is string => path !== undefined && !isDevice(path));
  const stamp = (): string => paths.map((path) => host.fileStamp(path)).join(" ");
  const remote = isRemoteKey(values.text("private-key") ?? "");
  let held: { readonly stamp: string; readonly source: DeviceSource } | undefined;
  // What a changed file has replaced is closed a change later: nobody signs with it any more.
  let replaced: DeviceSource | undefined;
  let last: { readonly of: Identity; readonly identity: SealingIdentity } | undefined;
  let opening: Promise<DeviceSource> | undefined;

  const open = async (now: string): Promise<DeviceSource> => {
    const made = await openSource(host, values, use);
    const before = replaced;
    replaced = held?.source;
    held = { stamp: now, source: made };
    await before?.close();
    return made;
  };
  const source = async (): Promise<DeviceSource> => {
    const now = stamp();
    if (held?.stamp === now) return held.source;
    // Who comes meanwhile shares it: a device is opened once.
    return await (opening ??= open(now).finally(() => opening = undefined));
  };

  return {
    identity: async () => {
      try {
        const identity = await (await source()).identity();
        if (last?.of === identity) return last.identity;
        const worded = wordedSigner(identity.signer);
        // Who holds a key elsewhere may sign requests alone, ask somebody, or count: it is not asked for another signature.
        const signer = use.sealing !== undefined && !remote ? await sealedBySignature(worded, host.sha256) : worded;
        last = { of: identity, identity: { ...identity, signer } };
        return last.identity;
      } catch (error) {
        throw originalWords(error);
      }
    },
    close: async () => {
      // Why it could not be opened was said to who wanted it.
      await opening?.catch(() => undefined);
      const all = [held?.source, replaced];
      held = replaced = undefined;
      for (const each of all) await each?.close();
    },
  };
}

/** A signer whose errors have the original's words. */
export function wordedSigner(signer: Signer): Signer {
  const { algorithm, publicKey } = signer;
  return {
    algorithm,
    publicKey,
    sign: async (message) => {
      try {
        return await signer.sign(message);
      } catch (error) {
        throw originalWords(error);
      }
    },
  };
}

async function openSource(host: Host, values: FlagValues, use: IdentityUse): Promise<DeviceSource> {
  const certificate = values.text("certificate");
  const privateKey = values.text("private-key");
  if (privateKey !== undefined && isRemoteKey(privateKey)) {
    const { remoteKeySource } = await import("./remote-key.ts");
    return remoteKeySource(host, values);
  }
  const onToken = [certificate, privateKey].some((text) => text?.startsWith("pkcs11:")) ||
    (certificate === undefined && privateKey === undefined);
  return onToken ? await tokenSource(host, values, use) : await tpmSource(host, values);
}

async function tokenSource(host: Host, values: FlagValues, { alone }: IdentityUse): Promise<DeviceSource> {
  const certificate = values.text("certificate");
  const privateKey = values.text("private-key");
  const intermediates = values.text("intermediates");
  if (privateKey !== undefined && !privateKey.startsWith("pkcs11:")) throw keyElsewhere();
  if (certificate === undefined && privateKey !== undefined) throw noCertificate();
  const { pkcs11Identity } = await import("../../hsm-bridge/pkcs11/token-identity.ts");
  return pkcs11Identity({
    ...tokenOptions(host, values),
    ...(alone === true ? { calls: "synchronous" } as const : {}),
    ...await choiceOf(host, values),
    certificate: certificate === undefined
      ? "pkcs11:type=cert"
      : certificate.startsWith("pkcs11:")
      ? certificate
      : contents(host, certificate),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(intermediates === undefined ? {} : { intermediates: contents(host, intermediates) }),
  });
}

/** Which certificate of the tokens; of a URI without a word on it, the only one. */
export async function choiceOf(
  host: Host,
  values: FlagValues,
): Promise<{ readonly selector?: CertificateSelector; readonly several?: "refuse" | "latest-expiring" }> {
  const latest = values.boolean("use-latest-expiring-certificate");
  const several: "refuse" | "latest-expiring" = latest ? "latest-expiring" : "refuse";
  const text = values.text("cert-selector");
  if (values.text("certificate") !== undefined && text === undefined) return latest ? { several } : {};
  const { readSelector } = await import("../shared/identity-directory.ts");
  return { selector: readSelector(host, text), several };
}

async function tpmSource(host: Host, values: FlagValues): Promise<DeviceSource> {
  const certificate = values.text("certificate");
  const intermediates = values.text("intermediates");
  const key = values.text("private-key") ?? certificate!;
  if (certificate === undefined || certificate.startsWith("handle:")) throw noCertificate();
  const { tpmIdentity } = await import("../../hsm-bridge/tpm/tpm-identity.ts");
  const isHandle = key.startsWith("handle:");
  return tpmIdentity({
    ...tpmOptions(host, values, isHandle ? "handle" : "file"),
    key: isHandle ? key : contents(host, key),
    certificate: contents(host, certificate),
    ...(intermediates === undefined ? {} : { intermediates: contents(host, intermediates) }),
  });
}

/** The error of a certificate on a token whose key is said to be somewhere else. */
export function keyElsewhere(): IdentityFlagError {
  return new IdentityFlagError(
    "ERR_IDENTITY_KIND",
    "Cannot use the private key: undefined certificate value: its certificate is on a token, and it is not; pass the " +
      "certificate's file, or name no key for the one on the token",
  );
}

function noCertificate(): IdentityFlagError {
  return new IdentityFlagError(
    "ERR_IDENTITY_NOT_GIVEN",
    "Cannot use the private key: unable to find certificate: none is given; pass --certificate",
  );
}

function contents(host: Host, path: string): Bytes {
  return host.readFile(path, MAX_KEY_FILE_LENGTH);
}
