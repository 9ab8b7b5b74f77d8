/**
 * The worker of topic `fleet`: many isolates in one, each with a provider and a store of its own, that start at once, each
 * with its own timer; one secret and one parsed identity are theirs together, because the key's import is no part of the
 * store. Its clock moves with what arrives.
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
  readonly CERTIFICATE: string;
  readonly PRIVATE_KEY: string;
  readonly ARNS: { readonly trustAnchorArn: string; readonly profileArn: string; readonly roleArn: string };
}

/** What a start of the fleet gave, in milliseconds. */
export interface FleetResult {
  /** Of each isolate: from its start to its credentials, without the time of CreateSession. */
  readonly added: readonly number[];
  /** Round trip of CreateSession. */
  readonly callMs: number;
  /** Different sessions that the isolates have. */
  readonly sessions: number;
  /** What the store did not do. */
  readonly failures: readonly string[];
}

export default {
  async fetch(request: Request, { OBJECTS, CERTIFICATE, PRIVATE_KEY, ARNS }: FleetBindings): Promise<Response> {
    const parameters = new URL(request.url).searchParams;
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
    const isolates = await Promise.all(Array.from({ length: Number(parameters.get("isolates")) }, start));
    globalThis.fetch = send;
    const beforeCall = sentAt - Math.min(...isolates.map(({ startedAt }) => startedAt));
    const result: FleetResult = {
      added: isolates.map(({ startedAt, endedAt }) => beforeCall + endedAt - Math.max(startedAt, madeAt)),
      callMs: madeAt - sentAt,
      sessions: new Set(isolates.map(({ accessKeyId }) => accessKeyId)).size,
      failures,
    };
    return Response.json(result);
  },
};

interface Isolate {
  readonly accessKeyId: string;
  readonly startedAt: number;
  readonly endedAt: number;
}
