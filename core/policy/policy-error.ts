/**
 * Why a policy document was refused.
 *
 * @module
 */

import { BaseError } from "../base-error.ts";
import { visibleText } from "../bytes/visible-text.ts";

/**
 * - `ERR_POLICY_SYNTAX`: not JSON (RFC 8259); `offset` says where
 * - `ERR_POLICY_DUPLICATE`: an object names a member twice, of which `JSON.parse` would hide one
 * - `ERR_POLICY_DEPTH`: nested deeper than any policy
 * - `ERR_POLICY_SIZE`: longer than the limit, or more statements than it
 * - `ERR_POLICY_TYPE`: a member of another type than the language has there
 * - `ERR_POLICY_MISSING`: an element that must be there is not
 * - `ERR_POLICY_ELEMENT`: an element that the language does not have, or not in this kind of policy
 * - `ERR_POLICY_EMPTY`: a list or a map without members
 * - `ERR_POLICY_VERSION`: another `Version` than `2012-10-17` and `2008-10-17`
 * - `ERR_POLICY_SID`: a `Sid` of other characters, or one that stands twice
 * - `ERR_POLICY_EFFECT`: an `Effect` that is neither `Allow` nor `Deny`
 * - `ERR_POLICY_PRINCIPAL`: a principal that can never be one
 * - `ERR_POLICY_ACTION`: an action that is not `service:Name`
 * - `ERR_POLICY_RESOURCE`: a resource that is neither an ARN nor `*`
 * - `ERR_POLICY_OPERATOR`: a condition operator that the language does not have
 * - `ERR_POLICY_KEY`: a condition key without its prefix
 * - `ERR_POLICY_VARIABLE`: a policy variable that cannot be read, or stands where none may
 */
export type PolicyErrorCode =
  | "ERR_POLICY_SYNTAX"
  | "ERR_POLICY_DUPLICATE"
  | "ERR_POLICY_DEPTH"
  | "ERR_POLICY_SIZE"
  | "ERR_POLICY_TYPE"
  | "ERR_POLICY_MISSING"
  | "ERR_POLICY_ELEMENT"
  | "ERR_POLICY_EMPTY"
  | "ERR_POLICY_VERSION"
  | "ERR_POLICY_SID"
  | "ERR_POLICY_EFFECT"
  | "ERR_POLICY_PRINCIPAL"
  | "ERR_POLICY_ACTION"
  | "ERR_POLICY_RESOURCE"
  | "ERR_POLICY_OPERATOR"
  | "ERR_POLICY_KEY"
  | "ERR_POLICY_VARIABLE";

/** A policy document that was refused, with the place. */
export class PolicyError extends BaseError<PolicyErrorCode> {
  /** Always `PolicyError`. */
  override readonly name: string = "PolicyError";
  /** JSON pointer (RFC 6901) to the member at fault; empty for the document itself. */
  readonly pointer: string;
  /** Where the text stops being JSON, in UTF-16 units from its start; only of ERR_POLICY_SYNTAX. */
  readonly offset: number | undefined;

  /** Makes the error "Cannot read policy at `pointer`: `state`"; the state says what to do. */
  constructor(code: PolicyErrorCode, pointer: string, state: string, offset?: number) {
    const place = pointer === "" ? "" : ` at ${visibleText(pointer, 200)}`;
    super(code, `Cannot read policy${place}: ${visibleText(state)}`);
    this.pointer = pointer;
    this.offset = offset;
  }
}

/** Text of a stranger as a message shows it: quoted, cut, with nothing unseen. */
export function quoted(text: string): string {
  if (text.length <= 80 && /^[ -~]*$/.test(text)) return `"${text}"`;
  return `"${visibleText(text, 80)}${text.length > 80 ? "…" : ""}"`;
}
