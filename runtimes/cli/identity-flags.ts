/**
 * From the flags that name a certificate and a key to the identity: in files, or, by what is loaded for it alone, in
 * devices; or to a word on why not.
 *
 * @module
 */

import { BaseError, isCoded } from "../../core/base-error.ts";
import type { SessionIdentitySource } from "../../core/credentials/credential-provider.ts";
import type { SealingIdentity } from "../../core/credentials/sealing-key.ts";
import type { Host } from "../host.ts";
import { sealingHost } from "../shared/credential-store/shared-cache.ts";
import type { IdentityDirectory } from "../shared/identity-directory.ts";
import { type IdentityFiles, identityFromFiles } from "../shared/identity-files.ts";
import type { KeyPassword } from "../shared/key-file.ts";
import { errorLine } from "./error-line.ts";
import type { FlagValues } from "./flags.ts";
import { logLine } from "./log-line.ts";

/**
 * - `ERR_IDENTITY_NOT_GIVEN`: neither a certificate nor a key was named
 * - `ERR_IDENTITY_KIND`: it lives in a place that this version does not reach
 */
export type IdentityFlagErrorCode = "ERR_IDENTITY_NOT_GIVEN" | "ERR_IDENTITY_KIND";

/** Flags that name no identity which this version can use. */
export class IdentityFlagError extends BaseError<IdentityFlagErrorCode> {
  override readonly name: string = "IdentityFlagError";
}

/** The source of an identity that flags name. */
export interface NamedIdentity extends SessionIdentitySource {
  /** The identity to use now. */
  identity(): Promise<SealingIdentity>;
  /** Gives back what a device lives on. */
  close(): Promise<void>;
}

/** What an identity is wanted for. */
export interface IdentityUse {
  /** Whether its sessions are to be shared, and when a key in a file is proven then, as of `sealingProvider`. */
  readonly sealing?: "at-once" | "put-off" | undefined;
  /** Whether nothing else goes on meanwhile: then calls of a token's module need no thread. Default: something does. */
  readonly alone?: true;
  /** Called when a device is about to be opened: from then on there is something to give back. */
  readonly opening?: () => void;
}

/**
 * Does work with the identity that the flags name, and closes it, whatever becomes of the work. When a device is open
 * and a signal asks the process to stop, the work is not waited for.
 *
 * Secret: as {@link namedIdentity}.
 *
 * @throws what the work throws; {StoppedError} when a signal came first
 */
export async function withIdentity<T>(
  host: Host,
  values: FlagValues,
  use: IdentityUse,
  work: (source: NamedIdentity) => Promise<T>,
): Promise<T> {
  let stop: (signal: string) => void = () => {};
  const signal = new Promise<string>((resolve) => stop = resolve);
  let over: AbortController | undefined;
  const opening = (): void => {
    over = new AbortController();
    void host.untilStopped(over.signal).then(stop);
  };
  const source = namedIdentity(host, values, { ...use, opening });
  try {
    return await Promise.race([
      work(source),
      signal.then(async (name) => {
        const { StoppedError } = await import("./stopped-error.ts");
        throw new StoppedError(name);
      }),
    ]);
  } finally {
    await closeIdentity(host, source);
    over?.abort();
  }
}

/** Closes an identity. What was done with it is done: a failure is told of, and changes nothing. */
export async function closeIdentity(host: Host, source: NamedIdentity): Promise<void> {
  try {
    await source.close();
  } catch (error) {
    host.writeError(logLine(host.now(), errorLine(error)));
  }
}

/**
 * Makes the source of the identity that the flags name.
 *
 * Secret: passwords and PINs go to whoever holds the key.
 *
 * @throws {IdentityFlagError} the flags name no identity
 */
export function namedIdentity(host: Host, values: FlagValues, use: IdentityUse): NamedIdentity {
  const { sealing } = use;
  const device = async (): Promise<NamedIdentity> => {
    use.opening?.();
    return (await import("./device-identity.ts")).deviceIdentity(host, values, use);
  };
  if (namesDevice(values)) return lately(device);
  const files = identityFiles(host, values);
  const source = identityFromFiles(sealing === undefined ? host : sealingHost(host, sealing), files);
  if ("directory" in files) return { identity: async () => await source.identity(), close: () => Promise.resolve() };
  const inTpm = lately(device);
  return {
    identity: async () => {
      try {
        return await source.identity();
      } catch (error) {
        // A key file that cannot be used may be one of a TPM: nobody else pays for the question.
        if (!isCoded(error)) throw error;
        const { isTpmKeyFile } = await import("./tpm-key-file.ts");
        if (!isTpmKeyFile(host, files.privateKey ?? files.certificate)) throw error;
        return await inTpm.identity();
      }
    },
    close: () => inTpm.close(),
  };
}

/** Whether the flags name a key that is in no file; key files of TPMs are known by what is in them. */
export function namesDevice(values: FlagValues): boolean {
  if (values.text("cert-directory") !== undefined) return false;
  const named = ["certificate", "private-key"].map((name) => values.text(name)).filter((text) => text !== undefined);
  return named.some(isDevice) || (named.length === 0 && values.text("pkcs11-lib") !== undefined);
}

/** Whether the value of a flag names a key, or a certificate, that is in no file. */
export function isDevice(text: string): boolean {
  return text.startsWith("pkcs11:") || text.startsWith("handle:") || isRemoteKey(text);
}

/** Whether the value of a flag names a key that a bridge, a program, an SSH agent or the kernel holds. */
export function isRemoteKey(text: string): boolean {
  return /^(?:bridge|exec|ssh-agent|keyring):/.test(text);
}

/** The source of a promise; closed, it is no source any more. */
function lately(make: () => Promise<NamedIdentity>): NamedIdentity {
  let made: Promise<NamedIdentity> | undefined;
  let closed = false;
  return {
    identity: async () => {
      if (closed) throw new TypeError("the source of the identity was closed");
      return await (await (made ??= make())).identity();
    },
    close: async () => {
      closed = true;
      await (await made)?.close();
    },
  };
}

/** The identity's files, or the directory to choose it from. Secret: the password among them. */
export function identityFiles(host: Host, values: FlagValues): IdentityFiles | IdentityDirectory {
  const directory = identityDirectory(values);
  if (directory !== undefined) return directory;
  const certificate = values.text("certificate");
  const privateKey = values.text("private-key");
  const intermediates = values.text("intermediates");
  if (certificate === undefined) {
    throw privateKey === undefined ? storeError(host, values) : new IdentityFlagError(
      "ERR_IDENTITY_NOT_GIVEN",
      "Cannot use the private key: its certificate is not given (undefined certificate value); pass --certificate",
    );
  }
  return {
    certificate,
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(intermediates === undefined ? {} : { intermediates }),
    password: keyPassword(values),
  };
}

/** The directory to choose an identity from; undefined: none is given. Secret: the password in it. */
export function identityDirectory(values: FlagValues): IdentityDirectory | undefined {
  const directory = values.text("cert-directory");
  if (directory === undefined) return undefined;
  const selector = values.text("cert-selector");
  return {
    directory,
    ...(selector === undefined ? {} : { selector }),
    several: values.boolean("use-latest-expiring-certificate") ? "latest-expiring" : "refuse",
    password: keyPassword(values),
  };
}

/** The file of the private key alone, for commands that need no certificate. */
export function keyFile(host: Host, values: FlagValues): string {
  const path = values.text("private-key") ?? values.text("certificate");
  if (path === undefined) throw storeError(host, values);
  return path;
}

/** The password given, or leave to ask for one. Secret: the result; the words of the command line cannot be wiped. */
export function keyPassword(values: FlagValues): KeyPassword {
  const password = values.text("pkcs8-password");
  return password === undefined ? { ask: "terminal" } : { password };
}

/** The error of a command without certificate and key, which means the operating system's store. */
export function storeError(host: Host, values: FlagValues): IdentityFlagError {
  const flag = STORE_FLAGS.find((name) => values.mentioned.has(name) && values.text(name) !== undefined);
  return flag === undefined
    ? new IdentityFlagError(
      "ERR_IDENTITY_NOT_GIVEN",
      "Cannot find an identity: neither a certificate nor a private key is given; pass --certificate and " +
        "--private-key, --cert-directory, or --pkcs11-lib (unable to use cert store signer on " +
        `${host.platform}: this version does not read the certificate store of ${host.platform})`,
    )
    : new IdentityFlagError(
      "ERR_IDENTITY_KIND",
      `Cannot use --${flag}: ${storeState(flag, host.platform)}; put certificates and keys into a directory and pass ` +
        "--cert-directory, or pass --certificate and --private-key; for tokens pass --pkcs11-lib",
    );
}

/** Flags that mean the operating system's store. */
const STORE_FLAGS = ["cert-selector", "system-store-name"] as const;

function storeState(flag: (typeof STORE_FLAGS)[number], platform: string): string {
  return flag === "system-store-name" && platform !== "windows"
    ? `system stores are a matter of Windows, and this is ${platform}`
    : `this version does not read the certificate store of ${platform}`;
}
