/**
 * The worker of topic `fleet`: many isolates in one, each with a provider and a store of its own, that start at once, each
 * with its own timer; one secret and one parsed identity are theirs together, because the key's import is no part of the
 * store. Its clock moves with what arrives.
 *
 * The control does what nobody can do without: as many bare requests at once, which a Durable Object answers together when
 * the last has come, with octets of the length of a sealed session.
 *
 * @module
 */

import { identityFromMaterial } from "../core/sign/identity-material.ts";
import {
  type DurableObjects,
  durableObjectStore,
  fromRolesAnywhere,
  shareEdgeSessions,
  webCryptoProvider,
} from "../runtimes/edge/mod.ts";

export { SessionObject } from "../runtimes/edge/mod.ts";

/** What miniflare binds. */
export interface FleetBindings {
  readonly OBJECTS: DurableObjects;
  /** Of {@linkcode BareObject}. */
  readonly BARE: DurableObjects;
  readonly CERTIFICATE: string;
  readonly PRIVATE_KEY: string;
  readonly ARNS: { readonly trustAnchorArn: string; readonly profileArn: string; readonly roleArn: string };
}

/** What a start of the fleet gave, in milliseconds. */
export interface FleetResult {
  /** Of each isolate: from its start to its credentials, without the time of CreateSession. */
  readonly added: readonly number[];
  /** From the first start until CreateSession is called. */
  readonly beforeCallMs: number;
  /** Round trip of CreateSession. */
  readonly callMs: number;
  /** Different sessions that the isolates have. */
  readonly sessions: number;
  /** What the store did not do. */
  readonly failures: readonly string[];
}

/** Answers octets to all when so many wait. */
export class BareObject {
  #waiting: ((answer: Response) => void)[] = [];

  /** Answers a request. */
  fetch(request: Request): Promise<Response> {
    const { searchParams } = new URL(request.url);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length < Number(searchParams.get("of"))) return;
      const headers = { "x-answered": String(Date.now()) };
      for (const answer of this.#waiting) answer(new Response(new Uint8Array(SEALED_OCTETS), { headers }));
      this.#waiting = [];
    });
  }
}

/** About what a sealed session is long. */
const SEALED_OCTETS = 1900;

export default {
  async fetch(request: Request, { OBJECTS, BARE, CERTIFICATE, PRIVATE_KEY, ARNS }: FleetBindings): Promise<Response> {
    const parameters = new URL(request.url).searchParams;
    const count = Number(parameters.get("isolates"));
    const many = <T>(start: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, start));
    if (parameters.has("bare")) return Response.json(await many(() => bareRoundTrip(BARE, count)));
    const crypto = webCryptoProvider();
    const source = identityFromMaterial({ certificate: CERTIFICATE, privateKey: PRIVATE_KEY }, crypto);
    await source.identity();
    const send = globalThis.fetch;
    let sentAt = 0;
    let madeAt = 0;
    globalThis.fetch = async (...call: Parameters<typeof fetch>) => {
      sentAt = Date.now();
      const answer = await send(...call);
      madeAt = Date.now();
      return answer;
    };
    const failures: string[] = [];
    const start = async (): Promise<Isolate> => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      const startedAt = Date.now();
      const sharing = shareEdgeSessions({
        store: durableObjectStore(OBJECTS),
        secret: "of thirty-two characters at least, for a benchmark",
        onFailure: (error) => void failures.push(String(error)),
      });
      const credentials = fromRolesAnywhere({
        source,
        sharing,
        crypto,
        endpoint: "https://rolesanywhere.example",
        // Each start of the fleet has a session, and so an object, of its own.
        roleSessionName: parameters.get("session") ?? "",
        ...ARNS,
      });
      const { accessKeyId } = await credentials();
      return { accessKeyId, startedAt, endedAt: Date.now() };
    };
    const isolates = await many(start);
    globalThis.fetch = send;
    const beforeCallMs = sentAt - Math.min(...isolates.map(({ startedAt }) => startedAt));
    const result: FleetResult = {
      added: isolates.map(({ startedAt, endedAt }) => beforeCallMs + endedAt - Math.max(startedAt, madeAt)),
      beforeCallMs,
      callMs: madeAt - sentAt,
      sessions: new Set(isolates.map(({ accessKeyId }) => accessKeyId)).size,
      failures,
    };
    return Response.json(result);
  },
};

/** Milliseconds from when the object answered all requests until the answer to this one was read. */
async function bareRoundTrip(objects: DurableObjects, of: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  const object = objects.get(objects.idFromName("bare")) as unknown as { fetch: typeof fetch };
  const answer = await object.fetch(`https://session/?of=${of}`, { method: "POST" });
  await answer.arrayBuffer();
  return Date.now() - Number(answer.headers.get("x-answered"));
}

interface Isolate {
  readonly accessKeyId: string;
  readonly startedAt: number;
  readonly endedAt: number;
}
