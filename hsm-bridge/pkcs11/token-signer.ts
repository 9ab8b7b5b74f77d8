/**
 * A signer whose private key is on a token.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import type { PublicKey } from "../../core/crypto/public-key.ts";
import type { SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import type { FoundKey } from "./find-key.ts";
import type { TokenAccess } from "./token-access.ts";
import { signOnToken } from "./token-signature.ts";

/** What {@link TokenSigner} signs with. */
export interface TokenSignerOptions {
  /** What to sign with. */
  readonly algorithm: SignatureAlgorithm;
  /** The public key that the private one belongs to. */
  readonly publicKey: PublicKey;
  /** Hashes where the token does not. */
  readonly crypto: CryptoProvider;
  /** Finds the private key of that public key: at first, and when the token was gone. */
  locate(): Promise<FoundKey>;
}

/**
 * Signs on a token; many signatures at the same time each have a session. A token that was pulled and put back is opened
 * again, and the key found anew, once in each call.
 *
 * Secret: the private key stays on the token.
 */
export class TokenSigner implements Signer {
  /** What it signs with. */
  readonly algorithm: SignatureAlgorithm;
  /** SubjectPublicKeyInfo octets. */
  readonly publicKey: Bytes;
  readonly #access: TokenAccess;
  readonly #options: TokenSignerOptions;
  #located: { readonly generation: number; readonly key: Promise<FoundKey> } | undefined;

  /**
   * Makes the signer.
   *
   * @param located the key, when it was found just now
   */
  constructor(access: TokenAccess, options: TokenSignerOptions, located?: FoundKey) {
    this.algorithm = options.algorithm;
    this.publicKey = options.publicKey.spki;
    this.#access = access;
    this.#options = options;
    if (located !== undefined) {
      this.#located = { generation: access.generation, key: Promise.resolve(located) };
    }
  }

  /**
   * Signs the message; DER for ECDSA.
   *
   * @throws {TokenError} `ERR_TOKEN_REMOVED` when the token is gone, and what finding the key and logging in raise
   * @throws {HsmError} what the token says
   */
  async sign(message: Bytes): Promise<Bytes> {
    const { algorithm, publicKey, crypto } = this.#options;
    return await this.#access.withTokens("sign", async () => {
      const key = await this.#key();
      return await signOnToken(key, message, { algorithm, publicKey, crypto, pins: this.#access.pins });
    });
  }

  #key(): Promise<FoundKey> {
    const { generation } = this.#access;
    if (this.#located?.generation === generation) return this.#located.key;
    const located = { generation, key: this.#options.locate() };
    this.#located = located;
    located.key.catch(() => {
      if (this.#located === located) this.#located = undefined;
    });
    return located.key;
  }
}
