/**
 * `POST /sessions`: CreateSession.
 *
 * @module
 */

import { parseArn } from "../../../core/aws/arn.ts";
import type { SessionAllowed, SessionRequest } from "../../../core/decision/mod.ts";
import { decideSession } from "../../../core/decision/mod.ts";
import { loggedDecision } from "../decision-log.ts";
import { jsonAnswer, jsonFailure } from "../service-error.ts";
import type { Service } from "../service.ts";
import { derivedUuid } from "../uuid.ts";

/** Answers CreateSession. Secret: the answer holds credentials. */
export async function createSession(service: Service, request: SessionRequest, requestId: string): Promise<Response> {
  const decision = await decideSession(request, service.state, service.decisionOptions);
  service.log.add(loggedDecision(decision, requestId, service.now()));
  if (decision.outcome === "deny") {
    return jsonFailure({ status: decision.httpStatus, code: decision.code, message: decision.message }, requestId);
  }
  return jsonAnswer(201, await sessionAnswer(service, decision), requestId);
}

async function sessionAnswer(service: Service, decision: SessionAllowed): Promise<unknown> {
  const { role, sessionName, sourceIdentity, tags, expiration, packedPolicySize } = decision;
  const { partition, account, resource } = parseArn(role.arn);
  // STS leaves the path of the role out.
  const arn = `arn:${partition}:sts::${account}:assumed-role/${
    resource.slice(resource.lastIndexOf("/") + 1)
  }/${sessionName}`;
  const userId = `${role.id}:${sessionName}`;
  const expiresMs = Date.parse(expiration);
  const credentials = await service.vendor.issue({ arn, userId, account, sourceIdentity, tags, expiresMs });
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
