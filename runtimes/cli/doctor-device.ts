/**
 * What `doctor` says about a token or a TPM: before it is used, and whether its key signs.
 *
 * @module
 */

import { encodeUtf8 } from "../../core/bytes/text.ts";
import type { SessionIdentity } from "../../core/session/request.ts";
import { verifySignature } from "../../core/sign/verify-signature.ts";
import { parseCertificate } from "../../core/x509/certificate.ts";
import type { Host } from "../host.ts";
import type { Findings } from "./doctor-finding.ts";
import type { FlagValues } from "./flags.ts";
import { hiddenFlags } from "./input-names.ts";
import { originalWords } from "./original-words.ts";
import { tokenModule } from "./token-flags.ts";

type ListedToken = Awaited<
  ReturnType<typeof import("../../hsm-bridge/pkcs11/token-listing.ts")["listTokens"]>
>["tokens"][number];

/**
 * Looks at the device of the key, without a PIN.
 *
 * @returns whether it can be used: not where the PIN is locked, or would be by another mistake
 */
export async function checkDevice(host: Host, values: FlagValues, findings: Findings): Promise<boolean> {
  const uris = [values.text("private-key"), values.text("certificate")].filter((text) => text?.startsWith("pkcs11:"));
  if (uris.length > 0 || values.text("private-key") === undefined) {
    return await checkTokens(host, values, uris[0], findings);
  }
  if (values.text("private-key")!.startsWith("handle:")) checkTpmPassword(values, findings);
  return true;
}

/**
 * Has the key sign a text of the doctor's own, and verifies that under the certificate.
 *
 * The text begins as no string to sign of AWS does, and is no DER: whoever gets hold of the signature can do nothing with
 * it.
 */
export async function trySignature(
  host: Host,
  { certificate, signer }: SessionIdentity,
  findings: Findings,
): Promise<void> {
  const { publicKey } = parseCertificate(certificate.der);
  const message = encodeUtf8(TRIAL_TEXT);
  const fix = "see whether the key may be used for signatures, and what the device's own tools say of it";
  try {
    const signature = await signer.sign(message);
    if (await verifySignature(host.crypto(), signer.algorithm, publicKey, message, signature)) {
      return findings.ok("files", "trial-signature", "the device signed a text, and the certificate's key verifies it");
    }
  } catch (error) {
    return findings.failure(
      "files",
      "trial-signature",
      error,
      TRIAL_FIXES[(error as { code?: string }).code ?? ""] ?? fix,
    );
  }
  findings.error(
    "files",
    "trial-signature",
    "the device signed a text, and the certificate's key does not verify it",
    "the service would refuse every request",
    fix,
  );
}

const TRIAL_TEXT = "anyrole doctor: a trial signature, and no request to anybody";

const TRIAL_FIXES: Readonly<Record<string, string>> = {
  ERR_TERMINAL_UNAVAILABLE:
    "SDKs run the command where nobody can be asked: give --reuse-pin, if the PIN is that of the login",
  ERR_TOKEN_PIN_MISSING: "give --reuse-pin, if the PIN for a signature is that of the login",
  ERR_TPM_PASSWORD_MISSING: "give the password of the key with --tpm-key-password-file, that of its parent with " +
    "--tpm-parent-password-file",
  ERR_TPM_PASSWORD_WRONG: "give the right password; a TPM counts wrong ones, and locks",
  ERR_TPM_LOCKOUT: "wait until the TPM takes passwords again, or have its owner reset the lock-out",
};

async function checkTokens(
  host: Host,
  values: FlagValues,
  uri: string | undefined,
  findings: Findings,
): Promise<boolean> {
  if (uri !== undefined && /[?&]pin-value=/.test(uri)) {
    findings.warning(
      "command line",
      "pin-in-line",
      "the PIN stands in the URI",
      "every user of this machine can see it while the command runs, and it stays in config files and histories",
      "remove pin-value, and give --pkcs11-pin-file a file of mode 0600",
    );
  }
  let tokens: readonly ListedToken[];
  try {
    const { listTokens } = await import("../../hsm-bridge/pkcs11/token-listing.ts");
    const { Pkcs11Uri } = await import("../../hsm-bridge/pkcs11/pkcs11-uri.ts");
    const { parsePkcs11Uri } = await import("../../hsm-bridge/pkcs11/pkcs11-uri-parsing.ts");
    const whole = uri === undefined ? new Pkcs11Uri({}) : parsePkcs11Uri(uri);
    // The token alone: what is on it is looked for later. No data objects are listed, so that nothing is read twice.
    const ofToken = whole.with({ object: undefined, id: undefined, type: "data", pinSource: undefined });
    const listed = await listTokens({ ...tokenModule(host, values), uri: ofToken, login: "skip" });
    tokens = listed.tokens;
    findings.ok("files", "token-module", `${listed.module} (${listed.info.libraryDescription})`);
  } catch (error) {
    findings.failure("files", "token-module", originalWords(error), moduleFix(error));
    return false;
  }
  return tokens.map((token) => checkToken(token, values, uri, findings)).every((usable) => usable);
}

function moduleFix(error: unknown): string {
  switch ((error as { code?: unknown }).code) {
    case "ERR_HSM_FFI_UNAVAILABLE":
      return "npm install koffi beside anyrole, or use Deno with --allow-ffi, or Bun";
    case "ERR_HSM_MODULE_NOT_FOUND":
      return "install the module of the token, and give its whole path with --pkcs11-lib";
    default:
      return "give the module of the token with --pkcs11-lib";
  }
}

/** Whether the token can be logged in to. */
function checkToken(token: ListedToken, values: FlagValues, uri: string | undefined, findings: Findings): boolean {
  const { label } = token.token;
  if (token.refusal !== undefined) {
    findings.failure(
      "files",
      "token",
      originalWords(token.refusal),
      "initialise the token, or name another in the URI",
    );
    return false;
  }
  const unlock = "log in once by hand with the right PIN, which resets the count: anyrole token list --login";
  if (token.tries === "none") {
    findings.error(
      "files",
      "token-pin-locked",
      `the PIN of token ${label} is locked`,
      "after too many wrong PINs the token takes none",
      "have its security officer set a new PIN",
    );
    return false;
  }
  if (token.tries === "last" && !values.boolean("pkcs11-pin-last-try")) {
    findings.error(
      "files",
      "token-pin-tries",
      `one more wrong PIN locks token ${label}`,
      "a PIN that is configured is not risked then",
      unlock,
    );
    return false;
  }
  if (token.tries !== undefined) {
    findings.warning(
      "files",
      "token-pin-tries",
      `wrong PINs were given to token ${label}`,
      token.tries === "last" ? "it locks after one more of them" : "it locks after some more of them",
      unlock,
    );
  } else findings.ok("files", "token", `token ${label} is there`);
  const given = hiddenFlags("pkcs11-pin").some((name) => values.mentioned.has(name)) ||
    /[?&]pin-(?:value|source)=/.test(uri ?? "");
  if (token.loginRequired && !given) {
    findings.warning(
      "files",
      "token-pin",
      token.protectedAuthenticationPath
        ? `the PIN of token ${label} is typed at the device`
        : `the PIN of token ${label} is asked for on the terminal`,
      "SDKs run the command where nobody can be asked",
      "give --pkcs11-pin-file a file of mode 0600, or --pkcs11-pin-env a variable",
    );
  }
  return true;
}

function checkTpmPassword(values: FlagValues, findings: Findings): void {
  const known = ["tpm-key-password", "no-tpm-key-password", ...hiddenFlags("tpm-key-password")];
  if (known.some((name) => values.mentioned.has(name))) return;
  findings.warning(
    "files",
    "tpm-password",
    "the password of the TPM key is asked for on the terminal",
    "SDKs run the command where nobody can be asked",
    "pass --no-tpm-key-password when it has none, else --tpm-key-password-file with a file of mode 0600",
  );
}
