/**
 * Opening a PKCS#11 module.
 *
 * @module
 */

import type { ForeignFunctions } from "../ffi/foreign-functions.ts";
import type { Cryptoki } from "./cryptoki.ts";

/** How a module is opened. */
export interface OpenModuleOptions {
  /** Who calls C; default: `foreignFunctions()`, what this runtime has. */
  readonly foreign?: ForeignFunctions;
  /**
   * `asynchronous`: calls run on another thread where the backend can do that, and methods answer promises;
   * `synchronous`: on this one, and methods answer values. Default `asynchronous`.
   */
  readonly calls?: "asynchronous" | "synchronous";
  /** `pReserved` of `C_Initialize`: text for the module, such as the `configdir=…` of NSS. Default NULL. */
  readonly reserved?: string;
}

/** Loads and initialises a module; each success is to be followed by `close()`. */
export type OpenModule = (path: string, options?: OpenModuleOptions) => Promise<Cryptoki>;
