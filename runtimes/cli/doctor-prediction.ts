/**
 * What the service would answer, as far as `doctor` is told about it.
 *
 * @module
 */

import { denialAdvice } from "../../core/decision/denial-advice.ts";
import { DECISION_PRESETS, explainSession } from "../../core/decision/mod.ts";
import type { Host } from "../host.ts";
import type { Presented } from "./doctor-certificate.ts";
import type { Findings } from "./doctor-finding.ts";
import type { Diagnosis } from "./doctor-flags.ts";
import { type KnownService, readKnownFiles } from "./explain-inputs.ts";
import type { FlagValues } from "./flags.ts";

/** Predicts the answer to CreateSession, where trust anchor and role are given. */
export async function predict(
  host: Host,
  values: FlagValues,
  { trustAnchor, role, lists, profileFile, sessionPolicies }: Diagnosis,
  { certificate, chain }: Presented,
  findings: Findings,
): Promise<void> {
  const missing = [...(trustAnchor === undefined ? ["trust-anchor"] : []), ...(role === undefined ? ["role"] : [])];
  if (trustAnchor === undefined || role === undefined) {
    findings.ok(
      "service",
      "prediction",
      `none: no ${missing.join(" and no ")} is given`,
      `pass ${missing.map((flag) => `--${flag}`).join(", ")} and --profile-file: what the AWS CLI prints about them`,
    );
    return;
  }
  const durationSeconds = values.integer("session-duration");
  const roleSessionName = values.text("role-session-name");
  let known: KnownService;
  try {
    const files = { trustAnchor, lists, profile: profileFile, role, rolePolicies: [], sessionPolicies };
    known = readKnownFiles(host, files, {
      asker: { certificate: "", intermediates: [] },
      known: files,
      trustAnchorArn: values.text("trust-anchor-arn"),
      profileArn: values.text("profile-arn"),
      roleArn: values.text("role-arn"),
      durationSeconds,
      roleSessionName,
      action: undefined,
      time: host.now(),
      preset: "documented",
      json: false,
    });
  } catch (error) {
    findings.failure("service", "prediction", error, "give what the AWS CLI prints: get-trust-anchor, get-role, …");
    return;
  }
  const parameters = {
    ...known.arns,
    durationSeconds,
    ...(roleSessionName === undefined ? {} : { roleSessionName }),
  };
  const decision = await explainSession({ certificate, chain, parameters }, known.state, {
    ...DECISION_PRESETS.documented,
    now: host.now,
    crypto: host.crypto(),
    sha256: host.sha256,
  });
  if (decision.outcome === "allow") {
    findings.ok("service", "prediction", `allowed: ${decision.role.arn} for ${decision.durationSeconds} seconds`);
  } else {
    const { check, detail } = decision.trace.find(({ outcome }) => outcome === "fail")!;
    findings.error(
      "service",
      "prediction",
      `refused: ${decision.httpStatus} ${decision.code}: ${decision.message}`,
      `${check}: ${detail}`,
      denialAdvice(check),
    );
  }
  for (const { check, warning } of decision.trace) {
    if (warning !== undefined) {
      findings.warning("service", check, warning, "the service may see it so", denialAdvice(check));
    }
  }
}
