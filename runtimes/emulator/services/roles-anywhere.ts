/**
 * IAM Roles Anywhere (rest-json): its operations by method and path.
 *
 * @see IAM Roles Anywhere API reference, "Actions"
 * @module
 */

import type { AwsService, Operation } from "../aws-service.ts";
import { CREATE_SESSION } from "../routes/create-session.ts";
import { jsonFailure } from "../service-error.ts";
import { refuse } from "../service-refusal.ts";

/** An operation and where it is called. */
interface Route {
  readonly method: string;
  /** Segments in braces stand for identifiers: `/crl/{crlId}/enable`. */
  readonly path: string;
  readonly operation: Operation;
}

const ROUTES: readonly Route[] = [
  { method: "POST", path: "/sessions", operation: CREATE_SESSION },
];

/** The service. */
export const ROLES_ANYWHERE: AwsService = {
  name: "rolesanywhere",
  eventSource: "rolesanywhere.amazonaws.com",
  maxBodyOctets: 1_048_576,
  failure: jsonFailure,
  operation({ method, path }) {
    const route = ROUTES.find((candidate) => candidate.method === method && candidate.path === path);
    if (route === undefined) {
      throw refuse(404, "UnknownOperationException", `Unknown operation: ${method} ${path}`);
    }
    return route.operation;
  },
};
