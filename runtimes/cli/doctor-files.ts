/**
 * What `doctor` says about the files of an identity, and who can get at its key.
 *
 * @module
 */

import type { SessionIdentity } from "../../core/session/request.ts";
import type { Host } from "../host.ts";
import { joinConfigLine } from "./config-line.ts";
import type { Findings } from "./doctor-finding.ts";
import type { FlagValues } from "./flags.ts";
import { isDevice, isRemoteKey, namesDevice, withIdentity } from "./identity-flags.ts";
import { isTpmKeyFile } from "./tpm-key-file.ts";

/** Checks the files and puts the identity together; undefined: it cannot be, and the findings say why. */
export async function checkIdentity(
  host: Host,
  values: FlagValues,
  findings: Findings,
): Promise<SessionIdentity | undefined> {
  sayCustody(host, values, findings);
  const readable = FILE_FLAGS.map((name) => checkFile(host, values, name, findings));
  if (readable.includes(false)) return undefined;
  if (namesDevice(values)) {
    const { checkDevice } = await import("./doctor-device.ts");
    if (!await checkDevice(host, values, findings)) return undefined;
  }
  try {
    return await withIdentity(host, values, { alone: true }, async (source) => {
      const identity = await source.identity();
      findings.ok(
        "files",
        "key-match",
        `the private key (${identity.signer.algorithm.name}) is that of the certificate`,
      );
      if (holdsItself(host, values)) {
        const { trySignature } = await import("./doctor-device.ts");
        await trySignature(host, identity, findings);
      }
      return identity;
    });
  } catch (error) {
    const code = (error as { code?: string }).code ?? "";
    if (code === "ERR_COMMAND_STOPPED") throw error;
    findings.failure("files", "identity", error, FIXES[code] ?? DEFAULT_FIX);
    return undefined;
  }
}

/**
 * Whether a token or a TPM of this machine has the key. Who else holds one may sign requests alone, ask somebody, or count:
 * it is not asked for a signature that nobody needs.
 */
function holdsItself(host: Host, values: FlagValues): boolean {
  const key = values.text("private-key") ?? values.text("certificate") ?? "";
  if (isRemoteKey(key) || values.text("cert-directory") !== undefined) return false;
  return namesDevice(values) || isTpmKeyFile(host, key);
}

const FILE_FLAGS = ["certificate", "private-key", "intermediates"] as const;

const DEFAULT_FIX = "give --certificate and --private-key the files that belong together, PEM, DER or PKCS#12";

const FIXES: Readonly<Record<string, string>> = {
  ERR_KEY_PASSWORD_MISSING: "SDKs run the command where nobody can be asked: decrypt the key into a file of mode 0600",
  ERR_KEY_PASSWORD_WRONG: "give the right password, or decrypt the key into a file of mode 0600",
  ERR_IDENTITY_KEY_MISMATCH: "give the key that the certificate was issued for, or the certificate of this key",
  ERR_TERMINAL_UNAVAILABLE:
    "SDKs run the command where nobody can be asked: give the PIN or password by a file, a descriptor or a variable",
  ERR_TOKEN_PIN_INCORRECT: "give the right PIN; a token counts wrong ones, and locks",
  ERR_TOKEN_NO_KEY: "give --private-key the key's URI, or the certificate of a key that is there (anyrole token list)",
  ERR_TOKEN_NO_CERTIFICATE: "see what is there with anyrole token list, or give the certificate's file",
  ERR_TOKEN_SEVERAL_CERTIFICATES: "name one of them, as anyrole token list shows it",
  ERR_TPM_NOT_FOUND: "enable the TPM in the firmware settings, or correct TPM_DEVICE",
  ERR_TPM_ACCESS: "let this user use the TPM: on most systems by the group tss",
  ERR_REMOTE_SIGNER_UNREACHABLE: "start what holds the key, or correct --private-key",
  ERR_REMOTE_SIGNER_UNAUTHORIZED: "give the bridge's token with --bridge-token-file",
  ERR_REMOTE_SIGNER_KEY: "add the key of this certificate there, or give the certificate of the key there",
  ERR_IDENTITY_CHAIN_TOO_LONG: "give only the intermediates between the certificate and its trust anchor",
};

/** Whether a file can be read; undefined: there is none to read. */
function checkFile(
  host: Host,
  values: FlagValues,
  flag: (typeof FILE_FLAGS)[number],
  findings: Findings,
): boolean | undefined {
  const path = values.text(flag);
  if (path === undefined || isDevice(path)) return undefined;
  try {
    for (const _ of host.readPieces(path)) break;
  } catch (error) {
    findings.failure("files", `${flag}-file`, error, `correct --${flag}, or let this user read the file`);
    return false;
  }
  const holdsKey = !isTpmKeyFile(host, path) &&
    (flag === "private-key" || (flag === "certificate" && values.text("private-key") === undefined));
  checkPermissions(host, path, flag, holdsKey, findings);
  return true;
}

function checkPermissions(host: Host, path: string, flag: string, holdsKey: boolean, findings: Findings): void {
  const status = statusOf(host, path);
  if (status?.mode === undefined) {
    findings.ok("files", `${flag}-file`, `${path} can be read; this system says nothing of its permissions`);
    return;
  }
  const { mode, writableBy } = status;
  const shown = `${path} has mode ${mode.toString(8).padStart(4, "0")}`;
  if (holdsKey && (mode & 0o077) !== 0) {
    findings.warning(
      "files",
      "key-permissions",
      shown,
      (mode & 0o007) !== 0
        ? "every user of this machine can get at the private key"
        : "every member of its group can get at the private key",
      joinConfigLine(["chmod", "600", path], host.platform),
    );
  } else if (writableBy === "others") {
    findings.warning(
      "files",
      `${flag}-permissions`,
      shown,
      "others than its owner can put another certificate in its place",
      joinConfigLine(["chmod", "go-w", path], host.platform),
    );
  } else findings.ok("files", `${flag}-file`, shown);
}

function statusOf(host: Host, path: string): { readonly mode?: number; readonly writableBy: string } | undefined {
  try {
    return host.cacheFiles().status(path);
  } catch {
    return undefined; // It can be read; more need not be known.
  }
}

/** Where the private key lives, and the next step up. */
function sayCustody(host: Host, values: FlagValues, findings: Findings): void {
  const key = values.text("private-key") ?? values.text("certificate") ?? "";
  if (isRemoteKey(key)) {
    const [custody, next] = CUSTODIES[key.slice(0, key.indexOf(":"))]!;
    findings.ok("files", "custody", custody, next);
  } else if (values.text("cert-directory") === undefined && key === "" && values.text("pkcs11-lib") !== undefined) {
    findings.ok("files", "custody", CUSTODY_OF_TOKENS);
  } else if (key.startsWith("pkcs11:")) {
    findings.ok("files", "custody", CUSTODY_OF_TOKENS);
  } else if (isDevice(key) || (key !== "" && isTpmKeyFile(host, key))) {
    findings.ok("files", "custody", "high: the private key is in a TPM, and cannot be copied");
  } else if (values.text("cert-directory") === undefined && key === "" && values.mentioned.has("cert-selector")) {
    findings.ok(
      "files",
      "custody",
      "medium: the private key is in the operating system's store, open to whoever runs as this user",
      "a PKCS#11 token or a TPM does not let it out",
    );
  } else if (key !== "" || values.text("cert-directory") !== undefined) {
    findings.ok(
      "files",
      "custody",
      "low: the private key is in a file, and whoever can read it can copy it",
      "a PKCS#11 token or a TPM does not let it out",
    );
  }
}

const CUSTODY_OF_TOKENS =
  "high: the private key is in a PKCS#11 token, which does not give it out; one of software keeps it in files of its own";

/** What the forms of keys that somebody else holds say of their custody, and the next step up. */
const CUSTODIES: Readonly<Record<string, readonly [string, string | undefined]>> = {
  "bridge": [
    "high here: the private key is behind a bridge, which signs and never gives it out; as high there as its key's",
    "run the doctor beside the bridge with the key that it serves",
  ],
  "exec": [
    "that of a program: it holds the private key, and whoever runs as this user can start it as well",
    "what the program keeps the key in decides: a PKCS#11 token or a TPM does not let it out",
  ],
  "ssh-agent": [
    "medium: the private key is in an SSH agent, which signs for whoever can reach its socket and does not give it out; " +
    "the file that it was added from can still be copied",
    "a PKCS#11 token or a TPM does not let it out",
  ],
  "keyring": [
    "medium: the private key is in the Linux kernel, which signs for this user and does not give it out; the file that it " +
    "was added from can still be copied",
    "a PKCS#11 token or a TPM does not let it out",
  ],
};
