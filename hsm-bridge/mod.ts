/**
 * Keys that never leave their device: PKCS#11 tokens, NSS databases, and the TPM 2.0; and keys that other programs hold:
 * signing services, programs, SSH agents and the Linux kernel.
 *
 * C libraries are called from Node (with the package `koffi`), Deno (`--allow-ffi`) and Bun. No other entry point of this
 * package reaches them but `anyrole/cli`, and that only when a flag names a device.
 *
 * @example Credentials with a certificate and key on a token
 * ```ts
 * import { type CredentialProvider, createCredentialProvider, type SessionPorts } from "anyrole/credentials";
 * import { pkcs11Identity } from "anyrole/hsm";
 * import { webCryptoProvider } from "anyrole/sign";
 *
 * export function tokenCredentials(
 *   pin: Uint8Array<ArrayBuffer>,
 *   arns: { trustAnchorArn: string; profileArn: string; roleArn: string },
 *   ports: SessionPorts,
 * ): CredentialProvider {
 *   const source = pkcs11Identity({
 *     certificate: "pkcs11:token=edge;object=edge-7",
 *     module: "/usr/lib/softhsm/libsofthsm2.so",
 *     pin: () => pin.slice(),
 *     crypto: webCryptoProvider(),
 *   });
 *   return createCredentialProvider({ source, ...arns }, ports);
 * }
 * ```
 *
 * @module
 */

export { HsmError, type HsmErrorCode, type HsmErrorDetail } from "./hsm-error.ts";
export type { AlgorithmChoice } from "./algorithm-choice.ts";
export type {
  CArgument,
  CSignature,
  CType,
  ForeignFunction,
  ForeignFunctions,
  ForeignLibrary,
  ForeignPlatform,
} from "./ffi/foreign-functions.ts";
export { type ForeignBackend, foreignFunctions } from "./ffi/available-functions.ts";
export { CKA, CKC, CKF_SESSION, CKF_SLOT, CKF_TOKEN, CKK, CKM, CKO, CKS, CKU } from "./pkcs11/constants.ts";
export { CKR } from "./pkcs11/return-values.ts";
export {
  type Attribute,
  type AttributeOutcome,
  AttributeSet,
  type AttributeValue,
  type Template,
} from "./pkcs11/attributes.ts";
export type {
  Cryptoki,
  CryptokiVersion,
  KeyPairHandles,
  Mechanism,
  ModuleInfo,
  SessionInfo,
  SlotInfo,
  TokenInfo,
} from "./pkcs11/cryptoki.ts";
export { openModule as openPkcs11Module, type OpenModuleOptions } from "./pkcs11/module.ts";
export type { ModuleOptions } from "./pkcs11/module-choice.ts";
export {
  formatPkcs11Uri,
  type Pkcs11ObjectType,
  Pkcs11Uri,
  type Pkcs11UriAttributes,
  type Pkcs11Version,
  type VendorAttribute,
} from "./pkcs11/pkcs11-uri.ts";
export { Pkcs11UriError, type Pkcs11UriErrorCode } from "./pkcs11/pkcs11-uri-error.ts";
export { isPkcs11Uri, parsePkcs11Uri } from "./pkcs11/pkcs11-uri-parsing.ts";
export { type AskPin, MAX_PIN_ATTEMPTS, type PinOptions, type PinRequest, pinSourcePath } from "./pkcs11/pin-store.ts";
export type { CertificateChoice } from "./pkcs11/find-certificate.ts";
export { DEFAULT_MAX_SESSIONS } from "./pkcs11/session-pool.ts";
export type { TokenSlot } from "./pkcs11/slots.ts";
export { TokenError, type TokenErrorCode, type TokenErrorDetail } from "./pkcs11/token-error.ts";
export {
  type Pkcs11Identity,
  pkcs11Identity,
  type Pkcs11IdentityOptions,
  type Pkcs11Signer,
  pkcs11Signer,
  type TokenOptions,
} from "./pkcs11/token-identity.ts";
export {
  type ListedCertificate,
  type ListedObject,
  type ListedToken,
  listTokenCertificates,
  listTokens,
  type TokenCertificateListOptions,
  type TokenList,
  type TokenListOptions,
} from "./pkcs11/token-listing.ts";
export {
  type GeneratedTokenKey,
  generateTokenKey,
  importTokenCertificate,
  type ProvisioningOptions,
  type TokenCertificateOptions,
  type TokenKeyOptions,
} from "./pkcs11/token-provisioning.ts";
export type { TokenKeyType } from "./pkcs11/token-public-key.ts";
export {
  type CreatedTpmKey,
  createTpmKey,
  type CreateTpmKeyOptions,
  evictTpmKey,
  type EvictTpmKeyOptions,
  persistTpmKey,
  type PersistTpmKeyOptions,
} from "./tpm/create-key.ts";
export {
  encodeTpmKeyFile,
  isTpmKeyFile,
  parseTpmKeyFile,
  type PolicyStep,
  type SignedPolicy,
  TPM_KEY_LABEL,
  type TpmKeyFile,
  type TpmKeyFileContents,
} from "./tpm/key-file.ts";
export { formatTpmHandle, isTpmHandleForm, parseTpmHandle } from "./tpm/key-handle.ts";
export { MAX_PASSWORD_ATTEMPTS, type TpmPassword, type TpmPasswordRequest } from "./tpm/key-password.ts";
export type { PcrSelection } from "./tpm/pcr-selection.ts";
export type { KeyScheme, PublicArea } from "./tpm/public-area.ts";
export { decodeResponseCode, describeResponseCode, type TpmResponseCode } from "./tpm/response-code.ts";
export type { SocketAddress } from "./tpm/socket-transport.ts";
export { tbsTransport } from "./tpm/tbs-transport.ts";
export type {
  Authorization,
  AuthorizedCommand,
  AuthorizedResponse,
  CommandChannel,
  TpmAnswer,
  TpmCommand,
  TpmEntity,
} from "./tpm/command.ts";
export type { TpmReader } from "./tpm/marshal.ts";
export { DEFAULT_TPM_DEVICES, openTpm, type Tpm, type TpmOptions } from "./tpm/tpm.ts";
export { TpmError, type TpmErrorCode, type TpmErrorContext } from "./tpm/tpm-error.ts";
export { tpmIdentity, type TpmIdentityOptions, type TpmIdentitySource } from "./tpm/tpm-identity.ts";
export { type TpmSigner, tpmSigner, type TpmSignerOptions } from "./tpm/tpm-signer.ts";
export { DEFAULT_TPM_TIMEOUT_MS, type TpmConnection, type TpmTransport } from "./tpm/transport.ts";
export { type ExecSigner, execSigner, type ExecSignerOptions } from "./remote/exec-signer.ts";
export { type ExecServiceOptions, serveExecProtocol } from "./remote/exec-service.ts";
export { MAX_CLOCK_DIFFERENCE_MS, type MessageRule } from "./remote/message-rule.ts";
export type { ProgramEvents, ProgramPipe, StartProgram } from "./remote/program-pipe.ts";
export { DEFAULT_SIGNING_RATE, type GrantPorts, type SigningGrant } from "./remote/signing-grant.ts";
export type { RefusalCode } from "../core/sign/signing-protocol.ts";
export { formatRecord, type KeepRecord, type SigningRecord } from "./remote/signing-record.ts";
export {
  createSigningService,
  type ServedGrant,
  type SigningService,
  type SigningServiceAnswer,
  type SigningServiceOptions,
  type SigningServiceRequest,
} from "./remote/signing-service.ts";
export type { AgentKey } from "./remote/ssh-agent-messages.ts";
export {
  listSshAgentKeys,
  type SshAgentPlace,
  sshAgentSigner,
  type SshAgentSignerOptions,
} from "./remote/ssh-agent-signer.ts";
export type { Rate } from "./remote/token-bucket.ts";
export type { ExchangeOctets } from "./remote/unix-socket-exchange.ts";
export { unixSocketFetch } from "./remote/unix-socket-fetch.ts";
export { KeystoreError, type KeystoreErrorCode, type KeystoreName } from "./os-keystore/keystore-error.ts";
export { type KeyringSigner, keyringSigner, type KeyringSignerOptions } from "./os-keystore/keyring-signer.ts";
export {
  type CertificateKeystore,
  openKeystore,
  type OperatingSystemKeystore,
} from "./os-keystore/operating-system-keystore.ts";
