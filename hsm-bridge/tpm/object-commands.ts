/**
 * Commands about keys: TPM2_ReadPublic, CreatePrimary, Create, Load, Import, FlushContext, EvictControl (TPM 2.0
 * Library, Part 3 §12, §13, §24, §28).
 *
 * @module
 */

import { type Bytes, equalBytes } from "../../core/bytes/bytes.ts";
import { wipe } from "../../core/bytes/wipe.ts";
import { type Authorization, type CommandChannel, permanentEntity, type TpmEntity } from "./command.ts";
import { sized, TpmReader, uint16, uint32 } from "./marshal.ts";
import { encodeTemplate, type PublicArea, type PublicTemplate, readPublicArea } from "./public-area.ts";
import { ALGORITHM } from "./tpm-constants.ts";

/** A key that is at a handle. */
export interface TpmObject {
  /** Where it is, and its name. */
  readonly entity: TpmEntity;
  /** Its public area. */
  readonly area: PublicArea;
}

/** The two parts of a new key. */
export interface KeyParts {
  /** TPM2B_PUBLIC. */
  readonly publicPart: Bytes;
  /** TPM2B_PRIVATE: encrypted by the parent, of use to this TPM alone. */
  readonly privatePart: Bytes;
}

/**
 * Reads the key at a handle; the name is checked against the public area.
 *
 * @throws {TpmError} `ERR_TPM_HANDLE` when nothing is there; `ERR_TPM_KEY_UNSUPPORTED`
 */
export async function readPublic(channel: CommandChannel, handle: number): Promise<TpmObject> {
  const { parameters } = await channel.execute({
    name: "TPM2_ReadPublic",
    code: 0x173,
    handles: [permanentEntity(handle)],
  });
  const area = readPublicArea(parameters);
  checkName(parameters, area);
  parameters.sized("qualifiedName", 68);
  parameters.finish("the response of TPM2_ReadPublic");
  return { entity: { handle, name: area.name }, area };
}

/** Makes a primary key of a hierarchy from its template; the same hierarchy and template make the same key again. */
export async function createPrimary(
  channel: CommandChannel,
  hierarchy: number,
  authorization: Authorization,
  template: PublicTemplate,
): Promise<TpmObject> {
  const { handle, parameters } = await channel.execute({
    name: "TPM2_CreatePrimary",
    code: 0x131,
    handles: [permanentEntity(hierarchy)],
    authorization,
    parameters: [sensitiveCreate(new Uint8Array(0)), encodeTemplate(template), ...NOTHING_TO_CERTIFY],
    answersHandle: true,
  });
  const area = readPublicArea(parameters);
  return { entity: { handle, name: area.name }, area };
}

/**
 * Makes a key below a parent; it is not loaded.
 *
 * Secret: the password, which a session encrypts.
 */
export async function createKey(
  channel: CommandChannel,
  parent: TpmEntity,
  authorization: Authorization,
  template: PublicTemplate,
  password: Bytes,
): Promise<KeyParts> {
  const sensitive = sensitiveCreate(password);
  const { parameters } = await channel.execute({
    name: "TPM2_Create",
    code: 0x153,
    handles: [parent],
    authorization,
    parameters: [sensitive, encodeTemplate(template), ...NOTHING_TO_CERTIFY],
    secretParameter: true,
  }).finally(() => wipe(sensitive));
  const privatePart = sized(parameters.sized("outPrivate"));
  const publicPart = sized(parameters.sized("outPublic"));
  return { publicPart, privatePart };
}

/** Loads a key below its parent. */
export async function loadKey(
  channel: CommandChannel,
  parent: TpmEntity,
  authorization: Authorization,
  { publicPart, privatePart }: KeyParts,
): Promise<TpmObject> {
  const area = readPublicArea(new TpmReader(publicPart, "key file"));
  const { handle, parameters } = await channel.execute({
    name: "TPM2_Load",
    code: 0x157,
    handles: [parent],
    authorization,
    parameters: [privatePart, publicPart],
    answersHandle: true,
  });
  checkName(parameters, area);
  return { entity: { handle, name: area.name }, area };
}

/**
 * Makes a key that was encrypted for a parent one that the parent can load.
 *
 * @param secret TPM2B_ENCRYPTED_SECRET: the seed that the private part is encrypted with, for the parent
 * @returns TPM2B_PRIVATE
 */
export async function importKey(
  channel: CommandChannel,
  parent: TpmEntity,
  authorization: Authorization,
  { publicPart, privatePart }: KeyParts,
  secret: Bytes,
): Promise<Bytes> {
  const { parameters } = await channel.execute({
    name: "TPM2_Import",
    code: 0x156,
    handles: [parent],
    authorization,
    // Without an inner wrapper: no key for it, and no algorithm.
    parameters: [sized(), publicPart, privatePart, secret, uint16(ALGORITHM.null)],
  });
  return sized(parameters.sized("outPrivate"));
}

/** Removes an object or a session from the TPM's memory. */
export async function flushContext(channel: CommandChannel, handle: number): Promise<void> {
  await channel.execute({ name: "TPM2_FlushContext", code: 0x165, parameters: [uint32(handle)], flushes: handle });
}

/**
 * Makes a loaded key persistent at a handle, or removes the persistent key.
 *
 * @param hierarchy the owner (0x40000001) for 81000000 to 817fffff, the platform (0x4000000c) for those above
 * @param entity the loaded key; to remove it, the persistent one itself
 */
export async function evictControl(
  channel: CommandChannel,
  hierarchy: number,
  authorization: Authorization,
  entity: TpmEntity,
  persistentHandle: number,
): Promise<void> {
  await channel.execute({
    name: "TPM2_EvictControl",
    code: 0x120,
    handles: [permanentEntity(hierarchy), entity],
    authorization,
    parameters: [uint32(persistentHandle)],
  });
}

/** TPM2B_SENSITIVE_CREATE without data of the caller's. */
function sensitiveCreate(password: Bytes): Bytes {
  const value = sized(password);
  const whole = sized(value, sized());
  wipe(value);
  return whole;
}

/** outsideInfo and creationPCR, both empty: nobody asks for a certificate of the creation. */
const NOTHING_TO_CERTIFY: readonly Bytes[] = /* @__PURE__ */ [/* @__PURE__ */ uint16(0), /* @__PURE__ */ uint32(0)];

function checkName(parameters: TpmReader, area: PublicArea): void {
  const name = parameters.sized("name", 66);
  if (!equalBytes(name, area.name)) parameters.fail("name", "it is not the name of the public area");
}
