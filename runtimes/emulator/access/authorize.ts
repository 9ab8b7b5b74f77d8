/**
 * Whether a caller may do what an operation does: users may do everything in their account, sessions what the policies
 * of their role and the policies of the session both allow.
 *
 * @see IAM user guide, "Policy evaluation logic", "Session policies", "Troubleshoot access denied error messages"
 * @module
 */

import {
  decidePermission,
  type NamedPolicy,
  parsePolicy,
  type PermissionDecision,
  type PolicyDocument,
  requestContext,
  sessionContext,
  timeContext,
} from "../../../core/policy/mod.ts";
import type { Call } from "../aws-service.ts";
import type { Caller, CallerSession } from "./caller.ts";
import { managedPolicyDocument } from "./managed-policy.ts";
import type { Service } from "../service.ts";
import { refuse, type ServiceRefusal } from "../protocols/service-refusal.ts";

/** A condition key and its values. */
export type ContextEntry = readonly [key: string, values: string | readonly string[]];

/**
 * Lets the caller of a call do an action, or refuses it in the words of AWS.
 *
 * @param action `s3:PutObject`
 * @param resource ARN of what it is done to, or `*` for actions without one
 * @param context condition keys of this action, besides those of every request
 * @throws {ServiceRefusal} `AccessDenied` or `AccessDeniedException`
 */
export function authorize(
  service: Service,
  call: AuthorizedCall,
  action: string,
  resource: string,
  context: readonly ContextEntry[] = [],
): void {
  const { caller } = call;
  if (caller === undefined) throw new TypeError(`${action}: nobody is authenticated`);
  if (caller.session === undefined) return;
  const decision = sessionPermission(service, call, caller.session, action, resource, context);
  if (decision.outcome !== "allow") throw accessDenied(caller, action, resource, denialReason(decision, action));
}

/** What of a call says who calls. */
export type AuthorizedCall = Pick<Call, "caller" | "requestId" | "region">;

/** Asks the policies of a session, and keeps what they answer for the people who look. */
export function sessionPermission(
  service: Service,
  call: AuthorizedCall,
  session: CallerSession,
  action: string,
  resource: string,
  context: readonly ContextEntry[],
): PermissionDecision {
  const sources = {
    rolePolicies: rolePolicies(service, session),
    sessionPolicies: session.policies.map(({ name, document }): NamedPolicy => {
      const text = document ?? managedPolicyDocument(service.store, name);
      return { name, document: text === undefined ? allowingNothing() : parsePolicy(text, "permissions") };
    }),
  };
  const request = { action, resource, context: requestContext([...callerContext(service, call), ...context]) };
  const decision = decidePermission(sources, request);
  service.authorizations.add({
    requestId: call.requestId,
    at: new Date(service.now()).toISOString(),
    principal: call.caller!.arn,
    action,
    resource,
    outcome: decision.outcome,
    explanation: decision.explanation,
  });
  return decision;
}

/** Why a session may not, in the words of AWS. */
export function denialReason({ role, session, outcome }: PermissionDecision, action: string): string {
  if (outcome === "explicit-deny") {
    const kind = role.outcome === outcome ? "an identity-based" : "a session";
    return `with an explicit deny in ${kind} policy`;
  }
  const kind = role.outcome === "allow" && session !== undefined ? "session" : "identity-based";
  return `because no ${kind} policy allows the ${action} action`;
}

/** Condition keys that every request of this caller has. */
export function callerContext(service: Service, call: AuthorizedCall): ContextEntry[] {
  const { arn, account, userId, session } = call.caller!;
  return [
    ...timeContext(service.now()),
    ["aws:RequestedRegion", call.region],
    // AWS has no endpoint in plain text for these services but S3's; what reaches the emulator counts as protected.
    ["aws:SecureTransport", "true"],
    ["aws:ViaAWSService", "false"],
    ...(session === undefined
      ? [
        ["aws:PrincipalArn", arn],
        ["aws:PrincipalAccount", account],
        ["aws:PrincipalType", "User"],
        ["aws:PrincipalIsAWSService", "false"],
        ["aws:userid", userId],
        ["aws:username", arn.slice(arn.lastIndexOf("/") + 1)],
      ] as const
      : sessionContext({ ...session, userId })),
  ];
}

/** The refusal of an action, in the words and with the code of the service that the action belongs to. */
export function accessDenied(caller: Caller, action: string, resource: string, reason: string = ""): ServiceRefusal {
  const prefix = action.slice(0, action.indexOf(":"));
  const named = prefix === "s3" ? `"${resource}"` : resource;
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${named} ${reason}`.trim();
  // The emulator asks for iam:PassRole on behalf of IAM Roles Anywhere alone.
  const { status, code } = DENIALS[action === "iam:PassRole" ? "rolesanywhere" : prefix] ?? DENIALS["s3"]!;
  return refuse(status, code, message);
}

function rolePolicies(service: Service, session: CallerSession): NamedPolicy[] {
  const role = service.store.get("roles", session.roleArn);
  // The sessions of a role that is gone may do nothing any more.
  if (role === undefined) return [];
  const policies = Object.entries(role.policies);
  for (const arn of role.attachedPolicyArns) {
    const document = managedPolicyDocument(service.store, arn);
    if (document !== undefined) policies.push([arn, document]);
  }
  return policies.map(([name, document]) => ({ name, document: parsePolicy(document, "permissions") }));
}

/** What stands for a session policy that is gone: without it the session would be unrestricted. */
function allowingNothing(): PolicyDocument {
  return parsePolicy({ Statement: { Effect: "Deny", NotAction: "*", Resource: "*" } }, "permissions");
}

const DENIALS: Readonly<Record<string, { readonly status: number; readonly code: string }>> = {
  s3: { status: 403, code: "AccessDenied" },
  sts: { status: 403, code: "AccessDenied" },
  iam: { status: 403, code: "AccessDenied" },
  rolesanywhere: { status: 403, code: "AccessDeniedException" },
  "acm-pca": { status: 400, code: "AccessDeniedException" },
};
