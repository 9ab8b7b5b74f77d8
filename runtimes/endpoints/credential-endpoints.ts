/**
 * Everything that `anyrole serve` answers: the instance metadata service and the container credentials endpoint, health
 * and figures, behind one guard.
 *
 * @module
 */

import type { Now, Random } from "../../core/ports.ts";
import { VERSION } from "../../core/version.ts";
import type { PlainAnswer, PlainHandler, PlainRequest } from "../listeners.ts";
import { failureAnswer, notFoundAnswer, textAnswer, wrongMethodAnswer } from "./answers.ts";
import { AuthorizationTokens } from "./authorization-tokens.ts";
import { createContainerRoutes } from "./container-routes.ts";
import type { EndpointMetrics, EndpointRoute } from "./endpoint-metrics.ts";
import { createMetadataRoutes, type RoutedAnswer } from "./metadata-routes.ts";
import { MetadataTokens } from "./metadata-tokens.ts";
import { createRequestGuard, type RequestGuardOptions } from "./request-guard.ts";
import type { RoleCredentials, ServedCredentials } from "./role-credentials.ts";

/** Which of the two are served. */
export type EndpointMode = "both" | "imds" | "container";

/** What to serve, to whom. */
export interface CredentialEndpointsOptions extends RequestGuardOptions {
  readonly mode: EndpointMode;
  /** At least one, with different names; the first is served where no name is given. */
  readonly roles: readonly RoleCredentials[];
  /** Where the sessions are made. */
  readonly region: string;
  /** The partition that the ARNs name. */
  readonly partition: string;
  /** The account of the first role, twelve digits. */
  readonly accountId: string;
  /** What counts requests here, and sessions elsewhere. */
  readonly metrics: EndpointMetrics;
  /** The runtime's name, for the figures. */
  readonly runtime: string;
  readonly now: Now;
  readonly random: Random;
}

/** The endpoints. */
export interface CredentialEndpoints {
  /** Answers one request. Secret: with tokens and credentials. */
  readonly handler: PlainHandler;
  /** The secret of the container endpoint. */
  readonly authorization: AuthorizationTokens;
}

/** Makes the endpoints. Secret: what they answer. */
export function createCredentialEndpoints(options: CredentialEndpointsOptions): CredentialEndpoints {
  const { mode, region, partition, accountId, metrics, now, random } = options;
  const roles = new Map(options.roles.map((role) => [role.name, role]));
  const tokens = new MetadataTokens(random, now);
  const authorization = new AuthorizationTokens(random);
  const guard = createRequestGuard(options);
  const metadata = mode === "container"
    ? () => undefined
    : createMetadataRoutes({ roles, tokens, region, partition, accountId, serve });
  const container = mode === "imds" ? () => undefined : createContainerRoutes({ roles, authorization, serve });

  const page = (request: PlainRequest, route: EndpointRoute, answer: () => PlainAnswer): RoutedAnswer => ({
    route,
    answer: request.method === "GET" ? answer() : wrongMethodAnswer("GET"),
  });

  const figures = (): PlainAnswer => {
    const expirations = new Map(options.roles.map((role) => [role.name, role.expiresAtMs]));
    const { runtime } = options;
    const { size, evicted } = tokens;
    const text = metrics.text({ version: VERSION, runtime, expirations, tokens: size, evictedTokens: evicted });
    return textAnswer(200, text, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  };

  const route = (request: PlainRequest): RoutedAnswer => {
    const refused = guard(request);
    if (refused !== undefined) return { route: "refused", answer: refused };
    const { target } = request;
    const query = target.indexOf("?");
    const path = query < 0 ? target : target.slice(0, query);
    if (path.includes("//")) return { route: "other", answer: movedAnswer(target, path) };
    const routed = metadata(request, path);
    if (routed !== undefined) return routed;
    const answer = container(request, path);
    if (answer !== undefined) return { route: "container", answer };
    if (path === "/healthz") return page(request, "healthz", () => healthAnswer(options.roles));
    if (path === "/metrics") return page(request, "metrics", figures);
    return { route: "other", answer: notFoundAnswer() };
  };

  return {
    handler: (request) => {
      const { route: name, answer } = route(request);
      if (!(answer instanceof Promise)) {
        metrics.request(name, answer.status);
        return answer;
      }
      return answer.then((later) => {
        metrics.request(name, later.status);
        return later;
      });
    },
    authorization,
  };
}

/** What is held is served at once. Never an empty success: who gets no credentials gets the reason. */
function serve(
  role: RoleCredentials,
  write: (credentials: ServedCredentials) => PlainAnswer,
): PlainAnswer | Promise<PlainAnswer> {
  const current = role.current;
  return current === undefined ? role.obtain().then(write, unavailableAnswer) : write(current);
}

/** Public: errors of ours hold no secret; of all others nothing is told but that they are. */
function unavailableAnswer(error: unknown): PlainAnswer {
  const { code, message, serviceCode } = error as { code?: unknown; message?: unknown; serviceCode?: unknown };
  const known = typeof code === "string" && code.startsWith("ERR_") && typeof message === "string";
  const name = typeof serviceCode === "string" ? serviceCode : known ? code : "InternalError";
  return failureAnswer(503, name, known ? message : "No credentials; the log of anyrole says why");
}

function healthAnswer(roles: readonly RoleCredentials[]): PlainAnswer {
  const without = roles.filter((role) => role.current === undefined).map((role) => role.name);
  return without.length === 0
    ? textAnswer(200, "ok\n")
    : textAnswer(503, `no valid credentials: ${without.join(", ")}\n`);
}

/** Doubled slashes lead to the tidy path, as Go's router has it. */
function movedAnswer(target: string, path: string): PlainAnswer {
  return textAnswer(301, "", { location: path.replace(/\/{2,}/g, "/") + target.slice(path.length) });
}
