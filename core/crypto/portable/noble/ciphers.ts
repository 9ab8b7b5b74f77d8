/**
 * AES of `@noble/ciphers`.
 *
 * @module
 */

export { cbc, gcm } from "@noble/ciphers/aes.js";
