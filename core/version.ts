/**
 * The version of this package, in its one place; a test compares it with the manifests.
 *
 * @module
 */

/** Semantic version, as in `package.json`. */
export const VERSION = "0.1.0";
