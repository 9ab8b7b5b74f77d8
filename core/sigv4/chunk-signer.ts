/**
 * Signatures of the chunks of a body in `aws-chunked`: each covers the one before it, the first that of the request's
 * headers, so that no chunk can be changed, moved or left out.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html | Signature calculations:
 * transferring payload in multiple chunks} and {@link
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html | … trailing headers}
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { encodeHex } from "../bytes/hex.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { portableSha256, type Sha256 } from "../crypto/sha256.ts";
import type { Awaitable, Signer } from "../crypto/signer.ts";
import type { SignedRequest } from "./canonical-request.ts";
import { deriveSigningKey, HMAC_ALGORITHM, type SigV4Credentials } from "./hmac-scheme.ts";
import { SIGV4A_ALGORITHM } from "./sigv4a-scheme.ts";

/** Signs the chunks of one body, in order, one after the other. */
export interface ChunkSigner {
  /** The scheme of the request's own signature. */
  readonly algorithm: "AWS4-HMAC-SHA256" | "AWS4-ECDSA-P256-SHA256";
  /** Signs the octets of the next chunk; the last one has none. Answers hexadecimal of {@link SIGNATURE_DIGITS}. */
  signChunk(data: Bytes): Awaitable<string>;
  /** Signs the trailers behind the last chunk: each `name:value`, lower case, sorted, with a line feed behind it. */
  signTrailers(lines: string): Awaitable<string>;
}

/** Characters of a chunk's signature. That of ECDSA varies, and is filled up with `*`. */
export const SIGNATURE_DIGITS: { readonly [algorithm in ChunkSigner["algorithm"]]: number } = {
  "AWS4-HMAC-SHA256": 64,
  "AWS4-ECDSA-P256-SHA256": 144,
};

/**
 * Signs the chunks of a request that was signed with an access key.
 *
 * Secret: the credentials; the derived key stays in its memory.
 *
 * @param signed what `sign` answered for the headers of this body
 * @param sha256 default `portableSha256`
 * @param crypto hashes the chunks where `sha256` is no native code: `webCryptoProvider()`; absent: `sha256` does
 */
export function hmacChunkSigner(
  credentials: Pick<SigV4Credentials, "secretAccessKey">,
  signed: SignedRequest,
  sha256: Sha256 = portableSha256,
  crypto?: Pick<CryptoProvider, "digest">,
): ChunkSigner {
  const { stringToSign } = signed;
  const key = deriveSigningKey(credentials.secretAccessKey, stringToSign.split("\n")[2]!, sha256);
  return chainSignatures(HMAC_ALGORITHM, signed, sha256, crypto, (text) => key.hex(text));
}

/**
 * Signs the chunks of a request that was signed with the key pair of SigV4a.
 *
 * @param signer of the derived key: `key` of the `SigV4aSigner`
 * @param signed what `sign` answered for the headers of this body
 * @param sha256 default `portableSha256`
 * @param crypto hashes the chunks where `sha256` is no native code: `webCryptoProvider()`; absent: `sha256` does
 */
export function sigV4aChunkSigner(
  signer: Signer,
  signed: SignedRequest,
  sha256: Sha256 = portableSha256,
  crypto?: Pick<CryptoProvider, "digest">,
): ChunkSigner {
  return chainSignatures(
    SIGV4A_ALGORITHM,
    signed,
    sha256,
    crypto,
    async (text) => encodeHex(await signer.sign(encodeUtf8(text))),
  );
}

function chainSignatures(
  algorithm: ChunkSigner["algorithm"],
  { stringToSign, signature }: SignedRequest,
  sha256: Sha256,
  crypto: Pick<CryptoProvider, "digest"> | undefined,
  sign: (text: string) => Awaitable<string>,
): ChunkSigner {
  const [, date, scope] = stringToSign.split("\n");
  const emptyHash = sha256.hex("");
  let previous = signature;
  const follow = (next: string): string => {
    previous = next;
    return next.padEnd(SIGNATURE_DIGITS[algorithm], "*");
  };
  const signNext = (part: string, hashes: string): Awaitable<string> => {
    const next = sign(`${algorithm}-${part}\n${date}\n${scope}\n${previous}\n${hashes}`);
    return next instanceof Promise ? next.then(follow) : follow(next);
  };
  const signHash = (hash: string): Awaitable<string> => signNext("PAYLOAD", `${emptyHash}\n${hash}`);
  return {
    algorithm,
    signChunk(data) {
      if (crypto === undefined || data.length === 0) return signHash(sha256.hex(data));
      const digest = crypto.digest("SHA-256", data);
      return digest instanceof Promise
        ? digest.then((octets) => signHash(encodeHex(octets)))
        : signHash(encodeHex(digest));
    },
    signTrailers: (lines) => signNext("TRAILER", sha256.hex(lines)),
  };
}
