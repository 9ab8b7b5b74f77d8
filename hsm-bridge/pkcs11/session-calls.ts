/**
 * Operations on modules, slots and sessions, and signing.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { NativeMemory } from "../memory/native-memory.ts";
import { CKF_SESSION } from "./constants.ts";
import type { Mechanism } from "./cryptoki.ts";
import type { FunctionName } from "./function-list.ts";
import { malformedAnswer, type ModuleSteps, requireSuccess, returnValueError } from "./module-calls.ts";
import { CKR } from "./return-values.ts";
import { mechanismSize, type ModuleContext, putMechanism } from "./structures.ts";

/** Entries of a list that is asked for without asking for its length first. */
const EXPECTED_ENTRIES = 64;

/** The longest list that is believed. */
const MAX_ENTRIES = 100_000;

/** Octets of the longest signature that is expected: ML-DSA-87 has 4627. */
const EXPECTED_SIGNATURE = 4_800;

/** The longest signature that is believed, octets. */
const MAX_SIGNATURE = 1_048_576;

/** Asks for one structure: `C_GetInfo` and its like. */
export function* readStructure<Result>(
  context: ModuleContext,
  name: FunctionName,
  subject: readonly bigint[],
  size: number,
  read: (memory: NativeMemory, at: number, context: ModuleContext) => Result,
): ModuleSteps<Result> {
  const { path, pool } = context;
  // Some to spare: a structure that the module thinks longer than we do must not reach beyond the memory.
  const memory = pool.borrow(size + 64);
  try {
    const at = memory.reserve(size + 64);
    requireSuccess(path, name, yield { name, args: [...subject, memory.addressOf(at)] });
    return read(memory, at, context);
  } finally {
    pool.giveBack(memory);
  }
}

/** Asks for a list of numbers: `C_GetSlotList`, `C_GetMechanismList`. */
export function* readList(
  context: ModuleContext,
  name: FunctionName,
  subject: readonly (bigint | number)[],
): ModuleSteps<bigint[]> {
  const { path, pool, ulong } = context;
  // The list may grow between two calls: what the module says then is what is tried next.
  for (let room = EXPECTED_ENTRIES;;) {
    const memory = pool.borrow(room * ulong + 32);
    try {
      const [count, list] = [memory.reserve(ulong), memory.reserve(room * ulong)];
      memory.writeUlong(count, room);
      const returned = yield { name, args: [...subject, memory.addressOf(list), memory.addressOf(count)] };
      const answered = memory.readCount(count);
      if (returned === CKR.OK && answered <= room) {
        return Array.from({ length: answered }, (_, i) => memory.readUlong(list + i * ulong));
      }
      if (returned !== CKR.OK && returned !== CKR.BUFFER_TOO_SMALL) throw returnValueError(path, name, returned);
      if (answered <= room || answered > MAX_ENTRIES) {
        throw malformedAnswer(path, name, `it counts ${answered} entries`);
      }
      room = answered;
    } finally {
      pool.giveBack(memory);
    }
  }
}

/** `C_OpenSession`. */
export function* openSession(
  context: ModuleContext,
  slot: bigint,
  access: "read-only" | "read-write",
): ModuleSteps<bigint> {
  const { path, pool, ulong } = context;
  const memory = pool.borrow(ulong);
  try {
    const session = memory.reserve(ulong);
    const flags = CKF_SESSION.SERIAL_SESSION | (access === "read-write" ? CKF_SESSION.RW_SESSION : 0);
    requireSuccess(
      path,
      "C_OpenSession",
      yield { name: "C_OpenSession", args: [slot, flags, 0n, 0n, memory.addressOf(session)] },
    );
    return memory.readUlong(session);
  } finally {
    pool.giveBack(memory);
  }
}

/** `C_Login`. Secret: the PIN is overwritten when the memory is given back. */
export function* login(
  context: ModuleContext,
  session: bigint,
  userType: number,
  pin: Bytes | undefined,
): ModuleSteps<void> {
  const { path, pool } = context;
  const memory = pool.borrow((pin?.length ?? 0) + 16);
  try {
    // NULL sends the user to the PIN pad, so that an empty PIN must have an address.
    const address = pin === undefined ? 0 : memory.addressOf(memory.put(pin));
    requireSuccess(path, "C_Login", yield { name: "C_Login", args: [session, userType, address, pin?.length ?? 0] }, [
      CKR.USER_ALREADY_LOGGED_IN,
    ]);
  } finally {
    pool.giveBack(memory);
  }
}

/** `C_SignInit`. */
export function* signInit(
  context: ModuleContext,
  session: bigint,
  mechanism: Mechanism,
  key: bigint,
): ModuleSteps<void> {
  const { path, pool } = context;
  const memory = pool.borrow(mechanismSize(mechanism, context));
  try {
    requireSuccess(
      path,
      "C_SignInit",
      yield { name: "C_SignInit", args: [session, putMechanism(memory, mechanism, context), key] },
    );
  } finally {
    pool.giveBack(memory);
  }
}

/** `C_Sign`, into memory that is long enough for what is known, so that the length need not be asked for. */
export function* sign(context: ModuleContext, session: bigint, data: Bytes): ModuleSteps<Bytes> {
  const { path, pool, ulong } = context;
  for (let room = EXPECTED_SIGNATURE;;) {
    const memory = pool.borrow(data.length + room + 32);
    try {
      const input = memory.put(data);
      const [length, signature] = [memory.reserve(ulong), memory.reserve(room)];
      memory.writeUlong(length, room);
      const args = [
        session,
        memory.addressOf(input),
        data.length,
        memory.addressOf(signature),
        memory.addressOf(length),
      ];
      const returned = yield { name: "C_Sign", args };
      const answered = memory.readCount(length);
      if (returned === CKR.OK && answered <= room) return memory.read(signature, answered);
      // With too little room the operation goes on, and the module says how much it wants.
      if (returned !== CKR.OK && returned !== CKR.BUFFER_TOO_SMALL) throw returnValueError(path, "C_Sign", returned);
      if (answered <= room || answered > MAX_SIGNATURE) {
        throw malformedAnswer(path, "C_Sign", `the signature has ${answered} octets`);
      }
      room = answered;
    } finally {
      pool.giveBack(memory);
    }
  }
}
