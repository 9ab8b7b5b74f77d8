/**
 * IAM Roles Anywhere, and as much of its neighbours as clients need, as one HTTP application.
 *
 * @module
 */

import { Hono } from "hono";
import { portableSha256 } from "../../core/crypto/sha256.ts";
import { DecisionMemory } from "../../core/decision/mod.ts";
import { sleep as platformSleep } from "../../core/session/sleep.ts";
import { type AdministratorKey, administratorKey } from "./access/administrator-key.ts";
import { AuthorizationLog } from "./access/authorization-log.ts";
import { CLOCK_RESET, type ClockCommand, EmulatorClock } from "./testing/clock.ts";
import { DecisionLog, type LoggedDecision } from "./roles-anywhere/decision-log.ts";
import { dispatch } from "./dispatch.ts";
import type { EmulatorOptions } from "./emulator-options.ts";
import { EventLog, type EventRecord } from "./testing/event-log.ts";
import { type Fault, FaultInjector } from "./testing/faults.ts";
import { givenRecords } from "./given-records.ts";
import { Identifiers } from "./identifiers.ts";
import { Metrics } from "./testing/metrics.ts";
import { presetNamed } from "./presets.ts";
import { DOCUMENTED_RATES, RateLimits } from "./testing/rate-limits.ts";
import { inspectionRoutes } from "./routes/inspection.ts";
import { seededRandom } from "./testing/seeded-random.ts";
import { INTERNAL_FAILURE, jsonFailure, malformedRequest } from "./protocols/service-error.ts";
import type { Service } from "./service.ts";
import { SessionStateView } from "./session-state-view.ts";
import { type Change, EmulatorStore } from "./store/emulator-store.ts";
import { type ServerTls, serverTls } from "./tls-authority.ts";
import { CredentialVendor } from "./access/vended-credentials.ts";

/** An emulated service. */
export interface Emulator {
  /** Answers one request, whatever it is; no socket is needed. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The last hundred decisions, the oldest first. */
  readonly decisions: () => readonly LoggedDecision[];
  /** The last thousand records of the event log, the oldest first. */
  readonly events: () => readonly EventRecord[];
  /** Sets the service's clock; resolves when that is durable. */
  readonly setClock: (command: ClockCommand) => Promise<void>;
  /** Replaces the failures on demand. */
  readonly setFaults: (faults: readonly Fault[]) => void;
  /** Goes back to the beginning: what the options describe, and the keys. Resolves when that is durable. */
  readonly reset: () => Promise<void>;
  /** The access key of the administrator; made when there is none. Secret. */
  readonly administratorKey: () => Promise<AdministratorKey>;
  /**
   * A certificate for HTTPS on `localhost`, 127.0.0.1, ::1 and these names, by an authority that is kept. Secret: its key.
   */
  readonly serverTls: (names: readonly string[]) => Promise<ServerTls>;
}

/**
 * Makes an emulator. Without the option `state`, everything lives in memory, and credentials of one emulator mean
 * nothing to another. It is for tests: what it allows AWS may refuse.
 *
 * @throws {TypeError} for an unknown option or a value that the service's own API would refuse
 * @throws {RangeError} for a number out of range
 * @throws {ArnError} for a malformed ARN
 * @throws {CertificateError} for certificates that cannot be read
 * @throws {PolicyError} for a policy that cannot be read
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
  const { sha256 = portableSha256, region = "us-east-1", account = "123456789012" } = options;
  const given = givenRecords(options, { region, account, sha256, now: options.now });
  const store = emulatorStore(options, given);
  const clock = new EmulatorClock(store, options.now);
  const service = createService(options, store, clock);
  const onError = options.onError ?? (() => {});
  // A failure shows in whatever is answered next.
  if (options.clock !== undefined) store.commit(clock.changes(options.clock)).catch(onError);

  async function reset(): Promise<void> {
    const kept: readonly string[] = ["settings", "accessKeys"];
    const removals = Array.from(store.everything(), ({ table, key }) => ({ table, key } as Change));
    service.faults.set([]);
    service.rates.reset();
    for (const log of [service.log, service.authorizations, service.events, service.metrics]) log.reset();
    await store.commit([...removals.filter(({ table }) => !kept.includes(table)), ...CLOCK_RESET, ...given]);
  }

  // With and without a slash at the end; the services see their paths as they are.
  const app = new Hono({ strict: false });
  app.route("/_emulator", inspectionRoutes(service, { reset, hosts: options.inspectionHosts ?? [] }));
  app.all("*", (c) => dispatch(service, c.req.raw, onError));
  app.onError((error) => {
    onError(error);
    return jsonFailure(INTERNAL_FAILURE, "");
  });

  return {
    fetch: async (request) => {
      const response = URL.canParse(request.url) ? await app.fetch(request) : malformed();
      // Clients correct their clocks by it.
      if (!response.headers.has("date")) response.headers.set("date", new Date(clock.now()).toUTCString());
      response.headers.set("cache-control", "no-store");
      return response;
    },
    decisions: () => service.log.decisions(),
    events: () => service.events.records(),
    setClock: (command) => clock.set(command),
    setFaults: (faults) => service.faults.set(faults),
    reset,
    administratorKey: () => administratorKey(service),
    serverTls: (names) =>
      serverTls({ store, crypto: service.crypto, random: service.crypto.random, now: options.now }, names),
  };
}

/** The answer to a request whose Host is none: `Deno.serve` makes requests of those, too. */
function malformed(): Response {
  const { headers, text } = malformedRequest(400);
  return new Response(text, { status: 400, headers: { ...headers } });
}

/** The tables: what was kept, and what is given that was not. */
function emulatorStore({ state, onError = () => {} }: EmulatorOptions, given: readonly Change[]): EmulatorStore {
  if (state === undefined) return new EmulatorStore(undefined, given);
  const store = new EmulatorStore(state.log, state.kept as Iterable<Change>);
  const fresh = given.filter(({ table, key }) => store.get(table, key) === undefined);
  if (fresh.length > 0) store.commit(fresh).catch(onError);
  return store;
}

function createService(options: EmulatorOptions, store: EmulatorStore, clock: EmulatorClock): Service {
  const { crypto, sha256 = portableSha256, region = "us-east-1", account = "123456789012" } = options;
  const random = options.random ?? ((length) => crypto.random(length));
  const preset = presetNamed(options.preset);
  const view = new SessionStateView(store);
  const { now } = clock;
  const { clockWindowSeconds, unmappableAttributes, extendedKeyUsage } = options;
  return {
    store,
    region,
    account,
    authentication: options.authentication ?? preset.authentication,
    quotas: options.quotas ?? preset.quotas,
    sessionState: () => view.state(),
    decisionOptions: {
      ...preset.decision,
      now,
      crypto,
      sha256,
      memory: new DecisionMemory(),
      ...(clockWindowSeconds === undefined ? {} : { clockWindowSeconds }),
      ...(unmappableAttributes === undefined ? {} : { unmappableAttributes }),
      ...(extendedKeyUsage === undefined ? {} : { extendedKeyUsage }),
    },
    vendor: new CredentialVendor(crypto, sha256, random, store),
    authorizations: new AuthorizationLog(),
    log: new DecisionLog(),
    events: new EventLog(options.onEvent),
    metrics: new Metrics(),
    rates: new RateLimits(now, options.rates ?? (preset.rates === "enforce" ? DOCUMENTED_RATES : {})),
    faults: new FaultInjector(seededRandom(`faults ${options.seed ?? ""}`, sha256), options.faults),
    clock,
    now,
    sleep: options.sleep ?? platformSleep,
    sha256,
    crypto,
    identifiers: new Identifiers(
      options.seed === undefined ? random : seededRandom(`identifiers ${options.seed} ${starts(store)}`, sha256),
    ),
  };
}

/** How many emulators had these tables before this one: they gave the identifiers that belong to those numbers. */
function starts(store: EmulatorStore): number {
  const before = store.get("settings", "starts")?.value;
  const count = typeof before === "number" ? before : 0;
  // A failure shows in whatever is answered next.
  store.commit([{ table: "settings", key: "starts", record: { value: count + 1 } }]).catch(() => {});
  return count;
}
