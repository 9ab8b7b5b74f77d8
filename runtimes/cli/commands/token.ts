/**
 * `token …`: what is on PKCS#11 tokens, and bringing a key and its certificate there, or into a TPM.
 *
 * @module
 */

import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import type { KeySpecification } from "../../../core/crypto/provider.ts";
import {
  issueCertificateRequest,
  type NameTemplate,
  subjectAlternativeNameExtension,
} from "../../../core/issue/mod.ts";
import { encodePem } from "../../../core/pem/pem.ts";
import { readNameSpelling } from "../../../core/selection/name-spelling.ts";
import type { Host } from "../../host.ts";
import { HostError } from "../../host-error.ts";
import type { CommandCode } from "../commands.ts";
import { deviceSigner } from "../device-signer.ts";
import { requiredFlag } from "../flag-readings.ts";
import { type FlagValues, invalid } from "../flags.ts";
import { hiddenSecret } from "../given-inputs.ts";
import { certificatesOf } from "../input-files.ts";
import { originalWords } from "../original-words.ts";
import {
  TOKEN_CSR_FLAGS,
  TOKEN_GENERATE_EXCLUSIONS,
  TOKEN_GENERATE_FLAGS,
  TOKEN_IMPORT_FLAGS,
  TOKEN_LIST_FLAGS,
} from "../token-command-flags.ts";
import { pinOf, pinSourceReader, tokenModule, tokenOptions } from "../token-flags.ts";
import { tokenListJson, tokenListText } from "../token-text.ts";
import { UsageError } from "../usage-error.ts";

const PIN_PAIRS: readonly (readonly [string, string])[] = [
  ["pkcs11-pin-file", "pkcs11-pin-fd"],
  ["pkcs11-pin-file", "pkcs11-pin-env"],
  ["pkcs11-pin-fd", "pkcs11-pin-env"],
];
const TPM_PAIRS: readonly (readonly [string, string])[] = [
  ["tpm-key-password-file", "tpm-key-password-fd"],
  ["tpm-key-password-file", "tpm-key-password-env"],
  ["tpm-key-password-fd", "tpm-key-password-env"],
  ["tpm-parent-password-file", "tpm-parent-password-fd"],
  ["tpm-parent-password-file", "tpm-parent-password-env"],
  ["tpm-parent-password-fd", "tpm-parent-password-env"],
];

/** `token list`. */
export const TOKEN_LIST: CommandCode = {
  description:
    "Lists the tokens of a PKCS#11 module, and the certificates and keys on them, each with a URI for --certificate and " +
    "--private-key. Certificates are shown without a PIN; private keys mostly with --login alone.",
  flags: TOKEN_LIST_FLAGS,
  exclusive: PIN_PAIRS,
  execute: /* @__PURE__ */ worded(list),
};

/** `token generate`. */
export const TOKEN_GENERATE: CommandCode = {
  description:
    "Makes a key pair on a token (--uri), which never leaves it, and prints its URI; or in the TPM (--tpm), and prints its " +
    "key file, which is of use to this TPM alone. The password flags of TPM keys give the new one its password, those of " +
    "its parent the one that the owner's hierarchy has.",
  flags: TOKEN_GENERATE_FLAGS,
  exclusive: /* @__PURE__ */ TOKEN_GENERATE_EXCLUSIONS.concat(PIN_PAIRS, TPM_PAIRS),
  execute: /* @__PURE__ */ worded(generate),
};

/** `token csr`. */
export const TOKEN_CSR: CommandCode = {
  description: "Prints a certificate request (PKCS#10, PEM) that is signed with a key on a token or in the TPM.",
  flags: TOKEN_CSR_FLAGS,
  exclusive: /* @__PURE__ */ PIN_PAIRS.concat(TPM_PAIRS),
  execute: /* @__PURE__ */ worded(csr),
};

/** `token import-certificate`. */
export const TOKEN_IMPORT: CommandCode = {
  description:
    "Writes a certificate beside its private key on a token, with the key's id and label, so that its URI leads to both; " +
    "prints that URI.",
  flags: TOKEN_IMPORT_FLAGS,
  exclusive: PIN_PAIRS,
  execute: /* @__PURE__ */ worded(importCertificate),
};

/** With the original's words in errors of devices. */
function worded(execute: CommandCode["execute"]): CommandCode["execute"] {
  return async (host, values) => {
    try {
      return await execute(host, values);
    } catch (error) {
      throw originalWords(error);
    }
  };
}

/** Secret: the PIN. */
async function list(host: Host, values: FlagValues): Promise<number> {
  const { listTokens } = await import("../../../hsm-bridge/pkcs11/token-listing.ts");
  const uri = values.text("uri");
  const listed = await listTokens({
    ...tokenModule(host, values),
    ...(uri === undefined ? {} : { uri }),
    ...(values.boolean("login") ? { login: "log-in" } as const : {}),
    pin: pinOf(host, values),
    readPinSource: pinSourceReader(host),
  });
  await host.writeOutput(values.boolean("json") ? tokenListJson(listed) : tokenListText(listed));
  return 0;
}

async function generate(host: Host, values: FlagValues): Promise<number> {
  if (values.boolean("tpm")) return await generateInTpm(host, values);
  const uri = values.text("uri");
  if (uri === undefined) {
    throw new UsageError("ERR_USAGE_MISSING_FLAG", "there is no place for the key: pass --uri or --tpm");
  }
  const { generateTokenKey } = await import("../../../hsm-bridge/pkcs11/token-provisioning.ts");
  const { reusePin: _, ...options } = tokenOptions(host, values);
  const made = await generateTokenKey(uri, {
    ...options,
    key: keyKind(values.text("key-type")!),
    alwaysAuthenticate: values.boolean("always-authenticate"),
  });
  const { publicKey } = made;
  await host.writeOutput(
    (values.boolean("json") ? JSON.stringify({ uri: made.uri, publicKey: encodeBase64(publicKey) }) : made.uri) + "\n",
  );
  return 0;
}

/** Secret: the passwords of the new key and of the hierarchy above it, which no output shows. */
async function generateInTpm(host: Host, values: FlagValues): Promise<number> {
  const handle = values.text("persistent-handle");
  const password = hiddenSecret(host, values, "tpm-key-password");
  const above = hiddenSecret(host, values, "tpm-parent-password");
  if (handle !== undefined && password !== undefined) {
    throw new UsageError("ERR_USAGE_EXCLUSIVE_FLAGS", "--persistent-handle is for keys without a password");
  }
  const { createTpmKey, persistTpmKey } = await import("../../../hsm-bridge/tpm/create-key.ts");
  const { parseTpmHandle, formatTpmHandle } = await import("../../../hsm-bridge/tpm/key-handle.ts");
  const device = host.environment("TPM_DEVICE") || undefined;
  const tpm = device === undefined ? {} : { tpm: { device } };
  const place = handle === undefined ? undefined : parseTpmHandle(`handle:${handle.replace(/^handle:/, "")}`);
  const made = await createTpmKey({
    ...tpm,
    type: tpmKeyKind(values.text("key-type")!),
    ...(password === undefined ? {} : { password: encodeUtf8(password) }),
    ...(above === undefined ? {} : { parentPassword: encodeUtf8(above) }),
  });
  const publicKey = encodeBase64(made.publicKey);
  const json = values.boolean("json");
  if (place !== undefined) {
    // The new key's parent is the owner's hierarchy, who decides on persistent keys as well.
    const owner = above === undefined ? {} : { parentPassword: encodeUtf8(above), ownerPassword: encodeUtf8(above) };
    await persistTpmKey({ ...tpm, key: made.pem, handle: place, ...owner });
    const privateKey = formatTpmHandle(place);
    await host.writeOutput((json ? JSON.stringify({ privateKey, publicKey }) : privateKey) + "\n");
    return 0;
  }
  const path = values.text("output");
  if (path === undefined) {
    await host.writeOutput(json ? JSON.stringify({ pem: made.pem, publicKey }) + "\n" : made.pem);
    return 0;
  }
  if (!await (await host.durableFiles()).createFile(path, encodeUtf8(made.pem), 0o600)) {
    throw new HostError("ERR_FILE_WRITE", `Cannot write the key file: ${path} is there already`, { path });
  }
  await host.writeOutput((json ? JSON.stringify({ path, publicKey }) : path) + "\n");
  return 0;
}

async function csr(host: Host, values: FlagValues): Promise<number> {
  const key = requiredFlag(values, "private-key");
  const subject = subjectOf(requiredFlag(values, "subject"));
  const names = values.texts("dns-name");
  const { signer, close } = await deviceSigner(host, values, { key, certificate: undefined });
  try {
    const request = await issueCertificateRequest({
      subject,
      ...(names.length === 0
        ? {}
        : { extensions: [subjectAlternativeNameExtension(names.map((value) => ({ form: "dNSName", value })))] }),
    }, signer);
    const pem = encodePem("CERTIFICATE REQUEST", request);
    await host.writeOutput(values.boolean("json") ? JSON.stringify({ request: pem }) + "\n" : pem);
  } finally {
    await close();
  }
  return 0;
}

async function importCertificate(host: Host, values: FlagValues): Promise<number> {
  const key = requiredFlag(values, "private-key");
  const [certificate] = certificatesOf(host, requiredFlag(values, "certificate"));
  const { importTokenCertificate } = await import("../../../hsm-bridge/pkcs11/token-provisioning.ts");
  const uri = await importTokenCertificate(key, {
    ...tokenOptions(host, values),
    certificate: certificate!,
    others: values.text("others") as "refuse" | "keep" | "replace",
  });
  await host.writeOutput((values.boolean("json") ? JSON.stringify({ uri }) : uri) + "\n");
  return 0;
}

/** The name, its most general part first, as it is written in DER. */
function subjectOf(text: string): NameTemplate {
  const { rdns } = readNameSpelling(text);
  if (rdns === undefined || rdns.length === 0) throw invalid("subject", text, "it is no name as CN=edge-7,O=Example");
  const written = rdns.map((rdn) => rdn.map(({ oid, value }) => ({ type: oid, value })));
  // RFC 4514 writes the most special part first.
  return text.startsWith("/") ? written : written.reverse();
}

function keyKind(name: string): KeySpecification {
  if (name.startsWith("rsa-")) return { type: "rsa", bits: Number(name.slice(4)) };
  if (name.startsWith("P-")) return { type: "ec", curve: name as "P-256" | "P-384" | "P-521" };
  return { type: "ml-dsa", parameterSet: name as "ML-DSA-44" | "ML-DSA-65" | "ML-DSA-87" };
}

function tpmKeyKind(name: string): { readonly type: "rsa"; readonly bits: 2048 } | {
  readonly type: "ec";
  readonly curve: "P-256" | "P-384";
} {
  if (name === "rsa-2048") return { type: "rsa", bits: 2048 };
  if (name === "P-256" || name === "P-384") return { type: "ec", curve: name };
  throw invalid("key-type", name, "TPMs make rsa-2048, P-256 and P-384");
}
