/**
 * A signer whose key never leaves the TPM.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { type Bytes, equalBytes } from "../../core/bytes/bytes.ts";
import { HASH_OCTETS } from "../../core/crypto/hash-octets.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { type AlgorithmChoice, algorithmFor } from "../algorithm-choice.ts";
import type { CommandChannel } from "./command.ts";
import { isTpmKeyFile, parseTpmKeyFile, type TpmKeyFile } from "./key-file.ts";
import { formatTpmHandle, parseTpmHandle } from "./key-handle.ts";
import { type KeyLocation, type KeyPasswords, type KnownKeys, useKey } from "./key-loading.ts";
import { type PasswordMemory, passwordMemory, type TpmPassword } from "./key-password.ts";
import { readPublic, type TpmObject } from "./object-commands.ts";
import { policyNeedsPassword } from "./policy.ts";
import type { PublicArea } from "./public-area.ts";
import { digestOf } from "./session-cryptography.ts";
import { SessionSalts } from "./session-salts.ts";
import { signDigest } from "./sign-command.ts";
import { type SigningScheme, signingScheme } from "./signing-scheme.ts";
import { openTpm, type Tpm, type TpmOptions } from "./tpm.ts";
import { TpmError } from "./tpm-error.ts";

/** Which key of which TPM, and how to sign with it. */
export interface TpmSignerOptions {
  /** The TPM: open already, and the caller's to close; or which one to open. Default: that of {@link openTpm}. */
  readonly tpm?: Tpm | TpmOptions | undefined;
  /** The key: `handle:0x81010001`, the number of a handle, or a TSS2 key file (PEM text, octets, or read already). */
  readonly key: string | number | Bytes | TpmKeyFile;
  /** The key's password, if it has one. Secret. */
  readonly password?: TpmPassword | undefined;
  /** The password of the key file's parent, or of the hierarchy that is named as parent, if it has one. Secret. */
  readonly parentPassword?: TpmPassword | undefined;
  /** What to sign with, or who answers it for the key. Default: what CreateSession wants of such a key. */
  readonly algorithm?: AlgorithmChoice | undefined;
}

/** A signer with a key of the TPM. */
export interface TpmSigner extends Signer {
  /** Signs the message. */
  sign(message: Bytes): Promise<Bytes>;
  /** Ends its use, and closes the TPM if it was opened for it. */
  close(): Promise<void>;
}

/**
 * Makes a signer of a key of the TPM.
 *
 * Every signature is one operation: the key of a file is loaded below its parent, a salted session authorizes its use,
 * and everything is flushed. Concurrent signatures are made one after the other.
 *
 * Secret: the passwords; they are kept until the signer is closed, and overwritten then; no command shows them.
 *
 * @example
 * ```ts
 * import { tpmSigner } from "anyrole/hsm";
 *
 * export async function signWithTpm(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
 *   const signer = await tpmSigner({ key: "handle:0x81010001" });
 *   try {
 *     return await signer.sign(message);
 *   } finally {
 *     await signer.close();
 *   }
 * }
 * ```
 *
 * @throws {TpmError} when the TPM cannot be opened, or the key does not sign
 * @throws {TypeError} for an option that does not exist
 */
export async function tpmSigner(options: TpmSignerOptions): Promise<TpmSigner> {
  const { tpm: given, key, password, parentPassword, algorithm, ...unknown } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`tpmSigner() has no option "${name}"`);
  const location = locate(key);
  const name = nameOf(location);
  const passwords = {
    key: passwordMemory(keyPassword(location, password, name), { of: "key", key: name }),
    parent: passwordMemory(parentPassword, { of: "parent", key: name }),
  };
  const own = given === undefined || !("run" in given);
  const tpm = own ? await openTpm(given) : given;
  try {
    const known: KnownKeys = { salts: new SessionSalts() };
    if (location.file === undefined) known.key = await tpm.run((channel) => readPublic(channel, location.handle));
    const area = location.file?.area ?? known.key!.area;
    const scheme = signingScheme(area, algorithmFor(area.key, algorithm));
    return signerOf({ tpm, own, location, known, area, passwords, scheme });
  } catch (error) {
    forget(passwords);
    if (own) await tpm.close();
    throw error;
  }
}

/** Best effort. */
function forget({ key, parent }: SignerParts["passwords"]): void {
  key.forget();
  parent.forget();
}

interface SignerParts {
  readonly tpm: Tpm;
  /** Whether the TPM was opened for this signer. */
  readonly own: boolean;
  readonly location: KeyLocation;
  readonly known: KnownKeys;
  readonly area: PublicArea;
  readonly passwords: { readonly key: PasswordMemory; readonly parent: PasswordMemory };
  readonly scheme: SigningScheme;
}

function signerOf({ tpm, own, location, known, area, passwords, scheme }: SignerParts): TpmSigner {
  const signOnce = async (digest: Bytes, both: KeyPasswords): Promise<Bytes> => {
    if (both.key.length > HASH_OCTETS[area.nameHash]) throw tooLong(area);
    return await tpm.run(async (channel) => {
      const key = await useKey(channel, location, both, known);
      try {
        return await signDigest(channel, key.object, key.authorization, scheme, digest);
      } finally {
        key.forget();
      }
    });
  };
  const signKnowing = async (digest: Bytes, both: KeyPasswords): Promise<Bytes> => {
    const knew = known.key !== undefined || known.saltKey !== undefined;
    try {
      return await signOnce(digest, both);
    } catch (error) {
      // Keys that were replaced at their handles look like wrong passwords.
      if (!(knew && (error as Partial<TpmError>).response !== undefined)) throw error;
      if (!await tpm.run((channel) => isOutdated(channel, known))) throw error;
      return await signOnce(digest, both);
    }
  };
  const sign = async (message: Bytes): Promise<Bytes> => {
    const digest = scheme.fit(digestOf(scheme.signature.hash, message));
    for (;;) {
      const both = { key: await passwords.key.current(), parent: await passwords.parent.current() };
      try {
        const signature = await signKnowing(digest, both);
        passwords.key.right();
        passwords.parent.right();
        // While the caller goes on: the salt that the next signature begins with.
        setImmediate(() => closed || known.salts?.prepare());
        return signature;
      } catch (error) {
        const { code, operation } = error as Partial<TpmError>;
        if (code !== "ERR_TPM_PASSWORD_WRONG") throw error;
        // Throws it again when nobody can be asked.
        passwords[operation === "TPM2_Sign" ? "key" : "parent"].wrong(error as TpmError);
      }
    }
  };
  // One after the other, so that a password is asked for once.
  let tail: Promise<unknown> = Promise.resolve();
  let closed = false;
  return {
    algorithm: scheme.signature,
    publicKey: area.key.spki,
    sign: (message) => {
      if (closed) return Promise.reject(wasClosed());
      const signature = tail.then(() => sign(message));
      tail = signature.catch(() => {});
      return signature;
    },
    close: async () => {
      closed = true;
      await tail;
      forget(passwords);
      known.salts?.forget();
      if (own) await tpm.close();
    },
  };
}

/** Where the key is that an option names. */
function locate(key: TpmSignerOptions["key"]): KeyLocation {
  if (typeof key === "number") return { handle: key };
  if (typeof key === "string" && !isTpmKeyFile(key)) return { handle: parseTpmHandle(key) };
  if (typeof key === "string" || key instanceof Uint8Array) return { file: parseTpmKeyFile(key) };
  return { file: key };
}

function nameOf({ file, handle }: KeyLocation): string {
  if (file === undefined) return formatTpmHandle(handle);
  return file.description === undefined ? "of the TSS2 key file" : JSON.stringify(file.description);
}

/** What is asked for the password of the key: nobody, when its file says that it has none. */
function keyPassword({ file }: KeyLocation, password: TpmPassword | undefined, name: string): TpmPassword | undefined {
  if (file === undefined) return password;
  if (!file.emptyAuth) {
    const needed = file.policy === undefined || policyNeedsPassword(file.policy);
    return needed ? password ?? (() => undefined) : undefined;
  }
  if (password instanceof Uint8Array) {
    throw new TpmError(
      "ERR_TPM_PASSWORD_UNUSED",
      "a password",
      `Cannot use TPM key ${name}: its file says that it has no password, and one was given; leave it out`,
    );
  }
  return undefined;
}

/**
 * Looks at the TPM again, and forgets a key for salts that is not there any more.
 *
 * @throws {TpmError} `ERR_TPM_HANDLE` when the key itself is another one, or gone
 */
async function isOutdated(channel: CommandChannel, known: KnownKeys): Promise<boolean> {
  const { key, saltKey } = known;
  if (key !== undefined && !await isThere(channel, key)) {
    throw new TpmError(
      "ERR_TPM_HANDLE",
      "signing",
      "Cannot sign with TPM key: another key is at its handle now, or none; open it again",
    );
  }
  if (saltKey === undefined || await isThere(channel, saltKey)) return false;
  known.saltKey = undefined;
  return true;
}

async function isThere(channel: CommandChannel, { entity }: TpmObject): Promise<boolean> {
  try {
    return equalBytes((await readPublic(channel, entity.handle)).area.name, entity.name);
  } catch (error) {
    const { code } = error as Partial<TpmError>;
    if (code !== "ERR_TPM_HANDLE" && code !== "ERR_TPM_KEY_UNSUPPORTED") throw error;
    return false;
  }
}

/** The TPM would refuse it as wrong, and count it. */
function tooLong(area: PublicArea): TpmError {
  return new TpmError(
    "ERR_TPM_PASSWORD_WRONG",
    "TPM2_Sign",
    `Cannot use TPM key: a password of a key with ${area.nameHash} has at most ${HASH_OCTETS[area.nameHash]} octets`,
  );
}

function wasClosed(): TpmError {
  return new TpmError("ERR_TPM_CONNECTION", "signing", "Cannot sign with TPM key: its signer was closed");
}
