/**
 * Consumer `sigv4`: requests signed with an access key, by their headers and by their query.
 *
 * @module
 */

export { presignRequest, signRequest } from "../../core/sigv4/mod.ts";
