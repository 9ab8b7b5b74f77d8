/**
 * Passwords of keys, asked for when they are needed, and a bounded number of times: every wrong one is counted by the
 * TPM, and leads to a lock-out.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { Awaitable } from "../../core/crypto/signer.ts";
import { TpmError } from "./tpm-error.ts";

/** What is asked for. */
export interface TpmPasswordRequest {
  /** Whose password: the key's, or that of its parent or hierarchy. */
  readonly of: "key" | "parent";
  /** The key for people: its handle, or the description in its file. */
  readonly key: string;
  /** 1 for the first time; more: what was answered before was wrong. */
  readonly attempt: number;
}

/**
 * A password, or who knows it: a function that is asked when it is needed, and answers undefined to give up.
 *
 * Secret: the password.
 */
export type TpmPassword = Bytes | ((request: TpmPasswordRequest) => Awaitable<Bytes | undefined>);

/** How often a password is asked for. TPMs lock themselves after a few wrong ones, and people mistype. */
export const MAX_PASSWORD_ATTEMPTS = 3;

/** One password of a key: asked for once, remembered while it is right. */
export interface PasswordMemory {
  /** The password for the next try. @throws {TpmError} `ERR_TPM_PASSWORD_MISSING` when nobody knows it */
  current(): Promise<Bytes>;
  /**
   * Says that it was wrong.
   *
   * @throws {TpmError} the error itself when there is nobody to ask again, or it was asked for often enough
   */
  wrong(error: TpmError): void;
  /** Says that it was right. */
  right(): void;
}

/**
 * Makes the memory of one password.
 *
 * Secret: what was right is kept as long as the memory.
 *
 * @param source undefined: there is no password
 */
export function passwordMemory(
  source: TpmPassword | undefined,
  request: Omit<TpmPasswordRequest, "attempt">,
): PasswordMemory {
  let known: Bytes | undefined = source instanceof Uint8Array
    ? source
    : source === undefined
    ? new Uint8Array(0)
    : undefined;
  let attempt = 1;
  return {
    current: async () => {
      if (known !== undefined) return known;
      const answer = await (source as (request: TpmPasswordRequest) => Awaitable<Bytes | undefined>)({
        ...request,
        attempt,
      });
      if (answer === undefined) throw missing(request);
      return known = answer;
    },
    wrong: (error) => {
      if (source === undefined) throw missing(request, error);
      if (source instanceof Uint8Array || attempt === MAX_PASSWORD_ATTEMPTS) throw error;
      known = undefined;
      attempt++;
    },
    right: () => {
      attempt = 1;
    },
  };
}

function missing({ of, key }: Omit<TpmPasswordRequest, "attempt">, cause?: TpmError): TpmError {
  const what = of === "key" ? "it" : "its parent";
  return new TpmError(
    "ERR_TPM_PASSWORD_MISSING",
    "a password",
    `Cannot use TPM key ${key}: ${what} has a password, and none was given`,
    { cause, response: cause?.response },
  );
}
