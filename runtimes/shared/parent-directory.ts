/**
 * The directory above a path.
 *
 * @module
 */

/** Without the slash at its end, which may be either on Windows; undefined when the path names none but the root. */
export function parentDirectory(path: string): string | undefined {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return end <= 0 ? undefined : path.slice(0, end);
}
