/**
 * Loading libraries on Windows, whose loader needs watching.
 *
 * It says what went wrong in the language of the system, and the same for a library that is not there as for one that
 * needs another which is not there. A name without a path it looks for in the working folder as well, where anybody may
 * have put something.
 *
 * @module
 */

import { HsmError } from "../hsm-error.ts";
import type { ForeignFunctions } from "./foreign-functions.ts";

/** Whether there is a file of this name; undefined when that cannot be seen. */
export type FileThere = (path: string) => boolean | undefined;

/** The same foreign functions, with errors that mean the same in every language, and nothing out of the working folder. */
export function windowsLoading(foreign: ForeignFunctions, fileThere: FileThere): ForeignFunctions {
  return {
    ...foreign,
    open: (path) => {
      const isName = !/[/\\]/.test(path);
      const there = fileThere(path);
      // The loader adds the suffix to a name that has none.
      if (isName && (there || fileThere(`${path}.dll`))) {
        throw notLoadable(
          path,
          "a file of that name lies in the working folder, and Windows could take that one; give the full path",
        );
      }
      if (!isName && there === false) throw notFound(path);
      try {
        return foreign.open(path);
      } catch (error) {
        if (!(error instanceof HsmError) || !isMissing(foreign, path, error)) throw error;
        if (isName || there === undefined) throw notFound(path, error.cause);
        throw notLoadable(path, "a library that it needs is not found", error.cause);
      }
    },
  };
}

/** A library that no system has. */
const NO_LIBRARY = "anyrole-asks-how-missing-libraries-are-called.dll";

/** Whether the loader says of the library what it says of one that is not there. */
function isMissing(foreign: ForeignFunctions, path: string, error: HsmError): boolean {
  if (error.code === "ERR_HSM_MODULE_NOT_FOUND") return true;
  try {
    foreign.open(NO_LIBRARY).close();
    return false;
  } catch (missing) {
    return wordsOf(missing, NO_LIBRARY) === wordsOf(error, path);
  }
}

/** What the loader said, without the name. */
function wordsOf(error: unknown, path: string): string {
  const { cause } = error as { readonly cause?: unknown };
  return (cause instanceof Error ? cause.message : String(cause)).replaceAll(path, "");
}

function notFound(path: string, cause?: unknown): HsmError {
  return new HsmError(
    "ERR_HSM_MODULE_NOT_FOUND",
    `Cannot load ${path}: the loader does not find it; give the full path of the module, or install it`,
    { module: path, cause },
  );
}

function notLoadable(path: string, state: string, cause?: unknown): HsmError {
  return new HsmError("ERR_HSM_MODULE_NOT_LOADABLE", `Cannot load ${path}: ${state}`, { module: path, cause });
}
