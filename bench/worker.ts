/**
 * The worker that is measured from outside: workerd's clock stands still within a request.
 *
 * `GET /plan` answers the groups by name, `GET /run?group=…&contender=…&operations=…` runs a batch.
 *
 * @module
 */

import { type Group, planOf, runBatch } from "./harness.ts";

/** A worker module over groups that are made by the first request: there is no randomness before it. */
export function benchWorker(makeGroups: () => Promise<Group[]>): { fetch(request: Request): Promise<Response> } {
  let groups: readonly Group[] | undefined;
  return {
    async fetch(request) {
      groups ??= await makeGroups();
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === "/plan") return Response.json(groups.map(planOf));
      const group = groups.find(({ name }) => name === searchParams.get("group"))!;
      const contender = group.contenders.find(({ name }) => name === searchParams.get("contender"))!;
      await runBatch(contender, Number(searchParams.get("operations")));
      return new Response("");
    },
  };
}
