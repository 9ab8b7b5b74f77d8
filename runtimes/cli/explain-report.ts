/**
 * What `explain` prints. Every text of a certificate is escaped: it is a stranger's.
 *
 * @module
 */

import { visibleText } from "../../core/bytes/visible-text.ts";
import { denialAdvice } from "../../core/decision/denial-advice.ts";
import type { SessionDecision, TraceEntry } from "../../core/decision/mod.ts";
import type { PermissionDecision } from "../../core/policy/session-permissions.ts";

/** What was found out. */
export interface Explanation {
  readonly decision: SessionDecision;
  /** Whether the session may do what was asked; undefined: nobody asked, or there is no session. */
  readonly permission: ExplainedPermission | undefined;
}

/** Whether the session may do a thing. */
export interface ExplainedPermission {
  readonly action: string;
  readonly resource: string;
  readonly decision: PermissionDecision;
}

/** For people; ends with a line break. */
export function explanationText({ decision, permission }: Explanation): string {
  const lines = decision.outcome === "allow"
    ? [
      `allowed: ${decision.role.arn} as ${decision.sessionName}, source identity ${decision.sourceIdentity}, ` +
      `${decision.durationSeconds} seconds`,
      ...decision.tags.map(({ key, value }) => `  tag ${key} = ${value}`),
    ]
    : [`refused: ${decision.httpStatus} ${decision.code}: ${decision.message}`, `  to change: ${adviceOf(decision)}`];
  lines.push("checks:", ...decision.trace.flatMap(traceLines));
  if (permission !== undefined) lines.push(...permissionLines(permission));
  return lines.map((line) => `${visibleText(line)}\n`).join("");
}

function traceLines({ check, outcome, detail, source, warning }: TraceEntry): readonly string[] {
  const word = outcome === "fail" ? "FAIL" : outcome;
  return [
    `  ${word}  ${check}: ${detail}`,
    ...(warning === undefined ? [] : [`        warning: ${warning}`]),
    ...(outcome === "fail" ? [`        rule: ${source}`] : []),
  ];
}

function permissionLines({ action, resource, decision }: ExplainedPermission): readonly string[] {
  const answer = decision.outcome === "allow" ? "allowed" : "refused";
  return [`${action} on ${resource}: ${answer}`, ...decision.explanation.map((sentence) => `  ${sentence}`)];
}

/** What to change about the check that refused. */
function adviceOf({ trace }: SessionDecision): string {
  return denialAdvice(trace.find(({ outcome }) => outcome === "fail")!.check);
}

/** One JSON object and a line break. */
export function explanationJson({ decision, permission }: Explanation): string {
  const { outcome, trace } = decision;
  return JSON.stringify({
    outcome,
    ...(decision.outcome === "allow"
      ? {
        session: {
          roleArn: decision.role.arn,
          sessionName: decision.sessionName,
          sourceIdentity: decision.sourceIdentity,
          tags: Object.fromEntries(decision.tags.map(({ key, value }) => [key, value])),
          durationSeconds: decision.durationSeconds,
          expiration: decision.expiration,
          packedPolicySize: decision.packedPolicySize,
        },
      }
      : {
        httpStatus: decision.httpStatus,
        code: decision.code,
        message: decision.message,
        advice: adviceOf(decision),
      }),
    trace,
    ...(permission === undefined ? {} : {
      permission: {
        action: permission.action,
        resource: permission.resource,
        outcome: permission.decision.outcome,
        ...decidedBy(permission.decision),
        explanation: permission.decision.explanation,
      },
    }),
  }) + "\n";
}

function decidedBy({ decidedBy }: PermissionDecision): object {
  if (decidedBy === undefined) return {};
  const { policy, statement, source } = decidedBy;
  const { sid, index } = statement;
  return { decidedBy: { source, policy, statement: index, ...(sid === undefined ? {} : { sid }) } };
}
