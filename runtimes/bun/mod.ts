/**
 * anyrole on Bun: credentials for the AWS SDKs, from certificate and key files.
 *
 * @example
 * ```ts
 * import { fromRolesAnywhere } from "anyrole/bun";
 *
 * // new S3Client({ credentials })
 * export const credentials = fromRolesAnywhere({
 *   certificateFile: "/etc/example/client.pem",
 *   privateKeyFile: "/etc/example/client-key.pem",
 *   trustAnchorArn: "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/0a1b2c3d-0000-4000-8000-000000000000",
 *   profileArn: "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/0a1b2c3d-0000-4000-8000-000000000001",
 *   roleArn: "arn:aws:iam::123456789012:role/Example",
 * });
 * ```
 *
 * @module
 */

import type { CredentialProvider } from "../../core/credentials/credential-provider.ts";
import { rolesAnywhereOf, type RolesAnywhereOptions } from "../shared/roles-anywhere.ts";
import { bunHost } from "./host.ts";

export type { AwsCredentials, CredentialProvider } from "../../core/credentials/credential-provider.ts";
export type { CacheFiles, CacheFileStatus } from "../cache-files.ts";
export type { RoleRequest } from "../../core/session/assume-role.ts";
export type {
  AppendFile,
  DurableFiles,
  Files,
  Host,
  HttpClientOptions,
  ProxyServer,
  RefusedAnswer,
  RefusedStatus,
  RequestHandler,
  RunningServer,
  ServeOptions,
  StagedFile,
  Terminal,
} from "../host.ts";
export type { SharedCacheOptions } from "../shared/credential-store/shared-cache.ts";
export type { IdentityDirectoryOptions, IdentityFileOptions, RolesAnywhereOptions } from "../shared/roles-anywhere.ts";
export { bunCrypto } from "./crypto.ts";
export { bunHost } from "./host.ts";

/**
 * Makes a credential provider for the AWS SDKs. No file is read and nothing is sent until the provider is called; then the
 * identity is read, a session is created, and later calls share it until shortly before its end. Files that change are
 * read again.
 *
 * Secret: the provider answers credentials; errors hold none.
 *
 * @throws {TypeError} for an option that does not exist, when the provider is called
 */
export const fromRolesAnywhere: (options: RolesAnywhereOptions) => CredentialProvider = /* @__PURE__ */ rolesAnywhereOf(
  bunHost,
);
