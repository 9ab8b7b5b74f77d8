/**
 * Topic `who-can`: which of the sessions may do a thing.
 *
 * A question is an action on an object of S3, by a session of each role, with the tags of its certificate: whether the object is in its own folder. Its role's
 * policy has so many statements, of which the last allows: each has patterns, a condition, and a resource with a variable
 * of the session's tag. Two kinds of growth: more statements for one session, and more sessions for policies of ten
 * statements. No limit is nearer than the growth itself: to look at a thing twice as long is linear.
 *
 * @module
 */

import {
  decidePermission,
  parsePolicy,
  type PermissionSources,
  requestContext,
  sessionContext,
  timeContext,
} from "../core/policy/mod.ts";
import type { Contender, Group } from "./harness.ts";
import { NOW_MS } from "./now.ts";

const STATEMENTS = [1, 10, 50];
const ROLES = [1, 10, 100, 1000];
const STATEMENTS_OF_A_ROLE = 10;

/** Groups of this topic. */
export async function whoCanGroups(): Promise<Group[]> {
  return [
    growing("one session, by statements", "statements", STATEMENTS, (count) => asking(1, count)),
    growing("10 statements each, by sessions", "sessions", ROLES, (count) => asking(count, STATEMENTS_OF_A_ROLE)),
  ];
}

function growing(
  name: string,
  parameter: string,
  counts: readonly number[],
  asked: (count: number) => Contender["run"],
): Group {
  const contenders = counts.map((count) => ({ name: `${count} ${parameter}`, run: asked(count) }));
  const [least, ...more] = contenders;
  return {
    name,
    unit: "ops/s",
    contenders,
    comparisons: more.map((contender) => ({ name: contender.name, against: least!.name })),
    growth: { parameter, sizes: Object.fromEntries(counts.map((count) => [`${count} ${parameter}`, count])) },
  };
}

/** Asks the sessions of so many roles in turn; the two whose folders they are may. */
function asking(roles: number, statements: number): () => number {
  const sessions = Array.from({ length: roles }, (_, role) => ({
    sources: sourcesOf(role, statements),
    context: requestContext([
      ...sessionContext({
        roleArn: `arn:aws:iam::123456789012:role/Role${role}`,
        userId: `AROAEXAMPLE${role}:session`,
        tags: [{ key: "x509Subject/CN", value: `server-${role}` }],
        issuedMs: NOW_MS,
      }),
      ...timeContext(NOW_MS),
    ]),
  }));
  const ask = (): number => {
    let able = 0;
    for (const [role, { sources, context }] of sessions.entries()) {
      const resource = `arn:aws:s3:::example/server-${role & 1}/report.csv`;
      if (decidePermission(sources, { action: "s3:PutObject", resource, context }).outcome === "allow") able++;
    }
    return able;
  };
  if (ask() !== Math.min(roles, 2)) throw new Error("others may than those whose folder it is");
  return ask;
}

function sourcesOf(role: number, statements: number): PermissionSources {
  const statement = Array.from({ length: statements }, (_, at) => ({
    Effect: "Allow",
    Action: at === statements - 1 ? ["s3:GetObject", "s3:Put*"] : ["s3:List*", `dynamodb:Action${at}*`],
    Resource: at === statements - 1
      ? "arn:aws:s3:::example/${aws:PrincipalTag/x509Subject/CN}/*"
      : `arn:aws:s3:::example-${at}-*/*`,
    Condition: { StringLike: { "aws:PrincipalTag/x509Subject/CN": "server-*" } },
  }));
  const document = parsePolicy({ Version: "2012-10-17", Statement: statement }, "permissions", { maxSize: 100_000 });
  return { rolePolicies: [{ name: `policy of ${role}`, document }], sessionPolicies: [] };
}
