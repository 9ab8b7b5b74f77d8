/**
 * Passwords of keys, asked for when they are needed, and a bounded number of times: every wrong one is counted by the
 * TPM, and leads to a lock-out. One that was wrong is never tried again.
 *
 * @module
 */

import { type Bytes, equalBytes } from "../../core/bytes/bytes.ts";
import { wipe } from "../../core/bytes/wipe.ts";
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
 * A password, or who knows it: a function that is asked when it is needed, and answers undefined to give up. What it
 * answers is overwritten when it is no longer needed; a password that is given as such stays the caller's to overwrite.
 *
 * Secret: the password.
 */
export type TpmPassword = Bytes | ((request: TpmPasswordRequest) => Awaitable<Bytes | undefined>);

/** How often a password is asked for. TPMs lock themselves after a few wrong ones, and people mistype. */
export const MAX_PASSWORD_ATTEMPTS = 3;

/** One password of a key: asked for once, remembered while it is right, and when it was wrong. */
export interface PasswordMemory {
  /**
   * The password for the next try.
   *
   * @throws {TpmError} `ERR_TPM_PASSWORD_MISSING` when nobody knows it; the error that {@link PasswordMemory.wrong} was
   * told of when it is one that was wrong
   */
  current(): Promise<Bytes>;
  /**
   * Says that it was wrong.
   *
   * @throws {TpmError} the error itself when there is nobody to ask again, or it was asked for often enough
   */
  wrong(error: TpmError): void;
  /** Says that it was right. */
  right(): void;
  /** Overwrites what is kept. Best effort. */
  forget(): void;
}

/**
 * Makes the memory of one password.
 *
 * Secret: what was right is kept until `forget`.
 *
 * @param source undefined: there is no password
 */
export function passwordMemory(
  source: TpmPassword | undefined,
  request: Omit<TpmPasswordRequest, "attempt">,
): PasswordMemory {
  let known: Bytes | undefined = source instanceof Uint8Array
    ? source.slice()
    : source === undefined
    ? new Uint8Array(0)
    : undefined;
  let attempt = 1;
  const refused: { readonly password: Bytes; readonly error: TpmError }[] = [];
  const ask = async (who: Exclude<TpmPassword, Bytes>): Promise<Bytes> => {
    const answer = await who({ ...request, attempt });
    if (answer === undefined) throw missing(request);
    return answer;
  };
  return {
    current: async () => {
      const password = known ?? await ask(source as Exclude<TpmPassword, Bytes>);
      const before = refused.find((each) => equalBytes(each.password, password));
      if (before === undefined) return known = password;
      attempt = 1;
      if (known === undefined) wipe(password);
      throw before.error;
    },
    wrong: (error) => {
      const complaint = source === undefined ? missing(request, error) : error;
      refused.push({ password: known!.slice(), error: complaint });
      if (typeof source !== "function") throw complaint;
      wipe(known);
      known = undefined;
      if (attempt++ < MAX_PASSWORD_ATTEMPTS) return;
      attempt = 1;
      throw complaint;
    },
    right: () => {
      attempt = 1;
    },
    forget: () => {
      wipe(known, ...refused.map(({ password }) => password));
      refused.length = 0;
    },
  };
}

function missing({ of, key }: Omit<TpmPasswordRequest, "attempt">, cause?: TpmError): TpmError {
  const [what, option] = of === "key"
    ? ["it", "password"]
    : ["its parent, or the hierarchy above it,", "parentPassword"];
  return new TpmError(
    "ERR_TPM_PASSWORD_MISSING",
    "a password",
    `Cannot use TPM key ${key}: ${what} has a password, and none was given; give "${option}"`,
    { cause, response: cause?.response },
  );
}
