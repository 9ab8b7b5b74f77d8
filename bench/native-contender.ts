/**
 * A peer that is no JavaScript: a program that does the same work so many times and prints how long it took. Its start is
 * not timed.
 *
 * @module
 */

import type { Contender } from "./harness.ts";
import { NOW_MS } from "./now.ts";
import type { Platform } from "./platform/platform.ts";

/** A compiled program. */
export interface NativeDriver {
  readonly name: string;
  readonly program: string;
}

/** The drivers as contenders, as far as they can do it, and where processes can be started. */
export function nativeContenders(
  { runProgram }: Platform,
  drivers: readonly NativeDriver[],
  task: "parse" | "verify",
  certificates: readonly Uint8Array[],
): Contender[] {
  if (runProgram === undefined) return [];
  const octets = certificates.map((der) => Array.from(der, (octet) => octet.toString(16).padStart(2, "0")).join(""));
  return drivers.flatMap(({ name, program }): Contender[] => {
    const batch = (operations: number): number => {
      const printed = runProgram(program, [task, String(operations), String(NOW_MS / 1000), ...octets]);
      return printed === undefined ? NaN : Number(printed);
    };
    return Number.isNaN(batch(1)) ? [] : [{ name, run: () => undefined, batch }];
  });
}
