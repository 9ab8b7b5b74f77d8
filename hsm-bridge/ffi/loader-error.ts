/**
 * What the system's loader says when it does not load a library, as one of our errors.
 *
 * @module
 */

import { HsmError } from "../hsm-error.ts";

/** How the loaders of glibc, musl, macOS and Windows (error 126) say that there is no such file. */
const NOT_FOUND =
  /no such file|not found|cannot find|could not be found|no such image|image not found|os error 126|error code 126/i;

/** The error of a library that was not loaded. What else is missing, such as a library it needs, is in the message. */
export function loaderError(path: string, cause: unknown): HsmError {
  const text = (cause instanceof Error ? cause.message : String(cause)).trim();
  // A library that is there but needs one that is not gives the same words, with the other's name.
  const another = /([^\s:"']+\.(?:so(?:\.\d+)*|dylib|dll)): cannot open shared object file/i.exec(text)?.[1];
  const isMissing = NOT_FOUND.test(text) && (another === undefined || endsAlike(another, path));
  return isMissing
    ? new HsmError(
      "ERR_HSM_MODULE_NOT_FOUND",
      `Cannot load ${path}: the loader does not find it; give the full path of the module, or install it`,
      { module: path, cause },
    )
    : new HsmError(
      "ERR_HSM_MODULE_NOT_LOADABLE",
      `Cannot load ${path}: it is no library that this process can load (${text})`,
      { module: path, cause },
    );
}

function endsAlike(one: string, other: string): boolean {
  return one.endsWith(other) || other.endsWith(one);
}
