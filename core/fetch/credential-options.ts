/**
 * What requests can be signed with.
 *
 * @module
 */

import type { CredentialProviderOptions } from "../credentials/credential-provider.ts";
import type { SigV4Credentials } from "../sigv4/hmac-scheme.ts";
import type { SigningIdentitySource } from "./pem-identity.ts";

/** Credentials as an AWS SDK has them. Secret: `secretAccessKey` and `sessionToken`. */
export interface FetchCredentials extends SigV4Credentials {
  /** When they end; absent: they do not. */
  readonly expiration?: Date | undefined;
}

/**
 * Answers credentials, as providers of the AWS SDK and of `createCredentialProvider` do. It is asked again ten to five
 * minutes before they end, and with `forceRefresh` when a service called them expired.
 */
export type FetchCredentialProvider = (properties?: { readonly forceRefresh?: boolean }) => Promise<FetchCredentials>;

/** A role, and the identity to get it with: the options of `createCredentialProvider`. Unknown members are a TypeError. */
export interface RolesAnywhereOptions extends Omit<CredentialProviderOptions, "source" | "callers" | "onEvent"> {
  /** The identity, or where it comes from: `pemIdentity`, an `IdentitySource` of `anyrole/sign`. */
  readonly source: CredentialProviderOptions["source"] | SigningIdentitySource;
}

/** Where credentials come from: themselves, a provider, or a role and the identity to get it with. */
export type FetchCredentialOptions = FetchCredentials | FetchCredentialProvider | RolesAnywhereOptions;
