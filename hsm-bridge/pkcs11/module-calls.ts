/**
 * Calls of a module's functions, on this thread or on another, out of the same description.
 *
 * @module
 */

import type { Awaitable } from "../../core/crypto/signer.ts";
import type { CArgument, ForeignFunction } from "../ffi/foreign-functions.ts";
import { HsmError } from "../hsm-error.ts";
import type { FunctionList, FunctionName } from "./function-list.ts";
import { CKR, returnValueAdvice, returnValueName } from "./return-values.ts";

/** One call that is to be made. */
export interface ModuleCall {
  /** The function. */
  readonly name: FunctionName;
  /** Its arguments, in order. */
  readonly args: readonly CArgument[];
}

/** An operation of several calls: it yields each, and is given what the call returned (`CK_RV`). */
export type ModuleSteps<Result> = Generator<ModuleCall, Result, number>;

/** Makes the calls of operations on one module. */
export class ModuleCaller {
  readonly #list: FunctionList;
  readonly #onThisThread: boolean;

  /**
   * Makes a caller.
   *
   * @param onThisThread also where the backend could do it on another
   */
  constructor(list: FunctionList, onThisThread: boolean) {
    this.#list = list;
    this.#onThisThread = onThisThread;
  }

  /** Runs an operation to its end: answers its result, or a promise of it unless everything is on this thread. */
  run<Result>(steps: ModuleSteps<Result>): Awaitable<Result> {
    return this.#onThisThread ? this.#runHere(steps) : this.#runElsewhere(steps);
  }

  // An operation whose call cannot even be made hears of it where it waits, and cleans up.

  #runHere<Result>(steps: ModuleSteps<Result>): Result {
    let step = steps.next();
    while (!step.done) {
      let returned: number;
      try {
        returned = this.#functionOf(step.value.name).call(...step.value.args);
      } catch (error) {
        step = steps.throw(error);
        continue;
      }
      step = steps.next(returned);
    }
    return step.value;
  }

  async #runElsewhere<Result>(steps: ModuleSteps<Result>): Promise<Result> {
    let step = steps.next();
    while (!step.done) {
      let returned: number;
      try {
        const called = this.#functionOf(step.value.name);
        const { args } = step.value;
        returned = called.callAsync === undefined ? called.call(...args) : await called.callAsync(...args);
      } catch (error) {
        step = steps.throw(error);
        continue;
      }
      step = steps.next(returned);
    }
    return step.value;
  }

  #functionOf(name: FunctionName): ForeignFunction {
    return this.#list.function(name) ?? ABSENT;
  }
}

/** What an entry of NULL in the function list comes to. */
const ABSENT: ForeignFunction = { call: () => CKR.FUNCTION_NOT_SUPPORTED };

/** What a call returned, if that is `CKR_OK` or one of the other values that are success here; anything else is thrown. */
export function requireSuccess(
  module: string,
  name: FunctionName,
  returned: number,
  alsoSuccess: readonly number[] = [],
): number {
  if (returned !== CKR.OK && !alsoSuccess.includes(returned)) throw returnValueError(module, name, returned);
  return returned;
}

/** An operation that is one call. */
export function* oneCall(
  module: string,
  name: FunctionName,
  args: readonly CArgument[],
  alsoSuccess: readonly number[] = [],
): ModuleSteps<void> {
  requireSuccess(module, name, yield { name, args }, alsoSuccess);
}

/** The error of a function that returned anything but success. */
export function returnValueError(module: string, operation: string, returnValue: number): HsmError {
  const name = returnValueName(returnValue);
  const advice = returnValueAdvice(returnValue);
  return new HsmError(
    "ERR_HSM_RETURN_VALUE",
    `Cannot do ${operation} with ${module}: ${name}${advice === undefined ? "" : ` (${advice})`}`,
    { module, operation, returnValue, returnValueName: name },
  );
}

/** The error of a function that succeeded and answered nonsense. */
export function malformedAnswer(module: string, operation: string, state: string): HsmError {
  return new HsmError(
    "ERR_HSM_MALFORMED_ANSWER",
    `Cannot use the answer of ${operation} of ${module}: ${state}; the module may be built for another layout of memory`,
    { module, operation },
  );
}
