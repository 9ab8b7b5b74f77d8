/**
 * Where a symbolic link leads, as text.
 *
 * @module
 */

/** Links in a row after which the system, and so we, take them for a circle (Linux: path_resolution(7)). */
export const MAX_LINKS = 40;

/** The target seen from where the link's own path is seen. Each may have either slash on Windows. */
export function linkTarget(link: string, target: string): string {
  if (/^(?:[/\\]|[A-Za-z]:)/.test(target)) return target;
  return link.slice(0, Math.max(link.lastIndexOf("/"), link.lastIndexOf("\\")) + 1) + target;
}
