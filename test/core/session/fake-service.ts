/**
 * What `createSession` talks to in tests: an identity that signs nothing real, and answers in the service's form.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { ECDSA_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import type { Fetch, FetchInit, FetchResponse } from "../../../core/ports.ts";
import type { SessionOptions } from "../../../core/session/create-session.ts";
import type { SessionPorts } from "../../../core/session/service-call.ts";
import type { SessionIdentity } from "../../../core/session/request.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** 2026-06-01T12:00:00Z. */
export const NOON = Date.UTC(2026, 5, 1, 12);

export const ARNS = {
  trustAnchorArn: "arn:aws:rolesanywhere:us-east-1:000000000000:trust-anchor/66666666-7777-8888-9999-000000000000",
  profileArn: "arn:aws:rolesanywhere:us-east-1:000000000000:profile/11111111-2222-3333-4444-555555555555",
  roleArn: "arn:aws:iam::000000000000:role/team a/Example+Role",
};

export const SECRET = "secretSECRETsecretSECRETsecretSECRET0000";
export const TOKEN = "tokenTOKENtokenTOKEN";

/** An identity whose signatures are the octets ab ab …; `sign` can be replaced. */
export function identity(sign: (message: Bytes) => Bytes | Promise<Bytes> = () => SIGNATURE): SessionIdentity {
  return {
    certificate: {
      der: new Uint8Array([0x30, 0x00]),
      serialNumberDecimal: "4711",
      notBefore: Date.UTC(2026, 0, 1),
      notAfter: Date.UTC(2027, 0, 1),
    },
    chain: [],
    signer: { algorithm: ECDSA_SHA256, publicKey: new Uint8Array(0), sign },
  };
}

const SIGNATURE: Bytes = new Uint8Array(70).fill(0xab);

/** The answer to a request. */
export function answer(status: number, body: unknown, headers: Record<string, string> = {}): FetchResponse {
  const fields = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    status,
    headers: { get: (name) => fields.get(name.toLowerCase()) ?? null },
    text: () => Promise.resolve(text),
  };
}

/** A success that ends at the given time. */
export function success(expiration: string = "2026-06-01T13:00:00Z"): FetchResponse {
  return answer(201, successBody(expiration), { "x-amzn-requestid": "req-1" });
}

export function successBody(expiration: string = "2026-06-01T13:00:00Z") {
  return {
    credentialSet: [{
      assumedRoleUser: {
        arn: "arn:aws:sts::123456789012:assumed-role/ExampleRole/1267",
        assumedRoleId: "AROAEXAMPLEID12345678:1267",
      },
      credentials: { accessKeyId: "ASIAEXAMPLE", secretAccessKey: SECRET, sessionToken: TOKEN, expiration },
      packedPolicySize: 37,
      roleArn: ARNS.roleArn,
      sourceIdentity: "CN=Alice",
    }],
    subjectArn: "arn:aws:rolesanywhere:us-east-1:123456789012:subject/x",
  };
}

/** A refusal in the service's form. */
export function refusal(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): FetchResponse {
  const type = { "x-amzn-errortype": code, "x-amzn-requestid": "req-2" };
  return answer(status, { message, __type: code }, { ...type, ...headers });
}

/** A request as it was sent. */
export interface Sent {
  readonly url: string;
  readonly init: FetchInit;
}

/** A `fetch` that gives the answers in turn, the last one again and again, and the list of what it was asked. */
export function fakeFetch(...answers: (FetchResponse | Error | "hang")[]): { fetch: Fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: Fetch = (url, init) => {
    sent.push({ url, init });
    const next = answers[Math.min(sent.length, answers.length) - 1]!;
    if (next === "hang") return new Promise(() => {});
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
  return { fetch, sent };
}

/** Ports on a virtual clock; every random octet is 0x80, so that jitter is half of what it can be. */
export function ports(clock: VirtualClock, fetch: Fetch): SessionPorts {
  return { fetch, now: clock.now, sleep: clock.sleep, random: (length) => new Uint8Array(length).fill(0x80) };
}

/** Options that are complete. */
export function options(extra: Partial<SessionOptions> = {}): SessionOptions {
  return { identity: identity(), ...ARNS, ...extra };
}
