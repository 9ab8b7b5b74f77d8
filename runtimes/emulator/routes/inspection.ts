/**
 * `/_emulator/…`: what the emulator decided and why. AWS has no such paths.
 *
 * @module
 */

import type { SessionRequest } from "../../../core/decision/mod.ts";
import { decideSession } from "../../../core/decision/mod.ts";
import { loggedDecision } from "../decision-log.ts";
import { jsonAnswer } from "../service-error.ts";
import type { Service } from "../service.ts";

/** `GET /_emulator/decisions`: the last decisions, the oldest first. */
export function listDecisions(service: Service, requestId: string): Response {
  return jsonAnswer(200, { decisions: service.log.decisions() }, requestId);
}

/**
 * `POST /_emulator/explain`: a CreateSession request sent here, with the query, headers and body that it would have at
 * `/sessions`, is decided and explained; no credentials are made and nothing is logged.
 */
export async function explain(service: Service, request: SessionRequest, requestId: string): Promise<Response> {
  const decision = await decideSession(request, service.state, service.decisionOptions);
  return jsonAnswer(200, loggedDecision(decision, requestId, service.now()), requestId);
}
