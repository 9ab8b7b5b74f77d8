/**
 * Where shared sessions are kept.
 *
 * @module
 */

import type { Host } from "../../host.ts";

/**
 * The directory that `ANYROLE_CACHE_DIR` names; else the platform's place for what can be made again:
 * `$XDG_CACHE_HOME/anyrole` or `~/.cache/anyrole` (XDG Base Directory Specification), `~/Library/Caches/anyrole` on
 * macOS, `%LOCALAPPDATA%\anyrole\cache` on Windows. Undefined where the environment names none of them.
 */
export function cacheDirectory(host: Pick<Host, "environment" | "platform">): string | undefined {
  const given = host.environment("ANYROLE_CACHE_DIR");
  if (given) return given;
  const below = (folder: string | undefined, path: string) => folder ? folder + path : undefined;
  if (host.platform === "windows") return below(host.environment("LOCALAPPDATA"), "\\anyrole\\cache");
  const home = host.environment("HOME");
  if (host.platform === "darwin") return below(home, "/Library/Caches/anyrole");
  const xdg = host.environment("XDG_CACHE_HOME");
  // "All paths set in these environment variables must be absolute", and others are to be ignored.
  return xdg?.startsWith("/") ? `${xdg}/anyrole` : below(home, "/.cache/anyrole");
}
