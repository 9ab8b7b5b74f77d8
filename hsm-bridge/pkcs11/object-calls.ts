/**
 * Operations on a token's objects: finding, reading, making, destroying.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { NativeMemory } from "../memory/native-memory.ts";
import { AttributeSet, type Template } from "./attributes.ts";
import type { KeyPairHandles, Mechanism } from "./cryptoki.ts";
import { malformedAnswer, type ModuleSteps, requireSuccess, returnValueError } from "./module-calls.ts";
import { CKR } from "./return-values.ts";
import {
  encodeTemplate,
  mechanismSize,
  type ModuleContext,
  putMechanism,
  putTemplate,
  templateSize,
} from "./structures.ts";

/** Handles that are asked for in one call. */
const HANDLES_AT_ONCE = 64;

/** A module that goes on and on: no token holds as many objects. */
const MAX_HANDLES = 1_000_000;

/** The longest attribute that is believed, octets. */
const MAX_VALUE_LENGTH = 16_777_216;

/** How often attributes are read that grow between asking for their lengths and for them. */
const MAX_READS = 3;

/** `C_FindObjectsInit`, `C_FindObjects`, `C_FindObjectsFinal`. */
export function* findObjects(context: ModuleContext, session: bigint, template: Template): ModuleSteps<bigint[]> {
  const { path, pool, ulong } = context;
  const encoded = encodeTemplate(template, context);
  const memory = pool.borrow(templateSize(encoded, context) + HANDLES_AT_ONCE * ulong + 32);
  try {
    const address = putTemplate(memory, encoded, context);
    requireSuccess(
      path,
      "C_FindObjectsInit",
      yield { name: "C_FindObjectsInit", args: [session, address, encoded.length] },
    );
    const found: bigint[] = [];
    try {
      const handles = memory.reserve(HANDLES_AT_ONCE * ulong);
      const count = memory.reserve(ulong);
      for (let more = true; more;) {
        const args = [session, memory.addressOf(handles), HANDLES_AT_ONCE, memory.addressOf(count)];
        requireSuccess(path, "C_FindObjects", yield { name: "C_FindObjects", args });
        const answered = memory.readCount(count);
        if (answered > HANDLES_AT_ONCE || found.length > MAX_HANDLES) {
          throw malformedAnswer(path, "C_FindObjects", `it counts ${answered} more objects`);
        }
        for (let i = 0; i < answered; i++) found.push(memory.readUlong(handles + i * ulong));
        more = answered > 0;
      }
    } catch (error) {
      // The search is ended, and what went wrong before is what counts.
      yield { name: "C_FindObjectsFinal", args: [session] };
      throw error;
    }
    requireSuccess(path, "C_FindObjectsFinal", yield { name: "C_FindObjectsFinal", args: [session] });
    return found;
  } finally {
    pool.giveBack(memory);
  }
}

/** `C_GetAttributeValue`, of all at once, and one by one of those that the object does not give so. */
export function* getAttributes(
  context: ModuleContext,
  session: bigint,
  object: bigint,
  types: readonly number[],
): ModuleSteps<AttributeSet> {
  const values = new Map<number, Bytes | "absent" | "sensitive">();
  const all = types.length > 1 ? yield* readAttributes(context, session, object, types) : undefined;
  for (const type of types) {
    const value = typeof all === "object" ? all.get(type) : undefined;
    if (value !== undefined) values.set(type, value);
    else {
      const one = yield* readAttributes(context, session, object, [type]);
      values.set(type, typeof one === "object" ? one.get(type)! : one);
    }
  }
  return new AttributeSet(values);
}

/**
 * The values that there are; or why there are none. A value that grows meanwhile is asked for again, a few times.
 *
 * @param types if more than one, an attribute that is not among the values may still have one
 */
function* readAttributes(
  context: ModuleContext,
  session: bigint,
  object: bigint,
  types: readonly number[],
): ModuleSteps<ReadonlyMap<number, Bytes> | "absent" | "sensitive"> {
  for (let tries = 1;; tries++) {
    const outcome = yield* readAttributesOnce(context, session, object, types);
    if (outcome !== "grown") return outcome;
    if (tries === MAX_READS) throw returnValueError(context.path, "C_GetAttributeValue", CKR.BUFFER_TOO_SMALL);
  }
}

function* readAttributesOnce(
  context: ModuleContext,
  session: bigint,
  object: bigint,
  types: readonly number[],
): ModuleSteps<ReadonlyMap<number, Bytes> | "absent" | "sensitive" | "grown"> {
  const { path, pool, structures, unavailable } = context;
  const { size, offsets } = structures.attribute;
  // First the lengths, into memory of the array alone; then array and values, into memory that holds both.
  const told: { readonly type: number; readonly length: number }[] = [];
  const memory = pool.borrow(size * types.length);
  try {
    const array = putAttributeTypes(memory, types, context);
    const outcome = yield* askAttributes(path, session, object, memory.addressOf(array), types.length);
    if (outcome === "grown" || (outcome !== undefined && types.length === 1)) return outcome;
    for (const [i, type] of types.entries()) {
      const length = memory.readUlong(array + size * i + offsets.ulValueLen);
      // Where one has no value, a module tells the lengths of the others, or has stopped at it and left zeros behind.
      if (length === unavailable || (outcome !== undefined && length === 0n)) continue;
      if (length > MAX_VALUE_LENGTH) {
        if (outcome !== undefined) continue;
        throw malformedAnswer(path, "C_GetAttributeValue", `an attribute has ${length} octets`);
      }
      told.push({ type, length: Number(length) });
    }
  } finally {
    pool.giveBack(memory);
  }
  if (told.length === 0) return "absent";
  const both = pool.borrow(told.reduce((sum, { length }) => sum + length + 16, size * told.length + 16));
  try {
    const array = putAttributeTypes(both, told.map(({ type }) => type), context);
    const places = told.map(({ length }, i) => {
      const place = both.reserve(length);
      both.writePointer(array + size * i + offsets.pValue, both.addressOf(place));
      both.writeUlong(array + size * i + offsets.ulValueLen, length);
      return place;
    });
    const outcome = yield* askAttributes(path, session, object, both.addressOf(array), told.length);
    if (outcome !== undefined) return outcome;
    return new Map(told.map(({ type, length }, i) => {
      const now = both.readUlong(array + size * i + offsets.ulValueLen);
      if (now > length) throw malformedAnswer(path, "C_GetAttributeValue", "a value is longer than it was");
      return [type, both.read(places[i]!, Number(now))];
    }));
  } finally {
    pool.giveBack(both);
  }
}

function* askAttributes(
  path: string,
  session: bigint,
  object: bigint,
  array: number,
  count: number,
): ModuleSteps<"absent" | "sensitive" | "grown" | undefined> {
  const returned = yield { name: "C_GetAttributeValue", args: [session, object, array, count] };
  if (returned === CKR.OK) return undefined;
  if (returned === CKR.ATTRIBUTE_SENSITIVE) return "sensitive";
  if (returned === CKR.ATTRIBUTE_TYPE_INVALID) return "absent";
  if (returned === CKR.BUFFER_TOO_SMALL) return "grown";
  throw returnValueError(path, "C_GetAttributeValue", returned);
}

function putAttributeTypes(memory: NativeMemory, types: readonly number[], { structures }: ModuleContext): number {
  const { size, offsets } = structures.attribute;
  const array = memory.reserve(size * types.length);
  types.forEach((type, i) => memory.writeUlong(array + size * i + offsets.type, type));
  return array;
}

/** `C_SetAttributeValue`. */
export function* setAttributes(
  context: ModuleContext,
  session: bigint,
  object: bigint,
  template: Template,
): ModuleSteps<void> {
  const { path, pool } = context;
  const encoded = encodeTemplate(template, context);
  const memory = pool.borrow(templateSize(encoded, context));
  try {
    const address = putTemplate(memory, encoded, context);
    requireSuccess(
      path,
      "C_SetAttributeValue",
      yield { name: "C_SetAttributeValue", args: [session, object, address, encoded.length] },
    );
  } finally {
    pool.giveBack(memory);
  }
}

/** `C_CreateObject`. */
export function* createObject(context: ModuleContext, session: bigint, template: Template): ModuleSteps<bigint> {
  const { path, pool, ulong } = context;
  const encoded = encodeTemplate(template, context);
  const memory = pool.borrow(templateSize(encoded, context) + 16);
  try {
    const address = putTemplate(memory, encoded, context);
    const object = memory.reserve(ulong);
    requireSuccess(
      path,
      "C_CreateObject",
      yield { name: "C_CreateObject", args: [session, address, encoded.length, memory.addressOf(object)] },
    );
    return memory.readUlong(object);
  } finally {
    pool.giveBack(memory);
  }
}

/** `C_GenerateKeyPair`. */
export function* generateKeyPair(
  context: ModuleContext,
  session: bigint,
  mechanism: Mechanism,
  publicTemplate: Template,
  privateTemplate: Template,
): ModuleSteps<KeyPairHandles> {
  const { path, pool, ulong } = context;
  const ofPublic = encodeTemplate(publicTemplate, context);
  const ofPrivate = encodeTemplate(privateTemplate, context);
  const size = mechanismSize(mechanism, context) + templateSize(ofPublic, context) + templateSize(ofPrivate, context);
  const memory = pool.borrow(size + 32);
  try {
    const [publicKey, privateKey] = [memory.reserve(ulong), memory.reserve(ulong)];
    requireSuccess(
      path,
      "C_GenerateKeyPair",
      yield {
        name: "C_GenerateKeyPair",
        args: [
          session,
          putMechanism(memory, mechanism, context),
          putTemplate(memory, ofPublic, context),
          ofPublic.length,
          putTemplate(memory, ofPrivate, context),
          ofPrivate.length,
          memory.addressOf(publicKey),
          memory.addressOf(privateKey),
        ],
      },
    );
    return { publicKey: memory.readUlong(publicKey), privateKey: memory.readUlong(privateKey) };
  } finally {
    pool.giveBack(memory);
  }
}
