/**
 * Everything that `doctor` looks at, in order.
 *
 * @module
 */

import type { Host } from "../host.ts";
import {
  checkCertificate,
  checkChainFiles,
  checkTrust,
  type Presented,
  presented,
  presentedByFile,
} from "./doctor-certificate.ts";
import { checkEnvironment } from "./doctor-environment.ts";
import { checkIdentity } from "./doctor-files.ts";
import type { Findings } from "./doctor-finding.ts";
import type { Diagnosis } from "./doctor-flags.ts";
import { checkNetwork } from "./doctor-network.ts";
import { predict } from "./doctor-prediction.ts";
import { checkRequest } from "./doctor-request.ts";
import type { FlagValues } from "./flags.ts";

/**
 * Checks everything.
 *
 * @param values the flags of the session; undefined: they are not known, and only the environment can be looked at
 */
export async function diagnose(
  host: Host,
  values: FlagValues | undefined,
  diagnosis: Diagnosis,
  findings: Findings,
): Promise<void> {
  if (values === undefined) return checkEnvironment(host, undefined, undefined, findings);
  const identity = await checkIdentity(host, values, findings);
  const shown = identity === undefined ? fromFile(host, values) : presented(identity);
  if (shown !== undefined) {
    checkCertificate(shown, host.now(), findings);
    checkChainFiles(host, values, shown, findings);
    await checkTrust(host, diagnosis, shown, findings);
  }
  const endpoint = await checkRequest(host, values, findings);
  checkEnvironment(host, values, endpoint, findings);
  if (!diagnosis.offline && endpoint !== undefined) await checkNetwork(host, values, endpoint, findings);
  if (shown !== undefined) await predict(host, values, diagnosis, shown, findings);
}

/** The certificate alone; why the identity could not be made has been said. */
function fromFile(host: Host, values: FlagValues): Presented | undefined {
  try {
    return presentedByFile(host, values);
  } catch {
    return undefined;
  }
}
