/**
 * `exec`: a program with credentials in its environment.
 *
 * @module
 */

import type { Host } from "../../host.ts";
import { CACHE_FLAGS, cacheOfFlags } from "../cache-flags.ts";
import type { CommandCode } from "../commands.ts";
import { credentialVariables, RIVAL_VARIABLES } from "../credential-variables.ts";
import { errorLine } from "../error-line.ts";
import { CREDENTIAL_EXCLUSIONS, CREDENTIAL_FLAGS } from "../flag-tables.ts";
import type { FlagValues } from "../flags.ts";
import { logLine } from "../log-line.ts";
import { oneSession } from "../session-maker.ts";
import { UsageError } from "../usage-error.ts";

/** The command. */
export const EXEC: CommandCode = {
  description:
    "Runs a program with credentials in its environment, on the same standard streams and without a shell; answers its " +
    "exit code, 128 and the signal's number when a signal ended it, 127 when there is no such program, 126 when it " +
    "does not start. The credentials are not replaced: --session-duration is how long it can use them; for longer runs " +
    "let it use serve.",
  flags: /* @__PURE__ */ CREDENTIAL_FLAGS.concat(CACHE_FLAGS),
  exclusive: CREDENTIAL_EXCLUSIONS,
  takesProgram: true,
  execute: exec,
};

/** Secret: credentials go into the program's environment and nowhere else. */
async function exec(host: Host, values: FlagValues): Promise<number> {
  const [program, ...args] = values.program;
  if (program === undefined) {
    throw new UsageError(
      "ERR_USAGE_MISSING_PROGRAM",
      "the program to run is missing: it stands behind --, as in exec --certificate … -- aws s3 ls",
    );
  }
  // What holds the key is closed before the program runs, which may be for hours.
  const variables = credentialVariables(host, values, await oneSession(host, values, cacheOfFlags(host, values)));
  try {
    return await host.runProgram([program, ...args], {
      ...Object.fromEntries(RIVAL_VARIABLES.map((name) => [name, undefined])),
      ...Object.fromEntries(variables),
    });
  } catch (error) {
    const exitCode = EXIT_CODES.get((error as { code?: unknown }).code);
    if (exitCode === undefined) throw error;
    host.writeError(logLine(host.now(), errorLine(error)));
    return exitCode;
  }
}

/** Those of POSIX shells (POSIX.1-2017, Shell Command Language §2.8.2). */
const EXIT_CODES: ReadonlyMap<unknown, number> = /* @__PURE__ */ new Map([
  ["ERR_PROGRAM_NOT_FOUND", 127],
  ["ERR_PROGRAM_NOT_STARTED", 126],
]);
