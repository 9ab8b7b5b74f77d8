/**
 * A signing service without sockets, and a `fetch` that leads to it. For every runtime.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeHex } from "../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import { portableSha256 } from "../../core/crypto/sha256.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import type { Fetch, Sleep } from "../../core/ports.ts";
import type { SigningRecord } from "../../hsm-bridge/remote/signing-record.ts";
import {
  createSigningService,
  type ServedGrant,
  type SigningService,
  type SigningServiceRequest,
} from "../../hsm-bridge/remote/signing-service.ts";
import { NOW, testKey } from "./test-authority.ts";

/** The token of the bench's grant: no output may show it. */
export const SIGNING_TOKEN = "canary-token-canary-token-canary-token-0";

/** A service and what it did. */
export interface SigningBench {
  readonly signer: Signer;
  readonly service: SigningService;
  /** Leads to the service, whatever the host. */
  readonly fetch: Fetch;
  readonly records: SigningRecord[];
  readonly errors: unknown[];
  /** The service's clock, in milliseconds. */
  timeMs: number;
}

/** What differs from an ordinary bench. */
export interface SigningBenchOptions {
  /** Changes of the grant. */
  readonly grant?: Partial<ServedGrant>;
  /** Further grants. */
  readonly more?: readonly ServedGrant[];
  /** Default: keeps them in `records`. */
  readonly keepRecord?: (record: SigningRecord) => void | Promise<void>;
  /** Default: a timer that never ends. */
  readonly sleep?: Sleep;
}

/** Makes a bench of one grant for any message, at the time {@link NOW}. */
export async function signingBench(options: SigningBenchOptions = {}): Promise<SigningBench> {
  const signer = options.grant?.signer ?? await testKey("bridge");
  const grant: ServedGrant = {
    name: "tests",
    signer,
    messages: "any-message",
    access: { token: SIGNING_TOKEN },
    rate: { perSecond: 1000, burst: 1000 },
    ...options.grant,
  };
  const bench = { signer, records: [] as SigningRecord[], errors: [] as unknown[], timeMs: NOW };
  const service = createSigningService({
    grants: [grant, ...options.more ?? []],
    now: () => bench.timeMs,
    sleep: options.sleep ?? (() => new Promise(() => {})),
    keepRecord: options.keepRecord ?? ((record) => void bench.records.push(record)),
    onError: (error) => void bench.errors.push(error),
  });
  return Object.assign(bench, { service, fetch: fetchOf(service) });
}

/** A `fetch` that asks a service directly. */
export function fetchOf(service: SigningService): Fetch {
  const fetch: Fetch = async (url, { method, headers, body }) => {
    const target = new URL(url);
    const answer = await service(serviceRequest({
      method,
      target: target.pathname + target.search,
      headers: { host: target.host, ...headers },
      ...(body === undefined ? {} : { body }),
    }));
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  };
  return fetch;
}

/** A request as a server would have it. */
export function serviceRequest(request: {
  readonly method: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Bytes;
}): SigningServiceRequest {
  const { method, target, headers = {}, body = "" } = request;
  const octets = typeof body === "string" ? encodeUtf8(body) : body;
  return {
    method,
    target,
    peer: "127.0.0.1:40000",
    header: (name) => headers[name],
    body: async (maxLength) => octets.length > maxLength ? undefined : octets,
  };
}

/** A string to sign of CreateSession. */
export function stringToSign(token: string = "AWS4-X509-ECDSA-SHA256", time: string = "20260601T120000Z"): Bytes {
  const hash = encodeHex(portableSha256.digest("request"));
  return encodeUtf8(`${token}\n${time}\n${time.slice(0, 8)}/us-east-1/rolesanywhere/aws4_request\n${hash}`);
}
