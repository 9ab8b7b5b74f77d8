/**
 * The signing service: answers the signing protocol over HTTP for the keys of its grants. A plain function of requests,
 * which any server can call.
 *
 * @see core/sign/signing-protocol.ts
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { constantTimeEqual } from "../../core/bytes/constant-time.ts";
import { decodeUtf8, encodeUtf8 } from "../../core/bytes/text.ts";
import type { Sleep } from "../../core/ports.ts";
import { encodeBase64 } from "../../core/bytes/base64.ts";
import {
  readJsonObject,
  readSignDocument,
  REFUSAL_STATUS,
  type RefusalCode,
} from "../../core/sign/signing-protocol.ts";
import { limitTime } from "../../core/time-limit.ts";
import { GrantedSigner, type GrantPorts, maxDocumentLength, type Refusal, type SigningGrant } from "./signing-grant.ts";
import { limitRefusals } from "./signing-record.ts";

/** How long the body of a request may take to arrive, in milliseconds. */
export const SIGNING_BODY_TIMEOUT_MS = 5000;

/** Shortest token that a grant may have, in characters: 128 bits in hexadecimal. */
export const MIN_TOKEN_LENGTH = 32;

/** A request, as a server has it. */
export interface SigningServiceRequest {
  /** As it was sent. */
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Who asks, as far as the socket tells. */
  readonly peer: string;
  /** A header field; undefined when it is absent. @param name in lower case */
  header(name: string): string | undefined;
  /** The body; undefined when it is longer than so many octets. */
  body(maxLength: number): Promise<Bytes | undefined>;
}

/** An answer. */
export interface SigningServiceAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** A grant, and who has it. */
export interface ServedGrant extends SigningGrant {
  /**
   * The token, of at least {@linkcode MIN_TOKEN_LENGTH} characters; or `whoever-connects`, where the socket lets its owner
   * alone connect: then it is the only grant. Secret: the token.
   */
  readonly access: { readonly token: string } | "whoever-connects";
}

/** What to serve, to whom. */
export interface SigningServiceOptions extends GrantPorts {
  /** At least one. */
  readonly grants: readonly ServedGrant[];
  /** Further names in `Host`, lower case, without a port. Default: those of this machine alone. */
  readonly hosts?: readonly string[];
  /** Runs timers. */
  readonly sleep: Sleep;
}

/** Answers one request; never throws. */
export type SigningService = (request: SigningServiceRequest) => Promise<SigningServiceAnswer>;

/**
 * Makes a service.
 *
 * Secret: tokens are compared in constant time, all of them for each request, and are in no answer and no record.
 *
 * @throws {TypeError} for an option that does not exist, and tokens that are too short or given twice
 * @throws {RangeError} for a limit of a grant that is none
 */
export function createSigningService(options: SigningServiceOptions): SigningService {
  const { grants: given, hosts = [], now, sleep, keepRecord, onError, ...unknown } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`createSigningService() has no option "${name}"`);
  const ports = { now, keepRecord: limitRefusals(keepRecord, now), onError };
  const grants = given.map(({ access, ...grant }) => {
    const token = access === "whoever-connects" ? undefined : encodeUtf8(access.token);
    if (token !== undefined && token.length < MIN_TOKEN_LENGTH) {
      throw new TypeError(`"token" of the grant ${grant.name} has less than ${MIN_TOKEN_LENGTH} characters`);
    }
    return { token, granted: new GrantedSigner(grant, ports) };
  });
  checkAccess(grants);
  const names = new Set([...LOCAL_HOSTS, ...hosts]);

  /** The grant that a token opens. Best effort: every token is compared, in constant time. */
  const grantOf = (authorization: string | undefined): GrantedSigner | undefined => {
    const open = grants.find(({ token }) => token === undefined);
    if (open !== undefined) return open.granted;
    const offered = encodeUtf8(/^bearer +([^ ]+) *$/i.exec(authorization ?? "")?.[1] ?? "");
    const results = grants.map(({ token }) => constantTimeEqual(token!, offered));
    return grants[results.indexOf(true)]?.granted;
  };

  const sign = async (granted: GrantedSigner, request: SigningServiceRequest): Promise<SigningServiceAnswer> => {
    const { peer } = request;
    const refuse = async (code: RefusalCode, message: string) => {
      const kept = await granted.record("sign", code, peer);
      return refusalAnswer(kept?.refusal ?? { code, message });
    };
    const maxLength = maxDocumentLength(granted.grant.messages);
    const tooLarge = () => refuse("BodyTooLarge", `the body is longer than ${maxLength} octets`);
    if (Number(request.header("content-length") ?? 0) > maxLength) return await tooLarge();
    const body = await readBody(request, maxLength, sleep);
    if (body === "late") return await refuse("BodyTimeout", "the body did not arrive in time");
    if (body === undefined) return await tooLarge();
    const text = decodeUtf8(body);
    const object = text === undefined ? undefined : readJsonObject(text);
    const document = object === undefined ? "the body is no JSON object" : readSignDocument(object);
    if (typeof document === "string") return await refuse("Malformed", document);
    const signed = await granted.sign(document, peer);
    if ("refusal" in signed) return refusalAnswer(signed.refusal);
    return jsonAnswer(200, JSON.stringify({ signature: encodeBase64(signed.signature) }));
  };

  const key = async (granted: GrantedSigner, { peer }: SigningServiceRequest): Promise<SigningServiceAnswer> => {
    const refusal = granted.expired();
    const kept = await granted.record("key", refusal?.code ?? "answered", peer);
    const refused = kept?.refusal ?? refusal;
    return refused === undefined ? jsonAnswer(200, granted.keyDocument) : refusalAnswer(refused);
  };

  const refuseStranger = async (refusal: Refusal, peer: string): Promise<SigningServiceAnswer> => {
    const outcome = refusal.code;
    const nobody = { grant: undefined, algorithm: undefined, messageDigest: undefined };
    await ports.keepRecord({ timeMs: now(), operation: "other", ...nobody, peer, outcome });
    return refusalAnswer(refusal);
  };

  const answer = async (request: SigningServiceRequest): Promise<SigningServiceAnswer> => {
    const stranger = objectionToSender(request, names);
    if (stranger !== undefined) return await refuseStranger(stranger, request.peer);
    const granted = grantOf(request.header("authorization"));
    if (granted === undefined) {
      return await refuseStranger({ code: "Unauthorized", message: "the token opens no grant here" }, request.peer);
    }
    const [method, serve] = request.target === "/v1/key"
      ? ["GET", key] as const
      : request.target === "/v1/sign"
      ? ["POST", sign] as const
      : [undefined, undefined];
    if (serve === undefined) {
      return refusalAnswer({ code: "NotFound", message: "there are /v1/key and /v1/sign, and nothing else" });
    }
    if (request.method !== method) {
      return refusalAnswer({ code: "MethodNotAllowed", message: `it takes ${method}` }, { allow: method });
    }
    return await serve(granted, request);
  };

  return async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      onError(error);
      return refusalAnswer({ code: "SignerFailed", message: "the service failed; its log says why" });
    }
  };
}

/** Several grants need tokens that tell them apart. */
function checkAccess(grants: readonly { readonly token: Bytes | undefined; readonly granted: GrantedSigner }[]): void {
  if (grants.length === 0) throw new TypeError(`"grants" is empty`);
  const names = new Set(grants.map(({ granted }) => granted.grant.name));
  if (names.size < grants.length) throw new TypeError("two grants have the same name");
  if (grants.length > 1 && grants.some(({ token }) => token === undefined)) {
    throw new TypeError(`"whoever-connects" goes with a single grant`);
  }
  for (const [i, { token }] of grants.entries()) {
    if (token !== undefined && grants.slice(i + 1).some((other) => constantTimeEqual(other.token!, token))) {
      throw new TypeError("two grants have the same token");
    }
  }
}

/** Turns away what a browser or a proxy sends for somebody else, before any token is looked at. */
function objectionToSender(request: SigningServiceRequest, names: ReadonlySet<string>): Refusal | undefined {
  const host = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec((request.header("host") ?? "").toLowerCase())?.[1];
  if (host === undefined || !(names.has(host) || /^127(\.\d{1,3}){3}$/.test(host))) {
    return { code: "HostNotAllowed", message: "the Host of the request is not a name of this service" };
  }
  const foreign = FOREIGN_HEADERS.some((name) => request.header(name) !== undefined);
  return foreign
    ? { code: "BrowserNotAllowed", message: "requests of browsers and proxies are not served" }
    : undefined;
}

/** The body; `late` when it took too long, undefined when it is too long. */
async function readBody(
  request: SigningServiceRequest,
  maxLength: number,
  sleep: Sleep,
): Promise<Bytes | "late" | undefined> {
  const late = new Error("the body did not arrive in time");
  const expired = () => late;
  try {
    return await limitTime(() => request.body(maxLength), {
      limitMs: SIGNING_BODY_TIMEOUT_MS,
      expired,
      aborted: expired,
      sleep,
      signal: undefined,
      signalFor: "core",
    });
  } catch (error) {
    if (error === late) return "late";
    throw error;
  }
}

function refusalAnswer(
  { code, message, retryAfterSeconds }: Refusal,
  more: Readonly<Record<string, string>> = {},
): SigningServiceAnswer {
  const retry = retryAfterSeconds === undefined ? undefined : { retryAfterSeconds };
  return jsonAnswer(REFUSAL_STATUS[code], JSON.stringify({ error: { code, message, ...retry } }), {
    ...more,
    ...(code === "Unauthorized" ? { "www-authenticate": "Bearer" } : {}),
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
  });
}

function jsonAnswer(
  status: number,
  body: string,
  more: Readonly<Record<string, string>> = {},
): SigningServiceAnswer {
  return { status, headers: { "content-type": "application/json", "cache-control": "no-store", ...more }, body };
}

/** This machine, by its names. */
const LOCAL_HOSTS: readonly string[] = ["localhost", "[::1]"];

/** What browsers set, and proxies. */
const FOREIGN_HEADERS: readonly string[] = ["origin", "sec-fetch-site", "x-forwarded-for", "forwarded"];
