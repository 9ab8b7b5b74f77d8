/**
 * `/_emulator/…`: what the emulator decided and why. AWS has no such paths.
 *
 * @module
 */

import { Hono } from "hono";
import { decideSession } from "../../../core/decision/mod.ts";
import { loggedDecision } from "../decision-log.ts";
import { receiveRequest } from "../received-request.ts";
import { jsonAnswer, jsonFailure } from "../service-error.ts";
import type { Service } from "../service.ts";

/** Largest request to explain, in octets of its body. */
const MAX_BODY_OCTETS = 65_536;

/**
 * The routes: `GET /decisions` lists the last decisions, the oldest first. `POST /explain` decides and explains a
 * CreateSession request, sent with the query, headers and body that it would have at `/sessions`; no credentials are
 * made and nothing is logged.
 */
export function inspectionRoutes(service: Service): Hono {
  const app = new Hono();
  app.get("/decisions", () => jsonAnswer(200, { decisions: service.log.decisions() }, service.identifiers.uuid()));
  app.post("/explain", async (c) => {
    const requestId = service.identifiers.uuid();
    const received = await receiveRequest(c.req.raw, MAX_BODY_OCTETS);
    if ("failure" in received) return jsonFailure(received.failure, requestId);
    const decision = await decideSession(received.request, service.sessionState(), service.decisionOptions);
    return jsonAnswer(200, loggedDecision(decision, requestId, service.now()), requestId);
  });
  app.notFound((c) => {
    const message = `The emulator has no page ${c.req.path}`;
    return jsonFailure({ status: 404, code: "NotFound", message }, service.identifiers.uuid());
  });
  return app;
}
