/**
 * IAM Roles Anywhere, and as much of STS as is needed to see that credentials work, as one HTTP application.
 *
 * @module
 */

import { Hono } from "hono";
import { portableSha256 } from "../../core/crypto/sha256.ts";
import { AuthorizationLog } from "./authorization-log.ts";
import { DecisionLog, type LoggedDecision } from "./decision-log.ts";
import { dispatch } from "./dispatch.ts";
import type { EmulatorOptions } from "./emulator-options.ts";
import { givenRecords } from "./given-records.ts";
import { Identifiers } from "./identifiers.ts";
import { inspectionRoutes } from "./routes/inspection.ts";
import { INTERNAL_FAILURE, jsonFailure } from "./service-error.ts";
import type { Service } from "./service.ts";
import { SessionStateView } from "./session-state-view.ts";
import { EmulatorStore } from "./store/emulator-store.ts";
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
  const { now, crypto, sha256 = portableSha256, region = "us-east-1", account = "123456789012" } = options;
  const random = options.random ?? ((length) => crypto.random(length));
  const onError = options.onError ?? (() => {});
  const log = new DecisionLog();
  const store = new EmulatorStore(undefined, givenRecords(options, { region, account, sha256, now }));
  const view = new SessionStateView(store);
  const service: Service = {
    store,
    region,
    account,
    authentication: options.authentication ?? "strict",
    quotas: options.quotas ?? "enforce",
    sessionState: () => view.state(),
    decisionOptions: {
      now,
      crypto,
      sha256,
      ...(options.clockWindowSeconds === undefined ? {} : { clockWindowSeconds: options.clockWindowSeconds }),
      ...(options.unmappableAttributes === undefined ? {} : { unmappableAttributes: options.unmappableAttributes }),
      ...(options.extendedKeyUsage === undefined ? {} : { extendedKeyUsage: options.extendedKeyUsage }),
    },
    vendor: new CredentialVendor(crypto, sha256, random, store),
    authorizations: new AuthorizationLog(),
    log,
    now,
    sha256,
    crypto,
    identifiers: new Identifiers(random),
  };

  const app = new Hono();
  app.route("/_emulator", inspectionRoutes(service));
  app.all("*", (c) => dispatch(service, c.req.raw, onError));
  app.onError((error) => {
    onError(error);
    return jsonFailure(INTERNAL_FAILURE, "");
  });

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
