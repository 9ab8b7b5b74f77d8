/**
 * The hash functions and key derivations of `@noble/hashes`.
 *
 * @module
 */

export { sha1 } from "@noble/hashes/legacy.js";
export { sha224, sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
export { hmac } from "@noble/hashes/hmac.js";
export { pbkdf2 } from "@noble/hashes/pbkdf2.js";
export { scrypt } from "@noble/hashes/scrypt.js";
export { shake128, shake256 } from "@noble/hashes/sha3.js";
export type { CHash } from "@noble/hashes/utils.js";
