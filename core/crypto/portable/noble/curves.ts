/**
 * The elliptic curves of `@noble/curves`.
 *
 * @module
 */

export { ecdsa, weierstrass } from "@noble/curves/abstract/weierstrass.js";
export type { ECDSA, WeierstrassPointCons } from "@noble/curves/abstract/weierstrass.js";
export { p256, p384, p521 } from "@noble/curves/nist.js";
export { ed25519 } from "@noble/curves/ed25519.js";
