/**
 * From the flags that name a certificate and a key to files, or to a word on why not.
 *
 * @module
 */

import { BaseError } from "../../core/base-error.ts";
import type { Host } from "../host.ts";
import type { IdentityDirectory } from "../shared/identity-directory.ts";
import type { IdentityFiles } from "../shared/identity-files.ts";
import type { KeyPassword } from "../shared/key-file.ts";
import type { FlagValues } from "./flags.ts";

/**
 * - `ERR_IDENTITY_NOT_GIVEN`: neither a certificate nor a key was named
 * - `ERR_IDENTITY_KIND`: it lives in a place that this version does not reach
 */
export type IdentityFlagErrorCode = "ERR_IDENTITY_NOT_GIVEN" | "ERR_IDENTITY_KIND";

/** Flags that name no identity which this version can use. */
export class IdentityFlagError extends BaseError<IdentityFlagErrorCode> {
  override readonly name: string = "IdentityFlagError";
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
      "Cannot use the private key: its certificate is not given; pass --certificate",
    );
  }
  for (const path of [certificate, privateKey ?? certificate]) refuseDevices(path);
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
  refuseDevices(path);
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
        `--private-key, or --cert-directory (this version does not read the certificate store of ${host.platform})`,
    )
    : new IdentityFlagError(
      "ERR_IDENTITY_KIND",
      `Cannot use --${flag}: ${storeState(flag, host.platform)}; put certificates and keys into a directory and pass ` +
        "--cert-directory, or pass --certificate and --private-key",
    );
}

/** Refuses names of keys that are in no file. @throws {IdentityFlagError} */
export function refuseDevices(path: string): void {
  const device = path.startsWith("pkcs11:") ? "PKCS#11 tokens" : path.startsWith("handle:") ? "TPM keys" : undefined;
  if (device !== undefined) {
    throw new IdentityFlagError(
      "ERR_IDENTITY_KIND",
      `Cannot use the private key: this version does not reach ${device}; pass a key file`,
    );
  }
}

/** Flags that mean the operating system's store. */
const STORE_FLAGS = ["cert-selector", "system-store-name"] as const;

function storeState(flag: (typeof STORE_FLAGS)[number], platform: string): string {
  return flag === "system-store-name" && platform !== "windows"
    ? `system stores are a matter of Windows, and this is ${platform}`
    : `this version does not read the certificate store of ${platform}`;
}
