/**
 * The WebAssembly component in a host of another language: Python's wasmtime gets credentials with it.
 *
 * @module
 */

import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { repositoryRoot } from "../support/capabilities.ts";
import { SESSION_ARNS } from "../support/local-service.ts";
import { assert } from "../support/suite.ts";
import { type InteropContext, type InteropItem, requireProgram } from "./interop.ts";

/** Items of this file. */
export function wasmComponentItems({ service, flags }: InteropContext): readonly InteropItem[] {
  return [{
    name: "wasmtime for Python: credentials through the WebAssembly component",
    quick: false,
    run: async () => {
      requireProgram("python3", ["-c", "import wasmtime.component"], "pip install wasmtime");
      const built = spawnSync(process.execPath, ["runtimes/wasm/build.mjs"], {
        cwd: repositoryRoot(),
        encoding: "utf8",
        timeout: 300_000,
      });
      assert.is(built.status, 0, built.stderr);
      const { trustAnchorArn, profileArn, roleArn } = SESSION_ARNS;
      const flag = (name: string): string => flags[flags.indexOf(name) + 1]!;
      // Compiling the engine takes wasmtime half a minute.
      const { stdout } = await promisify(execFile)("python3", [
        join(repositoryRoot(), "test/interop/wasm_component.py"),
        join(repositoryRoot(), "dist/wasm/anyrole.wasm"),
        flag("--certificate"),
        flag("--private-key"),
        flag("--intermediates"),
        trustAnchorArn,
        profileArn,
        roleArn,
        service.endpoint,
      ], { timeout: 300_000 });
      const [credentials, refusal] = stdout.trim().split("\n");
      assert.match(credentials!, /^ASIA\w{16} \d{12}$/);
      assert.match(refusal!, /^ERR_KEY_/);
    },
  }];
}
