/**
 * `fromRolesAnywhere` for runtimes that have files: a credential provider for the AWS SDKs, made of a certificate.
 *
 * @module
 */

import {
  createCredentialProvider,
  type CredentialProvider,
  type CredentialProviderOptions,
  type SessionIdentitySource,
} from "../../core/credentials/credential-provider.ts";
import type { RoleRequest } from "../../core/session/assume-role.ts";
import { chainRoles } from "../../core/session/role-chain.ts";
import { identityFromMaterial, type IdentityMaterial } from "../../core/sign/identity-material.ts";
import type { IdentitySource } from "../../core/sign/identity-source.ts";
import type { Host } from "../host.ts";
import { sealingHost, sharedCache, type SharedCacheOptions } from "./credential-store/shared-cache.ts";
import { configuredEndpoint, endpointChoice } from "./endpoint-environment.ts";
import { httpOptions } from "./http-environment.ts";
import { identityFromFiles } from "./identity-files.ts";

/** An identity in files, read again when they change. */
export interface IdentityFileOptions {
  /** Path of the certificate: PEM, DER or PKCS#12; PEM and PKCS#12 may hold the chain and the key as well. */
  readonly certificateFile: string;
  /** Path of the private key; default: it is in the certificate's file. */
  readonly privateKeyFile?: string | undefined;
  /** Path of intermediate certificates, in any order. */
  readonly intermediatesFile?: string | undefined;
  /** Secret: password of an encrypted key or PKCS#12 file. Default: there is none; nobody is asked. */
  readonly password?: string | undefined;
}

/** An identity that is chosen out of a directory of certificates and keys, again when its files change. */
export interface IdentityDirectoryOptions {
  /** Path of the directory. Files directly in it count, but for those whose name begins with a dot. */
  readonly certificateDirectory: string;
  /**
   * Which certificate, in words of `--cert-selector`: `Key=x509Subject,Value=CN=name`, or `file://` and the path of such in
   * JSON; default: every one that has a key.
   */
  readonly selector?: string | undefined;
  /** What becomes of several that fit; default `"refuse"`. */
  readonly several?: "refuse" | "latest-expiring" | undefined;
  /** Secret: password of encrypted keys and PKCS#12 files. Default: there is none; nobody is asked. */
  readonly password?: string | undefined;
}

/**
 * What to get credentials with: the identity, in files, in memory or from a source of yours, and the session that is
 * wanted. `AWS_ENDPOINT_URL_ROLESANYWHERE`, `AWS_ENDPOINT_URL`, `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT` stand in for
 * options that are absent, and `AWS_CA_BUNDLE` replaces the trusted server certificates (in Deno it adds to them).
 */
export type RolesAnywhereOptions =
  & Omit<CredentialProviderOptions, "source" | "sharing" | "chain">
  & {
    /**
     * Roles to assume one after the other with the session's credentials; the last one's are the result, and live an
     * hour at most. STS is at its region's endpoint, or at `AWS_ENDPOINT_URL_STS`. One
     * that is malformed is an error at once.
     */
    readonly assumeRoles?: readonly RoleRequest[] | undefined;
    /**
     * Whether sessions are shared, sealed in files, with the other processes of this user that have the same certificate
     * and ask for the same, and with `anyrole credential-process`; default false: a library writes no files unasked. An
     * identity of a `source` of yours shares with `secret` alone. What the files do not do is an event, and costs a call.
     */
    readonly cache?: boolean | SharedCacheOptions | undefined;
  }
  & (IdentityFileOptions | IdentityDirectoryOptions | IdentityMaterial | { readonly source: IdentitySource });

/** Makes `fromRolesAnywhere` of a host. Secret: its options may hold a key or a password, its providers hold credentials. */
export function rolesAnywhereOf(host: () => Host): (options: RolesAnywhereOptions) => CredentialProvider {
  return ({ cache = false, assumeRoles = [], ...options }) => {
    checkKinds({ cache, assumeRoles, ...options });
    const machine = cache === false ? host() : sealingHost(host());
    const { source, rest } = identitySource(machine, options as RolesAnywhereOptions);
    const sharing = cache === false ? undefined : sharedCache(machine, cache === true ? {} : cache, (error) => {
      rest.onEvent?.({ type: "sharing-failed", error });
    });
    const chain = assumeRoles.length === 0 ? undefined : chainRoles({
      roles: assumeRoles,
      endpoint: configuredEndpoint(machine, "STS"),
    });
    return createCredentialProvider({ ...rest, source, chain, sharing, ...endpointChoice(machine, rest) }, {
      // Made when it is needed: a broken AWS_CA_BUNDLE is an error of the call, as every other is.
      fetch: (url, init) => machine.httpClient(httpOptions(machine, "verify"))(url, init),
      now: machine.now,
      sleep: machine.sleep,
      random: machine.random,
      sha256: machine.sha256,
    });
  };
}

/** Checks the options that are this module's own. @throws {TypeError} naming the one */
function checkKinds(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    // They are made of "assumeRoles" and "cache".
    if (name === "chain" || name === "sharing") throw new TypeError(`fromRolesAnywhere() has no option "${name}"`);
    if (TEXTS.includes(name) && typeof value !== "string") throw new TypeError(`"${name}" must be a string`);
    if (MATERIAL.includes(name) && !["string", "object"].includes(value === null ? "null" : typeof value)) {
      throw new TypeError(`"${name}" must be PEM text, octets or a key`);
    }
    if (name === "assumeRoles" && !Array.isArray(value)) throw new TypeError('"assumeRoles" must be a list');
    if (name === "cache" && typeof value !== "boolean" && (typeof value !== "object" || value === null)) {
      throw new TypeError('"cache" must be true, false, or { directory, store, … }');
    }
  }
  if (!["source", "certificateFile", "certificateDirectory", "certificate"].some((name) => name in options)) {
    throw new TypeError('the options must have "certificateFile", "certificateDirectory", "certificate" or "source"');
  }
}

const TEXTS: readonly string[] = [
  "certificateFile",
  "privateKeyFile",
  "intermediatesFile",
  "password",
  "certificateDirectory",
  "selector",
];

const MATERIAL: readonly string[] = ["certificate", "privateKey", "intermediates"];

function identitySource(
  host: Host,
  options: RolesAnywhereOptions,
): { readonly source: SessionIdentitySource; readonly rest: Omit<CredentialProviderOptions, "source"> } {
  if ("source" in options) {
    const { source, ...rest } = options;
    return { source, rest };
  }
  if ("certificateFile" in options) {
    const { certificateFile, privateKeyFile, intermediatesFile, password, ...rest } = options;
    const source = identityFromFiles(host, {
      certificate: certificateFile,
      ...(privateKeyFile === undefined ? {} : { privateKey: privateKeyFile }),
      ...(intermediatesFile === undefined ? {} : { intermediates: intermediatesFile }),
      password: password === undefined ? { ask: "never" } : { password },
    });
    return { source, rest };
  }
  if ("certificateDirectory" in options) {
    const { certificateDirectory, selector, several = "refuse", password, ...rest } = options;
    if (several !== "refuse" && several !== "latest-expiring") {
      throw new TypeError('"several" must be "refuse" or "latest-expiring"');
    }
    const source = identityFromFiles(host, {
      directory: certificateDirectory,
      ...(selector === undefined ? {} : { selector }),
      several,
      password: password === undefined ? { ask: "never" } : { password },
    });
    return { source, rest };
  }
  const { certificate, privateKey, intermediates, ...rest } = options;
  return { source: identityFromMaterial({ certificate, privateKey, intermediates }, host.crypto()), rest };
}
