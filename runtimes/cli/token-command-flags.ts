/**
 * The flags of the `token` commands.
 *
 * @module
 */

import { CREDENTIAL_FLAGS } from "./flag-tables.ts";
import type { Flag } from "./flags.ts";
import { hiddenFlags } from "./input-names.ts";

/** Flags about devices, which mean what they mean in every command. */
const MODULE_FLAGS: readonly string[] = /* @__PURE__ */ ["pkcs11-lib"].concat(
  /* @__PURE__ */ hiddenFlags("pkcs11-pin"),
  "pkcs11-pin-last-try",
);
const TPM_FLAGS: readonly string[] = /* @__PURE__ */ hiddenFlags("tpm-key-password").concat(
  /* @__PURE__ */ hiddenFlags("tpm-parent-password"),
);
const KEY_FLAGS: readonly string[] = ["private-key", "reuse-pin", "no-tpm-key-password"];

/** Kinds of keys that `token generate` makes, as its flag names them. */
export const KEY_KINDS: readonly string[] = [
  "rsa-2048",
  "rsa-3072",
  "rsa-4096",
  "P-256",
  "P-384",
  "P-521",
  "ML-DSA-44",
  "ML-DSA-65",
  "ML-DSA-87",
];

/** Flags of `token list`. */
export const TOKEN_LIST_FLAGS: readonly Flag[] = /* @__PURE__ */ known(MODULE_FLAGS).concat([
  { name: "uri", type: "string", help: "PKCS#11 URI of the tokens and objects to list; default: all" },
  {
    name: "login",
    type: "boolean",
    help:
      "Log in, because most tokens show private keys to their user alone; the PIN is asked for, or read as flags say",
  },
]);

/** Flags of `token generate`. */
export const TOKEN_GENERATE_FLAGS: readonly Flag[] = /* @__PURE__ */ known(MODULE_FLAGS, TPM_FLAGS).concat([
  {
    name: "uri",
    type: "string",
    help: "PKCS#11 URI of the token and the new key: pkcs11:token=edge;object=edge-7; object becomes its label",
  },
  { name: "tpm", type: "boolean", help: "Make the key in the TPM (TPM_DEVICE) and print a TSS2 key file" },
  {
    name: "key-type",
    type: "string",
    default: "P-256",
    oneOf: KEY_KINDS,
    help:
      "rsa-2048, rsa-3072, rsa-4096, P-256, P-384, P-521, ML-DSA-44, ML-DSA-65 or ML-DSA-87, if the device makes such; " +
      "TPMs make rsa-2048, P-256 and P-384",
  },
  { name: "always-authenticate", type: "boolean", help: "The token is to want a PIN at each signature with the key" },
  { name: "output", type: "string", help: "New file for the TSS2 key; default: standard output" },
  {
    name: "persistent-handle",
    type: "string",
    help:
      "Handle of the TPM, 0x81000000 to 0x817fffff, to put the key at, for --private-key handle:H; it has no password",
  },
]);

/** Pairs of them that exclude each other. */
export const TOKEN_GENERATE_EXCLUSIONS: readonly (readonly [string, string])[] = [
  ["uri", "tpm"],
  ["tpm", "always-authenticate"],
  ["tpm", "pkcs11-lib"],
  ["uri", "output"],
  ["uri", "persistent-handle"],
  ["persistent-handle", "output"],
];

/** Flags of `token csr`. */
export const TOKEN_CSR_FLAGS: readonly Flag[] = /* @__PURE__ */ known(KEY_FLAGS, MODULE_FLAGS, TPM_FLAGS).concat([
  {
    name: "subject",
    type: "string",
    help: "Name to ask for: CN=edge-7,O=Example,C=US (RFC 4514) or /C=US/O=Example/CN=edge-7 (OpenSSL)",
  },
  { name: "dns-name", type: "string", repeatable: true, help: "DNS name to ask for besides; may be given again" },
]);

/** Flags of `token import-certificate`. */
export const TOKEN_IMPORT_FLAGS: readonly Flag[] = /* @__PURE__ */ known(["private-key", "certificate"], MODULE_FLAGS)
  .concat([
    {
      name: "others",
      type: "string",
      default: "refuse",
      oneOf: ["refuse", "keep", "replace"],
      help: "What becomes of other certificates beside the key: refuse to write, keep them, or replace them",
    },
  ]);

function known(...lists: readonly (readonly string[])[]): readonly Flag[] {
  return CREDENTIAL_FLAGS.filter(({ name }) => lists.some((list) => list.includes(name)));
}
