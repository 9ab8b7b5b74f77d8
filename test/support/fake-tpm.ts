/**
 * A TPM 2.0 that exists only in JavaScript: P-256 keys, salted sessions with their codes, encrypted parameters, three
 * places for objects. It reads, writes and computes by itself, so that it checks ours; a test tells it to refuse, and
 * sees everything that was on the bus. For Node, Deno and Bun.
 *
 * @module
 */

import { createCipheriv, createECDH, createHash, createHmac } from "node:crypto";
import { p256 } from "../../core/crypto/portable/noble/curves.ts";
import type { Bytes } from "../../core/bytes/bytes.ts";
import type { TpmTransport } from "../../hsm-bridge/tpm/transport.ts";

/** What a fake TPM is like. */
export interface FakeTpmOptions {
  /** Password of the key at {@link FAKE_KEY}; default none. */
  readonly password?: string;
  /** Password of the owner's hierarchy; default none. */
  readonly ownerPassword?: string;
  /** Whether the shared storage key is at 81000001; default true. */
  readonly shared?: boolean;
  /** Wrong passwords until it is locked; default 3. */
  readonly tries?: number;
}

/** Handle of the persistent key that signs. */
export const FAKE_KEY = 0x81010001;

/** A command's answer that a test prescribes: a response code, a whole response, or undefined for the TPM's own. */
export type TpmScript = (code: number, count: number) => number | Bytes | undefined;

interface FakeKey {
  /** TPMT_PUBLIC. */
  readonly area: Bytes;
  readonly scalar: Bytes;
  readonly password: Bytes;
}

interface FakeSession {
  readonly key: Bytes;
  nonce: Bytes;
  readonly policy: boolean;
  digest: Bytes;
  passwordNeeded: boolean;
}

/** A refusal: the response code. */
class Refusal {
  readonly code: number;
  constructor(code: number) {
    this.code = code;
  }
}

/** The TPM. */
export class FakeTpm {
  /** Leads to it. */
  readonly transport: TpmTransport;
  /** Every command and response, in order. */
  readonly bus: Bytes[] = [];
  /** Codes of the commands, in order. */
  readonly codes: number[] = [];
  /** Objects in its memory. */
  readonly objects: Map<number, FakeKey> = new Map();
  /** Persistent keys. */
  readonly persistent: Map<number, FakeKey> = new Map();
  /** Open sessions. */
  readonly sessions: Map<number, FakeSession> = new Map();
  /** Connections that are open, and how many there were. */
  open: number = 0;
  opened: number = 0;
  /** Value of every register, 32 octets. */
  register: Bytes = new Uint8Array(32);
  /** What a test prescribes. */
  script: TpmScript = () => undefined;
  /** Changes a response on its way. */
  change: (response: Bytes, code: number) => Bytes = (response) => response;
  wrong: number = 0;
  readonly #tries: number;
  readonly #hierarchies: Map<number, Bytes>;
  readonly #storage: FakeKey;
  #next: number = 0;

  constructor({ password = "", ownerPassword = "", shared = true, tries = 3 }: FakeTpmOptions = {}) {
    this.#tries = tries;
    this.#storage = newKey(0x00030472, new Uint8Array(0), new Uint8Array(0), true);
    if (shared) this.persistent.set(0x81000001, this.#storage);
    this.persistent.set(FAKE_KEY, newKey(0x00040072, text(password)));
    this.#hierarchies = new Map([[0x40000001, text(ownerPassword)]]);
    this.transport = {
      name: "fake TPM",
      open: () => {
        this.open++;
        this.opened++;
        return Promise.resolve({
          transmit: (command) => Promise.resolve(this.#transmit(command)),
          close: () => Promise.resolve(void this.open--),
        });
      },
    };
  }

  /** Objects and sessions that somebody has forgotten. */
  get left(): number {
    return this.objects.size + this.sessions.size;
  }

  #transmit(command: Bytes): Bytes {
    const code = new Input(command, 6).u32();
    this.codes.push(code);
    this.bus.push(command.slice());
    const told = this.script(code, this.codes.length);
    let response: Bytes;
    try {
      if (typeof told === "number") throw new Refusal(told);
      response = told ?? this.#answer(code, command);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response = join(u16(0x8001), u32(10), u32(error.code));
    }
    response = this.change(response, code);
    this.bus.push(response.slice());
    return response;
  }

  #answer(code: number, command: Bytes): Bytes {
    const input = new Input(command, 0);
    const withSessions = input.u16() === 0x8002;
    if (input.u32() !== command.length) throw new Refusal(0x142);
    input.u32();
    const handles = Array.from({ length: HANDLES[code] ?? 0 }, () => input.u32());
    const area = withSessions ? readArea(input) : undefined;
    let parameters = input.rest();
    const session = area && this.sessions.get(area.handle);
    const authValue = handles.length > 0 ? this.#passwordOf(handles[0]!) : new Uint8Array(0);
    let key: Bytes = new Uint8Array(0);
    if (area !== undefined) {
      if (area.handle === 0x40000009) {
        if (!same(area.hmac, authValue)) this.#wrong();
      } else {
        if (session === undefined) throw new Refusal(0x918);
        key = join(session.key, session.policy && !session.passwordNeeded ? new Uint8Array(0) : authValue);
        const covered = hash(u32(code), ...handles.map((handle) => this.#nameOf(handle)), parameters);
        const right = hmac(key, covered, area.nonce, session.nonce, Uint8Array.of(area.attributes));
        if (!same(right, area.hmac)) this.#wrong();
        if (area.attributes & 0x20) {
          parameters = decryptFirst(parameters, join(session.key, authValue), area.nonce, session.nonce);
        }
        if (session.policy) this.#checkPolicy(session, handles[0]!);
      }
    } else if (NEED_AUTHORIZATION.includes(code)) throw new Refusal(0x125);
    const { handle, answer } = this.#execute(code, handles, new Input(parameters, 0));
    const head = handle === undefined ? new Uint8Array(0) : u32(handle);
    if (area === undefined) return framed(0x8001, join(head, answer));
    const attributes = area.attributes;
    let nonce: Bytes = new Uint8Array(0);
    let over: Bytes = new Uint8Array(0);
    if (session !== undefined) {
      nonce = session.nonce = random(32);
      over = hmac(key, hash(u32(0), u32(code), answer), nonce, area.nonce, Uint8Array.of(attributes));
      if (!(attributes & 1)) this.sessions.delete(area.handle);
    }
    return framed(0x8002, join(head, u32(answer.length), answer, b(nonce), Uint8Array.of(attributes), b(over)));
  }

  #execute(code: number, handles: number[], input: Input): { readonly handle?: number; readonly answer: Bytes } {
    const none = new Uint8Array(0);
    if (code === 0x17a) return { answer: join(Uint8Array.of(0), u32(6), u32(1), u32(0x100), u32(0x322e3000)) };
    if (code === 0x17b) return { answer: b(random(input.u16())) };
    if (code === 0x17e) {
      input.u32();
      const head = input.octets(3);
      const bits = input.octets(3);
      let count = 0;
      const kept = bits.map((octet) => {
        let answer = 0;
        for (let bit = 0; bit < 8; bit++) if (octet >> bit & 1 && count < 8) answer |= count++ < 8 ? 1 << bit : 0;
        return answer;
      });
      const digests = Array.from({ length: count }, () => b(this.register));
      return { answer: join(u32(1), u32(1), head, kept, u32(count), ...digests) };
    }
    if (code === 0x173) {
      const { area } = this.#key(handles[0]!);
      return { answer: join(b(area), b(nameOf(area)), b(nameOf(area))) };
    }
    if (code === 0x131) return { handle: this.#place(this.#storage), answer: join(b(this.#storage.area), CREATION) };
    if (code === 0x153) {
      const sensitive = new Input(input.b(), 0);
      const password = sensitive.b();
      const template = new Input(input.b(), 4);
      const made = newKey(template.u32(), password, template.b());
      return { answer: join(b(b(made.scalar), b(made.password)), b(made.area), CREATION) };
    }
    if (code === 0x157) {
      const secret = new Input(input.b(), 0);
      const scalar = secret.b();
      const loaded: FakeKey = { scalar, password: secret.b(), area: input.b() };
      return { handle: this.#place(loaded), answer: b(nameOf(loaded.area)) };
    }
    if (code === 0x156) {
      input.b();
      input.b();
      return { answer: b(input.b()) };
    }
    if (code === 0x15d) {
      const digest = input.b();
      const scheme = input.u16();
      const hashAlgorithm = input.u16();
      if (scheme !== 0x18 || hashAlgorithm !== 0xb || digest.length !== 32) throw new Refusal(0x2d2);
      const raw = p256.sign(digest, this.#key(handles[0]!).scalar, { prehash: false, lowS: false });
      return { answer: join(u16(0x18), u16(0xb), b(raw.slice(0, 32)), b(raw.slice(32))) };
    }
    if (code === 0x165) {
      const handle = input.u32();
      if (!this.objects.delete(handle) && !this.sessions.delete(handle)) throw new Refusal(0x1cb);
      return { answer: none };
    }
    if (code === 0x120) {
      const target = input.u32();
      if (handles[1] === target) this.persistent.delete(target);
      else if (this.persistent.has(target)) throw new Refusal(0x14c);
      else this.persistent.set(target, this.#key(handles[1]!));
      return { answer: none };
    }
    if (code === 0x176) return this.#startSession(handles[0]!, input);
    const session = this.sessions.get(handles[0]!);
    if (session === undefined) throw new Refusal(0x910);
    if (code === 0x16b) {
      session.digest = hash(session.digest, u32(code));
      session.passwordNeeded = true;
      return { answer: none };
    }
    if (code === 0x17f) {
      const wanted = input.b();
      const selection = input.rest();
      const count = [...selection.slice(7)].reduce(
        (sum, octet) => sum + (octet.toString(2).match(/1/g) ?? []).length,
        0,
      );
      const now = hash(...Array.from({ length: count }, () => this.register));
      if (!same(now, wanted)) throw new Refusal(0x1c4);
      session.digest = hash(session.digest, u32(code), selection, now);
      return { answer: none };
    }
    throw new Refusal(0x143);
  }

  #startSession(saltHandle: number, input: Input): { readonly handle: number; readonly answer: Bytes } {
    if (this.sessions.size === 3) throw new Refusal(0x903);
    const nonceCaller = input.b();
    const point = new Input(input.b(), 0);
    const x = point.b();
    const ecdh = createECDH("prime256v1");
    const saltKey = this.#key(saltHandle);
    ecdh.setPrivateKey(saltKey.scalar);
    const shared = new Uint8Array(ecdh.computeSecret(join(Uint8Array.of(4), x, point.b())));
    const own = new Uint8Array(ecdh.getPublicKey()).slice(1, 33);
    const salt = hash(u32(1), shared, text("SECRET\0"), x, own);
    const policy = input.octets(1)[0] === 1;
    const nonce = random(32);
    const key = hmac(salt, u32(1), text("ATH\0"), nonce, nonceCaller, u32(256));
    const handle = (policy ? 0x03000000 : 0x02000000) + this.#next++;
    this.sessions.set(handle, { key, nonce, policy, digest: new Uint8Array(32), passwordNeeded: false });
    return { handle, answer: b(nonce) };
  }

  #place(key: FakeKey): number {
    if (this.objects.size === 3) throw new Refusal(0x902);
    const handle = 0x80000000 + this.#next++;
    this.objects.set(handle, key);
    return handle;
  }

  #key(handle: number): FakeKey {
    const key = this.objects.get(handle) ?? this.persistent.get(handle);
    if (key === undefined) throw new Refusal(0x18b);
    return key;
  }

  #nameOf(handle: number): Bytes {
    return handle >>> 24 >= 0x80 ? nameOf(this.#key(handle).area) : u32(handle);
  }

  #passwordOf(handle: number): Bytes {
    if (handle >>> 24 >= 0x80) return this.#key(handle).password;
    return this.#hierarchies.get(handle) ?? new Uint8Array(0);
  }

  #wrong(): never {
    if (++this.wrong > this.#tries) throw new Refusal(0x921);
    throw new Refusal(0x98e);
  }

  #checkPolicy(session: FakeSession, handle: number): void {
    const area = new Input(this.#key(handle).area, 8);
    if (!same(area.b(), session.digest)) throw new Refusal(0x99d);
  }
}

/** Handles at the beginning of commands. */
const HANDLES: Readonly<Record<number, number>> = {
  0x120: 2,
  0x131: 1,
  0x153: 1,
  0x156: 1,
  0x157: 1,
  0x15d: 1,
  0x16b: 1,
  0x173: 1,
  0x176: 2,
  0x17f: 1,
};

const NEED_AUTHORIZATION: readonly number[] = [0x120, 0x131, 0x153, 0x156, 0x157, 0x15d];

/** creationData, creationHash and creationTicket, which nobody reads. */
const CREATION = new Uint8Array(16);

class Input {
  readonly #octets: Bytes;
  #at: number;
  constructor(octets: Bytes, at: number) {
    this.#octets = octets;
    this.#at = at;
  }
  octets(length: number): Bytes {
    if (this.#at + length > this.#octets.length) throw new Refusal(0x19a);
    this.#at += length;
    return this.#octets.slice(this.#at - length, this.#at);
  }
  u16(): number {
    return new DataView(this.octets(2).buffer).getUint16(0);
  }
  u32(): number {
    return new DataView(this.octets(4).buffer).getUint32(0);
  }
  b(): Bytes {
    return this.octets(this.u16());
  }
  rest(): Bytes {
    return this.octets(this.#octets.length - this.#at);
  }
}

function readArea(input: Input): { handle: number; nonce: Bytes; attributes: number; hmac: Bytes } {
  const area = new Input(input.octets(input.u32()), 0);
  return { handle: area.u32(), nonce: area.b(), attributes: area.octets(1)[0]!, hmac: area.b() };
}

/** TPMT_PUBLIC of a P-256 key, and the key. */
function newKey(attributes: number, password: Bytes, policy: Bytes = new Uint8Array(0), storage = false): FakeKey {
  const ecdh = createECDH("prime256v1");
  const point = new Uint8Array(ecdh.generateKeys());
  const symmetric = storage ? join(u16(6), u16(128), u16(0x43)) : u16(0x10);
  const key = join(b(point.slice(1, 33)), b(point.slice(33)));
  const parameters = join(symmetric, u16(0x10), u16(3), u16(0x10), key);
  const area = join(u16(0x23), u16(0xb), u32(attributes), b(policy), parameters);
  const scalar = new Uint8Array(32);
  const octets = new Uint8Array(ecdh.getPrivateKey());
  scalar.set(octets, 32 - octets.length);
  return { area, scalar, password };
}

function nameOf(area: Bytes): Bytes {
  return join(u16(0xb), hash(area));
}

function decryptFirst(parameters: Bytes, value: Bytes, newer: Bytes, older: Bytes): Bytes {
  const label = text("CFB\0");
  const derived = hmac(value, u32(1), label, newer, older, u32(256));
  const result = parameters.slice();
  const length = new Input(parameters, 0).u16();
  const cipher = createCipheriv("aes-128-ecb", derived.slice(0, 16), null);
  let last = derived.slice(16);
  for (let at = 2; at < 2 + length; at += 16) {
    const stream = cipher.update(last);
    last = parameters.slice(at, at + 16);
    for (let i = 0; i < 16 && at + i < 2 + length; i++) result[at + i]! ^= stream[i]!;
  }
  return result;
}

function framed(tag: number, body: Bytes): Bytes {
  return join(u16(tag), u32(body.length + 10), u32(0), body);
}

function join(...parts: readonly Uint8Array[]): Bytes {
  return new Uint8Array(Buffer.concat(parts));
}

function b(...parts: readonly Uint8Array[]): Bytes {
  const contents = join(...parts);
  return join(u16(contents.length), contents);
}

function u16(value: number): Bytes {
  return Uint8Array.of(value >> 8, value);
}

function u32(value: number): Bytes {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function text(value: string): Bytes {
  return new Uint8Array(Buffer.from(value, "latin1"));
}

function same(a: Bytes, other: Bytes): boolean {
  return Buffer.from(a).equals(other);
}

function hash(...parts: readonly Uint8Array[]): Bytes {
  return new Uint8Array(createHash("sha256").update(join(...parts)).digest());
}

function hmac(key: Bytes, ...parts: readonly Uint8Array[]): Bytes {
  return new Uint8Array(createHmac("sha256", key).update(join(...parts)).digest());
}

function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}
