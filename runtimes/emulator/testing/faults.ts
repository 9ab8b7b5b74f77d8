/**
 * Failures on demand, so that a client's answer to them can be tested.
 *
 * @module
 */

import type { Random } from "../../../core/ports.ts";
import type { Caller } from "../access/caller.ts";
import { randomFraction } from "./seeded-random.ts";
import { refuse, type ServiceRefusal } from "../protocols/service-refusal.ts";

/** Which calls a fault meets. */
export interface FaultAim {
  /** `CreateSession`; default: every operation. */
  readonly operation?: string;
  /** How many calls it meets, 1 or more; default: all. */
  readonly count?: number;
  /** The share of calls that it meets, 1e-9 to 1; default 1. Drawn from the emulator's seed. */
  readonly probability?: number;
}

/**
 * What goes wrong.
 *
 * - `throttle`: 429 ThrottlingException, nothing is done
 * - `error`: a status of 500 to 599 (default 500) with a code (default `InternalFailure`), nothing is done
 * - `slow`: the answer comes later by so many milliseconds
 * - `reset`: the operation is done, and the connection is cut instead of an answer
 * - `skew`: the answer's `Date` is off by so many seconds
 * - `revoked`: CreateSession is refused as for a revoked certificate, calls with a session's credentials as for a role
 *   whose sessions were revoked
 * - `near-expiry`: CreateSession answers credentials that end in so many seconds
 */
export type Fault =
  & FaultAim
  & (
    | { readonly kind: "throttle" | "reset" | "revoked" }
    | { readonly kind: "error"; readonly status?: number; readonly code?: string }
    | { readonly kind: "slow"; readonly delayMs: number }
    | { readonly kind: "skew"; readonly offsetSeconds: number }
    | { readonly kind: "near-expiry"; readonly seconds: number }
  );

/** A fault and how often it has met a call. */
export type FaultState = Fault & { readonly injected: number };

/** What a call suffers. */
export interface FaultEffects {
  /** Refused with this; nothing is done. */
  readonly refusal?: ServiceRefusal;
  /** Wait so long before anything. */
  readonly delayMs: number;
  /** Cut the answer. */
  readonly reset: boolean;
  /** Added to the answer's date. */
  readonly skewMs: number;
  /** How long credentials last that are made; absent: as long as they should. */
  readonly sessionSeconds?: number;
}

/** The faults of an emulator. */
export class FaultInjector {
  readonly #random: Random;
  #faults: { readonly fault: Fault; injected: number }[] = [];

  /** @param random draws whether a fault with a probability meets a call */
  constructor(random: Random, faults: readonly Fault[] = []) {
    this.#random = random;
    this.set(faults);
  }

  /**
   * Replaces all faults.
   *
   * @throws {TypeError} for a member that a fault does not have, or of a wrong type
   * @throws {RangeError} for a number out of range
   */
  set(faults: readonly Fault[]): void {
    if (!Array.isArray(faults)) throw new TypeError("faults are a list");
    faults.forEach(checkFault);
    this.#faults = faults.map((fault) => ({ fault: { ...fault }, injected: 0 }));
  }

  /** Every fault, also one whose count is used up. */
  list(): readonly FaultState[] {
    return this.#faults.map(({ fault, injected }) => ({ ...fault, injected }));
  }

  /** What a call of an operation suffers; counts it. */
  effects(operation: string, caller: Caller | undefined): FaultEffects {
    const effects: { -readonly [name in keyof FaultEffects]: FaultEffects[name] } = {
      delayMs: 0,
      reset: false,
      skewMs: 0,
    };
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (!isMet(fault, operation, caller) || entry.injected >= (fault.count ?? Infinity)) continue;
      if (fault.probability !== undefined && randomFraction(this.#random) >= fault.probability) continue;
      entry.injected++;
      switch (fault.kind) {
        case "throttle":
          effects.refusal ??= rateExceeded();
          break;
        case "error":
          effects.refusal ??= refuse(fault.status ?? 500, fault.code ?? "InternalFailure", INJECTED);
          break;
        case "revoked":
          effects.refusal ??= revoked(operation, caller);
          break;
        case "slow":
          effects.delayMs += fault.delayMs;
          break;
        case "reset":
          effects.reset = true;
          break;
        case "skew":
          effects.skewMs += fault.offsetSeconds * 1000;
          break;
        case "near-expiry":
          effects.sessionSeconds = fault.seconds;
      }
    }
    return effects;
  }
}

/** What a client is told that calls too often (assumption: not modelled; SDKs know this code). */
export function rateExceeded(): ServiceRefusal {
  return refuse(429, "ThrottlingException", "Rate exceeded");
}

function isMet({ kind, operation }: Fault, called: string, caller: Caller | undefined): boolean {
  if (operation !== undefined && operation !== called) return false;
  if (kind === "near-expiry") return called === "CreateSession";
  return kind !== "revoked" || called === "CreateSession" || caller?.kind === "session";
}

function revoked(operation: string, caller: Caller | undefined): ServiceRefusal {
  if (operation === "CreateSession") return refuse(403, "AccessDeniedException", "Certificate revoked");
  return refuse(
    403,
    "AccessDenied",
    `User: ${caller?.arn} is not authorized to perform: ${operation} with an explicit deny in an identity-based policy`,
  );
}

function checkFault(fault: Fault): void {
  const given = fault as unknown as Readonly<Record<string, unknown>>;
  if (typeof given !== "object" || given === null) throw new TypeError("a fault is an object");
  const kind = given["kind"];
  if (typeof kind !== "string" || !Object.hasOwn(MEMBERS, kind)) {
    throw new TypeError(`"kind" of a fault must be one of ${Object.keys(MEMBERS).join(", ")}: ${String(kind)}`);
  }
  const members: Readonly<Record<string, Member>> = { ...AIM, ...MEMBERS[kind as Fault["kind"]] };
  for (const name of Object.keys(given)) {
    if (name !== "kind" && !Object.hasOwn(members, name)) throw new TypeError(`a fault "${kind}" has no "${name}"`);
  }
  for (const [name, member] of Object.entries(members)) checkMember(name, given[name], member);
}

function checkMember(name: string, value: unknown, { type, required, least, most, whole }: Member): void {
  if (value === undefined && required !== true) return;
  const fitting = type === "number" ? typeof value === "number" : typeof value === "string";
  if (!fitting) throw new TypeError(`"${name}" of a fault must be a ${type}`);
  if (typeof value !== "number") return;
  const fits = value >= least! && value <= most! && (whole !== true || Number.isInteger(value));
  if (!fits) throw new RangeError(`"${name}" of a fault must be ${least} to ${most}: ${value}`);
}

interface Member {
  readonly type: "string" | "number";
  readonly required?: true;
  readonly least?: number;
  readonly most?: number;
  readonly whole?: true;
}

const AIM: Readonly<Record<string, Member>> = {
  operation: { type: "string" },
  count: { type: "number", least: 1, most: 1_000_000, whole: true },
  probability: { type: "number", least: 1e-9, most: 1 },
};

const MEMBERS: { readonly [kind in Fault["kind"]]: Readonly<Record<string, Member>> } = {
  throttle: {},
  reset: {},
  revoked: {},
  error: { status: { type: "number", least: 500, most: 599, whole: true }, code: { type: "string" } },
  slow: { delayMs: { type: "number", required: true, least: 0, most: 600_000 } },
  skew: { offsetSeconds: { type: "number", required: true, least: -1e9, most: 1e9 } },
  "near-expiry": { seconds: { type: "number", required: true, least: 0, most: 43_200 } },
};

const INJECTED = "The emulator was told to fail here";
