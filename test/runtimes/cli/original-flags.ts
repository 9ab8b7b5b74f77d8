/**
 * The flags of `aws_signing_helper` 1.8.0, as it was seen to take them, and what holds of each here.
 *
 * @module
 */

/** A flag of the original. */
export interface OriginalFlag {
  readonly name: string;
  readonly type: "string" | "integer" | "boolean";
  /** Absent: empty text or false. */
  readonly default?: string | number;
  /** The commands that have it, `credentials` being credential-process, update and serve. */
  readonly commands: readonly ("credentials" | "update" | "serve" | "sign-string" | "read-certificate-data")[];
  /** What is different here; absent: nothing, or more values are taken. */
  readonly here?: string;
}

const SESSION = ["credentials"] as const;
const SIGNING = ["credentials", "sign-string"] as const;
const ALL = ["credentials", "sign-string", "read-certificate-data"] as const;

/** The flags, in the original's order. */
export const ORIGINAL_FLAGS: readonly OriginalFlag[] = [
  { name: "role-arn", type: "string", commands: SESSION, here: "must be given; `serve` takes several" },
  { name: "profile-arn", type: "string", commands: SESSION },
  { name: "trust-anchor-arn", type: "string", commands: SESSION },
  {
    name: "session-duration",
    type: "integer",
    default: 3600,
    commands: SESSION,
    here: "900 to 43200, checked before anything is sent",
  },
  { name: "region", type: "string", commands: SESSION },
  { name: "endpoint", type: "string", commands: SESSION, here: "goes before `AWS_ENDPOINT_URL_ROLESANYWHERE`" },
  { name: "no-verify-ssl", type: "boolean", commands: SESSION, here: "an error on Deno, and nothing is cached" },
  { name: "with-proxy", type: "boolean", commands: SESSION, here: "`--with-proxy=false` uses no proxy" },
  { name: "debug", type: "boolean", commands: ALL, here: "shows no secret" },
  {
    name: "certificate",
    type: "string",
    commands: ALL,
    here: "also DER, chains, `-`, `fd:N`, `env:NAME`",
  },
  {
    name: "private-key",
    type: "string",
    commands: SIGNING,
    here: "also DER, PKCS#12, `-`, `fd:N`, `env:NAME`",
  },
  { name: "intermediates", type: "string", commands: SESSION, here: "in any order; only real intermediates are sent" },
  {
    name: "cert-selector",
    type: "string",
    commands: ALL,
    here: "over `--cert-directory` and `--pkcs11-lib`; names in more spellings",
  },
  {
    name: "system-store-name",
    type: "string",
    default: "MY",
    commands: ALL,
    here: "an error: no system store is read",
  },
  {
    name: "use-latest-expiring-certificate",
    type: "boolean",
    commands: SIGNING,
    here: "over `--cert-directory` and `--pkcs11-lib`",
  },
  { name: "pkcs11-lib", type: "string", commands: ALL, here: "also `sql:` and the directory of an NSS database" },
  { name: "reuse-pin", type: "boolean", commands: SIGNING },
  { name: "tpm-key-password", type: "string", commands: SIGNING },
  { name: "no-tpm-key-password", type: "boolean", commands: SIGNING },
  { name: "role-session-name", type: "string", commands: SESSION },
  { name: "pkcs8-password", type: "string", commands: SIGNING, here: "also of PKCS#12 files" },
  { name: "profile", type: "string", default: "default", commands: ["update"], here: "may be given several times" },
  { name: "once", type: "boolean", commands: ["update"] },
  { name: "port", type: "integer", default: 9911, commands: ["serve"] },
  { name: "hop-limit", type: "integer", default: 64, commands: ["serve"], here: "taken, without effect" },
  { name: "format", type: "string", default: "json", commands: ["sign-string"] },
  { name: "digest", type: "string", default: "SHA256", commands: ["sign-string"] },
];

/** The commands of the original, but `help`. */
export const ORIGINAL_COMMANDS: readonly string[] = [
  "credential-process",
  "update",
  "serve",
  "read-certificate-data",
  "sign-string",
  "version",
  "completion bash",
  "completion zsh",
  "completion fish",
  "completion powershell",
];
