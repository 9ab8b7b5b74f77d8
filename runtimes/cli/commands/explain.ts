/**
 * `explain`: what IAM Roles Anywhere would say to a certificate, and why.
 *
 * @module
 */

import {
  decideSession,
  DECISION_PRESETS,
  type DecisionOptions,
  explainSession,
  type SessionAllowed,
  type SessionDecision,
} from "../../../core/decision/mod.ts";
import { parsePolicy } from "../../../core/policy/policy-document.ts";
import { requestContext } from "../../../core/policy/request-context.ts";
import { sessionContext, timeContext } from "../../../core/policy/session-context.ts";
import { decidePermission, type NamedPolicy } from "../../../core/policy/session-permissions.ts";
import type { Host } from "../../host.ts";
import type { CommandCode } from "../commands.ts";
import { EXPLAIN_EXCLUSIVE, EXPLAIN_FLAGS, type ExplainRequest, readExplainRequest } from "../explain-flags.ts";
import { type KnownService, readKnownFiles } from "../explain-inputs.ts";
import { readKnownState } from "../explain-state.ts";
import { type ExplainedPermission, explanationJson, explanationText } from "../explain-report.ts";
import type { FlagValues } from "../flags.ts";
import { readHttpRequest } from "../http-request-file.ts";
import { certificatesOf } from "../input-files.ts";

/** The command. */
export const EXPLAIN: CommandCode = {
  description:
    "Says what IAM Roles Anywhere would answer to CreateSession with a certificate, check by check, and what to\n" +
    "change when it would refuse. Nothing is sent: trust anchor, lists, profile and role are files, as they are or as\n" +
    "the AWS CLI prints them, or the state of anyrole emulator.\n\n" +
    "With --action it also says whether the session may do a thing, and which policy decides.\n\n" +
    "Ends with\n" +
    "  0  allowed, the action too\n" +
    "  1  refused\n" +
    "  2  could not say: a file or a flag cannot be used",
  flags: EXPLAIN_FLAGS,
  exclusive: EXPLAIN_EXCLUSIVE,
  errorExitCode: 2,
  execute: explain,
};

async function explain(host: Host, values: FlagValues): Promise<number> {
  const request = readExplainRequest(values, host.now());
  const known = await readKnown(host, request);
  const decision = await decide(host, request, known);
  const permission = decision.outcome === "allow" ? permissionOf(request, known, decision) : undefined;
  const report = request.json ? explanationJson : explanationText;
  await host.writeOutput(report({ decision, permission }));
  return decision.outcome === "allow" && (permission?.decision.outcome ?? "allow") === "allow" ? 0 : 1;
}

async function readKnown(host: Host, request: ExplainRequest): Promise<KnownService> {
  if (!("state" in request.known)) return readKnownFiles(host, request.known, request);
  return await readKnownState(host, request.known.state, request);
}

async function decide(host: Host, request: ExplainRequest, { state, arns }: KnownService): Promise<SessionDecision> {
  const { asker, durationSeconds, roleSessionName } = request;
  const options: DecisionOptions = {
    ...DECISION_PRESETS[request.preset],
    now: () => request.time,
    crypto: host.crypto(),
    sha256: host.sha256,
  };
  if ("request" in asker) return await decideSession(readHttpRequest(host, asker.request), state, options);
  const [certificate, ...rest] = certificatesOf(host, asker.certificate);
  const parameters = {
    ...arns,
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(roleSessionName === undefined ? {} : { roleSessionName }),
  };
  const chain = [...rest, ...asker.intermediates.flatMap((path) => certificatesOf(host, path))];
  return await explainSession({ certificate: certificate!, chain, parameters }, state, options);
}

/** Whether the session may do what is asked; undefined: nobody asks. */
function permissionOf(
  { action: asked, time }: ExplainRequest,
  { rolePolicies }: KnownService,
  { role, tags, sourceIdentity, sessionName, sessionPolicies }: SessionAllowed,
): ExplainedPermission | undefined {
  if (asked === undefined) return undefined;
  const { name: action, resource, context } = asked;
  const decision = decidePermission({
    rolePolicies,
    sessionPolicies: sessionPolicies.map(({ name, document }): NamedPolicy => ({
      name,
      document: parsePolicy(document, "permissions"),
    })),
  }, {
    action,
    resource,
    context: requestContext([
      ...timeContext(time),
      ["aws:SecureTransport", "true"],
      ...sessionContext({
        roleArn: role.arn,
        userId: `${role.id}:${sessionName}`,
        sourceIdentity,
        tags,
        issuedMs: time,
      }),
      ...context,
    ]),
  });
  return { action, resource, decision };
}
