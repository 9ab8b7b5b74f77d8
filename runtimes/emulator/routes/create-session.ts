/**
 * `POST /sessions`: CreateSession.
 *
 * @module
 */

import { parseArn } from "../../../core/aws/arn.ts";
import type { SessionAllowed } from "../../../core/decision/mod.ts";
import { decideSession } from "../../../core/decision/mod.ts";
import type { Operation } from "../aws-service.ts";
import { loggedDecision } from "../decision-log.ts";
import { jsonAnswer } from "../service-error.ts";
import { refuse } from "../service-refusal.ts";
import type { Service } from "../service.ts";
import { derivedUuid } from "../uuid.ts";

/** Answers CreateSession. Secret: the answer holds credentials. */
export const CREATE_SESSION: Operation = {
  name: "CreateSession",
  readOnly: false,
  authentication: "certificate",
  rate: "sessions",
  async run(service, { request, requestId }) {
    const decision = await decideSession(request, service.sessionState(), service.decisionOptions);
    service.log.add(loggedDecision(decision, requestId, service.now()));
    if (decision.outcome === "deny") throw refuse(decision.httpStatus, decision.code, decision.message);
    return { response: jsonAnswer(201, await sessionAnswer(service, decision), requestId) };
  },
};

async function sessionAnswer(service: Service, decision: SessionAllowed): Promise<unknown> {
  const { role, sessionName, sourceIdentity, tags, expiration, packedPolicySize } = decision;
  const { partition, account, resource } = parseArn(role.arn);
  // STS leaves the path of the role out.
  const arn = `arn:${partition}:sts::${account}:assumed-role/${
    resource.slice(resource.lastIndexOf("/") + 1)
  }/${sessionName}`;
  const userId = `${role.id}:${sessionName}`;
  const credentials = await service.vendor.issue({
    arn,
    userId,
    account,
    roleArn: role.arn,
    sourceIdentity,
    tags,
    policies: [],
    issuedMs: service.now(),
    expiresMs: Date.parse(expiration),
  });
  return {
    credentialSet: [{
      assumedRoleUser: { arn, assumedRoleId: userId },
      credentials: { ...credentials, expiration },
      packedPolicySize,
      roleArn: role.arn,
      sourceIdentity,
    }],
    subjectArn: subjectArn(service, decision),
  };
}

/** The subject's ARN: one for each subject name, in the region and account of the trust anchor. */
function subjectArn(service: Service, { trustAnchor, certificate }: SessionAllowed): string {
  const { partition, region, account } = parseArn(trustAnchor.arn);
  const key = service.sha256.digest(certificate.subject.der);
  return `arn:${partition}:rolesanywhere:${region}:${account}:subject/${derivedUuid(key)}`;
}
