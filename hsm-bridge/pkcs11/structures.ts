/**
 * The structures of PKCS#11 (v3.1 §3) in memory.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { decodeLatin1, decodeUtf8, encodeUtf8 } from "../../core/bytes/text.ts";
import type { ForeignFunctions, ForeignPlatform } from "../ffi/foreign-functions.ts";
import { type CStructure, layOut, ulongSize } from "../memory/c-layout.ts";
import { MemoryPool } from "../memory/memory-pool.ts";
import type { NativeMemory } from "../memory/native-memory.ts";
import type { AttributeValue, Template } from "./attributes.ts";
import type { CryptokiVersion, Mechanism, ModuleInfo, SessionInfo, SlotInfo, TokenInfo } from "./cryptoki.ts";

/** Where the members of the structures lie on one platform. */
export interface Structures {
  /** `CK_ATTRIBUTE`. */
  readonly attribute: CStructure<"type" | "pValue" | "ulValueLen">;
  /** `CK_MECHANISM`. */
  readonly mechanism: CStructure<"mechanism" | "pParameter" | "ulParameterLen">;
  /** `CK_C_INITIALIZE_ARGS`. */
  readonly initializeArgs: CStructure<
    "CreateMutex" | "DestroyMutex" | "LockMutex" | "UnlockMutex" | "flags" | "pReserved"
  >;
  /** `CK_INFO`. */
  readonly info: CStructure<
    "cryptokiVersion" | "manufacturerID" | "flags" | "libraryDescription" | "libraryVersion"
  >;
  /** `CK_SLOT_INFO`. */
  readonly slotInfo: CStructure<
    "slotDescription" | "manufacturerID" | "flags" | "hardwareVersion" | "firmwareVersion"
  >;
  /** `CK_TOKEN_INFO`, as far as it is read; `rest` is what follows. */
  readonly tokenInfo: CStructure<
    | "label"
    | "manufacturerID"
    | "model"
    | "serialNumber"
    | "flags"
    | "sessionCounts"
    | "ulMaxPinLen"
    | "ulMinPinLen"
    | "rest"
  >;
  /** `CK_SESSION_INFO`. */
  readonly sessionInfo: CStructure<"slotID" | "state" | "flags" | "ulDeviceError">;
}

/** The structures of a platform. */
export function structuresOf(platform: ForeignPlatform): Structures {
  const ulong = ulongSize(platform);
  return {
    attribute: layOut(platform, { type: "ulong", pValue: "pointer", ulValueLen: "ulong" }),
    mechanism: layOut(platform, { mechanism: "ulong", pParameter: "pointer", ulParameterLen: "ulong" }),
    initializeArgs: layOut(platform, {
      CreateMutex: "pointer",
      DestroyMutex: "pointer",
      LockMutex: "pointer",
      UnlockMutex: "pointer",
      flags: "ulong",
      pReserved: "pointer",
    }),
    info: layOut(platform, {
      cryptokiVersion: "version",
      manufacturerID: 32,
      flags: "ulong",
      libraryDescription: 32,
      libraryVersion: "version",
    }),
    slotInfo: layOut(platform, {
      slotDescription: 64,
      manufacturerID: 32,
      flags: "ulong",
      hardwareVersion: "version",
      firmwareVersion: "version",
    }),
    tokenInfo: layOut(platform, {
      label: 32,
      manufacturerID: 32,
      model: 16,
      serialNumber: 16,
      flags: "ulong",
      sessionCounts: 4 * ulong,
      ulMaxPinLen: "ulong",
      ulMinPinLen: "ulong",
      // Four amounts of memory, two versions, a time of 16 octets; and what aligns the end.
      rest: 4 * ulong + 2 + 2 + 16,
    }),
    sessionInfo: layOut(platform, { slotID: "ulong", state: "ulong", flags: "ulong", ulDeviceError: "ulong" }),
  };
}

/** What the operations on one module have in common. */
export interface ModuleContext {
  /** The path or name of the module, for errors. */
  readonly path: string;
  /** Memory for arguments. */
  readonly pool: MemoryPool;
  /** The structures of this platform. */
  readonly structures: Structures;
  /** Octets of `CK_ULONG`. */
  readonly ulong: 4 | 8;
  /** What a `CK_ULONG` of an unknown length is: all ones. */
  readonly unavailable: bigint;
}

/** The context of a module that these foreign functions call. */
export function moduleContext(path: string, foreign: ForeignFunctions): ModuleContext {
  const ulong = ulongSize(foreign.platform);
  return {
    path,
    pool: new MemoryPool(foreign),
    structures: structuresOf(foreign.platform),
    ulong,
    unavailable: (1n << BigInt(8 * ulong)) - 1n,
  };
}

/** Writes a value as the module wants it. */
export function encodeAttributeValue(value: AttributeValue, ulong: 4 | 8): Bytes {
  if (typeof value === "boolean") return Uint8Array.of(value ? 1 : 0);
  if (typeof value === "string") return encodeUtf8(value);
  if (typeof value !== "number") return value;
  if (!Number.isSafeInteger(value) || value < 0 || (ulong === 4 && value > 0xffffffff)) {
    throw new RangeError(`"value" is ${value}: a number of a template must fit CK_ULONG`);
  }
  const octets = new Uint8Array(ulong);
  let rest = value;
  for (let i = 0; i < ulong; i++) {
    octets[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return octets;
}

/** A template whose values are written out. */
export type EncodedTemplate = readonly { readonly type: number; readonly value: Bytes }[];

/** Writes the values of a template out. */
export function encodeTemplate(template: Template, { ulong }: ModuleContext): EncodedTemplate {
  return template.map(({ type, value }) => ({ type, value: encodeAttributeValue(value, ulong) }));
}

/** Octets of memory that a template needs, at most. */
export function templateSize(template: EncodedTemplate, { structures }: ModuleContext): number {
  return template.reduce((sum, { value }) => sum + value.length + 16, structures.attribute.size * template.length + 16);
}

/** Puts a template into memory and answers its address; 0 for an empty one. */
export function putTemplate(memory: NativeMemory, template: EncodedTemplate, { structures }: ModuleContext): number {
  if (template.length === 0) return 0;
  const { size, offsets } = structures.attribute;
  const array = memory.reserve(size * template.length);
  template.forEach(({ type, value }, i) => {
    const at = array + size * i;
    memory.writeUlong(at + offsets.type, type);
    memory.writePointer(at + offsets.pValue, value.length === 0 ? 0 : memory.addressOf(memory.put(value)));
    memory.writeUlong(at + offsets.ulValueLen, value.length);
  });
  return memory.addressOf(array);
}

/** Octets of memory that a mechanism needs, at most. */
export function mechanismSize(mechanism: Mechanism, { structures }: ModuleContext): number {
  return structures.mechanism.size + (mechanism.parameter?.length ?? 0) + 16;
}

/** Puts a mechanism into memory and answers its address. */
export function putMechanism(memory: NativeMemory, mechanism: Mechanism, { structures }: ModuleContext): number {
  const { size, offsets } = structures.mechanism;
  const at = memory.reserve(size);
  const parameter = mechanism.parameter ?? new Uint8Array(0);
  memory.writeUlong(at + offsets.mechanism, mechanism.type);
  memory.writePointer(at + offsets.pParameter, parameter.length === 0 ? 0 : memory.addressOf(memory.put(parameter)));
  memory.writeUlong(at + offsets.ulParameterLen, parameter.length);
  return memory.addressOf(at);
}

/** Reads `CK_INFO`. */
export function readModuleInfo(memory: NativeMemory, at: number, { structures }: ModuleContext): ModuleInfo {
  const { offsets } = structures.info;
  return {
    cryptokiVersion: readVersion(memory, at + offsets.cryptokiVersion),
    manufacturer: readText(memory, at + offsets.manufacturerID, 32),
    libraryDescription: readText(memory, at + offsets.libraryDescription, 32),
    libraryVersion: readVersion(memory, at + offsets.libraryVersion),
  };
}

/** Reads `CK_SLOT_INFO`. */
export function readSlotInfo(memory: NativeMemory, at: number, { structures }: ModuleContext): SlotInfo {
  const { offsets } = structures.slotInfo;
  return {
    description: readText(memory, at + offsets.slotDescription, 64),
    manufacturer: readText(memory, at + offsets.manufacturerID, 32),
    flags: Number(memory.readUlong(at + offsets.flags)),
  };
}

/** Reads `CK_TOKEN_INFO`. */
export function readTokenInfo(memory: NativeMemory, at: number, { structures }: ModuleContext): TokenInfo {
  const { offsets } = structures.tokenInfo;
  return {
    label: readText(memory, at + offsets.label, 32),
    manufacturer: readText(memory, at + offsets.manufacturerID, 32),
    model: readText(memory, at + offsets.model, 16),
    serial: readText(memory, at + offsets.serialNumber, 16),
    flags: Number(memory.readUlong(at + offsets.flags)),
    minPinLength: Number(memory.readUlong(at + offsets.ulMinPinLen)),
    maxPinLength: Number(memory.readUlong(at + offsets.ulMaxPinLen)),
  };
}

/** Reads `CK_SESSION_INFO`. */
export function readSessionInfo(memory: NativeMemory, at: number, { structures }: ModuleContext): SessionInfo {
  const { offsets } = structures.sessionInfo;
  return {
    slot: memory.readUlong(at + offsets.slotID),
    state: Number(memory.readUlong(at + offsets.state)),
    flags: Number(memory.readUlong(at + offsets.flags)),
    deviceError: Number(memory.readUlong(at + offsets.ulDeviceError)),
  };
}

function readVersion(memory: NativeMemory, at: number): CryptokiVersion {
  const [major, minor] = memory.read(at, 2);
  return { major: major!, minor: minor! };
}

/** Text of a fixed length, padded with blanks; some modules pad with NUL. What is no UTF-8 is taken octet by octet. */
function readText(memory: NativeMemory, at: number, length: number): string {
  const octets = memory.read(at, length);
  const end = octets.indexOf(0);
  const text = octets.subarray(0, end < 0 ? length : end);
  return (decodeUtf8(text) ?? decodeLatin1(text)).replace(/ +$/, "");
}
