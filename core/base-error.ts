/**
 * The root of every error that anyrole raises on purpose.
 *
 * Callers branch on `code`, never on `instanceof`: a copy from npm and a copy from JSR may live in one process.
 *
 * @module
 */

/** What every coded error carries besides its message. */
export interface ErrorContext {
  /** The error that led to this one, kept as it was. */
  readonly cause?: unknown;
}

/**
 * An error with a literal `code` and its operands as fields. Messages read *action, colon, state*
 * ("Cannot read private key: the PKCS#8 password is wrong") and never contain a secret.
 */
export abstract class BaseError<Code extends string = string> extends Error {
  /** What went wrong, as a literal that callers can switch on. */
  readonly code: Code;

  /**
   * Makes the error; subclasses add their operands.
   *
   * @param code the literal
   * @param message for people: action, colon, state
   * @param context the cause, if there is one
   */
  constructor(code: Code, message: string, context?: ErrorContext) {
    super(message, context !== undefined && context.cause !== undefined ? { cause: context.cause } : undefined);
    this.code = code;
  }

  /** Whose error it is; the same in every copy of this package, of which a process may hold several. */
  get origin(): "anyrole" {
    return "anyrole";
  }
}

/** Whether the error is one of this package's, of whichever copy. */
export function isCoded(error: unknown): error is BaseError {
  return error instanceof Error && (error as Partial<BaseError>).origin === "anyrole";
}
