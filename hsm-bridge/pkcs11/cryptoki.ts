/**
 * The PKCS#11 functions that the bridge uses (OASIS PKCS#11 v3.1 §5), in TypeScript's terms.
 *
 * Handles are `bigint`. Every method may answer a value or a promise, depending on how the module was opened: `await`
 * all of them. A failure is an {@linkcode HsmError} with code `ERR_HSM_RETURN_VALUE` and the `returnValue`.
 *
 * A session does one operation at a time: whoever holds a session must not start a second call in it before the first
 * has settled.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { Awaitable } from "../../core/crypto/signer.ts";
import type { AttributeSet, Template } from "./attributes.ts";

/** An initialised PKCS#11 module. */
export interface Cryptoki {
  /** The path or bare name that it was opened by. */
  readonly path: string;
  /** `C_GetInfo`. */
  getInfo(): Awaitable<ModuleInfo>;
  /** `C_GetSlotList`: ids of all slots, or of those with a token in them. */
  getSlotList(tokenPresent: boolean): Awaitable<bigint[]>;
  /** `C_GetSlotInfo`. */
  getSlotInfo(slot: bigint): Awaitable<SlotInfo>;
  /** `C_GetTokenInfo`. */
  getTokenInfo(slot: bigint): Awaitable<TokenInfo>;
  /** `C_GetMechanismList`: numbers as in `CKM`. */
  getMechanismList(slot: bigint): Awaitable<number[]>;
  /** `C_OpenSession`; serial, as the standard demands. The answer must be given to `closeSession`. */
  openSession(slot: bigint, access: "read-only" | "read-write"): Awaitable<bigint>;
  /** `C_CloseSession`. */
  closeSession(session: bigint): Awaitable<void>;
  /** `C_GetSessionInfo`. */
  getSessionInfo(session: bigint): Awaitable<SessionInfo>;
  /**
   * `C_Login`. That the user is logged in already is success.
   *
   * Secret: the copy that the module reads is overwritten before this settles; the caller overwrites its own.
   *
   * @param userType a number of `CKU`
   * @param pin its octets, or undefined for a protected authentication path (a PIN pad)
   */
  login(session: bigint, userType: number, pin: Bytes | undefined): Awaitable<void>;
  /** `C_Logout`: of all sessions that this process has with the token. That nobody is logged in is success. */
  logout(session: bigint): Awaitable<void>;
  /** `C_FindObjectsInit`, `C_FindObjects` until there are no more, `C_FindObjectsFinal` (also after a failure). */
  findObjects(session: bigint, template: Template): Awaitable<bigint[]>;
  /**
   * `C_GetAttributeValue`. An attribute that the object does not have, or does not reveal, is no failure: the set says
   * so of each.
   *
   * @param types numbers of `CKA`
   */
  getAttributes(session: bigint, object: bigint, types: readonly number[]): Awaitable<AttributeSet>;
  /** `C_SetAttributeValue`. */
  setAttributes(session: bigint, object: bigint, template: Template): Awaitable<void>;
  /** `C_SignInit`. With an always-authenticate key, `login` as `CKU.CONTEXT_SPECIFIC` comes between this and `sign`. */
  signInit(session: bigint, mechanism: Mechanism, key: bigint): Awaitable<void>;
  /** `C_Sign`: ends what `signInit` began, also by failing. The signature as the mechanism makes it (ECDSA: r‖s). */
  sign(session: bigint, data: Bytes): Awaitable<Bytes>;
  /** `C_GenerateKeyPair`. */
  generateKeyPair(
    session: bigint,
    mechanism: Mechanism,
    publicTemplate: Template,
    privateTemplate: Template,
  ): Awaitable<KeyPairHandles>;
  /** `C_CreateObject`. */
  createObject(session: bigint, template: Template): Awaitable<bigint>;
  /** `C_DestroyObject`. */
  destroyObject(session: bigint, object: bigint): Awaitable<void>;
  /**
   * Gives the module back. The last of all who opened it by this path finalises it, if it was us who initialised it;
   * calling it a second time does nothing. Calls that are still under way end first.
   */
  close(): Awaitable<void>;
}

/** A mechanism (`CK_MECHANISM`). */
export interface Mechanism {
  /** A number of `CKM`. */
  readonly type: number;
  /** Its parameter as the module wants it in memory; absent: none. */
  readonly parameter?: Bytes;
}

/** What `C_GenerateKeyPair` answers. */
export interface KeyPairHandles {
  /** Handle of the public key. */
  readonly publicKey: bigint;
  /** Handle of the private key. */
  readonly privateKey: bigint;
}

/** `CK_VERSION`. */
export interface CryptokiVersion {
  /** Before the point. */
  readonly major: number;
  /** After it: 40 in 2.40. */
  readonly minor: number;
}

/** `CK_INFO`; texts without the padding. */
export interface ModuleInfo {
  /** The version of Cryptoki that the module speaks. */
  readonly cryptokiVersion: CryptokiVersion;
  /** `manufacturerID`. */
  readonly manufacturer: string;
  /** `libraryDescription`. */
  readonly libraryDescription: string;
  /** `libraryVersion`. */
  readonly libraryVersion: CryptokiVersion;
}

/** `CK_SLOT_INFO`; texts without the padding. */
export interface SlotInfo {
  /** `slotDescription`. */
  readonly description: string;
  /** `manufacturerID`. */
  readonly manufacturer: string;
  /** Bits of `CKF_SLOT`. */
  readonly flags: number;
}

/** `CK_TOKEN_INFO`; texts without the padding. */
export interface TokenInfo {
  /** `label`. */
  readonly label: string;
  /** `manufacturerID`. */
  readonly manufacturer: string;
  /** `model`. */
  readonly model: string;
  /** `serialNumber`. */
  readonly serial: string;
  /** Bits of `CKF_TOKEN`. */
  readonly flags: number;
  /** Shortest and longest PIN, octets. */
  readonly minPinLength: number;
  /** See `minPinLength`. */
  readonly maxPinLength: number;
}

/** `CK_SESSION_INFO`. */
export interface SessionInfo {
  /** The slot of the session. */
  readonly slot: bigint;
  /** A number of `CKS`: whether, and as whom, one is logged in. */
  readonly state: number;
  /** Bits of `CKF_SESSION`. */
  readonly flags: number;
  /** An error code of the device itself. */
  readonly deviceError: number;
}
