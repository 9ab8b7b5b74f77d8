/**
 * `doctor`: looks at everything that credentials depend on, and says what is wrong and what to do.
 *
 * @module
 */

import type { Host } from "../../host.ts";
import type { CommandCode } from "../commands.ts";
import { diagnose } from "../doctor-diagnosis.ts";
import { Findings } from "../doctor-finding.ts";
import { DOCTOR_EXCLUSIVE, DOCTOR_FLAGS, readDiagnosis, readSource } from "../doctor-flags.ts";
import { sessionFlags } from "../doctor-line.ts";
import { findingsJson, findingsText } from "../doctor-report.ts";
import type { FlagValues } from "../flags.ts";
import { unusableJson } from "../verify-report.ts";

/** The command. */
export const DOCTOR: CommandCode = {
  description:
    "Checks what credential-process needs: the line of a config file (--profile, --config-line) or the same flags;\n" +
    "files and who may read them, certificate, key, chain, revocation lists, ARNs, regions, environment, proxies, the\n" +
    "endpoint and the clock. Told about trust anchor, profile and role, it predicts the service's answer. Each error\n" +
    "and warning has a fix. One request is sent, without a signature; none with --offline. No secret is printed.\n\n" +
    "Ends with\n" +
    "  0  no errors, perhaps warnings\n" +
    "  1  errors were found\n" +
    "  2  could not look: a flag that cannot be used, no such profile",
  flags: DOCTOR_FLAGS,
  exclusive: DOCTOR_EXCLUSIVE,
  errorExitCode: 2,
  execute: doctor,
};

/** Secret: keys stay where they are; the line may hold a password, which is not told. */
async function doctor(host: Host, values: FlagValues): Promise<number> {
  const diagnosis = readDiagnosis(values);
  const source = readSource(values);
  const json = values.boolean("json");
  const findings = new Findings();
  try {
    await diagnose(host, sessionFlags(host, source, findings), diagnosis, findings);
  } catch (error) {
    if (json) await host.writeOutput(unusableJson(error));
    throw error;
  }
  await host.writeOutput(json ? findingsJson(findings) : findingsText(findings));
  return findings.count("error") > 0 ? 1 : 0;
}
