/**
 * The code blocks of the README and of the pages that it leads to, so that each can be run as it stands.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { repositoryRoot } from "../support/capabilities.ts";

/** A fenced block. */
export interface Block {
  /** The nearest heading above it, without the number signs. */
  readonly heading: string;
  /** `sh`, `js`, … */
  readonly language: string;
  /** What is between the fences. */
  readonly text: string;
}

/** The README, and the pages that hold what it has no room for. No two of them have a heading in common. */
export const PAGES: readonly string[] = [
  "README.md",
  "runtimes/cli/README.md",
  "runtimes/emulator/README.md",
  "hsm-bridge/README.md",
];

/** Every block in order. */
export function readmeBlocks(): readonly Block[] {
  const blocks: Block[] = [];
  const pattern = /^#+ (.+)$|^```(\w+)\n([\s\S]*?)^```$/gm;
  for (const page of PAGES) {
    let heading = "";
    for (const [, title, language, text] of readFileSync(join(repositoryRoot(), page), "utf8").matchAll(pattern)) {
      if (title !== undefined) heading = title;
      else blocks.push({ heading, language: language!, text: text! });
    }
  }
  return blocks;
}
