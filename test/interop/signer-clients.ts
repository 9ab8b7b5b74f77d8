/**
 * Looks at a signer from every runtime: from this one, and from programs that the others run.
 *
 * @module
 */

import { join } from "node:path";
import { repositoryRoot } from "../support/capabilities.ts";
import { runProgram, runtimeProgram } from "../support/programs.ts";
import { Missing } from "./interop.ts";
import { placeFaults, type SignerPlace } from "./signer-subject.ts";

/** The runtimes that look at signers. */
export const SIGNER_CLIENTS = ["node20", "node", "deno", "bun"] as const;

/** Looks at the signer of a place from a runtime; throws what is wrong with it. */
export async function lookAtSigner(
  runtime: (typeof SIGNER_CLIENTS)[number],
  place: SignerPlace,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (runtime === "node20" && Object.keys(environment).length === 0) return report(await placeFaults(place));
  const { program, missing } = await runtimeProgram(runtime);
  if (program === undefined) throw new Missing(missing ?? `${runtime} is not on this machine`);
  const root = repositoryRoot();
  const source = join(root, "test", "interop", "signer-subject.ts");
  const args = runtime === "deno"
    ? ["run", "--quiet", "--config", join(root, "deno.json"), "--allow-all", source]
    : runtime === "bun"
    ? ["run", source]
    : [source];
  const { code, output, errors } = await runProgram([program, ...args], [], {
    ...environment,
    ANYROLE_SIGNER_PLACE: JSON.stringify(place),
  });
  const lines = new TextDecoder().decode(output).trim().split("\n");
  if (code !== 0 || lines.shift() !== "signatures looked at") {
    throw new Error(`${runtime} ended with ${code}: ${[...lines, errors].join("\n").slice(0, 2000)}`);
  }
}

function report(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join("; "));
}
