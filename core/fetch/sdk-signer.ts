/**
 * A signer for the AWS SDK for JavaScript v3, whose clients take one as `signer`.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { PresignedRequest, SigV4Request } from "../sigv4/canonical-request.ts";
import type { FetchCredentialOptions, FetchCredentials } from "./credential-options.ts";
import { type CredentialSource, credentialSource } from "./credential-source.ts";
import type { FetchListener } from "./fetch-event.ts";
import { type FetchPorts, platformPorts } from "./platform-ports.ts";
import { signerFinder } from "./request-signer.ts";

/** A request as the SDK has it (`HttpRequest` of `@smithy/types`). */
export interface SdkRequest {
  /** HTTP method. */
  method: string;
  /** Host without the port. */
  hostname: string;
  /** Port, unless it is the scheme's own. */
  port?: number | undefined;
  /** Percent-encoded path. */
  path: string;
  /** Query parameters, decoded. */
  query?: Record<string, string | string[] | null> | undefined;
  /** Header fields. */
  headers: Record<string, string>;
  /** Text, octets, or what the SDK streams, which is not signed unless a header says its hash. */
  body?: unknown;
}

/** When and whom the SDK signs for. */
export interface SdkSigningArguments {
  /** Time, corrected by the SDK; default: our clock. */
  readonly signingDate?: Date | number | string | undefined;
  /** Region, or with `*` or commas the regions of SigV4a. */
  readonly signingRegion?: string | undefined;
  /** Service. */
  readonly signingService?: string | undefined;
  /** Seconds that a presigned request is valid for, 1 to 604800. */
  readonly expiresIn?: number | undefined;
}

/** Whose requests, and what is signed for where the SDK does not say it. */
export interface SdkSignerOptions {
  /** What signs. Secret: credentials, and keys of an identity. */
  readonly credentials: FetchCredentialOptions;
  /** Region, where the SDK names none. */
  readonly region?: string | undefined;
  /** Service, where the SDK names none. */
  readonly service?: string | undefined;
  /** As of `createAwsFetch`. */
  readonly callers?: "process" | "requests" | undefined;
  /** Told of credentials; no event holds a secret. */
  readonly onEvent?: FetchListener | undefined;
}

/** What clients of the SDK take as `signer` (`RequestSigner` and `RequestPresigner`). */
export interface SdkSigner {
  /** Answers the request with the signature in its headers. */
  sign<T extends SdkRequest>(request: T, options?: SdkSigningArguments): Promise<T>;
  /** Answers the request with the signature in its query. */
  presign<T extends SdkRequest>(request: T, options?: SdkSigningArguments): Promise<T>;
}

/**
 * Makes a signer for clients of the AWS SDK for JavaScript v3. It signs with its own credentials; the client wants some of
 * its own besides, for which the same provider does.
 *
 * Secret: keeps credentials.
 *
 * @example
 * ```ts
 * import { type FetchCredentialProvider, type SdkSigner, sdkSigner } from "anyrole/fetch";
 *
 * // new S3Client({ region: "eu-central-1", ...signing(provider) })
 * export function signing(
 *   credentials: FetchCredentialProvider,
 * ): { readonly credentials: FetchCredentialProvider; readonly signer: SdkSigner } {
 *   return { credentials, signer: sdkSigner({ credentials }) };
 * }
 * ```
 */
export function sdkSigner(options: SdkSignerOptions, given: Partial<FetchPorts> = {}): SdkSigner {
  const { region, service } = options;
  return signerMaker(options, given)({ region, service });
}

/** What a client of the SDK says of itself: its region, and the name that its service signs by. */
export interface SdkClientScope {
  /** Region. */
  readonly region?: unknown;
  /** Service. */
  readonly service?: unknown;
}

/** What clients of the SDK take as `signerConstructor`. */
export type SdkSignerConstructor = new (client: SdkClientScope) => SdkSigner;

/**
 * Makes a class of signers for clients of the AWS SDK for JavaScript v3. A client makes one for each request and tells it
 * its own region and service, also where its endpoint is a custom one, of which a `signer` is told nothing. All signers
 * share the credentials.
 *
 * Secret: keeps credentials.
 *
 * @example
 * ```ts
 * import { type FetchCredentialProvider, type SdkSignerConstructor, sdkSignerConstructor } from "anyrole/fetch";
 *
 * // new STSClient({ region: "eu-central-1", endpoint: "https://sts.internal", ...signing(provider) })
 * export function signing(
 *   credentials: FetchCredentialProvider,
 * ): { readonly credentials: FetchCredentialProvider; readonly signerConstructor: SdkSignerConstructor } {
 *   return { credentials, signerConstructor: sdkSignerConstructor({ credentials }) };
 * }
 * ```
 */
export function sdkSignerConstructor(
  options: SdkSignerOptions,
  given: Partial<FetchPorts> = {},
): SdkSignerConstructor {
  const make = signerMaker(options, given);
  return class {
    readonly sign: SdkSigner["sign"];
    readonly presign: SdkSigner["presign"];

    constructor({ region, service }: SdkClientScope) {
      const scope = { region: region ?? options.region, service: service ?? options.service };
      ({ sign: this.sign, presign: this.presign } = make(scope));
    }
  };
}

/** Makes signers that share their credentials. */
function signerMaker(options: SdkSignerOptions, given: Partial<FetchPorts>): (scope: SdkClientScope) => SdkSigner {
  const { credentials, callers = "process", onEvent } = options;
  const ports = platformPorts(given);
  const find = signerFinder(ports);
  const source: Pick<CredentialSource, "current"> = typeof credentials === "object" && "accessKeyId" in credentials
    ? { current: () => Promise.resolve(credentials) }
    : credentialSource(credentials, callers, ports, onEvent);

  async function signWith<T extends SdkRequest>(
    scope: SdkClientScope,
    request: T,
    signing: SdkSigningArguments,
    expiresSeconds?: number,
  ): Promise<T> {
    const { signingDate, signingRegion = scope.region, signingService = scope.service } = signing;
    if (!isName(signingRegion) || !isName(signingService)) {
      throw new TypeError(
        '"region" and "service" must be given: the client of the SDK does not say them; sdkSignerConstructor() learns them',
      );
    }
    const held: FetchCredentials = await source.current();
    const signer = await find(held, { region: signingRegion, service: signingService });
    const timeMs = signingDate === undefined ? ports.now() : new Date(signingDate).getTime();
    const unsigned = signable(request);
    if (expiresSeconds === undefined) {
      const { headers } = await signer.sign(unsigned, timeMs);
      return copy(request, { headers: withFields(request.headers, headers) });
    }
    const signed: PresignedRequest = await signer.presign(unsigned, timeMs, expiresSeconds);
    return copy(request, {
      query: Object.fromEntries(new URLSearchParams(signed.query)),
      headers: withFields(request.headers, signed.headers),
    });
  }

  return (scope) => ({
    sign: (request, signing = {}) => signWith(scope, request, signing),
    presign: (request, signing = {}) => signWith(scope, request, signing, signing.expiresIn ?? 3600),
  });
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** Header fields with others in the place of those of the same name, whose letters may differ. */
function withFields(
  fields: Readonly<Record<string, string>>,
  added: Readonly<Record<string, string>>,
): Record<string, string> {
  const others = Object.entries(fields).filter(([name]) => !Object.hasOwn(added, name.toLowerCase()));
  return { ...Object.fromEntries(others), ...added };
}

function signable({ method, hostname, port, path, query = {}, headers, body }: SdkRequest): SigV4Request {
  const fields: Record<string, string> = { host: port === undefined ? hostname : `${hostname}:${port}` };
  // What proxies and platforms change on the way is not signed.
  for (const name in headers) {
    if (/^(host$|content-(?!length$)|x-amz-)/i.test(name)) fields[name.toLowerCase()] = headers[name]!;
  }
  const whole = body === undefined || body === null || typeof body === "string" || ArrayBuffer.isView(body) ||
    body instanceof ArrayBuffer;
  if (!whole) fields["x-amz-content-sha256"] ??= "UNSIGNED-PAYLOAD";
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? ""]).map((each): [string, string] => [name, each])
  );
  return { method, path, query: pairs, headers: fields, ...(whole && body ? { body: octetsOf(body) } : {}) };
}

function octetsOf(body: unknown): string | Bytes {
  if (typeof body === "string") return body;
  if (!ArrayBuffer.isView(body)) return new Uint8Array(body as ArrayBuffer);
  return new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.byteLength);
}

/** The same request of the same class, with other members; the SDK's own is left as it is. */
function copy<T extends SdkRequest>(request: T, members: Partial<SdkRequest>): T {
  return Object.assign(Object.create(Object.getPrototypeOf(request)), request, members);
}
