/**
 * The container credentials endpoint: what `AWS_CONTAINER_CREDENTIALS_FULL_URI` names, on ECS, on EKS, and here.
 *
 * @see "Container credential provider" of the AWS SDKs and Tools Reference Guide
 * @module
 */

import type { PlainAnswer, PlainRequest } from "../listeners.ts";
import { failureAnswer, jsonAnswer, wrongMethodAnswer } from "./answers.ts";
import type { AuthorizationTokens } from "./authorization-tokens.ts";
import type { RoleCredentials, ServedCredentials } from "./role-credentials.ts";

/** The path of the first role, which is EKS Pod Identity's; those of all roles are below it, by name. */
export const CONTAINER_PATH = "/v1/credentials";

/** What the routes know. */
export interface ContainerOptions {
  /** The roles by name; the first is the one of the bare path. */
  readonly roles: ReadonlyMap<string, RoleCredentials>;
  readonly authorization: AuthorizationTokens;
  /** Serves a role's credentials, or says why not. */
  readonly serve: (
    role: RoleCredentials,
    write: (credentials: ServedCredentials) => PlainAnswer,
  ) => PlainAnswer | Promise<PlainAnswer>;
}

/** Answers a path of the endpoint; undefined for every other. */
export type ContainerRoutes = (request: PlainRequest, path: string) => PlainAnswer | Promise<PlainAnswer> | undefined;

/** Makes the routes. Secret: their answers are credentials. */
export function createContainerRoutes({ roles, authorization, serve }: ContainerOptions): ContainerRoutes {
  const [first] = roles.values();
  const byPath = new Map<string, RoleCredentials>();
  if (first !== undefined) byPath.set(CONTAINER_PATH, first);
  for (const [name, role] of roles) {
    for (const each of [name, encodeURIComponent(name)]) byPath.set(`${CONTAINER_PATH}/${each}`, role);
  }
  return (request, path) => {
    if (!path.startsWith(CONTAINER_PATH)) return undefined;
    const rest = path.slice(CONTAINER_PATH.length);
    if (rest !== "" && !rest.startsWith("/")) return undefined;
    if (request.method !== "GET") return wrongMethodAnswer("GET");
    const given = request.header("authorization");
    if (given === undefined || given === "") {
      return failureAnswer(401, "MissingAuthorizationToken", "The request has no Authorization");
    }
    if (!authorization.accepts(given)) {
      return failureAnswer(401, "InvalidAuthorizationToken", "The Authorization is not what the token file holds");
    }
    const role = byPath.get(path.endsWith("/") ? path.slice(0, -1) : path);
    return role === undefined
      ? failureAnswer(404, "RoleNotFound", "There is no role of this name here")
      : serve(role, (served) => jsonAnswer(200, served.container));
  };
}
