/**
 * ML-DSA of `@noble/post-quantum`.
 *
 * @module
 */

export { ml_dsa44, ml_dsa65, ml_dsa87 } from "@noble/post-quantum/ml-dsa.js";
export type { DSA } from "@noble/post-quantum/ml-dsa.js";
