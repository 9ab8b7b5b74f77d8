/**
 * `AWS4-X509-RSA-SHA256`, `AWS4-X509-ECDSA-SHA256` and `AWS4-X509-MLDSA`: requests signed with the key of a
 * certificate, as CreateSession of IAM Roles Anywhere wants them.
 *
 * @see {@link https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-sign-process.html | Signing
 * process for IAM Roles Anywhere authentication}
 * @module
 */

import { encodeBase64 } from "../bytes/base64.ts";
import type { Bytes } from "../bytes/bytes.ts";
import { encodeHex } from "../bytes/hex.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import { portableSha256 } from "../crypto/sha256.ts";
import type { SigV4X509Token } from "../crypto/signature-algorithm.ts";
import type { Awaitable, Signer } from "../crypto/signer.ts";
import { canonicalValue, headerPairs } from "./canonical-headers.ts";
import { canonicalPath } from "./canonical-path.ts";
import { canonicalQuery, queryText } from "./canonical-query.ts";
import {
  canonicalizeRequest,
  PAYLOAD_HASH,
  type SignedRequest,
  type SigV4Options,
  type SigV4Request,
} from "./canonical-request.ts";
import { credentialScope, formatAmzDate } from "./credential-scope.ts";

/** What the scheme needs of an identity; an `Identity` of `anyrole/sign` fits. */
export interface X509Identity {
  /** The certificate of the signer's key. */
  readonly certificate: { readonly der: Bytes; readonly serialNumberDecimal: string };
  /** Intermediate certificates, in the order in which they are sent; the service takes five. */
  readonly chain: readonly { readonly der: Bytes }[];
  /** Signs with an algorithm that has a `sigv4` token. */
  readonly signer: Signer;
}

/** Signs requests with one certificate for one region and service. */
export interface X509Signer {
  /** The scheme's name. */
  readonly algorithm: SigV4X509Token;
  /**
   * Signs by the headers; synchronous when the identity's signer is.
   *
   * @param timeMs milliseconds since the epoch
   * @throws {TypeError} when the request has no `host`
   */
  sign(request: SigV4Request, timeMs: number): Awaitable<SignedRequest>;
}

/** Options of `signX509Request`. */
export interface SignX509RequestOptions extends SigV4Options {
  /** Certificate, chain and signer. */
  readonly identity: X509Identity;
  /** Time of signing, milliseconds since the epoch. */
  readonly timeMs: number;
}

/**
 * Signs one request with the key of a certificate; synchronous when the identity's signer is. For many requests make a
 * signer: it keeps the encoded certificates.
 *
 * @throws {TypeError} when the request has no `host`, or the service has no scheme for the signer's algorithm
 */
export function signX509Request(request: SigV4Request, options: SignX509RequestOptions): Awaitable<SignedRequest> {
  return createX509Signer(options.identity, options).sign(request, options.timeMs);
}

/**
 * Makes a signer that holds all of the request that the identity determines.
 *
 * @throws {TypeError} when the service has no scheme for the signer's algorithm
 */
export function createX509Signer(identity: X509Identity, options: SigV4Options): X509Signer {
  const { certificate, chain, signer } = identity;
  const algorithm = signer.algorithm.sigv4;
  if (algorithm === undefined) {
    throw new TypeError(`"signer" must sign with RSA, ECDSA or ML-DSA: ${signer.algorithm.name}`);
  }
  const { region, service, sha256 = portableSha256 } = options;
  const { serialNumberDecimal } = certificate;
  const own: Record<string, string> = { "x-amz-date": "@0@", "x-amz-x509": headerText(certificate) };
  if (chain[0]) own["x-amz-x509-chain"] = chain.map(headerText).join();
  // One identity asks for the same session again and again: what the last request had in common with this one is kept.
  const bodyHash = rememberLast(sha256.hex);
  const queryOf = rememberLast(canonicalQuery);
  const pathOf = rememberLast((path: string) => canonicalPath(path, options));
  // What the names of the last request's fields led to, and none of its values: the canonical request behind its query
  // as text and, in every other place, which value is there; the text behind the last of them, and the payload hash.
  let names: readonly string[] | undefined;
  let layout: string[];
  let middle: string;
  let payloadHashAt: string;
  let hexAround: ((start: string, end: string) => string) | undefined;
  let signedHeaders: string;
  let hashHeader: boolean;
  let second: number | undefined;
  let date: string;
  let scope: string;
  // Octets of the last string to sign, unless a signer is still at work on them.
  let idle: Bytes | undefined;

  return {
    algorithm,
    sign(request, timeMs) {
      const now = Math.floor(timeMs / 1000);
      if (now !== second) {
        date = formatAmzDate(timeMs);
        scope = credentialScope(date, region, service);
        idle = undefined;
        second = now;
      }
      const values = [date, bodyHash(request.body ?? "")];
      const fields: string[] = [];
      for (const [name, value] of headerPairs(request.headers)) {
        if (name !== names?.[fields.length]) names = undefined;
        fields.push(name);
        values.push(canonicalValue(value));
      }
      if (fields.length !== names?.length) {
        const added = { ...own };
        const laid = canonicalizeRequest(
          { method: "", path: "/", headers: fields.map((name, i) => [name, `@${i + 2}@`] as const) },
          options,
          { hex: () => "@1@" },
          added,
        );
        layout = laid.canonicalRequest.slice(3).split("@");
        [middle, payloadHashAt] = layout.splice(-3) as [string, string, ""];
        hexAround = sha256.hexAround?.(middle);
        signedHeaders = laid.signedHeaders;
        hashHeader = PAYLOAD_HASH in added;
        names = fields;
      }
      const headers: Record<string, string> = { ...own, "x-amz-date": date };
      let start = `${request.method}\n${pathOf(request.path)}\n${queryOf(queryText(request.query))}`;
      for (let i = 1; i < layout.length; i += 2) start += layout[i - 1]! + values[+layout[i]!]!;
      const payloadHash = values[+payloadHashAt]!;
      if (hashHeader) headers[PAYLOAD_HASH] = payloadHash;
      const canonicalRequest = start + middle + payloadHash;
      const hash = hexAround ? hexAround(start, payloadHash) : sha256.hex(canonicalRequest);
      const stringToSign = `${algorithm}\n${date}\n${scope}\n${hash}`;
      const message = idle ?? encodeUtf8(stringToSign);
      for (let i = 0, at = message.length - 64; i < 64; i++) message[at + i] = hash.charCodeAt(i);
      idle = undefined;
      const signing = signer.sign(message);
      // While a platform signs on another thread: the rest of what is known, before another request changes it.
      const credential = `${algorithm} Credential=${serialNumberDecimal}/${scope}, SignedHeaders=${signedHeaders}`;
      const signed = { canonicalRequest, signedHeaders, stringToSign, headers, signature: "" };
      const finish = (octets: Bytes): SignedRequest => {
        if (now === second) idle = message;
        headers["authorization"] = `${credential}, Signature=${signed.signature = (sha256.encodeHex ?? encodeHex)(
          octets,
        )}`;
        return signed;
      };
      return signing instanceof Promise ? signing.then(finish) : finish(signing);
    },
  };
}

/** Base64 in one piece: engines keep text that was concatenated as a rope, which every hash would walk anew. */
function headerText({ der }: { readonly der: Bytes }): string {
  return canonicalValue(encodeBase64(der));
}

/** The function with its last text and answer kept; octets, which may change in place, are always asked about. */
function rememberLast<T extends string | Bytes>(answer: (data: T) => string): (data: T) => string {
  let last: T | undefined;
  let known = "";
  return (data) => {
    if (data !== last || typeof data !== "string") {
      known = answer(data);
      last = data;
    }
    return known;
  };
}
