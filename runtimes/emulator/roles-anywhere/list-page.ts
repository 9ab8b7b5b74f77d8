/**
 * Lists in pages (`nextToken`, `pageSize`). A token says where the next page begins by the age of the last resource of
 * this one: it holds when resources come and go, when the page size changes, and when the emulator starts anew.
 *
 * @module
 */

import { decodeBase64Url, encodeBase64Url } from "../../../core/bytes/base64.ts";
import { decodeUtf8, encodeUtf8 } from "../../../core/bytes/text.ts";
import type { Call } from "../aws-service.ts";
import { structureMember } from "../members/compound-members.ts";
import type { Member } from "../members/member.ts";
import { integerMember, textMember } from "../members/scalar-members.ts";
import { arnPrefix, byAge, ownRecords, type ResourceTable } from "./resource-scope.ts";
import { invalid } from "../protocols/rest-operation.ts";
import type { Service } from "../service.ts";
import type { Tables } from "../store/records.ts";

/** What is asked for. */
export interface ListInput {
  readonly nextToken?: string;
  readonly pageSize?: number;
}

/** The input of every list, which comes in the query. */
export const LIST_INPUT: Member<ListInput> = /* @__PURE__ */ structureMember<ListInput>({
  nextToken: /* @__PURE__ */ textMember({ least: 1, most: 10_000 }),
  pageSize: /* @__PURE__ */ integerMember({ least: 1, from: "text" }),
});

/** Resources of a page whose size nobody chose; the service's own number is not published (assumption). */
export const DEFAULT_PAGE_SIZE = 50;

/** One page. */
export interface Page<R> {
  readonly records: readonly R[];
  /** Absent on the last page. */
  readonly nextToken?: string;
}

/**
 * One page of the resources that a caller sees, the oldest first.
 *
 * @throws {ServiceRefusal} `ValidationException` for a token that no list of this kind gave this account
 */
export function listPage<T extends ResourceTable>(
  service: Service,
  call: Call,
  table: T,
  { nextToken, pageSize = DEFAULT_PAGE_SIZE }: ListInput,
): Page<Tables[T]> {
  const after = nextToken === undefined ? undefined : readToken(call, table, nextToken);
  const all = ownRecords(service, call, table);
  const records = after === undefined ? all : all.filter((record) => byAge(record, after) > 0);
  if (records.length <= pageSize) return { records };
  const page = records.slice(0, pageSize);
  const { createdAt, arn } = page.at(-1)!;
  return { records: page, nextToken: encodeBase64Url(encodeUtf8(`${table} ${createdAt} ${arn}`)) };
}

function readToken(
  call: Call,
  table: ResourceTable,
  token: string,
): { readonly createdAt: string; readonly arn: string } {
  const octets = decodeBase64Url(token);
  const [of, createdAt, arn, ...rest] = (octets === undefined ? undefined : decodeUtf8(octets))?.split(" ") ?? [];
  const ours = of === table && createdAt !== undefined && arn?.startsWith(arnPrefix(call)) === true &&
    rest.length === 0;
  if (!ours || !TIME.test(createdAt)) throw invalid("Invalid nextToken");
  return { createdAt, arn };
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
