/**
 * From where a key is to where it can be used: the key of a handle, or that of a key file loaded below its parent, with
 * the session that authorizes its use.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { type Authorization, type CommandChannel, passwordAuthorization } from "./command.ts";
import type { TpmKeyFile } from "./key-file.ts";
import { EC_PARENT, RSA_PARENT } from "./key-templates.ts";
import { createPrimary, flushContext, importKey, loadKey, readPublic, type TpmObject } from "./object-commands.ts";
import { policyNeedsPassword, satisfyPolicy } from "./policy.ts";
import { isStorageKey, type PublicTemplate } from "./public-area.ts";
import { startSession, type TpmSession } from "./session.ts";
import type { SessionSalts } from "./session-salts.ts";
import { HANDLE } from "./tpm-constants.ts";
import { TpmError } from "./tpm-error.ts";

/** Where a key is: at a handle, or in a key file. */
export type KeyLocation =
  | { readonly handle: number; readonly file?: undefined }
  | { readonly file: TpmKeyFile; readonly handle?: undefined };

/** What is known of a TPM from earlier operations, so that they need not ask again; it may be out of date. */
export interface KnownKeys {
  /** The key at the location's handle. */
  key?: TpmObject | undefined;
  /** The persistent key that receives salts. */
  saltKey?: TpmObject | undefined;
  /** Salts of the sessions. */
  readonly salts?: SessionSalts;
}

/** A key that is ready for one use. */
export interface UsableKey {
  /** The key. */
  readonly object: TpmObject;
  /** Authorizes one command with the key, the last one of the session. */
  readonly authorization: Authorization;
  /** Overwrites the keys of the sessions. Best effort. */
  forget(): void;
}

/** The passwords that loading and using a key take; empty: there is none. */
export interface KeyPasswords {
  /** Secret: of the key. */
  readonly key: Bytes;
  /** Secret: of the parent, or of the hierarchy whose primary key is the parent. */
  readonly parent: Bytes;
}

/**
 * Makes a key ready. What it puts into the TPM's memory is flushed when the operation is over.
 *
 * Secret: the passwords, which no command shows.
 *
 * @param known what need not be asked again for a key at a handle; what is found out is put there
 * @throws {TpmError}
 */
export async function useKey(
  channel: CommandChannel,
  location: KeyLocation,
  passwords: KeyPasswords,
  known: KnownKeys = {},
): Promise<UsableKey> {
  if (location.file === undefined) {
    const object = known.key ??= await readPublic(channel, location.handle);
    const saltKey = known.saltKey ?? await findSaltKey(channel);
    if (saltKey.entity.handle === SHARED_STORAGE_KEY) known.saltKey = saltKey;
    const session = await startSession(channel, saltKey, "hmac", known.salts?.take(saltKey.area));
    return usable(object, session, [session], passwords.key);
  }
  const parent = await openParent(channel, location.file, passwords.parent);
  const sessions: TpmSession[] = [];
  try {
    return await loadBelow(channel, location.file, parent, passwords, sessions, known);
  } catch (error) {
    for (const session of sessions) session.forget();
    throw error;
  }
}

/** Loads the key of a file below its parent. @param sessions where the sessions are put that it starts */
async function loadBelow(
  channel: CommandChannel,
  file: TpmKeyFile,
  parent: TpmObject,
  passwords: KeyPasswords,
  sessions: TpmSession[],
  { salts }: KnownKeys,
): Promise<UsableKey> {
  const session = await startSession(channel, saltKeyOf(parent), "hmac", salts?.take(parent.area));
  sessions.push(session);
  // A primary key was just made from its template, and has no password: the hierarchy has.
  const value = isHierarchy(file.parent) ? new Uint8Array(0) : passwords.parent;
  const loading = (last: boolean) => session.authorization({ value, last });
  const privatePart = file.secret === undefined
    ? file.privatePart
    : await importKey(channel, parent.entity, loading(false), file, file.secret);
  const steps = file.policy;
  const object = await loadKey(channel, parent.entity, loading(steps !== undefined), { ...file, privatePart });
  if (steps === undefined) {
    await flushPrimary(channel, file, parent);
    return usable(object, session, sessions, passwords.key);
  }
  const policySession = await startSession(channel, saltKeyOf(parent), "policy");
  sessions.push(policySession);
  await flushPrimary(channel, file, parent);
  await satisfyPolicy(channel, policySession, steps);
  // Without PolicyAuthValue the password of the key takes no part.
  const password = policyNeedsPassword(steps) ? passwords.key : new Uint8Array(0);
  return usable(object, policySession, sessions, password);
}

/**
 * The parent that a key file names: a persistent key, or the primary key of a hierarchy.
 *
 * Secret: the password of the hierarchy.
 */
export async function openParent(
  channel: CommandChannel,
  { parent, rsaParent }: Pick<TpmKeyFile, "parent" | "rsaParent">,
  password: Bytes,
): Promise<TpmObject> {
  if (!isHierarchy(parent)) return await readPublic(channel, parent);
  const template = rsaParent ? RSA_PARENT : EC_PARENT;
  if (password.length === 0) return await createPrimary(channel, parent, passwordAuthorization(), template);
  const saltKey = await findSaltKey(channel);
  const session = await startSession(channel, saltKey);
  try {
    return await createPrimary(channel, parent, session.authorization({ value: password, last: true }), template);
  } finally {
    session.forget();
    // Room for what comes: a TPM has three places.
    if (channel.left.has(saltKey.entity.handle)) await flushContext(channel, saltKey.entity.handle);
  }
}

/** Whether the handle is a hierarchy's. */
export function isHierarchy(handle: number): boolean {
  return handle >>> 24 === 0x40;
}

/**
 * A storage key that can receive the salt of a session: the shared one at 81000001 (TCG TPM v2.0 Provisioning Guidance
 * §7.5.1) where there is one, otherwise a primary key of the null hierarchy, which needs no password.
 */
export async function findSaltKey(channel: CommandChannel): Promise<TpmObject> {
  try {
    const shared = await readPublic(channel, SHARED_STORAGE_KEY);
    if (isStorageKey(shared.area)) return shared;
  } catch (error) {
    const { code } = error as Partial<TpmError>;
    if (code !== "ERR_TPM_HANDLE" && code !== "ERR_TPM_KEY_UNSUPPORTED") throw error;
  }
  return await primaryOf(channel, HANDLE.null);
}

async function primaryOf(channel: CommandChannel, hierarchy: number): Promise<TpmObject> {
  const make = (template: PublicTemplate) => createPrimary(channel, hierarchy, passwordAuthorization(), template);
  try {
    return await make(EC_PARENT);
  } catch (error) {
    // A TPM without elliptic curves says so in one of these ways.
    const name = (error as Partial<TpmError>).response?.name ?? "";
    if (!["ASYMMETRIC", "CURVE", "TYPE", "VALUE"].includes(name)) throw error;
    return await make(RSA_PARENT);
  }
}

function saltKeyOf(parent: TpmObject): TpmObject {
  if (isStorageKey(parent.area)) return parent;
  throw new TpmError(
    "ERR_TPM_KEY_UNSUPPORTED",
    "loading",
    `Cannot load TPM key: its parent 0x${parent.entity.handle.toString(16)} is no storage key`,
  );
}

/** Makes room; a persistent parent stays where it is. */
async function flushPrimary(channel: CommandChannel, { parent }: TpmKeyFile, { entity }: TpmObject): Promise<void> {
  if (isHierarchy(parent)) await flushContext(channel, entity.handle);
}

function usable(
  object: TpmObject,
  session: TpmSession,
  sessions: readonly TpmSession[],
  value: Bytes,
): UsableKey {
  return {
    object,
    authorization: session.authorization({ value, last: true }),
    forget: () => sessions.forEach((one) => one.forget()),
  };
}

const SHARED_STORAGE_KEY = 0x81000001;
