/**
 * From a request to the service that it is meant for, and from what that service says to an answer.
 *
 * All services share one port, as they share one name in `AWS_ENDPOINT_URL`. Which one a request is for is said by the
 * scope of its signature; where there is none, by its target, its form or its path.
 *
 * @module
 */

import { authenticate } from "./authenticate.ts";
import type { AwsService } from "./aws-service.ts";
import { receiveRequest } from "./received-request.ts";
import { INTERNAL_FAILURE } from "./service-error.ts";
import { ServiceRefusal } from "./service-refusal.ts";
import type { Service } from "./service.ts";
import { ROLES_ANYWHERE } from "./services/roles-anywhere.ts";
import { STS } from "./services/sts.ts";

/** Every service. */
const SERVICES: readonly AwsService[] = [ROLES_ANYWHERE, STS];

/**
 * Answers a request to one of the services.
 *
 * @param onError told of what is answered with `InternalFailure`
 */
export async function dispatch(
  service: Service,
  raw: Request,
  onError: (error: unknown) => void,
): Promise<Response> {
  const requestId = service.identifiers.uuid();
  const signed = signedScope(raw);
  const target = serviceOf(raw, signed?.service);
  try {
    const received = await receiveRequest(raw, target.maxBodyOctets);
    if ("failure" in received) return target.failure(received.failure, requestId);
    const { request } = received;
    const operation = target.operation(request);
    const caller = operation.authentication === "signature"
      ? await authenticate(service, request, target.name)
      : undefined;
    const call = { request, requestId, caller, region: signed?.region ?? service.region };
    return (await operation.run(service, call)).response;
  } catch (error) {
    if (error instanceof ServiceRefusal) return target.failure(error.failure, requestId);
    onError(error);
    return target.failure(INTERNAL_FAILURE, requestId);
  }
}

function serviceOf(raw: Request, signedFor: string | undefined): AwsService {
  const named = SERVICES.find(({ name }) => name === signedFor);
  if (named !== undefined) return named;
  const { pathname, searchParams } = new URL(raw.url);
  const form = pathname === "/" && (raw.method === "POST" || searchParams.has("Action"));
  return form ? STS : ROLES_ANYWHERE;
}

/** Region and service of the scope that a signature names; undefined when there is no signature. */
function signedScope(raw: Request): { readonly region: string; readonly service: string } | undefined {
  const credential = /Credential=([^,\s]+)/.exec(raw.headers.get("authorization") ?? "")?.[1] ??
    new URL(raw.url).searchParams.get("X-Amz-Credential");
  const [, , region, service] = credential?.split("/") ?? [];
  return region === undefined || service === undefined ? undefined : { region, service };
}
