/**
 * What the backends read of their process, typed where Node's types are not.
 *
 * @module
 */

import { HsmError } from "../hsm-error.ts";
import type { ForeignPlatform } from "./foreign-functions.ts";

/** The part of `process` that Node and Bun share. */
export interface NodeProcess {
  /** As Node spells it: `win32`, `linux`, … */
  readonly platform: string;
  /** `x64`, `arm64`, … */
  readonly arch: string;
  /** Versions of the runtime's parts. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  /** A module that comes with the runtime; undefined when it does not. */
  getBuiltinModule?(name: string): unknown;
}

/** `process`, where there is one. */
export function nodeProcess(): NodeProcess | undefined {
  return (globalThis as { process?: NodeProcess }).process;
}

/**
 * The layout of C's types here.
 *
 * @param platform as Node (`win32`) or Deno (`windows`) spells it
 * @param arch as Node (`x64`, `arm64`) or Deno (`x86_64`, `aarch64`) spells it
 * @throws {HsmError} `ERR_HSM_FFI_UNAVAILABLE` when addresses are not 64 bits wide, or numbers big-endian
 */
export function foreignPlatform(platform: string, arch: string): ForeignPlatform {
  if (!/^(x64|arm64|riscv64|loong64|x86_64|aarch64|riscv64gc|loongarch64)$/.test(arch)) {
    throw new HsmError(
      "ERR_HSM_FFI_UNAVAILABLE",
      `Cannot call C libraries on ${arch}: use a runtime for a little-endian processor of 64 bits`,
    );
  }
  return platform === "win32" || platform === "windows" ? "windows" : "unix";
}
