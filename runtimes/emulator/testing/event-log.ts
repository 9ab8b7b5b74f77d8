/**
 * What was called, in the shape of CloudTrail's records.
 *
 * Assumptions: who calls CreateSession is nobody that CloudTrail knows (`Unknown`), and the record of STS that belongs to
 * it is that of a service's call. The emulator does not see addresses: every call comes from 127.0.0.1.
 *
 * @see CloudTrail user guide, "CloudTrail record contents"
 * @module
 */

import type { AwsService, Call, Operation, Outcome } from "../aws-service.ts";
import type { Caller } from "../access/caller.ts";
import type { LoggedDecision } from "../roles-anywhere/decision-log.ts";
import type { ServiceFailure } from "../protocols/service-error.ts";

/** One record; holds no secret. */
export type EventRecord = Readonly<Record<string, unknown>>;

/** A call and what became of it. */
export interface LoggedCall {
  readonly target: AwsService;
  readonly operation: Operation;
  readonly call: Call;
  /** The account that the call is counted for. */
  readonly account: string;
  /** When: milliseconds since the epoch. */
  readonly atMs: number;
  /** Absent when it failed. */
  readonly outcome?: Outcome;
  /** Absent when it did not. */
  readonly failure?: ServiceFailure;
  /** The decision about a CreateSession. */
  readonly decision?: LoggedDecision;
}

/** How long the input and the output of a call may be in a record, in characters; CloudTrail itself keeps more. */
const MAX_CHARACTERS = 16_384;

/** How many records are kept. */
const KEPT = 1000;

/** A ring of records, the oldest first. */
export class EventLog {
  #records: EventRecord[] = [];
  readonly #onEvent: ((record: EventRecord) => void) | undefined;

  /** @param onEvent told of every record */
  constructor(onEvent?: (record: EventRecord) => void) {
    this.#onEvent = onEvent;
  }

  /** Keeps the records of a call; the oldest make room. */
  add(records: readonly EventRecord[]): void {
    for (const record of records) {
      this.#records.push(record);
      this.#onEvent?.(record);
    }
    if (this.#records.length > 2 * KEPT) this.#records = this.#records.slice(-KEPT);
  }

  /** The last thousand, the oldest first. */
  records(): readonly EventRecord[] {
    return this.#records.slice(-KEPT);
  }

  /** Forgets all. */
  reset(): void {
    this.#records = [];
  }
}

/** The records of one call: its own, and for a session also the one of STS. */
export function eventRecords(logged: LoggedCall, uuid: () => string): readonly EventRecord[] {
  const { target, operation, call, account, atMs, outcome, failure, decision } = logged;
  const header = (name: string) => call.request.headers.find(([field]) => field.toLowerCase() === name)?.[1];
  const common = {
    eventVersion: "1.08",
    eventTime: `${new Date(atMs).toISOString().slice(0, 19)}Z`,
    awsRegion: call.region,
    eventType: "AwsApiCall",
    recipientAccountId: account,
  };
  const data = target.name === "s3" && !/Bucket/.test(operation.name);
  const own = {
    ...common,
    userIdentity: call.caller === undefined ? { type: "Unknown" } : userIdentity(call.caller),
    eventSource: target.eventSource,
    eventName: operation.name,
    sourceIPAddress: "127.0.0.1",
    userAgent: header("user-agent") ?? "-",
    ...(failure === undefined ? {} : { errorCode: failure.code, errorMessage: failure.message }),
    requestParameters: bounded("requestParameters", outcome?.requestParameters),
    responseElements: bounded("responseElements", outcome?.responseElements),
    requestID: call.requestId,
    eventID: uuid(),
    readOnly: operation.readOnly,
    managementEvent: !data,
    eventCategory: data ? "Data" : "Management",
    tlsDetails: { clientProvidedHostHeader: header("host") ?? "" },
  };
  const session = decision?.session;
  if (session === undefined) return [own];
  const { roleArn, sessionName, sourceIdentity, tags, durationSeconds } = session;
  return [own, {
    ...common,
    userIdentity: { type: "AWSService", invokedBy: "rolesanywhere.amazonaws.com" },
    eventSource: "sts.amazonaws.com",
    eventName: "AssumeRole",
    sourceIPAddress: "rolesanywhere.amazonaws.com",
    userAgent: "rolesanywhere.amazonaws.com",
    requestParameters: { roleArn, roleSessionName: sessionName, sourceIdentity, durationSeconds, principalTags: tags },
    responseElements: { sourceIdentity },
    requestID: call.requestId,
    eventID: uuid(),
    readOnly: true,
    managementEvent: true,
    eventCategory: "Management",
  }];
}

/** A member of a record, or CloudTrail's note that it is too large: a thousand of them are kept. */
function bounded(name: string, value: unknown): unknown {
  if (value === undefined) return null;
  const originalSize = JSON.stringify(value).length;
  return originalSize <= MAX_CHARACTERS ? value : { omitted: true, originalSize, reason: `${name} too large` };
}

function userIdentity({ kind, arn, userId, account, session }: Caller): EventRecord {
  if (kind === "user" || session === undefined) {
    const userName = arn.slice(arn.lastIndexOf("/") + 1);
    return { type: "IAMUser", principalId: userId, arn, accountId: account, userName };
  }
  const { roleArn, issuedMs, sourceIdentity } = session;
  return {
    type: "AssumedRole",
    principalId: userId,
    arn,
    accountId: account,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: userId.split(":")[0],
        arn: roleArn,
        accountId: account,
        userName: roleArn.slice(roleArn.lastIndexOf("/") + 1),
      },
      attributes: {
        creationDate: `${new Date(issuedMs).toISOString().slice(0, 19)}Z`,
        mfaAuthenticated: "false",
      },
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    },
  };
}
