/**
 * `POST /sessions`: CreateSession.
 *
 * @see IAM Roles Anywhere API reference, "CreateSession"
 * @module
 */

import { parseArn } from "../../../core/aws/arn.ts";
import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { decideSession, type SessionAllowed } from "../../../core/decision/mod.ts";
import type { Operation, Outcome } from "../aws-service.ts";
import { loggedDecision } from "../roles-anywhere/decision-log.ts";
import { recordSubject } from "../roles-anywhere/record-subject.ts";
import { jsonAnswer } from "../protocols/service-error.ts";
import { refuse } from "../protocols/service-refusal.ts";
import type { Service } from "../service.ts";

/** Answers CreateSession. Secret: the answer holds credentials. */
export const CREATE_SESSION: Operation = {
  name: "CreateSession",
  readOnly: false,
  authentication: "certificate",
  rate: "sessions",
  async run(service, { request, requestId, sessionSeconds }) {
    const decision = await decideSession(request, service.sessionState(), service.decisionOptions);
    service.log.add(loggedDecision(decision, requestId, service.now()));
    if (decision.outcome === "deny") {
      if (decision.trusted !== undefined) await recordSubject(service, decision.trusted, true);
      throw refuse(decision.httpStatus, decision.code, decision.message);
    }
    const expiresMs = sessionSeconds === undefined
      ? Date.parse(decision.expiration)
      : Math.floor(service.now() / 1000 + sessionSeconds) * 1000;
    return await sessionOutcome(service, decision, expiresMs, requestId);
  },
};

async function sessionOutcome(
  service: Service,
  decision: SessionAllowed,
  expiresMs: number,
  requestId: string,
): Promise<Outcome> {
  const { role, sessionName, sourceIdentity, tags, sessionPolicies, packedPolicySize } = decision;
  const { partition, account, resource } = parseArn(role.arn);
  // STS leaves the path of the role out.
  const name = resource.slice(resource.lastIndexOf("/") + 1);
  const arn = `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`;
  const userId = `${role.id}:${sessionName}`;
  const expiration = `${new Date(expiresMs).toISOString().slice(0, 19)}Z`;
  const credentials = await service.vendor.issue({
    arn,
    userId,
    account,
    roleArn: role.arn,
    sourceIdentity,
    tags,
    policies: sessionPolicies,
    issuedMs: service.now(),
    expiresMs,
  });
  const subjectArn = await recordSubject(service, decision, false);
  const assumedRoleUser = { arn, assumedRoleId: userId };
  const element = { assumedRoleUser, packedPolicySize, roleArn: role.arn, sourceIdentity };
  const { accessKeyId } = credentials;
  return {
    response: jsonAnswer(
      201,
      { credentialSet: [{ ...element, credentials: { ...credentials, expiration } }], subjectArn },
      requestId,
    ),
    requestParameters: requestParameters(decision),
    responseElements: { credentialSet: [{ ...element, credentials: { accessKeyId, expiration } }], subjectArn },
  };
}

/** What was asked for; members that were not given are left out. */
function requestParameters({ certificate, parameters }: SessionAllowed): unknown {
  const { profileArn, roleArn, trustAnchorArn, durationSeconds, roleSessionName, instanceProperties } = parameters;
  return {
    profileArn,
    roleArn,
    trustAnchorArn,
    cert: encodeBase64(certificate.der),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(roleSessionName === undefined ? {} : { roleSessionName }),
    ...(Object.keys(instanceProperties).length === 0 ? {} : { instanceProperties }),
  };
}
