/**
 * The code blocks of the README, so that each can be run as it stands.
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

/** Every block in order. */
export function readmeBlocks(): readonly Block[] {
  const readme = readFileSync(join(repositoryRoot(), "README.md"), "utf8");
  const blocks: Block[] = [];
  let heading = "";
  const pattern = /^#+ (.+)$|^```(\w+)\n([\s\S]*?)^```$/gm;
  for (const [, title, language, text] of readme.matchAll(pattern)) {
    if (title !== undefined) heading = title;
    else blocks.push({ heading, language: language!, text: text! });
  }
  return blocks;
}
