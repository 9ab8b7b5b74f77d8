/**
 * How long the worst of ten thousand hostile chains takes, its certificates parsed and every default limit in force.
 *
 * A machine that does something else for a moment makes any chain the slowest: the slowest of each kind are tried again,
 * and the median of their times counts. The first chains of a process meet code that is not compiled yet, and a chain is
 * not sent twice: of the first tries, the most processor time counts, compilers and collectors of other threads
 * included.
 *
 * @module
 */

import process from "node:process";

import { isCoded } from "../core/base-error.ts";
import { validatePath } from "../core/path/mod.ts";
import { parseCertificate } from "../core/x509/mod.ts";
import { type HostileChain, hostileChains } from "./hostile-chains.ts";
import { RECORD } from "./inside.ts";
import { NOW_MS } from "./now.ts";
import type { Platform } from "./platform/platform.ts";

const TRIED_AGAIN = 20;
const TRIES = 5;

interface Times {
  readonly milliseconds: number;
  /** Of all threads. */
  readonly processorMs: number;
}

/** Prints the milliseconds of the worst of so many chains, by kind. */
export async function measureHostile({ crypto }: Platform, chainsOfAKind: number): Promise<void> {
  const { root, kinds } = await hostileChains();
  const anchors = [parseCertificate(root)];
  const time = async ({ endEntity, intermediates }: HostileChain): Promise<Times> => {
    const startedWith = process.cpuUsage();
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
      if (!isCoded(error)) throw error;
      const milliseconds = performance.now() - start;
      const { user, system } = process.cpuUsage(startedWith);
      return { milliseconds, processorMs: (user + system) / 1000 };
    }
    throw new Error("A hostile chain was accepted");
  };
  const worst: Record<string, number> = {};
  for (const [kind, chainAt] of Object.entries(kinds)) {
    const times: (Times & { readonly index: number })[] = [];
    for (let index = 0; index < chainsOfAKind; index++) {
      times.push({ index, ...await time(chainAt(index)) });
    }
    worst[`${kind}, processor time of first tries`] = Math.max(...times.map(({ processorMs }) => processorMs));
    times.sort((a, b) => b.milliseconds - a.milliseconds);
    worst[kind] = 0;
    for (const { index } of times.slice(0, TRIED_AGAIN)) {
      const again: number[] = [];
      for (let i = 0; i < TRIES; i++) again.push((await time(chainAt(index))).milliseconds);
      worst[kind] = Math.max(worst[kind]!, again.sort((a, b) => a - b)[TRIES >> 1]!);
    }
  }
  console.log(RECORD + JSON.stringify(worst));
}
