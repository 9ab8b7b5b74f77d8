/**
 * What `doctor` says about a token or a TPM before it is used.
 *
 * @module
 */

import type { Findings } from "./doctor-finding.ts";
import type { FlagValues } from "./flags.ts";
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
export async function checkDevice(values: FlagValues, findings: Findings): Promise<boolean> {
  const uris = [values.text("private-key"), values.text("certificate")].filter((text) => text?.startsWith("pkcs11:"));
  if (uris.length > 0 || values.text("private-key") === undefined) return await checkTokens(values, uris[0], findings);
  if (values.text("private-key")!.startsWith("handle:")) checkTpmPassword(values, findings);
  return true;
}

async function checkTokens(values: FlagValues, uri: string | undefined, findings: Findings): Promise<boolean> {
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
    const listed = await listTokens({ ...tokenModule(values), uri: ofToken, login: "skip" });
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
  if (token.tries === "last") {
    findings.error(
      "files",
      "token-pin-tries",
      `one more wrong PIN locks token ${label}`,
      "a PIN that is configured is not risked then",
      unlock,
    );
    return false;
  }
  if (token.tries === "low") {
    findings.warning(
      "files",
      "token-pin-tries",
      `wrong PINs were given to token ${label}`,
      "it locks after some more of them",
      unlock,
    );
  } else findings.ok("files", "token", `token ${label} is there`);
  const given = PIN_FLAGS.some((name) => values.mentioned.has(name)) || /[?&]pin-(?:value|source)=/.test(uri ?? "");
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
  if (TPM_FLAGS.some((name) => values.mentioned.has(name))) return;
  findings.warning(
    "files",
    "tpm-password",
    "the password of the TPM key is asked for on the terminal",
    "SDKs run the command where nobody can be asked",
    "pass --no-tpm-key-password when it has none, else --tpm-key-password-file with a file of mode 0600",
  );
}

const PIN_FLAGS: readonly string[] = ["pkcs11-pin-file", "pkcs11-pin-fd", "pkcs11-pin-env"];
const TPM_FLAGS: readonly string[] = [
  "tpm-key-password",
  "no-tpm-key-password",
  "tpm-key-password-file",
  "tpm-key-password-fd",
  "tpm-key-password-env",
];
