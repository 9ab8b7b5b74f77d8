/**
 * A Durable Object that holds one sealed session, and lets one isolate at a time make it.
 *
 * All isolates that ask for the same session reach the same object. Who finds none gets the lease, or waits in the object
 * until the session is there; so a thousand isolates that start at once make one call.
 *
 * The session is kept in the object's storage until it ends. Leases are in its memory: an object that is restarted in the
 * seconds of a call costs one call more.
 *
 * @module
 */

import { type Bytes, equalBytes } from "../../../core/bytes/bytes.ts";
import { MAX_SEALED_OCTETS } from "../../../core/credentials/sealed-session.ts";

/** The part of a Durable Object's state that is used. */
export interface SessionObjectState {
  /** What outlives the object's memory. */
  readonly storage: {
    /** Reads a value. */
    get<T>(key: string): Promise<T | undefined>;
    /** Keeps a value. */
    put<T>(key: string, value: T, options: { readonly allowUnconfirmed: boolean }): Promise<void>;
    /** Has `alarm()` called. */
    setAlarm(atMs: number): Promise<void>;
    /** Removes everything. */
    deleteAll(): Promise<void>;
  };
}

/**
 * The class to export from the worker and to bind as a Durable Object; `durableObjectStore` speaks to it.
 *
 * Secret: nothing; it never sees a key, and what it keeps is sealed.
 */
export class SessionObject {
  readonly #storage: SessionObjectState["storage"];
  /** Null when there is none, undefined when nobody has looked. */
  #kept: Kept | null | undefined;
  #lease: { readonly token: string; readonly untilMs: number } | undefined;
  /** Who waits, in the order in which they came. */
  readonly #waiting: Set<Waiting> = new Set();

  /** Made by the runtime. */
  constructor(state: SessionObjectState) {
    this.#storage = state.storage;
  }

  /** Answers `durableObjectStore`: GET, PUT, and POST of `/lease`, `/release` and `/turn`. */
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const number = (name: string) => Number(searchParams.get(name));
    switch (`${request.method} ${pathname}`) {
      case "GET /":
        return entryAnswer((await this.#load())?.entry);
      case "PUT /":
        return await this.#put(new Uint8Array(await request.arrayBuffer()), number("until"));
      case "POST /lease":
        return this.#take(number("life")) ?? NOTHING();
      case "POST /release":
        this.#release(searchParams.get("token"));
        return NOTHING();
      case "POST /turn": {
        // Most know none, and to read a body that is not there takes a turn of I/O for each of a thousand.
        const refused = request.body === null ? new Uint8Array() : new Uint8Array(await request.arrayBuffer());
        return await this.#turn(refused, number("life"), number("wait"));
      }
    }
    return new Response("there is no such request", { status: 404 });
  }

  /** Removes the session when it has ended. Called by the runtime. */
  async alarm(): Promise<void> {
    const kept = await this.#load();
    if (kept === null) return;
    if (Date.now() < kept.untilMs) return await this.#storage.setAlarm(kept.untilMs);
    this.#kept = null;
    await this.#storage.deleteAll();
  }

  async #load(): Promise<Kept | null> {
    if (this.#kept === undefined) {
      const stored = await this.#storage.get<Kept>(KEY);
      // Another may have come while this looked.
      if (this.#kept === undefined) this.#kept = stored ?? null;
    }
    return this.#kept;
  }

  async #put(entry: Bytes, untilMs: number): Promise<Response> {
    if (entry.length > MAX_SEALED_OCTETS || !(untilMs > 0 && untilMs < Infinity)) {
      return new Response("that is no entry", { status: 400 });
    }
    this.#kept = { entry, untilMs };
    // Those who wait are answered at once; what a crash takes along in that moment costs a call.
    const written = this.#storage.put(KEY, this.#kept, { allowUnconfirmed: true });
    for (const waiting of this.#waiting) this.#serve(waiting);
    await written;
    await this.#storage.setAlarm(untilMs);
    return NOTHING();
  }

  #take(lifeMs: number): Response | undefined {
    const now = Date.now();
    // One from the future is of a clock that was set back.
    if (this.#lease !== undefined && now < this.#lease.untilMs && this.#lease.untilMs - now <= LONGEST_LEASE_MS) return;
    const token = crypto.randomUUID();
    this.#lease = { token, untilMs: now + Math.min(lifeMs, LONGEST_LEASE_MS) };
    return new Response(token, { status: LEASED });
  }

  #release(token: string | null): void {
    if (this.#lease?.token !== token) return;
    this.#lease = undefined;
    // The next one makes it, unless it is there.
    for (const waiting of this.#waiting) this.#serve(waiting);
  }

  async #turn(refused: Bytes, lifeMs: number, waitMs: number): Promise<Response> {
    await this.#load();
    return await new Promise((resolve) => {
      const waiting: Waiting = {
        refused,
        lifeMs,
        answer: (response) => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          resolve(response);
        },
      };
      // The lease may have come to its end in the meantime.
      const timer = setTimeout(
        () => this.#serve(waiting) || waiting.answer(NOTHING()),
        Math.min(waitMs, LONGEST_WAIT_MS),
      );
      this.#waiting.add(waiting);
      this.#serve(waiting);
    });
  }

  /** Answers who waits, if there is something for it. */
  #serve({ refused, lifeMs, answer }: Waiting): boolean {
    const kept = this.#kept;
    const useful = kept && Date.now() < kept.untilMs && !equalBytes(kept.entry, refused);
    const response = useful ? entryAnswer(kept.entry) : this.#take(lifeMs);
    if (response !== undefined) answer(response);
    return response !== undefined;
  }
}

/** What is kept. */
interface Kept {
  readonly entry: Bytes;
  readonly untilMs: number;
}

/** Somebody who waits. */
interface Waiting {
  /** The entry that is of no use to it; empty when it knows none. */
  readonly refused: Bytes;
  readonly lifeMs: number;
  readonly answer: (response: Response) => void;
}

/** Status of an answer that is a lease's token. */
export const LEASED = 201;

const NOTHING = () => new Response(null, { status: 204 });

function entryAnswer(entry: Bytes | undefined): Response {
  return entry === undefined ? NOTHING() : new Response(entry);
}

const KEY = "session";
const LONGEST_LEASE_MS = 60_000;
const LONGEST_WAIT_MS = 10_000;
