/**
 * The hash functions of `@noble/hashes` that only HashML-DSA uses.
 *
 * @module
 */

export { sha512_224, sha512_256 } from "@noble/hashes/sha2.js";
export { sha3_224, sha3_256, sha3_384, sha3_512 } from "@noble/hashes/sha3.js";
