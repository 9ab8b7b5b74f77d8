/**
 * How long a presigned URL can be valid, in seconds.
 *
 * @module
 */

/** The shortest that services accept. */
export const MIN_EXPIRES_SECONDS = 1;
/** The longest: seven days. */
export const MAX_EXPIRES_SECONDS = 604800;
