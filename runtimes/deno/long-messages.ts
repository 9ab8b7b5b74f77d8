/**
 * Signatures of long messages on Deno. Its WebCrypto takes seven times as long over one as its `node:crypto` does, and
 * none in pieces; but `node:crypto` has to be loaded, which takes 20 to 30 ms and which short messages do not pay.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { unsupported } from "../../core/crypto/crypto-error.ts";
import { HASH_OCTETS } from "../../core/crypto/hash-octets.ts";
import { lazyProvider } from "../../core/crypto/layered-provider.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { CURVE_OCTETS, type PublicKey } from "../../core/crypto/public-key.ts";
import type { SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { StreamVerifier, Verifier } from "../../core/crypto/signer.ts";
import type { NodeCrypto } from "../shared/node-api/node-crypto.ts";

declare const process: { readonly getBuiltinModule: (name: "node:crypto") => NodeCrypto };

/** From so many octets on a message is long: WebCrypto takes about as long over it as `node:crypto` takes to load. */
export const LONG_MESSAGE_OCTETS = 4_194_304;

/**
 * Makes a provider that verifies long messages, and all that come in pieces, by `node:crypto`: with keys that WebCrypto
 * has taken, which looks at them more closely, and where `node:crypto` is known to be right.
 *
 * Public: keys, messages and signatures; variable time.
 *
 * @param web Deno's WebCrypto
 * @param longOctets from how many octets on a message is long
 */
export function verifyingLongMessages(web: CryptoProvider, longOctets: number = LONG_MESSAGE_OCTETS): CryptoProvider {
  const node = lazyProvider("node:crypto", async () => {
    const { nodeApiCrypto } = await import("../shared/node-api/crypto.ts");
    return nodeApiCrypto(process.getBuiltinModule("node:crypto"));
  });

  async function importPublicKey(key: PublicKey, algorithm: SignatureAlgorithm): Promise<Verifier> {
    const short = await web.importPublicKey(key, algorithm);
    if (!isVerifiedByNode(key, algorithm)) return short;
    return {
      algorithm,
      async verify(message: Bytes, signature: Bytes): Promise<boolean> {
        const verifier = message.length < longOctets ? short : await node.importPublicKey(key, algorithm);
        return await verifier.verify(message, signature);
      },
    };
  }

  async function importStreamVerifier(key: PublicKey, algorithm: SignatureAlgorithm): Promise<StreamVerifier> {
    if (!isVerifiedByNode(key, algorithm)) {
      throw unsupported(
        "node:crypto",
        `${algorithm.name} verify in pieces`,
        "verify the whole message, or use anyrole/portable",
      );
    }
    await web.importPublicKey(key, algorithm);
    return await node.importStreamVerifier!(key, algorithm);
  }

  return { ...web, importPublicKey, importStreamVerifier };
}

/**
 * Whether `node:crypto` verifies a hash of the message, and does so rightly: on Deno it refuses every ECDSA signature of
 * a digest that is shorter than half the field, SHA-256 with P-521 for one.
 */
function isVerifiedByNode(key: PublicKey, algorithm: SignatureAlgorithm): boolean {
  return "hash" in algorithm && !(key.type === "ec" && 2 * HASH_OCTETS[algorithm.hash] < CURVE_OCTETS[key.curve]);
}
