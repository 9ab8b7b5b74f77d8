/**
 * How long the worst of ten thousand hostile chains takes, its certificates parsed and every default limit in force.
 *
 * A machine that does something else for a moment makes any chain the slowest: the slowest of each kind are tried again,
 * and the median of their times counts.
 *
 * @module
 */

import { isCoded } from "../core/base-error.ts";
import { validatePath } from "../core/path/mod.ts";
import { parseCertificate } from "../core/x509/mod.ts";
import { type HostileChain, hostileChains } from "./hostile-chains.ts";
import { RECORD } from "./inside.ts";
import { NOW_MS } from "./now.ts";
import type { Platform } from "./platform/platform.ts";

const CHAINS_OF_A_KIND = 2500;
const TRIED_AGAIN = 20;
const TRIES = 5;

/** Prints the milliseconds of the worst chain, by kind. */
export async function measureHostile({ crypto }: Platform): Promise<void> {
  const { root, kinds } = await hostileChains();
  const anchors = [parseCertificate(root)];
  const time = async ({ endEntity, intermediates }: HostileChain): Promise<number> => {
    const start = performance.now();
    try {
      await validatePath(parseCertificate(endEntity), {
        anchors,
        intermediates: intermediates.map(parseCertificate),
        time: NOW_MS,
        crypto,
        revocation: "skip",
      });
    } catch (error) {
      if (isCoded(error)) return performance.now() - start;
      throw error;
    }
    throw new Error("A hostile chain was accepted");
  };
  const worst: Record<string, number> = {};
  for (const [kind, chainAt] of Object.entries(kinds)) {
    const times: { readonly index: number; readonly milliseconds: number }[] = [];
    for (let index = 0; index < CHAINS_OF_A_KIND; index++) {
      times.push({ index, milliseconds: await time(chainAt(index)) });
    }
    times.sort((a, b) => b.milliseconds - a.milliseconds);
    worst[kind] = 0;
    for (const { index } of times.slice(0, TRIED_AGAIN)) {
      const again: number[] = [];
      for (let i = 0; i < TRIES; i++) again.push(await time(chainAt(index)));
      worst[kind] = Math.max(worst[kind]!, again.sort((a, b) => a - b)[TRIES >> 1]!);
    }
  }
  console.log(RECORD + JSON.stringify(worst));
}
