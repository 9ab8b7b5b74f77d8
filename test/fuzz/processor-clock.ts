/**
 * The clock by which inputs are judged: other programs on the machine make none of them slow.
 *
 * @module
 */

import process from "node:process";

/** Processor time of this process; milliseconds. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
