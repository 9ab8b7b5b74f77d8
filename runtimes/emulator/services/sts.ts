/**
 * STS (query protocol): its operations by the form's `Action`.
 *
 * @see STS API reference, "Actions", "Common errors"
 * @module
 */

import type { AwsService, Operation } from "../aws-service.ts";
import { decodeUtf8 } from "../../../core/bytes/text.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import { GET_CALLER_IDENTITY } from "../routes/sts.ts";
import { xmlFailure } from "../service-error.ts";
import { refuse } from "../service-refusal.ts";

const VERSION = "2011-06-15";

const OPERATIONS: readonly Operation[] = [GET_CALLER_IDENTITY];

/** The service. */
export const STS: AwsService = {
  name: "sts",
  eventSource: "sts.amazonaws.com",
  maxBodyOctets: 65_536,
  failure: xmlFailure,
  operation(request) {
    const parameters = queryParameters(request);
    const action = parameters.get("Action");
    if (action === null) throw refuse(400, "MissingAction", "The request is missing an Action parameter.");
    const version = parameters.get("Version") ?? VERSION;
    const operation = OPERATIONS.find(({ name }) => name === action);
    if (operation === undefined || version !== VERSION) {
      throw refuse(400, "InvalidAction", `Could not find operation ${action} for version ${version}`);
    }
    return operation;
  },
};

/** The parameters of a query protocol: of the query, and of the form of a POST. */
export function queryParameters(request: SessionRequest): URLSearchParams {
  const parameters = new URLSearchParams(request.query);
  const form = request.method === "POST" ? decodeUtf8(request.body) ?? "" : "";
  for (const [name, value] of new URLSearchParams(form)) parameters.append(name, value);
  return parameters;
}
