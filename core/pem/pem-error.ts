/**
 * Why text is not PEM.
 *
 * @module
 */

import { BaseError } from "../base-error.ts";

/**
 * - `ERR_PEM_MISSING`: there is no block at all; the message says when the input is empty, binary or UTF-16
 * - `ERR_PEM_MALFORMED`: a block is damaged
 * - `ERR_PEM_SIZE`: the input is larger than the limit
 */
export type PemErrorCode = "ERR_PEM_MISSING" | "ERR_PEM_MALFORMED" | "ERR_PEM_SIZE";

/** Text that is not PEM. Never carries the contents of a block. */
export class PemError extends BaseError<PemErrorCode> {
  /** Always `PemError`. */
  override readonly name: string = "PemError";
  /** Offset of the damaged block, in octets or characters from the start of the input. */
  readonly offset: number;
  /** Label of the damaged block, when it could be read. */
  readonly label: string | undefined;

  /** Makes the error "Cannot read PEM: state". */
  constructor(code: PemErrorCode, offset: number, state: string, label?: string) {
    super(code, `Cannot read PEM: ${state}`);
    this.offset = offset;
    this.label = label;
  }
}
