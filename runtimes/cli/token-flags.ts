/**
 * What flags say of tokens and TPMs: modules, devices, and where PINs and passwords come from.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import { visibleText } from "../../core/bytes/visible-text.ts";
import type { Host } from "../host.ts";
import { HostError } from "../host-error.ts";
import type { FlagValues } from "./flags.ts";
import { hiddenSecret, secretLine } from "./given-inputs.ts";

/** The bridge is loaded when a device is named. */
type TokenModule = typeof import("../../hsm-bridge/pkcs11/token-identity.ts");
type TpmModule = typeof import("../../hsm-bridge/tpm/tpm-signer.ts");

/** What tokens are reached with. */
export type TokenOptions = Parameters<TokenModule["pkcs11Signer"]>[1];
type AskPin = NonNullable<TokenOptions["pin"]>;
type ReadPinSource = NonNullable<TokenOptions["readPinSource"]>;

/** A host that calls C by means of its own; those of the runtimes leave it to the bridge. */
export interface DeviceHost extends Host {
  /** Who calls the modules of tokens. */
  readonly foreignFunctions?: NonNullable<TokenOptions["foreign"]>;
}

/** What a key of a TPM is reached with. */
export type TpmOptions = Pick<Parameters<TpmModule["tpmSigner"]>[0], "tpm" | "password" | "parentPassword">;
type TpmPassword = NonNullable<TpmOptions["password"]>;

/** Options of tokens. Secret: PINs are read when a token wants them, and go nowhere else. */
export function tokenOptions(host: Host, values: FlagValues): TokenOptions {
  return {
    ...tokenModule(host, values),
    pin: pinOf(host, values),
    readPinSource: pinSourceReader(host),
    reusePin: values.boolean("reuse-pin"),
    crypto: host.crypto(),
  };
}

/** The module that the flags name; without one the URI, or p11-kit's proxy, decides. */
export function tokenModule(host: Host, values: FlagValues): Pick<TokenOptions, "module" | "foreign"> {
  const module = values.text("pkcs11-lib");
  const foreign = (host as DeviceHost).foreignFunctions;
  return { ...(module === undefined ? {} : { module }), ...(foreign === undefined ? {} : { foreign }) };
}

/**
 * Answers PINs: the one that a flag leads to, which is tried once, or what is typed on the terminal. A key that wants one
 * at each signature has its own, which is asked for.
 *
 * Nobody looks at the PIN of a flag before it is sent: the last one that a token takes before it locks is not risked with
 * it, unless `--pkcs11-pin-last-try` says so.
 *
 * Secret: the answers.
 */
export function pinOf(host: Host, values: FlagValues): AskPin {
  return async ({ kind, token, uri, attempt, tries }) => {
    const given = kind === "user" ? hiddenSecret(host, values, "pkcs11-pin") : undefined;
    if (given !== undefined) {
      if (attempt > 1) return undefined;
      if (tries === "last" && !values.boolean("pkcs11-pin-last-try")) throw await lastTry(token, uri);
      return encodeUtf8(given);
    }
    const what = kind === "user" ? `PIN of token ${token}` : `PIN for a signature with the key ${uri}`;
    const warning = tries === "last" ? "One more wrong PIN locks the token. " : "";
    return await answered(host, `${attempt > 1 ? "That PIN is wrong. " : ""}${warning}${what}:`, () => {
      const words = kind === "user" ? "unable to read PKCS#11 user PIN" : "unable to read PKCS#11 context-specific PIN";
      const advice = kind === "user"
        ? "pass --pkcs11-pin-file, --pkcs11-pin-fd or --pkcs11-pin-env"
        : "pass --reuse-pin if it is that of the login";
      return `Cannot log in to token ${token}: ${words}, for there is no terminal; ${advice}`;
    });
  };
}

async function lastTry(token: string, uri: string): Promise<Error> {
  const { TokenError } = await import("../../hsm-bridge/pkcs11/token-error.ts");
  return new TokenError(
    "ERR_TOKEN_PIN_LAST_TRY",
    `Cannot log in: one more wrong PIN locks token "${token}", and the one that flags give is not risked; type the right ` +
      "one once, which resets the count (anyrole token list --login), or pass --pkcs11-pin-last-try",
    { uri, token },
  );
}

/** Reads what `pin-source` of a URI names: a file, and nothing else. Secret: the result. */
export function pinSourceReader(host: Host): ReadPinSource {
  return async (source) => {
    const { pinSourcePath } = await import("../../hsm-bridge/pkcs11/pin-store.ts");
    const path = pinSourcePath(source);
    if (path !== undefined) return encodeUtf8(secretLine(host, path));
    const message = "Cannot read PIN: the pin-source of the URI is no file, and commands are not run";
    throw new HostError("ERR_FILE_UNREADABLE", message, {});
  };
}

/**
 * Options of TPM keys.
 *
 * Secret: passwords are read when the TPM wants them.
 *
 * @param key whether it is at a handle; of a file, the file itself says whether there is a password
 */
export function tpmOptions(host: Host, values: FlagValues, key: "handle" | "file"): TpmOptions {
  const device = host.environment("TPM_DEVICE") || undefined;
  const none = key === "handle" && values.boolean("no-tpm-key-password");
  return {
    ...(device === undefined ? {} : { tpm: { device } }),
    ...(none ? {} : { password: tpmPassword(host, values) }),
    ...(key === "handle" ? {} : { parentPassword: tpmParentPassword(host, values) }),
  };
}

/**
 * The password of the parent of a key file, or of the hierarchy that is its parent. Most have none: nobody is asked before
 * the TPM wants one.
 *
 * Secret: the password, or what is typed.
 */
export function tpmParentPassword(host: Host, values: FlagValues): TpmPassword {
  const given = hiddenSecret(host, values, "tpm-parent-password");
  if (given !== undefined) return encodeUtf8(given);
  return async ({ key, attempt }) => {
    if (attempt === 1) return new Uint8Array(0);
    return await answered(
      host,
      `${attempt > 2 ? "That password is wrong. " : ""}Password of the parent of TPM key ${key}:`,
      () =>
        `Cannot use TPM key ${key}: its parent, or the hierarchy above it, has a password, and there is no terminal to ` +
        "ask for it; pass --tpm-parent-password-file, --tpm-parent-password-fd or --tpm-parent-password-env",
    );
  };
}

/** Secret: the password, or what is typed. */
export function tpmPassword(host: Host, values: FlagValues): TpmPassword {
  const given = values.text("tpm-key-password") ?? hiddenSecret(host, values, "tpm-key-password");
  if (given !== undefined) return encodeUtf8(given);
  return async ({ key, attempt }) => {
    return await answered(
      host,
      `${attempt > 1 ? "That password is wrong (incorrect TPM key password). " : ""}Password of the TPM key ${key}:`,
      () =>
        `Cannot use TPM key ${key}: unable to read your TPM key password, for there is no terminal; pass ` +
        "--tpm-key-password-file, --tpm-key-password-fd or --tpm-key-password-env, or --no-tpm-key-password",
    );
  };
}

/** Secret: the answer. @param unasked the message when there is nobody to ask */
async function answered(host: Host, question: string, unasked: () => string): Promise<Bytes | undefined> {
  let answer: string;
  try {
    answer = await host.askSecret(visibleText(question));
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_TERMINAL_UNAVAILABLE") throw error;
    throw new HostError("ERR_TERMINAL_UNAVAILABLE", unasked(), { cause: error });
  }
  return answer === "" ? undefined : encodeUtf8(answer);
}
