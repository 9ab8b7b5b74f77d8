/**
 * The service's half of `AWS4-ECDSA-P256-SHA256` (SigV4a).
 *
 * @module
 */

import { decodeHex } from "../bytes/hex.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import type { Awaitable, Verifier } from "../crypto/signer.ts";
import type { SigV4Request } from "./canonical-request.ts";
import {
  checkOptions,
  type ReceivedRequest,
  receiveRequest,
  reconstruct,
  scope,
  type VerifiedRequest,
  type VerifyOptions,
} from "./received-request.ts";
import { SIGV4A_ALGORITHM } from "./sigv4a-scheme.ts";
import { SigV4Error } from "./sigv4-error.ts";
import { checkSessionToken, type PayloadRules, payloadStandIns } from "./verify-hmac-request.ts";

/** What verifies the requests of one access key. */
export interface SigV4aVerification {
  /** Verifies with the public key of the derived pair: ECDSA on P-256 with SHA-256. */
  readonly verifier: Verifier;
  /** Secret: the session token, present for temporary credentials. */
  readonly sessionToken?: string | undefined;
}

/** How to verify a request that was signed for a set of regions; `region` must be in it. */
export interface VerifySigV4aOptions extends VerifyOptions, PayloadRules {
  /** Finds what verifies the requests of an access key; undefined: unknown. */
  readonly credentials: (accessKeyId: string) => Awaitable<SigV4aVerification | undefined>;
}

/**
 * Verifies a request signed by its headers or by its query.
 *
 * Best effort: the session token is compared in constant time; the signature is public.
 *
 * @param request as received: the raw path and query, all headers, the whole body
 * @throws {SigV4Error} (as a rejection) with the first reason to refuse
 * @throws {TypeError} (as a rejection) for an option that does not exist
 */
export async function verifySigV4aRequest(
  request: SigV4Request,
  options: VerifySigV4aOptions,
): Promise<VerifiedRequest> {
  checkOptions(options, ["credentials", "unsignedPayload", "chunkedPayloads"]);
  const received = receiveRequest(request);
  const { algorithm, credentialId, signature } = received.authorization;
  if (algorithm !== SIGV4A_ALGORITHM) {
    throw new SigV4Error("ERR_SIGV4_ALGORITHM", algorithm, `the algorithm is ${algorithm}, not ${SIGV4A_ALGORITHM}`);
  }
  const regions = regionSet(received);
  if (options.region !== "any" && !regions.split(",").some((pattern) => matches(pattern.trim(), options.region))) {
    throw scope("region", `it is signed for the regions ${regions}, ${options.region} is not among them`);
  }
  const verified = reconstruct(request, received, options, [REGION_SET], payloadStandIns(options));
  const known = await options.credentials(credentialId);
  if (known === undefined) throw new SigV4Error("ERR_SIGV4_CREDENTIAL", "Credential", "the access key is unknown");
  checkSessionToken(received, known.sessionToken);
  if (!await known.verifier.verify(encodeUtf8(verified.stringToSign), decodeHex(signature)!)) {
    throw new SigV4Error("ERR_SIGV4_SIGNATURE", "Signature", "the signature does not verify", {
      stringToSign: verified.stringToSign,
    });
  }
  return verified;
}

function regionSet({ headers, parameters }: ReceivedRequest): string {
  if (parameters === undefined) {
    const header = headers.get(REGION_SET);
    if (header !== undefined) return header;
  } else {
    const parameter = parameters.get("X-Amz-Region-Set");
    if (parameter !== undefined) return decodeURIComponent(parameter);
  }
  throw new SigV4Error("ERR_SIGV4_MISSING_HEADER", REGION_SET, "the set of regions is missing");
}

/** Whether a region fits a pattern, in which `*` stands for any characters. */
function matches(pattern: string, region: string): boolean {
  const [start, ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === region;
  if (!region.startsWith(start!)) return false;
  const end = rest.pop()!;
  let at = start!.length;
  for (const part of rest) {
    at = region.indexOf(part, at);
    if (at < 0) return false;
    at += part.length;
  }
  return region.length - at >= end.length && region.endsWith(end);
}

const REGION_SET = "x-amz-region-set";
