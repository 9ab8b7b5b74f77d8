/**
 * The service's half of the `AWS4-X509-…` schemes.
 *
 * @module
 */

import { decodeHex } from "../bytes/hex.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import type { Verifier } from "../crypto/signer.ts";
import type { SigV4Request } from "./canonical-request.ts";
import {
  checkOptions,
  type ReceivedRequest,
  receiveRequest,
  reconstruct,
  type VerifiedRequest,
  type VerifyOptions,
} from "./received-request.ts";
import { SigV4Error } from "./sigv4-error.ts";

/** How to verify a request that was signed with the key of a certificate. */
export interface VerifyX509Options extends VerifyOptions {
  /** Serial number of the certificate in this request's `X-Amz-X509`, decimal. */
  readonly serialNumberDecimal: string;
  /** Verifies with the public key of that certificate; its algorithm says which scheme fits. */
  readonly verifier: Verifier;
}

/**
 * Verifies that a request was signed with the key of the certificate it carries. Whether that certificate is to be
 * trusted is another question.
 *
 * Public: variable time.
 *
 * @param request as received: the raw path and query, all headers, the whole body
 * @throws {SigV4Error} (as a rejection) with the first reason to refuse
 * @throws {TypeError} (as a rejection) for an option that does not exist
 */
export async function verifyX509Request(request: SigV4Request, options: VerifyX509Options): Promise<VerifiedRequest> {
  checkOptions(options, ["serialNumberDecimal", "verifier"]);
  return await verifyReceived(request, receiveRequest(request), options);
}

/** Does the same for a request taken apart and options that are in order. For the decision. */
export async function verifyReceived(
  request: SigV4Request,
  received: ReceivedRequest,
  options: VerifyX509Options,
): Promise<VerifiedRequest> {
  const { algorithm, credentialId, signature } = received.authorization;
  const { verifier, serialNumberDecimal } = options;
  if (received.parameters !== undefined || algorithm !== verifier.algorithm.sigv4) {
    throw new SigV4Error(
      "ERR_SIGV4_ALGORITHM",
      algorithm,
      `the algorithm is ${algorithm}, the certificate's key wants ${verifier.algorithm.sigv4 ?? "another service"}`,
    );
  }
  if (credentialId !== serialNumberDecimal) {
    throw new SigV4Error("ERR_SIGV4_CREDENTIAL", "Credential", "Credential is not the certificate's serial number");
  }
  if (!received.headers.has("x-amz-x509")) {
    throw new SigV4Error("ERR_SIGV4_MISSING_HEADER", "x-amz-x509", "the header x-amz-x509 is missing");
  }
  const verified = reconstruct(request, received, options, ["x-amz-x509", "x-amz-x509-chain"], []);
  if (!await verifier.verify(encodeUtf8(verified.stringToSign), decodeHex(signature)!)) {
    throw new SigV4Error("ERR_SIGV4_SIGNATURE", "Signature", "the signature does not verify", {
      stringToSign: verified.stringToSign,
    });
  }
  return verified;
}
