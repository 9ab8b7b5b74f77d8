/**
 * NSS databases (Firefox, Chromium, `certutil`): directories that NSS's own PKCS#11 module shows as a token.
 *
 * @module
 */

/** How a database is opened. */
export interface NssModule {
  /** Names of NSS's module, on the systems that there are. */
  readonly names: readonly string[];
  /** `pReserved` of `C_Initialize`: without it the module refuses to start. */
  readonly reserved: string;
}

/**
 * The module of an NSS database.
 *
 * @param database `sql:` and the directory that holds `cert9.db` and `key4.db`
 * @throws {TypeError} when there is no directory behind `sql:`
 */
export function nssModule(database: string): NssModule {
  const directory = database.replace(/^sql:/, "");
  if (directory === "" || directory.includes("\0")) throw new TypeError(`"module" names no directory behind "sql:"`);
  const quoted = `sql:${directory}`.replace(/[\\']/g, "\\$&");
  return {
    names: ["libsoftokn3.so", "libsoftokn3.dylib", "softokn3.dll"],
    reserved: `configdir='${quoted}' certPrefix='' keyPrefix='' secmod='secmod.db' flags=`,
  };
}
