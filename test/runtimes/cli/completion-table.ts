/**
 * Commands with every kind of flag, for the golden completion scripts.
 *
 * @module
 */

import type { CompletionCommand } from "../../../runtimes/cli/completion-script.ts";

/** The commands. */
export const TABLE: readonly CompletionCommand[] = [
  {
    name: "make",
    summary: "Make it's thing",
    takesProgram: true,
    flags: [
      { name: "certificate", type: "string", help: "File: PEM [or DER]" },
      { name: "format", type: "string", oneOf: ["json", "text"], help: "json or 'text'" },
      { name: "role", type: "string", repeatable: true, help: "A \\ role" },
      { name: "port", type: "integer", help: "A port" },
      { name: "debug", type: "boolean", help: "Say more" },
    ],
  },
  { name: "cache list", summary: "List", flags: [{ name: "json", type: "boolean", help: "JSON" }] },
  { name: "cache clear", summary: "Clear", flags: [] },
];
