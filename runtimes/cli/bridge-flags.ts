/**
 * The flags of `bridge`.
 *
 * @module
 */

import { CREDENTIAL_FLAGS, SIGN_STRING_EXCLUSIONS } from "./flag-tables.ts";
import type { Flag } from "./flags.ts";

/** The port when none is given. */
export const DEFAULT_BRIDGE_PORT = 9912;

/** Signatures a second when nobody says: as often as the service takes CreateSession. */
export const DEFAULT_BRIDGE_RATE = 10;

/** Flags about keys, which mean what they mean in every command. */
const KEY_FLAGS: readonly string[] = [
  "certificate",
  "intermediates",
  "pkcs11-lib",
  "pkcs11-pin-file",
  "pkcs11-pin-fd",
  "pkcs11-pin-env",
  "pkcs11-pin-last-try",
  "reuse-pin",
  "tpm-key-password",
  "tpm-key-password-file",
  "tpm-key-password-fd",
  "tpm-key-password-env",
  "no-tpm-key-password",
  "tpm-parent-password-file",
  "tpm-parent-password-fd",
  "tpm-parent-password-env",
  "pkcs8-password",
  "password-file",
  "password-fd",
  "password-env",
  "bridge-token-file",
  "bridge-token-fd",
  "bridge-token-env",
  "bridge-ca",
  "debug",
];

/** The flags. */
export const BRIDGE_FLAGS: readonly Flag[] = /* @__PURE__ */ bridgeFlags();

function bridgeFlags(): readonly Flag[] {
  return [
    {
      name: "key",
      type: "string",
      help: "The key to sign with: a file (PKCS#8, PKCS#1, SEC1, PKCS#12); or -, fd:N, env:NAME; or a form of " +
        "--private-key for a key that is in no file",
    },
    ...CREDENTIAL_FLAGS.filter(({ name }) => KEY_FLAGS.includes(name)),
    {
      name: "algorithm",
      type: "string",
      help:
        "What the key signs with, rsa-pkcs1-sha384 for instance; default: what IAM Roles Anywhere wants of such a key",
    },
    {
      name: "grants",
      type: "string",
      help: "JSON file of several grants, each a key with a token of its own, in place of --key",
    },
    { name: "name", type: "string", default: "default", help: "Name of the grant in the records" },
    {
      name: "any-message",
      type: "boolean",
      help:
        "Sign whatever is asked for, and not only requests to IAM Roles Anywhere: whoever has the grant can then do " +
        "whatever the key can do",
    },
    {
      name: "rate",
      type: "integer",
      default: DEFAULT_BRIDGE_RATE,
      help: "Signatures a second, and twice as many at once",
    },
    { name: "max-signatures", type: "integer", help: "Signatures in all; 0: no end" },
    { name: "expires", type: "string", help: "When the grant ends, 2026-06-01T12:00:00Z for instance; default: never" },
    { name: "unix-socket", type: "string", help: "Path of a Unix socket to listen on, for its owner alone" },
    {
      name: "port",
      type: "integer",
      default: DEFAULT_BRIDGE_PORT,
      help: "TCP port of this machine alone to serve HTTPS on when neither socket nor --stdio is asked for; 0: any",
    },
    { name: "bind", type: "string", default: "127.0.0.1", help: "Loopback address to listen on" },
    {
      name: "tls-certificate",
      type: "string",
      help: "Certificate of the server, PEM; default: one is made at each start",
    },
    { name: "tls-key", type: "string", help: "Its private key, PEM, not encrypted" },
    {
      name: "tls-ca-file",
      type: "string",
      help: "Where to write the CA of a certificate that is made; default: beside the token",
    },
    {
      name: "token-file",
      type: "string",
      help:
        "Where to write the token of --key, which is new at each start; default: anyrole-bridge-PORT in the runtime or " +
        "home directory. Over a Unix socket there is a token only when this is given",
    },
    { name: "stdio", type: "boolean", help: "Serve whoever started this program, over standard input and output" },
    {
      name: "audit-file",
      type: "string",
      help: "File that records are appended to, JSON lines; default: standard error",
    },
  ];
}

/** Pairs of them that exclude each other. */
export const BRIDGE_EXCLUSIONS: readonly (readonly [string, string])[] = /* @__PURE__ */ bridgeExclusions();

function bridgeExclusions(): readonly (readonly [string, string])[] {
  const names = BRIDGE_FLAGS.map(({ name }) => name);
  const ofGrant = ["key", "certificate", "intermediates", "algorithm", "name", "any-message", "rate", "max-signatures"]
    .concat("expires", "token-file");
  const ofTcp = ["port", "bind", "tls-certificate", "tls-key", "tls-ca-file"];
  return [
    ...SIGN_STRING_EXCLUSIONS.filter((pair) => pair.every((name) => names.includes(name))),
    ...ofGrant.map((name): readonly [string, string] => ["grants", name]),
    ...ofTcp.flatMap((name): readonly (readonly [string, string])[] => [["unix-socket", name], ["stdio", name]]),
    ["stdio", "unix-socket"],
    ["stdio", "token-file"],
    ["stdio", "grants"],
    ["tls-certificate", "tls-ca-file"],
  ];
}
