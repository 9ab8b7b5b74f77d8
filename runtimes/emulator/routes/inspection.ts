/**
 * `/_emulator/…`: what the emulator holds and decided, and what a tester may do to it. AWS has no such paths.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { decodeUtf8 } from "../../../core/bytes/text.ts";
import { decideSession } from "../../../core/decision/mod.ts";
import type { ClockCommand } from "../testing/clock.ts";
import { loggedDecision } from "../roles-anywhere/decision-log.ts";
import type { Fault } from "../testing/faults.ts";
import { inspectionRefusal } from "../testing/inspection-guard.ts";
import { overviewPage, PAGE_HEADERS } from "../pages/overview.ts";
import { receiveRequest } from "../protocols/received-request.ts";
import { jsonAnswer, jsonFailure } from "../protocols/service-error.ts";
import { refuse, ServiceRefusal } from "../protocols/service-refusal.ts";
import type { Service } from "../service.ts";

/** Largest request to explain, in octets of its body. */
const MAX_BODY_OCTETS = 65_536;

/** What the routes need besides the service. */
export interface InspectionOptions {
  /** Goes back to the beginning. */
  reset(): Promise<void>;
  /** Host names under which the routes answer, besides those of loopback. */
  readonly hosts: readonly string[];
}

/**
 * The routes.
 *
 * - `GET /`: a page with everything, for people
 * - `GET /decisions`: the last decisions, the oldest first
 * - `GET /events`: the last records of the event log, the oldest first
 * - `GET /metrics`: figures in Prometheus's text format
 * - `GET`, `PUT /clock`: how the clock goes
 * - `GET`, `PUT`, `DELETE /faults`: failures on demand
 * - `POST /reset`: back to the beginning
 * - `POST /explain`: decides and explains a CreateSession request, sent with the query, headers and body that it would
 *   have at `/sessions`; no credentials are made and nothing is logged
 */
export function inspectionRoutes(service: Service, { reset, hosts }: InspectionOptions): Hono {
  const app = new Hono();
  const answer = (body: unknown) => jsonAnswer(200, body, service.identifiers.uuid());
  app.use("*", async (c, next) => {
    const failure = inspectionRefusal(c.req.raw, hosts);
    if (failure !== undefined) return jsonFailure(failure, service.identifiers.uuid());
    return await next();
  });
  app.get("/", (c) => c.html(overviewPage(service), 200, PAGE_HEADERS));
  app.get("/decisions", () => answer({ decisions: service.log.decisions() }));
  app.get("/events", () => answer({ Records: service.events.records() }));
  app.get("/metrics", (c) => {
    const type = "text/plain; version=0.0.4; charset=utf-8";
    return c.body(service.metrics.text(service.store, service.now()), 200, { "content-type": type });
  });
  app.get("/clock", () => answer(clockState(service)));
  app.put("/clock", async (c) => {
    const command = await bodyOf(c, service) as ClockCommand;
    await told(() => service.clock.set(command));
    return answer(clockState(service));
  });
  app.get("/faults", () => answer({ faults: service.faults.list() }));
  app.put("/faults", async (c) => {
    const { faults } = await bodyOf(c, service) as { readonly faults?: readonly Fault[] };
    await told(() => service.faults.set(faults!));
    return answer({ faults: service.faults.list() });
  });
  app.delete("/faults", () => {
    service.faults.set([]);
    return answer({ faults: [] });
  });
  app.post("/reset", async () => {
    await reset();
    return answer({});
  });
  app.post("/explain", async (c) => {
    const requestId = service.identifiers.uuid();
    const received = await receiveRequest(c.req.raw, MAX_BODY_OCTETS, service.sleep);
    if ("failure" in received) return jsonFailure(received.failure, requestId);
    const decision = await decideSession(received.request, service.sessionState(), service.decisionOptions);
    return jsonAnswer(200, loggedDecision(decision, requestId, service.now()), requestId);
  });
  app.notFound((c) => {
    const message = `The emulator has no page ${c.req.path}`;
    return jsonFailure({ status: 404, code: "NotFound", message }, service.identifiers.uuid());
  });
  app.onError((error) => {
    if (error instanceof ServiceRefusal) return jsonFailure(error.failure, service.identifiers.uuid());
    throw error;
  });
  return app;
}

function clockState(service: Service): unknown {
  return { now: new Date(service.now()).toISOString(), ...service.clock.setting() };
}

/** Does what a body says; what it says wrong is told. */
async function told(action: () => void | Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      throw refuse(400, "ValidationException", error.message);
    }
    throw error;
  }
}

/** The body of a request: a JSON object. @throws {ServiceRefusal} for anything else */
async function bodyOf(c: Context, service: Service): Promise<object> {
  const received = await receiveRequest(c.req.raw, MAX_BODY_OCTETS, service.sleep);
  if ("failure" in received) throw new ServiceRefusal(received.failure);
  let value: unknown;
  try {
    value = JSON.parse(decodeUtf8(received.request.body) ?? "");
  } catch {
    value = undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse(400, "SerializationException", "The body must be a JSON object");
  }
  return value;
}
