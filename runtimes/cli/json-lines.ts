/**
 * Standard error with `--json`: one JSON object a line, `{"error":…}` for what ended the command and `{"note":…}` for
 * everything else.
 *
 * @module
 */

import { visibleText } from "../../core/bytes/visible-text.ts";
import type { Host } from "../host.ts";

/** The same host, whose diagnostics are notes. */
export function notingHost(host: Host): Host {
  return {
    ...host,
    writeError: (text) => {
      for (const line of text.split("\n").map((each) => each.trim()).filter(Boolean)) {
        // The time is told as one of no zone.
        const message = line.replace(/^(?:SDK )?\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /, "");
        host.writeError(
          jsonLine({ note: { time: new Date(host.now()).toISOString(), message: visibleText(message) } }),
        );
      }
    },
  };
}

/** An error: its code, its message, and its operands where it has some. Errors hold no secrets. */
export function errorJson(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  const operands = error instanceof Error ? operandsOf(error) : {};
  return jsonLine({
    error: {
      ...(typeof code === "string" ? { code } : {}),
      message: visibleText(error instanceof Error ? error.message : String(error)),
      ...(Object.keys(operands).length === 0 ? {} : { operands }),
    },
  });
}

/** Fields that are texts, numbers, truth values or lists of such. */
function operandsOf(error: Error): Record<string, unknown> {
  const operands: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(error)) {
    if (["name", "code", "message", "stack", "cause"].includes(name)) continue;
    const plain = Array.isArray(value) && value.every(isPlain)
      ? value.map(shown)
      : isPlain(value)
      ? shown(value)
      : undefined;
    if (plain !== undefined) operands[name] = plain;
  }
  return operands;
}

function isPlain(value: unknown): boolean {
  return ["string", "number", "boolean", "bigint"].includes(typeof value);
}

function shown(value: unknown): unknown {
  return typeof value === "string" ? visibleText(value) : typeof value === "bigint" ? String(value) : value;
}

function jsonLine(value: object): string {
  return JSON.stringify(value) + "\n";
}
