/**
 * A credential store in Durable Objects, one a session: with leases, and with isolates that wait in the object until the
 * session is there.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { CredentialStoreError } from "../../../core/credentials/store-error.ts";
import type { CredentialStore, Lease } from "../../../core/credentials/store.ts";
import { LEASED } from "./session-object.ts";

/** The part of a `DurableObjectNamespace` binding that is used. */
export interface DurableObjects {
  /** The object of a name. */
  idFromName(name: string): unknown;
  /** What speaks to it. */
  get(id: unknown): DurableObjectStub;
}

/** What speaks to an object. */
export interface DurableObjectStub {
  /** Sends a request. */
  fetch(url: string, init: { readonly method: string; readonly body?: Bytes }): Promise<ObjectAnswer>;
}

/** The part of an object's answer that is read. */
export interface ObjectAnswer {
  /** HTTP status. */
  readonly status: number;
  /** The body as text. */
  text(): Promise<string>;
  /** The body. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Makes a store of a binding to {@linkcode SessionObject}s. */
export function durableObjectStore(namespace: DurableObjects): CredentialStore {
  const send = async (name: string, method: string, path: string, body?: Bytes): Promise<ObjectAnswer> => {
    const object = namespace.get(namespace.idFromName(name));
    const answer = await object.fetch(`https://session${path}`, { method, ...(body === undefined ? {} : { body }) });
    if (answer.status === 200 || answer.status === LEASED) return answer;
    // An answer that nobody reads keeps its connection.
    const text = await answer.text();
    if (answer.status === 204) return answer;
    throw new CredentialStoreError("ERR_STORE_ANSWER", `the object answered ${answer.status}: ${text}`);
  };
  const entryOf = async (answer: ObjectAnswer): Promise<Bytes | undefined> =>
    answer.status === 200 ? new Uint8Array(await answer.arrayBuffer()) : undefined;
  const leaseOf = async (name: string, answer: ObjectAnswer): Promise<Lease> => {
    const token = await answer.text();
    return { release: async () => void await send(name, "POST", `/release?token=${encodeURIComponent(token)}`) };
  };
  return {
    get: async (name) => await entryOf(await send(name, "GET", "/")),
    put: async (name, entry, expiresAtMs) => void await send(name, "PUT", `/?until=${expiresAtMs}`, entry),
    lease: async (name, lifeMs) => {
      const answer = await send(name, "POST", `/lease?life=${lifeMs}`);
      return answer.status === LEASED ? await leaseOf(name, answer) : undefined;
    },
    turn: async (name, { refused, lifeMs, waitMs }) => {
      const answer = await send(name, "POST", `/turn?life=${lifeMs}&wait=${waitMs}`, refused);
      if (answer.status === LEASED) return { lease: await leaseOf(name, answer) };
      const entry = await entryOf(answer);
      return entry && { entry };
    },
  };
}
