/**
 * The files of the checkout, as the architecture tests look at them.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../support/capabilities.ts";

/** A file of the checkout; `path` is relative to the root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Folders that hold what is published. */
export const PUBLISHED = ["core", "runtimes", "hsm-bridge"] as const;

const NOT_OURS = new Set([".git", "node_modules", "dist"]);

/** Reads the files below the given folders (all folders, when none is given) that the filter accepts. */
export function readFiles(folders: readonly string[], accept: (path: string) => boolean): SourceFile[] {
  const paths = folders.length === 0 ? list("") : folders.flatMap(list);
  return paths.filter(accept).sort().map((path) => ({
    path,
    text: readFileSync(join(repositoryRoot(), path), "utf8"),
  }));
}

/** The TypeScript that is published. */
export function readPublishedSources(): SourceFile[] {
  return readFiles(PUBLISHED, (path) => path.endsWith(".ts"));
}

/** One file by its path, or undefined. */
export function readFileIfPresent(path: string): string | undefined {
  try {
    return readFileSync(join(repositoryRoot(), path), "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}

function list(folder: string): string[] {
  let entries;
  try {
    entries = readdirSync(join(repositoryRoot(), folder), { withFileTypes: true });
  } catch (error) {
    // `hsm-bridge` may not be built yet.
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw error;
  }
  return entries.flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : list(path);
    return entry.isFile() ? [path] : [];
  });
}
