/**
 * The flags of every command and the pairs that exclude each other: those of `aws_signing_helper` 1.8.0.
 *
 * @module
 */

import type { Flag } from "./flags.ts";

const CERTIFICATE: Flag = {
  name: "certificate",
  type: "string",
  help: "Certificate file: PEM (also a full chain, or with the key), DER or PKCS#12 (key and chain in it); - for " +
    "standard input, fd:N for a descriptor, env:NAME for an environment variable; or a pkcs11: URI",
};
const PRIVATE_KEY: Flag = {
  name: "private-key",
  type: "string",
  help: "Private key file: PKCS#8, PKCS#1 or SEC1, PEM or DER, also encrypted; PKCS#12; TSS2 of a TPM; or -, fd:N, " +
    "env:NAME; or a pkcs11: URI, or handle:H of a TPM; or who holds it: bridge:SOCKET, bridge:https://127.0.0.1:PORT, " +
    "exec:PROGRAM ARGUMENTS (split at spaces; no shell), ssh-agent: or ssh-agent:SOCKET, keyring:KEY of the Linux kernel",
};
const CERT_SELECTOR: Flag = {
  name: "cert-selector",
  type: "string",
  help: "Chooses a certificate of --cert-directory, or of the tokens of --pkcs11-lib: Key=x509Subject,Value=CN=name " +
    "(x509Issuer, x509Serial), or file://PATH of such in JSON",
};
const CERT_DIRECTORY: Flag = {
  name: "cert-directory",
  type: "string",
  help: "Directory of certificates and their keys, in place of the operating system's store",
};
const SYSTEM_STORE: Flag = {
  name: "system-store-name",
  type: "string",
  default: "MY",
  help: "Name of the system store to search; Windows alone has such, and this version does not reach it",
};
const LATEST: Flag = {
  name: "use-latest-expiring-certificate",
  type: "boolean",
  help: "Of several matching certificates take the one that expires last",
};
const PKCS11_LIB: Flag = {
  name: "pkcs11-lib",
  type: "string",
  help: "PKCS#11 module, or sql:DIRECTORY of an NSS database; default: that of the URI, or p11-kit's proxy",
};
const REUSE_PIN: Flag = {
  name: "reuse-pin",
  type: "boolean",
  help: "Give keys that want a PIN at each signature that of the login",
};
const PIN: readonly Flag[] = /* @__PURE__ */ secretFlags("pkcs11-pin", "PIN of the token").concat([
  {
    name: "pkcs11-pin-last-try",
    type: "boolean",
    secret: true, // somebody may take it for a flag of the PIN
    help: "Send the PIN of a flag also when one more wrong PIN locks the token",
  },
]);
const TPM_PASSWORD: Flag = {
  name: "tpm-key-password",
  type: "string",
  secret: true,
  help: "Password of the TPM key, for everybody on this machine to see; asked on the terminal when absent",
};
const TPM_PASSWORDS: readonly Flag[] = /* @__PURE__ */ secretFlags("tpm-key-password", "password of the TPM key");
const TPM_PARENT_PASSWORDS: readonly Flag[] = /* @__PURE__ */ secretFlags(
  "tpm-parent-password",
  "password of the TPM key's parent, or of the hierarchy that is its parent",
);
const NO_TPM_PASSWORD: Flag = {
  name: "no-tpm-key-password",
  type: "boolean",
  secret: true, // somebody may take it for the flag of the password
  help: "The TPM key has no password",
};
const BRIDGE: readonly Flag[] = /* @__PURE__ */ secretFlags("bridge-token", "token of the bridge").concat([
  {
    name: "bridge-ca",
    type: "string",
    help: "CA of the bridge's certificate, PEM; default: AWS_CA_BUNDLE, or the system's",
  },
]);
const PKCS8_PASSWORD: Flag = {
  name: "pkcs8-password",
  type: "string",
  secret: true,
  help:
    "Password of the private key or PKCS#12 file, for everybody on this machine to see; asked on the terminal when absent",
};
const PASSWORDS: readonly Flag[] = /* @__PURE__ */ secretFlags("password", "that password");
const TPM_HANDLE: Flag = {
  name: "tpm-key-handle",
  type: "string",
  help: "The same as --private-key handle:H",
};
const DEBUG: Flag = { name: "debug", type: "boolean", help: "Say more on standard error, never a secret" };

/** The flags by which a secret is given without being shown: a file, a descriptor, an environment variable. */
function secretFlags(name: string, what: string): readonly Flag[] {
  // Somebody may take each of them for a flag of the secret itself.
  return [
    {
      name: `${name}-file`,
      type: "string",
      secret: true,
      help: `File with ${what} in its first line; or -, fd:N, env:NAME`,
    },
    { name: `${name}-fd`, type: "integer", secret: true, help: `Descriptor with ${what} in its first line` },
    { name: `${name}-env`, type: "string", secret: true, help: `Environment variable with ${what}` },
  ];
}

/** Flags of the commands that make a session. */
export const CREDENTIAL_FLAGS: readonly Flag[] = /* @__PURE__ */ credentialFlags();

function credentialFlags(): readonly Flag[] {
  return [
    { name: "role-arn", type: "string", help: "ARN of the role to assume" },
    { name: "profile-arn", type: "string", help: "ARN of the Roles Anywhere profile" },
    { name: "trust-anchor-arn", type: "string", help: "ARN of the trust anchor" },
    {
      name: "session-duration",
      type: "integer",
      default: 3600,
      help: "Life of the credentials in seconds, 900 to 43200",
    },
    { name: "region", type: "string", help: "Signing region; default: the trust anchor's" },
    { name: "endpoint", type: "string", help: "Base URL of the service" },
    { name: "no-verify-ssl", type: "boolean", help: "Do not check the server's certificate" },
    {
      name: "with-proxy",
      type: "boolean",
      help: "Proxies of the environment are used anyway; --with-proxy=false uses none",
    },
    DEBUG,
    CERTIFICATE,
    PRIVATE_KEY,
    {
      name: "intermediates",
      type: "string",
      help: "Intermediate certificates, PEM or DER, in any order; or -, fd:N, env:NAME",
    },
    CERT_SELECTOR,
    CERT_DIRECTORY,
    SYSTEM_STORE,
    LATEST,
    PKCS11_LIB,
    ...PIN,
    REUSE_PIN,
    TPM_PASSWORD,
    ...TPM_PASSWORDS,
    NO_TPM_PASSWORD,
    ...TPM_PARENT_PASSWORDS,
    TPM_HANDLE,
    ...BRIDGE,
    { name: "role-session-name", type: "string", help: "Session name; the profile must accept one" },
    PKCS8_PASSWORD,
    ...PASSWORDS,
    {
      name: "assume-role-arn",
      type: "string",
      repeatable: true,
      help: "ARN of a further role to assume with the credentials; several are assumed one after the other. The " +
        "credentials are the last one's, and live an hour at most",
    },
    {
      name: "assume-role-session-name",
      type: "string",
      repeatable: true,
      help: "Session name for every --assume-role-arn, or given once for each; default: that of the session before",
    },
    {
      name: "external-id",
      type: "string",
      repeatable: true,
      help: "External id for the last --assume-role-arn, or given once for each",
    },
    {
      name: "session-policy",
      type: "string",
      repeatable: true,
      help: "Session policy, JSON or a file of it, for the last --assume-role-arn, or given once for each",
    },
  ];
}

/** Flags of `sign-string`. */
export const SIGN_STRING_FLAGS: readonly Flag[] = /* @__PURE__ */ signStringFlags();

function signStringFlags(): readonly Flag[] {
  return [
    CERTIFICATE,
    PRIVATE_KEY,
    DEBUG,
    CERT_SELECTOR,
    CERT_DIRECTORY,
    SYSTEM_STORE,
    LATEST,
    PKCS11_LIB,
    ...PIN,
    REUSE_PIN,
    TPM_PASSWORD,
    ...TPM_PASSWORDS,
    NO_TPM_PASSWORD,
    ...TPM_PARENT_PASSWORDS,
    TPM_HANDLE,
    ...BRIDGE,
    PKCS8_PASSWORD,
    ...PASSWORDS,
    { name: "format", type: "string", default: "json", oneOf: ["json", "text", "bin"], help: "json, text or bin" },
    {
      name: "digest",
      type: "string",
      default: "SHA256",
      oneOf: ["SHA256", "SHA384", "SHA512"],
      help: "SHA256, SHA384 or SHA512; ML-DSA keys ignore it",
    },
  ];
}

/** Flags of `read-certificate-data`. */
export const READ_CERTIFICATE_FLAGS: readonly Flag[] = /* @__PURE__ */ readCertificateFlags();

function readCertificateFlags(): readonly Flag[] {
  return [
    CERTIFICATE,
    CERT_SELECTOR,
    CERT_DIRECTORY,
    SYSTEM_STORE,
    PKCS11_LIB,
    ...PIN,
    DEBUG,
    PKCS8_PASSWORD,
    ...PASSWORDS,
  ];
}

/** Pairs with flags that the original does not have, in every command that has them. */
const ADDED_EXCLUSIONS: readonly (readonly [string, string])[] = [
  ["pkcs8-password", "password-file"],
  ["pkcs8-password", "password-fd"],
  ["pkcs8-password", "password-env"],
  ["password-file", "password-fd"],
  ["password-file", "password-env"],
  ["password-fd", "password-env"],
  ["pkcs11-pin-file", "pkcs11-pin-fd"],
  ["pkcs11-pin-file", "pkcs11-pin-env"],
  ["pkcs11-pin-fd", "pkcs11-pin-env"],
  ["tpm-key-password", "tpm-key-password-file"],
  ["tpm-key-password", "tpm-key-password-fd"],
  ["tpm-key-password", "tpm-key-password-env"],
  ["tpm-key-password-file", "tpm-key-password-fd"],
  ["tpm-key-password-file", "tpm-key-password-env"],
  ["tpm-key-password-fd", "tpm-key-password-env"],
  ["no-tpm-key-password", "tpm-key-password-file"],
  ["no-tpm-key-password", "tpm-key-password-fd"],
  ["no-tpm-key-password", "tpm-key-password-env"],
  ["tpm-parent-password-file", "tpm-parent-password-fd"],
  ["tpm-parent-password-file", "tpm-parent-password-env"],
  ["tpm-parent-password-fd", "tpm-parent-password-env"],
  ["bridge-token-file", "bridge-token-fd"],
  ["bridge-token-file", "bridge-token-env"],
  ["bridge-token-fd", "bridge-token-env"],
  ["certificate", "cert-directory"],
  ["private-key", "cert-directory"],
  ["cert-directory", "system-store-name"],
  ["cert-directory", "intermediates"],
  ["private-key", "tpm-key-handle"],
  ["cert-selector", "tpm-key-handle"],
  ["cert-directory", "tpm-key-handle"],
  ["system-store-name", "tpm-key-handle"],
];

/** Pairs that exclude each other in the commands that make a session. */
export const CREDENTIAL_EXCLUSIONS: readonly (readonly [string, string])[] = /* @__PURE__ */ ADDED_EXCLUSIONS.concat([
  ["certificate", "cert-selector"],
  ["certificate", "system-store-name"],
  ["private-key", "cert-selector"],
  ["private-key", "system-store-name"],
  ["private-key", "use-latest-expiring-certificate"],
  ["use-latest-expiring-certificate", "intermediates"],
  ["use-latest-expiring-certificate", "reuse-pin"],
  ["cert-selector", "intermediates"],
  ["cert-selector", "reuse-pin"],
  ["system-store-name", "reuse-pin"],
  ["tpm-key-password", "cert-selector"],
  ["tpm-key-password", "reuse-pin"],
  ["no-tpm-key-password", "cert-selector"],
  ["no-tpm-key-password", "tpm-key-password"],
  ["pkcs8-password", "tpm-key-password"],
]);

/** Pairs that exclude each other in `sign-string`. */
export const SIGN_STRING_EXCLUSIONS: readonly (readonly [string, string])[] = /* @__PURE__ */ ADDED_EXCLUSIONS.concat([
  ["certificate", "cert-selector"],
  ["certificate", "system-store-name"],
  ["private-key", "cert-selector"],
  ["private-key", "system-store-name"],
  ["private-key", "use-latest-expiring-certificate"],
  ["use-latest-expiring-certificate", "reuse-pin"],
  ["cert-selector", "reuse-pin"],
  ["system-store-name", "reuse-pin"],
  ["tpm-key-password", "cert-selector"],
  ["tpm-key-password", "reuse-pin"],
  ["no-tpm-key-password", "cert-selector"],
  ["no-tpm-key-password", "reuse-pin"],
  ["no-tpm-key-password", "tpm-key-password"],
  ["pkcs8-password", "tpm-key-password"],
]);

/** Pairs that exclude each other in `read-certificate-data`. */
export const READ_CERTIFICATE_EXCLUSIONS: readonly (readonly [string, string])[] = /* @__PURE__ */ ADDED_EXCLUSIONS
  .concat([
    ["certificate", "cert-selector"],
    ["certificate", "system-store-name"],
  ]);
