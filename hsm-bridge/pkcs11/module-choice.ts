/**
 * Which PKCS#11 module is meant, and opening it.
 *
 * @module
 */

import { foreignFunctions } from "../ffi/available-functions.ts";
import type { ForeignPlatform } from "../ffi/foreign-functions.ts";
import type { Cryptoki } from "./cryptoki.ts";
import { openModule, type OpenModuleOptions } from "./module.ts";
import { nssModule } from "./nss-database.ts";
import type { Pkcs11Uri } from "./pkcs11-uri.ts";

/** A module: one that is open, or where it is. */
export interface ModuleOptions extends OpenModuleOptions {
  /**
   * The module's file or its bare name, `sql:` and the directory of an NSS database, or a module that is open, which is
   * left open. Default: what the URI says in `module-path` and `module-name`, else p11-kit's proxy, behind which are
   * all modules of the system.
   */
  readonly module?: string | Cryptoki | undefined;
}

/**
 * Opens the module. Of several names that it may have, the first one that is there counts.
 *
 * @param uris whose `module-path` and `module-name` count, the first one that has any
 * @throws {HsmError} when it is not there, or is no module
 */
export async function chosenModule(
  { module, ...options }: ModuleOptions,
  uris: readonly (Pkcs11Uri | undefined)[] = [],
): Promise<Cryptoki> {
  if (typeof module === "object") return leftOpen(module);
  if (module?.startsWith("sql:")) {
    const { names, reserved } = nssModule(module);
    return await openFirst(names, { ...options, reserved });
  }
  if (module !== undefined) return await openFirst([module], options);
  const { foreign = await foreignFunctions() } = options;
  return await openFirst(moduleNames(uris, foreign.platform), { ...options, foreign });
}

/** Names to try, in order. */
function moduleNames(uris: readonly (Pkcs11Uri | undefined)[], platform: ForeignPlatform): readonly string[] {
  const { suffixes, directories, proxies } = PLACES[platform];
  for (const uri of uris) {
    const { modulePath, moduleName } = uri?.attributes ?? {};
    if (moduleName !== undefined) {
      // RFC 7512 §2.3: the name is without the prefix and suffix of the system, and the path may be its directory.
      const names = suffixes.flatMap((suffix) => [`lib${moduleName}${suffix}`, `${moduleName}${suffix}`]);
      if (modulePath === undefined) return names.flatMap((name) => [name, ...directories.map((path) => path + name)]);
      const directory = modulePath.replace(/[/\\]*$/, "/");
      return [...names.map((name) => directory + name), modulePath];
    }
    if (modulePath !== undefined) return [modulePath];
  }
  return proxies;
}

async function openFirst(names: readonly string[], options: OpenModuleOptions): Promise<Cryptoki> {
  let missing: unknown;
  for (const name of names) {
    try {
      return await openModule(name, options);
    } catch (error) {
      if ((error as { code?: unknown }).code !== "ERR_HSM_MODULE_NOT_FOUND") throw error;
      missing ??= error;
    }
  }
  throw missing;
}

/** Who opened it closes it. */
function leftOpen(module: Cryptoki): Cryptoki {
  return new Proxy(module, {
    get: (target, name) => {
      if (name === "close") return () => undefined;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** Where modules are on a platform. */
interface Places {
  readonly suffixes: readonly string[];
  /** Where modules are that the loader does not find by name. */
  readonly directories: readonly string[];
  /** Names of p11-kit's proxy. */
  readonly proxies: readonly string[];
}

const PLACES: Readonly<Record<ForeignPlatform, Places>> = {
  unix: {
    suffixes: [".so", ".dylib"],
    directories: [
      "/usr/lib/pkcs11/",
      "/usr/lib64/pkcs11/",
      "/usr/lib/x86_64-linux-gnu/pkcs11/",
      "/usr/lib/aarch64-linux-gnu/pkcs11/",
      "/usr/lib/softhsm/",
      "/usr/lib64/softhsm/",
      "/usr/local/lib/pkcs11/",
      "/usr/local/lib/softhsm/",
      "/opt/homebrew/lib/",
      "/opt/homebrew/lib/softhsm/",
    ],
    // Homebrew's is not where the loader of macOS looks.
    proxies: ["p11-kit-proxy.so", "p11-kit-proxy.dylib", "/opt/homebrew/lib/p11-kit-proxy.dylib"],
  },
  // A path without a drive is one of the current drive, in whose root every user may make folders.
  windows: { suffixes: [".dll"], directories: [], proxies: ["p11-kit-proxy.dll"] },
};
