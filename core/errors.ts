/**
 * Every coded error of the core in one place. Callers branch on `code`; copies from npm and JSR may live in one process,
 * so `instanceof` is for those who know that they have one.
 *
 * @example
 * ```ts
 * import type { AnyError } from "anyrole/errors";
 *
 * export function isRetryLater(error: unknown): boolean {
 *   return (error as Partial<AnyError>).code === "ERR_SERVICE_THROTTLED";
 * }
 * ```
 *
 * @module
 */

import type { ArnError } from "./aws/arn-error.ts";
import type { EndpointError } from "./aws/endpoint-error.ts";
import type { CredentialStoreError } from "./credentials/store-error.ts";
import type { CryptoError } from "./crypto/crypto-error.ts";
import type { DerError } from "./der/der-error.ts";
import type { FetchError } from "./fetch/fetch-error.ts";
import type { KeyError } from "./keys/key-error.ts";
import type { PathError } from "./path/path-error.ts";
import type { PemError } from "./pem/pem-error.ts";
import type { PolicyError } from "./policy/policy-error.ts";
import type { SelectionError } from "./selection/selection-error.ts";
import type { ServiceError } from "./session/service-error.ts";
import type { SessionError } from "./session/session-error.ts";
import type { IdentityError } from "./sign/identity-error.ts";
import type { RemoteSignerError } from "./sign/remote-signer-error.ts";
import type { SigningError } from "./sigv4/signing-error.ts";
import type { SigV4Error } from "./sigv4/sigv4-error.ts";
import type { CertificateError } from "./x509/certificate-error.ts";

export { BaseError, type ErrorContext, isCoded } from "./base-error.ts";
export { ArnError, type ArnErrorCode } from "./aws/arn-error.ts";
export { EndpointError, type EndpointErrorCode } from "./aws/endpoint-error.ts";
export { CredentialStoreError, type CredentialStoreErrorCode } from "./credentials/store-error.ts";
export { CryptoError, type CryptoErrorCode } from "./crypto/crypto-error.ts";
export { DerError, type DerErrorCode } from "./der/der-error.ts";
export { KeyError, type KeyErrorCode } from "./keys/key-error.ts";
export { PathError, type PathErrorCode } from "./path/path-error.ts";
export { PemError, type PemErrorCode } from "./pem/pem-error.ts";
export { PolicyError, type PolicyErrorCode } from "./policy/policy-error.ts";
export { SelectionError, type SelectionErrorCode } from "./selection/selection-error.ts";
export { ServiceError, type ServiceErrorCode } from "./session/service-error.ts";
export { SessionError, type SessionErrorCode } from "./session/session-error.ts";
export { FetchError, type FetchErrorCode } from "./fetch/fetch-error.ts";
export { IdentityError, type IdentityErrorCode } from "./sign/identity-error.ts";
export { SigningError, type SigningErrorCode } from "./sigv4/signing-error.ts";
export {
  RemoteSignerError,
  type RemoteSignerErrorCode,
  type RemoteSignerErrorDetail,
} from "./sign/remote-signer-error.ts";
export { SigV4Error, type SigV4ErrorCode } from "./sigv4/sigv4-error.ts";
export { CertificateError, type CertificateErrorCode } from "./x509/certificate-error.ts";

/** Any error that the core raises on purpose, for `switch (error.code)`. */
export type AnyError =
  | ArnError
  | CertificateError
  | CredentialStoreError
  | CryptoError
  | DerError
  | EndpointError
  | FetchError
  | IdentityError
  | KeyError
  | PathError
  | PemError
  | PolicyError
  | RemoteSignerError
  | SelectionError
  | ServiceError
  | SessionError
  | SigningError
  | SigV4Error;
