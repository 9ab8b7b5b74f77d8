/**
 * The directory above a path. Directories are made one by one: `recursive` of Node's `mkdir` never ends where a file
 * system says of a directory that is there that it cannot hold another (`/proc`, automounted home directories).
 *
 * @module
 */

/** Without the slash at its end, which may be either on Windows; undefined when the path names none but the root. */
export function parentDirectory(path: string): string | undefined {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return end <= 0 ? undefined : path.slice(0, end);
}
