/**
 * IAM Roles Anywhere, and as much of STS as is needed to see that credentials work, as one HTTP application.
 *
 * @module
 */

import { Hono } from "hono";
import { portableSha256 } from "../../core/crypto/sha256.ts";
import type { SessionRequest } from "../../core/decision/mod.ts";
import { DecisionLog, type LoggedDecision } from "./decision-log.ts";
import { type EmulatorOptions, emulatorState } from "./emulator-options.ts";
import { receiveRequest } from "./received-request.ts";
import { createSession } from "./routes/create-session.ts";
import { explain, listDecisions } from "./routes/inspection.ts";
import { callSts, isStsRequest } from "./routes/sts.ts";
import { INTERNAL_FAILURE, jsonFailure, xmlFailure } from "./service-error.ts";
import type { Service } from "./service.ts";
import { randomUuid } from "./uuid.ts";
import { CredentialVendor } from "./vended-credentials.ts";

/** An emulated service. */
export interface Emulator {
  /** Answers one request, whatever it is; no socket is needed. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The last hundred decisions, the oldest first. */
  readonly decisions: () => readonly LoggedDecision[];
}

/**
 * Makes an emulator. Everything lives in memory; credentials of one emulator mean nothing to another.
 *
 * Trust policies of roles are not evaluated in this version, revocation lists are not checked. It is for tests: what
 * it allows AWS may refuse.
 *
 * @throws {TypeError} for an unknown option or a value that the service's own API would refuse
 * @throws {RangeError} for a duration out of range
 * @throws {ArnError} for a malformed ARN
 * @throws {CertificateError} for certificates that cannot be read
 * @example
 * ```ts
 * import { webCryptoProvider } from "anyrole";
 * import { createEmulator } from "anyrole/emulator";
 *
 * const emulator = createEmulator({ trustAnchors: [], profiles: [], roles: [], now: Date.now, crypto: webCryptoProvider() });
 * const response = await emulator.fetch(new Request("http://127.0.0.1/sessions", { method: "POST" }));
 * const failed = emulator.decisions().at(-1)?.trace.find((entry) => entry.outcome === "fail");
 * console.log(response.status, failed?.detail);
 * ```
 */
export function createEmulator(options: EmulatorOptions): Emulator {
  const { now, crypto, sha256 = portableSha256 } = options;
  const random = options.random ?? ((length) => crypto.random(length));
  const log = new DecisionLog();
  const service: Service = {
    state: emulatorState(options),
    decisionOptions: {
      now,
      crypto,
      sha256,
      ...(options.clockWindowSeconds === undefined ? {} : { clockWindowSeconds: options.clockWindowSeconds }),
      ...(options.unmappableAttributes === undefined ? {} : { unmappableAttributes: options.unmappableAttributes }),
      ...(options.extendedKeyUsage === undefined ? {} : { extendedKeyUsage: options.extendedKeyUsage }),
    },
    vendor: new CredentialVendor(crypto, sha256, random),
    log,
    now,
    sha256,
  };

  /** Reads the request, answers it, and turns what goes wrong into the service's failure. */
  const answer = async (raw: Request, route: Route, failure: typeof jsonFailure = jsonFailure): Promise<Response> => {
    const requestId = randomUuid(random);
    try {
      const received = await receiveRequest(raw);
      return "failure" in received ? failure(received.failure, requestId) : await route(received.request, requestId);
    } catch (error) {
      options.onError?.(error);
      return failure(INTERNAL_FAILURE, requestId);
    }
  };

  const app = new Hono();
  app.post("/sessions", (c) => answer(c.req.raw, (request, id) => createSession(service, request, id)));
  app.get("/_emulator/decisions", (c) => answer(c.req.raw, async (_, id) => listDecisions(service, id)));
  app.post("/_emulator/explain", (c) => answer(c.req.raw, (request, id) => explain(service, request, id)));
  app.on(["GET", "POST"], "/", (c) =>
    answer(
      c.req.raw,
      async (request, id) =>
        isStsRequest(request) ? await callSts(service, request, id) : unknownOperation(request, id),
      xmlFailure,
    ));
  app.onError((error) => {
    options.onError?.(error);
    return jsonFailure(INTERNAL_FAILURE, "");
  });
  app.notFound((c) => answer(c.req.raw, async (request, id) => unknownOperation(request, id)));

  return {
    fetch: async (request) => {
      const response = await app.fetch(request);
      // Clients correct their clocks by it.
      response.headers.set("date", new Date(now()).toUTCString());
      response.headers.set("cache-control", "no-store");
      return response;
    },
    decisions: () => log.decisions(),
  };
}

type Route = (request: SessionRequest, requestId: string) => Promise<Response>;

function unknownOperation(request: SessionRequest, requestId: string): Response {
  const message = `Unknown operation: ${request.method} ${request.path}`;
  return jsonFailure({ status: 404, code: "UnknownOperationException", message }, requestId);
}
