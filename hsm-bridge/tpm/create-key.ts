/**
 * New keys that are born in the TPM and never leave it, as TSS2 key files, and keys at persistent handles.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { passwordAuthorization } from "./command.ts";
import { readPcrs } from "./capability-commands.ts";
import { encodeTpmKeyFile, parseTpmKeyFile, type PolicyStep, type TpmKeyFile } from "./key-file.ts";
import { findSaltKey, isHierarchy, openParent, useKey } from "./key-loading.ts";
import { createKey, evictControl, readPublic } from "./object-commands.ts";
import type { PcrSelection } from "./pcr-selection.ts";
import { authValueStep, pcrStep, policyDigest } from "./policy.ts";
import type { PublicTemplate } from "./public-area.ts";
import { startSession } from "./session.ts";
import { openTpm, type Tpm, type TpmOptions } from "./tpm.ts";
import { ATTRIBUTE, HANDLE } from "./tpm-constants.ts";

/** What the new key shall be. */
export interface CreateTpmKeyOptions {
  /** The TPM: open already, or which one to open. Default: that of {@link openTpm}. */
  readonly tpm?: Tpm | TpmOptions | undefined;
  /** Which kind of key. */
  readonly type: { readonly type: "rsa"; readonly bits: 2048 } | {
    readonly type: "ec";
    readonly curve: "P-256" | "P-384";
  };
  /**
   * The parent: a persistent storage key (0x81…), or a hierarchy, whose primary key it is then. Default: the owner's
   * hierarchy, 0x40000001.
   */
  readonly parent?: number | undefined;
  /** Whether the hierarchy's primary key is the one with RSA-2048, for TPMs without P-256. Default: false. */
  readonly rsaParent?: boolean | undefined;
  /** Password of the parent or hierarchy, if it has one. Secret. */
  readonly parentPassword?: Bytes | undefined;
  /**
   * Password of the new key, at most 32 octets. Wrong ones are counted by the TPM. Default: none, and then no key can be
   * locked by wrong passwords of others. Secret.
   */
  readonly password?: Bytes | undefined;
  /** Registers whose values of now the key is bound to: it does not sign when they have changed. Default: none. */
  readonly pcrs?: PcrSelection | undefined;
  /** What people call it; written into the file. Older readers of key files, OpenSSL's provider too, refuse it. */
  readonly description?: string | undefined;
}

/** A new key. */
export interface CreatedTpmKey {
  /** The key file, PEM. Public: it is of use to this TPM alone. */
  readonly pem: string;
  /** The same, read. */
  readonly file: TpmKeyFile;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes;
}

/**
 * Makes a key in the TPM and answers its key file.
 *
 * Secret: the passwords; the new key's travels encrypted, and no command shows the parent's.
 *
 * @example
 * ```ts
 * import { createTpmKey } from "anyrole/hsm";
 *
 * export async function newKey(): Promise<string> {
 *   const { pem } = await createTpmKey({ type: { type: "ec", curve: "P-256" } });
 *   return pem;
 * }
 * ```
 *
 * @throws {TpmError}
 * @throws {TypeError} for an option that does not exist
 * @throws {RangeError} for an option out of range
 */
export async function createTpmKey(options: CreateTpmKeyOptions): Promise<CreatedTpmKey> {
  const {
    tpm: given,
    type,
    parent: parentHandle = HANDLE.owner,
    rsaParent = false,
    parentPassword = new Uint8Array(0),
    password = new Uint8Array(0),
    pcrs,
    description,
    ...unknown
  } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`createTpmKey() has no option "${name}"`);
  if (password.length > MAX_PASSWORD_OCTETS) {
    throw new RangeError(`"password" has ${password.length} octets, at most ${MAX_PASSWORD_OCTETS} are possible`);
  }
  checkType(type);
  return await withTpm(given, (tpm) =>
    tpm.run(async (channel) => {
      const policy = pcrs && [
        pcrStep(pcrs, await readPcrs(channel, pcrs)),
        ...(password.length > 0 ? [authValueStep()] : []),
      ];
      const parent = await openParent(channel, { parent: parentHandle, rsaParent }, parentPassword);
      const session = await startSession(channel, parent);
      try {
        const value = isHierarchy(parentHandle) ? new Uint8Array(0) : parentPassword;
        const parts = await createKey(
          channel,
          parent.entity,
          session.authorization({ value, last: true }),
          template(type, policy, password),
          password,
        );
        const pem = encodeTpmKeyFile({
          emptyAuth: password.length === 0,
          policy,
          parent: parentHandle,
          rsaParent: rsaParent && isHierarchy(parentHandle),
          description,
          ...parts,
        });
        const file = parseTpmKeyFile(pem);
        return { pem, file, publicKey: file.area.key.spki };
      } finally {
        session.forget();
      }
    }));
}

/** Which key file is made persistent, and where. */
export interface PersistTpmKeyOptions {
  /** The TPM: open already, or which one to open. Default: that of {@link openTpm}. */
  readonly tpm?: Tpm | TpmOptions | undefined;
  /** The key file: PEM or DER, or read already. */
  readonly key: string | Bytes | TpmKeyFile;
  /** The handle: 0x81000000 to 0x817fffff are the owner's. */
  readonly handle: number;
  /** Password of the parent, if it has one. Secret. */
  readonly parentPassword?: Bytes | undefined;
  /** Password of the owner's hierarchy, if it has one. Secret. */
  readonly ownerPassword?: Bytes | undefined;
}

/**
 * Puts the key of a key file to a persistent handle, where `handle:` names it.
 *
 * Secret: the passwords, which no command shows.
 *
 * @throws {TpmError} `ERR_TPM_COMMAND` with the response `NV_DEFINED` when something is at the handle, …
 */
export async function persistTpmKey(options: PersistTpmKeyOptions): Promise<void> {
  const { tpm: given, key, handle, parentPassword = new Uint8Array(0), ownerPassword = new Uint8Array(0), ...unknown } =
    options;
  for (const name of Object.keys(unknown)) throw new TypeError(`persistTpmKey() has no option "${name}"`);
  const file = typeof key === "string" || key instanceof Uint8Array ? parseTpmKeyFile(key) : key;
  await withTpm(given, (tpm) =>
    tpm.run(async (channel) => {
      const { object, forget } = await useKey(channel, { file }, { key: new Uint8Array(0), parent: parentPassword });
      forget();
      await evict(channel, object.entity, handle, ownerPassword);
    }));
}

/** Which persistent key is removed. */
export interface EvictTpmKeyOptions {
  /** The TPM: open already, or which one to open. Default: that of {@link openTpm}. */
  readonly tpm?: Tpm | TpmOptions | undefined;
  /** The handle. */
  readonly handle: number;
  /** Password of the owner's hierarchy, if it has one. Secret. */
  readonly ownerPassword?: Bytes | undefined;
}

/**
 * Removes the key at a persistent handle. A key without a key file is lost with it.
 *
 * Secret: the password, which no command shows.
 *
 * @throws {TpmError} `ERR_TPM_HANDLE` when nothing is there
 */
export async function evictTpmKey(options: EvictTpmKeyOptions): Promise<void> {
  const { tpm: given, handle, ownerPassword = new Uint8Array(0), ...unknown } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`evictTpmKey() has no option "${name}"`);
  await withTpm(given, (tpm) =>
    tpm.run(async (channel) => {
      const { entity } = await readPublic(channel, handle);
      await evict(channel, entity, handle, ownerPassword);
    }));
}

type Channel = Parameters<Parameters<Tpm["run"]>[0]>[0];

async function evict(
  channel: Channel,
  entity: { readonly handle: number; readonly name: Bytes },
  handle: number,
  ownerPassword: Bytes,
): Promise<void> {
  const owner = ownerPassword.length === 0 ? undefined : await startSession(channel, await findSaltKey(channel));
  const authorization = owner?.authorization({ value: ownerPassword, last: true }) ?? passwordAuthorization();
  await evictControl(channel, HANDLE.owner, authorization, entity, handle);
  owner?.forget();
}

/** Uses the TPM that was given, or one that is open for this alone. */
async function withTpm<T>(given: Tpm | TpmOptions | undefined, use: (tpm: Tpm) => Promise<T>): Promise<T> {
  if (given !== undefined && "run" in given) return await use(given);
  const tpm = await openTpm(given);
  try {
    return await use(tpm);
  } finally {
    await tpm.close();
  }
}

function template(
  type: CreateTpmKeyOptions["type"],
  policy: readonly PolicyStep[] | undefined,
  password: Bytes,
): PublicTemplate {
  const attributes = ATTRIBUTE.fixedTpm | ATTRIBUTE.fixedParent | ATTRIBUTE.sensitiveDataOrigin | ATTRIBUTE.sign |
    // With a policy the password alone does not do.
    (policy === undefined ? ATTRIBUTE.userWithAuth : 0) |
    (password.length === 0 ? ATTRIBUTE.noDictionaryAttackProtection : 0);
  return { type, attributes, ...(policy === undefined ? {} : { authPolicy: policyDigest(policy) }) };
}

function checkType(type: CreateTpmKeyOptions["type"]): void {
  const right = type.type === "rsa" ? type.bits === 2048 : type.curve === "P-256" || type.curve === "P-384";
  if (!right) throw new RangeError(`"type" is none of RSA-2048, P-256 and P-384`);
}

/** Octets of SHA-256, the hash of new keys' names. */
const MAX_PASSWORD_OCTETS = 32;
