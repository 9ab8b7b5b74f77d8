/**
 * A PKCS#11 module that exists only in JavaScript: foreign functions over memory that is a table of arrays, and behind
 * them a token that does what a test tells it to. It reads and writes C structures by offsets of its own, so that it
 * checks ours.
 *
 * @module
 */

import type {
  CArgument,
  CSignature,
  ForeignFunction,
  ForeignFunctions,
  ForeignPlatform,
} from "../../hsm-bridge/ffi/foreign-functions.ts";
import { loaderError } from "../../hsm-bridge/ffi/loader-error.ts";
import type { Bytes } from "../../core/bytes/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../core/bytes/text.ts";
import { FakeMemory } from "./fake-memory.ts";

/** An object on the token: values by attribute type, or why there is none. */
export type FakeObject = Map<number, Bytes | "sensitive">;

/** What a fake module is like. */
export interface FakeModuleOptions {
  /** Layout of C's types; default `unix`. */
  readonly platform?: ForeignPlatform;
  /** Whether calls may run elsewhere; default true. */
  readonly asynchronous?: boolean;
  /** The user's PIN; default `1234`. */
  readonly pin?: string;
  /** Wrong PINs until it is locked; default 3. */
  readonly pinTries?: number;
  /** Mechanisms; default RSA and ECDSA. */
  readonly mechanisms?: readonly number[];
  /** Flags of the token besides those that follow from its state; default `LOGIN_REQUIRED`, initialised. */
  readonly tokenFlags?: number;
  /** Octets of a signature; default 64 octets made of data and key. */
  readonly sign?: (data: Bytes, key: bigint, mechanism: number) => Bytes;
  /** Major version of its function list; default 2. */
  readonly majorVersion?: number;
}

/** A function's answer that a test prescribes: a `CK_RV`, or undefined for what the token itself would do. */
export type Script = (args: readonly CArgument[]) => number | undefined;

const ATTRIBUTE_UNAVAILABLE = -1n;
const NAMES = [
  ...["C_Initialize", "C_Finalize", "C_GetInfo", "C_GetFunctionList", "C_GetSlotList", "C_GetSlotInfo"],
  ...["C_GetTokenInfo", "C_GetMechanismList", "C_GetMechanismInfo", "C_InitToken", "C_InitPIN", "C_SetPIN"],
  ...["C_OpenSession", "C_CloseSession", "C_CloseAllSessions", "C_GetSessionInfo", "C_GetOperationState"],
  ...["C_SetOperationState", "C_Login", "C_Logout", "C_CreateObject", "C_CopyObject", "C_DestroyObject"],
  ...["C_GetObjectSize", "C_GetAttributeValue", "C_SetAttributeValue", "C_FindObjectsInit", "C_FindObjects"],
  ...["C_FindObjectsFinal", "C_EncryptInit", "C_Encrypt", "C_EncryptUpdate", "C_EncryptFinal", "C_DecryptInit"],
  ...["C_Decrypt", "C_DecryptUpdate", "C_DecryptFinal", "C_DigestInit", "C_Digest", "C_DigestUpdate", "C_DigestKey"],
  ...["C_DigestFinal", "C_SignInit", "C_Sign", "C_SignUpdate", "C_SignFinal", "C_SignRecoverInit", "C_SignRecover"],
  ...["C_VerifyInit", "C_Verify", "C_VerifyUpdate", "C_VerifyFinal", "C_VerifyRecoverInit", "C_VerifyRecover"],
  ...["C_DigestEncryptUpdate", "C_DecryptDigestUpdate", "C_SignEncryptUpdate", "C_DecryptVerifyUpdate"],
  ...["C_GenerateKey", "C_GenerateKeyPair", "C_WrapKey", "C_UnwrapKey", "C_DeriveKey", "C_SeedRandom"],
  ...["C_GenerateRandom", "C_GetFunctionStatus", "C_CancelFunction", "C_WaitForSlotEvent"],
];

const CODE_BASE = 0x7f00_0000_0000n;
const LIST_ADDRESS = 0x7e00_0000_0000n;
let made = 0;

interface FakeSession {
  readonly slot: bigint;
  readonly flags: number;
  found?: bigint[];
  signing?: { key: bigint; mechanism: number; authenticated: boolean };
  busy: number;
}

/** A module, its one token, and the foreign functions that reach it. */
export class FakeModule implements ForeignFunctions {
  readonly name: string = `fake ${++made}`;
  readonly platform: ForeignPlatform;
  /** Where it lies: any other path is not found, `text.so` is no library, `plain.so` no module. */
  readonly path = "fake.so";
  /** Every call, in order. */
  readonly calls: string[] = [];
  /** What must not happen, such as two calls in one session at a time. */
  readonly violations: string[] = [];
  /** Sessions that are open. */
  readonly sessions = new Map<bigint, FakeSession>();
  /** Objects on the token; any key may be used. */
  readonly objects = new Map<bigint, FakeObject>();
  /** Ids of the slots; the first has the token. */
  slots: bigint[];
  /** Whether the token is there. */
  tokenPresent = true;
  /** Text of the label. */
  label = "fake token";
  /** Times that the module is initialised: 0 or 1. */
  initialized = 0;
  /** Flags and text that `C_Initialize` was given. */
  initialization: { flags: number; reserved: string | undefined } | undefined;
  /** Libraries that are open. */
  libraries = 0;
  /** Whether the user is logged in. */
  loggedIn = false;
  /** Wrong PINs since the last right one. */
  wrongPins = 0;
  /** The user's PIN. */
  pin: string;
  /** Every PIN that came, as the module's memory held it; undefined: from the PIN pad. */
  readonly pins: (string | undefined)[] = [];
  /** The memory that calls point into, for scripts. */
  readonly memory: FakeMemory;
  readonly #options: FakeModuleOptions;
  readonly #scripts = new Map<string, Script>();
  #nextSession: bigint;
  #nextObject = 10n;

  constructor(options: FakeModuleOptions = {}) {
    this.#options = options;
    this.platform = options.platform ?? "unix";
    this.pin = options.pin ?? "1234";
    this.memory = new FakeMemory(this.platform);
    // A handle above 2^53 where the type has room, which a number would round.
    this.#nextSession = this.platform === "unix" ? 0x0100_0000_0000_0001n : 0x8000_0001n;
    this.slots = [this.platform === "unix" ? 0x0200_0000_0000_0003n : 0xf000_0003n];
  }

  /** Prescribes what a function returns: a number, or a function that may also answer undefined. */
  script(name: string, answer: number | Script): void {
    this.#scripts.set(name, typeof answer === "number" ? () => answer : answer);
  }

  /** Goes back to what the token itself would do. */
  unscript(name: string): void {
    this.#scripts.delete(name);
  }

  /** Puts an object on the token. */
  add(attributes: Iterable<readonly [number, Bytes | "sensitive"]>): bigint {
    const handle = this.#nextObject++;
    this.objects.set(handle, new Map(attributes));
    return handle;
  }

  /** A number as the module keeps it: `CK_ULONG`. */
  ulong(value: number): Bytes {
    const octets = new Uint8Array(this.platform === "unix" ? 8 : 4);
    new DataView(octets.buffer).setUint32(0, value, true);
    return octets;
  }

  /** How many pieces of memory were ever given an address. */
  get allocations(): number {
    return this.memory.allocations;
  }

  /** Whether any of that memory holds these octets now. */
  holds(octets: Uint8Array): boolean {
    return this.memory.holds(octets);
  }

  /** Takes the token out: its sessions are gone, and so is the login. */
  pull(): void {
    this.tokenPresent = false;
    this.sessions.clear();
    this.loggedIn = false;
  }

  open(path: string): ReturnType<ForeignFunctions["open"]> {
    if (path === "text.so") throw loaderError(path, new Error("text.so: invalid ELF header"));
    if (path !== this.path && path !== "plain.so") {
      throw loaderError(path, new Error(`${path}: cannot open shared object file: No such file or directory`));
    }
    this.libraries++;
    return {
      symbol: (name) => name === "C_GetFunctionList" && path === this.path ? CODE_BASE : undefined,
      close: () => void this.libraries--,
    };
  }

  functionAt(address: bigint, signature: CSignature, name: string): ForeignFunction {
    const index = Number(address - CODE_BASE) / 16;
    const found = address === CODE_BASE ? "C_GetFunctionList" : NAMES[index - 1];
    if (found !== name) throw new Error(`${name} was expected at the address of ${found}`);
    const call = (args: readonly CArgument[]): number => {
      if (args.length !== signature.parameters.length) throw new Error(`${name} got ${args.length} arguments`);
      this.calls.push(name);
      return this.#scripts.get(name)?.(args) ?? this.#perform(name, args.map(BigInt));
    };
    const callAsync = async (...args: CArgument[]): Promise<number> => {
      const session = this.sessions.get(BigInt(args[0] ?? 0));
      if (session !== undefined && session.busy++ > 0) this.violations.push(`${name} in a session that is in a call`);
      await Promise.resolve();
      await Promise.resolve();
      if (session !== undefined) session.busy--;
      return call(args);
    };
    return { call: (...args) => call(args), ...(this.#options.asynchronous === false ? {} : { callAsync }) };
  }

  addressOf(memory: Bytes): bigint {
    return this.memory.register(memory);
  }

  read(address: bigint, length: number): Bytes {
    if (address !== LIST_ADDRESS) throw new Error("only the function list is read from foreign memory");
    const first = this.platform === "unix" ? 8 : 2;
    const list = new Uint8Array(first + 8 * NAMES.length);
    list[0] = this.#options.majorVersion ?? 2;
    list[1] = 40;
    const view = new DataView(list.buffer);
    NAMES.forEach((_, i) => view.setBigUint64(first + 8 * i, CODE_BASE + BigInt(16 * (i + 1)), true));
    if (length > list.length) throw new Error("the function list is shorter");
    return list.slice(0, length);
  }

  #perform(name: string, args: readonly bigint[]): number {
    if (name === "C_GetFunctionList") return this.memory.writePointer(args[0]!, LIST_ADDRESS), 0;
    if (name === "C_Initialize") return this.#initialize(args[0]!);
    if (this.initialized === 0) return 0x190;
    const perform = this.#functions[name];
    if (perform === undefined) throw new Error(`${name} is not faked`);
    return perform(args);
  }

  #initialize(at: bigint): number {
    if (this.initialized > 0) return 0x191;
    const memory = this.memory;
    const reserved = memory.readPointer(at + (this.platform === "unix" ? 40n : 36n));
    const text = reserved === 0n ? undefined : memory.readCString(reserved);
    this.initialization = { flags: Number(memory.readUlong(at + 32n)), reserved: text };
    this.initialized = 1;
    return 0;
  }

  readonly #functions: Readonly<Record<string, (args: readonly bigint[]) => number>> = {
    C_Finalize: () => {
      this.initialized = 0;
      this.sessions.clear();
      this.loggedIn = false;
      return 0;
    },
    C_GetInfo: ([at]) => {
      const unix = this.platform === "unix";
      this.memory.write(at!, Uint8Array.of(2, 40));
      this.#writeText(at! + 2n, "anyrole", 32);
      this.#writeText(at! + (unix ? 48n : 38n), "fake module", 32);
      this.memory.write(at! + (unix ? 80n : 70n), Uint8Array.of(1, 7));
      return 0;
    },
    C_GetSlotList: ([present, list, count]) => {
      const slots = present === 1n ? this.slots.filter((slot) => this.#hasToken(slot)) : this.slots;
      return this.#writeList(slots, list!, count!);
    },
    C_GetSlotInfo: ([slot, at]) => {
      if (!this.slots.includes(slot!)) return 0x3;
      this.#writeText(at!, `slot ${this.slots.indexOf(slot!)}`, 64);
      this.#writeText(at! + 64n, "anyrole", 32);
      this.memory.writeUlong(at! + 96n, this.#hasToken(slot!) ? 1n : 0n);
      return 0;
    },
    C_GetTokenInfo: ([slot, at]) => {
      if (!this.slots.includes(slot!)) return 0x3;
      if (!this.#hasToken(slot!)) return 0xe0;
      const unix = this.platform === "unix";
      const tries = this.#options.pinTries ?? 3;
      const left = tries - this.wrongPins;
      const count = left <= 0 ? 0x40000 : left === 1 && tries > 1 ? 0x20000 : left < tries ? 0x10000 : 0;
      this.#writeText(at!, this.label, 32);
      this.#writeText(at! + 32n, "anyrole", 32);
      this.#writeText(at! + 64n, "fake", 16);
      this.#writeText(at! + 80n, "0001", 16);
      this.memory.writeUlong(at! + 96n, BigInt((this.#options.tokenFlags ?? 0x40c) | count));
      this.memory.writeUlong(at! + (unix ? 136n : 116n), 255n);
      this.memory.writeUlong(at! + (unix ? 144n : 120n), 4n);
      return 0;
    },
    C_GetMechanismList: ([slot, list, count]) => {
      if (!this.slots.includes(slot!)) return 0x3;
      const mechanisms = this.#options.mechanisms ?? [0x0, 0x1, 0x40, 0x41, 0x42, 0x1040, 0x1041];
      return this.#writeList(mechanisms.map(BigInt), list!, count!);
    },
    C_OpenSession: ([slot, flags, , , at]) => {
      if (!this.slots.includes(slot!)) return 0x3;
      if (!this.#hasToken(slot!)) return 0xe0;
      if ((flags! & 4n) === 0n) return 0xb4;
      const handle = this.#nextSession++;
      this.sessions.set(handle, { slot: slot!, flags: Number(flags!), busy: 0 });
      this.memory.writeUlong(at!, handle);
      return 0;
    },
    C_CloseSession: ([session]) => {
      if (!this.sessions.delete(session!)) return 0xb3;
      if (this.sessions.size === 0) this.loggedIn = false;
      return 0;
    },
    C_GetSessionInfo: this.#inSession((session, [, at]) => {
      const isReadWrite = (session.flags & 2) !== 0;
      const ulong = this.platform === "unix" ? 8n : 4n;
      this.memory.writeUlong(at!, session.slot);
      this.memory.writeUlong(at! + ulong, BigInt((isReadWrite ? 2 : 0) + (this.loggedIn ? 1 : 0)));
      this.memory.writeUlong(at! + 2n * ulong, BigInt(session.flags));
      this.memory.writeUlong(at! + 3n * ulong, 0n);
      return 0;
    }),
    C_Login: this.#inSession((session, [, userType, at, length]) => this.#login(session, userType!, at!, length!)),
    C_Logout: this.#inSession(() => {
      if (!this.loggedIn) return 0x101;
      this.loggedIn = false;
      return 0;
    }),
    C_CreateObject: this.#inSession((_, [, template, count, at]) => {
      const handle = this.add(this.#readTemplate(template!, count!));
      this.memory.writeUlong(at!, handle);
      return 0;
    }),
    C_DestroyObject: this.#inSession((_, [, object]) => this.objects.delete(object!) ? 0 : 0x82),
    C_GetAttributeValue: this.#inSession((_, [, object, template, count]) => {
      const attributes = this.objects.get(object!);
      if (attributes === undefined || !this.#sees(attributes)) return 0x82;
      let returned = 0;
      for (let i = 0n; i < count!; i++) returned = this.#giveAttribute(attributes, template!, i) || returned;
      return returned;
    }),
    C_SetAttributeValue: this.#inSession((_, [, object, template, count]) => {
      const attributes = this.objects.get(object!);
      if (attributes === undefined) return 0x82;
      for (const [type, value] of this.#readTemplate(template!, count!)) attributes.set(type, value);
      return 0;
    }),
    C_FindObjectsInit: this.#inSession((session, [, template, count]) => {
      if (session.found !== undefined) return 0x90;
      const wanted = this.#readTemplate(template!, count!);
      session.found = [...this.objects].filter(([, attributes]) =>
        this.#sees(attributes) &&
        wanted.every(([type, value]) => {
          const own = attributes.get(type);
          return typeof own === "object" && own.join() === value.join();
        })
      ).map(([handle]) => handle);
      return 0;
    }),
    C_FindObjects: this.#inSession((session, [, list, room, count]) => {
      if (session.found === undefined) return 0x91;
      const ulong = this.platform === "unix" ? 8n : 4n;
      const some = session.found.splice(0, Number(room!));
      some.forEach((handle, i) => this.memory.writeUlong(list! + BigInt(i) * ulong, handle));
      this.memory.writeUlong(count!, BigInt(some.length));
      return 0;
    }),
    C_FindObjectsFinal: this.#inSession((session) => {
      if (session.found === undefined) return 0x91;
      delete session.found;
      return 0;
    }),
    C_SignInit: this.#inSession((session, [, mechanism, key]) => {
      if (session.signing !== undefined) return 0x90;
      const attributes = this.objects.get(key!);
      if (attributes === undefined || !this.#sees(attributes)) return 0x60;
      const type = Number(this.memory.readUlong(mechanism!));
      if (!(this.#options.mechanisms ?? [0x1, 0x40, 0x41, 0x42, 0x1041]).includes(type)) return 0x70;
      const always = attributes.get(0x202);
      session.signing = {
        key: key!,
        mechanism: type,
        authenticated: typeof always !== "object" || always[0] === 0,
      };
      return 0;
    }),
    C_Sign: this.#inSession((session, [, data, length, signature, room]) => {
      const { signing } = session;
      if (signing === undefined) return 0x91;
      if (!signing.authenticated) {
        delete session.signing;
        return 0x101;
      }
      const octets = this.memory.read(data!, Number(length!));
      const made = (this.#options.sign ?? fakeSignature)(octets, signing.key, signing.mechanism);
      const isShort = this.memory.readUlong(room!) < BigInt(made.length);
      this.memory.writeUlong(room!, BigInt(made.length));
      if (isShort) return 0x150;
      delete session.signing;
      this.memory.write(signature!, made);
      return 0;
    }),
    C_GenerateKeyPair: this.#inSession(
      (_, [, , ofPublic, publicCount, ofPrivate, privateCount, publicAt, privateAt]) => {
        this.memory.writeUlong(publicAt!, this.add(this.#readTemplate(ofPublic!, publicCount!)));
        this.memory.writeUlong(privateAt!, this.add(this.#readTemplate(ofPrivate!, privateCount!)));
        return 0;
      },
    ),
  };

  #inSession(perform: (session: FakeSession, args: readonly bigint[]) => number): (args: readonly bigint[]) => number {
    return (args) => {
      const session = this.sessions.get(args[0]!);
      if (session === undefined) return 0xb3;
      return perform(session, args);
    };
  }

  #login(session: FakeSession, userType: bigint, at: bigint, length: bigint): number {
    const pin = at === 0n ? undefined : decodeUtf8(this.memory.read(at, Number(length)));
    this.pins.push(pin);
    if (userType === 1n && this.loggedIn) return 0x100;
    if (userType === 2n && session.signing === undefined) return 0x91;
    const padded = ((this.#options.tokenFlags ?? 0) & 0x100) !== 0;
    if (pin === undefined && !padded) return 0x7;
    if (this.wrongPins >= (this.#options.pinTries ?? 3)) return 0xa4;
    if (pin !== undefined && pin !== this.pin) {
      this.wrongPins++;
      return 0xa0;
    }
    this.wrongPins = 0;
    if (userType === 2n) session.signing!.authenticated = true;
    else this.loggedIn = true;
    return 0;
  }

  #hasToken(slot: bigint): boolean {
    return this.tokenPresent && slot === this.slots[0];
  }

  /** Private objects are seen after the login alone. */
  #sees(attributes: FakeObject): boolean {
    const isPrivate = attributes.get(0x2);
    return this.loggedIn || typeof isPrivate !== "object" || isPrivate[0] === 0;
  }

  #giveAttribute(attributes: FakeObject, template: bigint, index: bigint): number {
    const [size, value, length] = this.platform === "unix" ? [24n, 8n, 16n] : [16n, 4n, 12n];
    const at = template + index * size;
    const own = attributes.get(Number(this.memory.readUlong(at)));
    if (typeof own !== "object") {
      this.memory.writeUlong(at + length, ATTRIBUTE_UNAVAILABLE);
      return own === "sensitive" ? 0x11 : 0x12;
    }
    const into = this.memory.readPointer(at + value);
    const room = this.memory.readUlong(at + length);
    const isShort = into !== 0n && room < BigInt(own.length);
    this.memory.writeUlong(at + length, isShort ? ATTRIBUTE_UNAVAILABLE : BigInt(own.length));
    if (isShort) return 0x150;
    if (into !== 0n) this.memory.write(into, own);
    return 0;
  }

  #readTemplate(template: bigint, count: bigint): [number, Bytes][] {
    const [size, value, length] = this.platform === "unix" ? [24n, 8n, 16n] : [16n, 4n, 12n];
    return Array.from({ length: Number(count) }, (_, i) => {
      const at = template + BigInt(i) * size;
      const octets = Number(this.memory.readUlong(at + length));
      const from = this.memory.readPointer(at + value);
      return [Number(this.memory.readUlong(at)), octets === 0 ? new Uint8Array(0) : this.memory.read(from, octets)];
    });
  }

  #writeList(values: readonly bigint[], list: bigint, count: bigint): number {
    const room = this.memory.readUlong(count);
    this.memory.writeUlong(count, BigInt(values.length));
    if (list === 0n) return 0;
    if (room < BigInt(values.length)) return 0x150;
    const ulong = this.platform === "unix" ? 8n : 4n;
    values.forEach((value, i) => this.memory.writeUlong(list + BigInt(i) * ulong, value));
    return 0;
  }

  #writeText(at: bigint, text: string, length: number): void {
    this.memory.write(at, encodeUtf8(text.padEnd(length)));
  }
}

function fakeSignature(data: Bytes, key: bigint): Bytes {
  return Uint8Array.from({ length: 64 }, (_, i) => (data[i % data.length] ?? 0) ^ Number(key & 255n));
}
