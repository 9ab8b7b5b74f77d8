/**
 * From a request to the service that it is meant for, and from what that service says to an answer.
 *
 * All services share one port, as they share one name in `AWS_ENDPOINT_URL`. Which one a request is for is said by the
 * scope of its signature; where there is none, by its target, its host, its form or its path.
 *
 * @module
 */

import { authenticate } from "./access/authenticate.ts";
import type { AwsService, Call, Operation, Outcome } from "./aws-service.ts";
import { eventRecords } from "./testing/event-log.ts";
import { type FaultEffects, rateExceeded } from "./testing/faults.ts";
import { receiveRequest } from "./protocols/received-request.ts";
import { INTERNAL_FAILURE, type ServiceFailure } from "./protocols/service-error.ts";
import { isS3Host } from "./s3/s3-address.ts";
import { ServiceRefusal } from "./protocols/service-refusal.ts";
import type { Service } from "./service.ts";
import { ACM_PCA, ACM_PCA_TARGET } from "./services/acm-pca.ts";
import { IAM } from "./services/iam.ts";
import { ROLES_ANYWHERE } from "./services/roles-anywhere.ts";
import { S3 } from "./services/s3.ts";
import { STS } from "./services/sts.ts";

/** Every service. */
const SERVICES: readonly AwsService[] = [ROLES_ANYWHERE, ACM_PCA, STS, IAM, S3];

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
  const target = serviceOf(service, raw, signed?.service);
  try {
    const received = await receiveRequest(raw, target.maxBodyOctets, service.sleep);
    if ("failure" in received) return target.failure(received.failure, requestId);
    const { request } = received;
    const operation = target.operation(request);
    const call = { request, requestId, caller: undefined, region: signed?.region ?? service.region };
    return await answer(service, { target, operation, call }, onError);
  } catch (error) {
    return target.failure(failureOf(error, onError), requestId);
  }
}

/** What was recognised of a request. */
interface Recognised {
  readonly target: AwsService;
  readonly operation: Operation;
  readonly call: Call;
}

/** Runs an operation, and keeps a record of it. */
async function answer(
  service: Service,
  { target, operation, call: anonymous }: Recognised,
  onError: (error: unknown) => void,
): Promise<Response> {
  let call = anonymous;
  let effects: FaultEffects | undefined;
  let outcome: Outcome | undefined;
  let failure: ServiceFailure | undefined;
  try {
    const caller = operation.authentication === "signature"
      ? await authenticate(service, call.request, target.name)
      : undefined;
    effects = service.faults.effects(operation.name, caller);
    const { sessionSeconds } = effects;
    call = { ...call, caller, ...(sessionSeconds === undefined ? {} : { sessionSeconds }) };
    outcome = await run(service, operation, call, effects);
  } catch (error) {
    failure = failureOf(error, onError);
  }
  log(service, { target, operation, call }, outcome, failure);
  if (effects?.reset === true) return cutAnswer();
  const response = outcome?.response ?? target.failure(failure!, call.requestId);
  if (effects !== undefined && effects.skewMs !== 0) {
    response.headers.set("date", new Date(service.now() + effects.skewMs).toUTCString());
  }
  return response;
}

async function run(service: Service, operation: Operation, call: Call, effects: FaultEffects): Promise<Outcome> {
  if (effects.delayMs > 0) await service.sleep(effects.delayMs);
  if (effects.refusal !== undefined) throw effects.refusal;
  if (operation.rate !== undefined && !service.rates.admits(operation.rate, call.region)) throw rateExceeded();
  const settled = service.store.reading();
  try {
    return await operation.run(service, call);
  } finally {
    // A refusal, too, may tell what was read.
    await settled();
  }
}

function log(
  service: Service,
  { target, operation, call }: Recognised,
  outcome: Outcome | undefined,
  failure: ServiceFailure | undefined,
): void {
  const decision = operation.authentication === "certificate" ? service.log.decision(call.requestId) : undefined;
  const logged = {
    target,
    operation,
    call,
    account: call.caller?.account ?? service.account,
    atMs: service.now(),
    ...(outcome === undefined ? {} : { outcome }),
    ...(failure === undefined ? {} : { failure }),
    ...(decision === undefined ? {} : { decision }),
  };
  service.metrics.count(logged);
  service.events.add(eventRecords(logged, () => service.identifiers.uuid()));
}

function failureOf(error: unknown, onError: (error: unknown) => void): ServiceFailure {
  if (error instanceof ServiceRefusal) return error.failure;
  onError(error);
  return INTERNAL_FAILURE;
}

/** An answer that breaks off before its first octet. */
function cutAnswer(): Response {
  const body = new ReadableStream({
    pull: (controller) => controller.error(new Error("the emulator was told to cut the connection")),
  });
  return new Response(body, { status: 200 });
}

function serviceOf(service: Service, raw: Request, signedFor: string | undefined): AwsService {
  // No other service knows the scheme; what its scope names is CreateSession's to check.
  if (raw.headers.get("authorization")?.startsWith("AWS4-X509-") === true) return ROLES_ANYWHERE;
  const named = SERVICES.find(({ name }) => name === signedFor);
  if (named !== undefined) return named;
  if (raw.headers.get("x-amz-target")?.startsWith(ACM_PCA_TARGET) === true) return ACM_PCA;
  const { host, pathname, searchParams } = new URL(raw.url);
  const bucket = pathname.split("/")[1] ?? "";
  if (signedFor === undefined && (isS3Host(raw.headers.get("host") ?? host) || service.store.get("buckets", bucket))) {
    return S3;
  }
  const form = pathname === "/" && (raw.method === "POST" || searchParams.has("Action"));
  return form ? STS : ROLES_ANYWHERE;
}

/**
 * Region and service of the scope that a signature names; undefined when there is no signature. The scope of SigV4a has
 * no region.
 */
function signedScope(raw: Request): { readonly region: string | undefined; readonly service: string } | undefined {
  const credential = /Credential=([^,\s]+)/.exec(raw.headers.get("authorization") ?? "")?.[1] ??
    new URL(raw.url).searchParams.get("X-Amz-Credential");
  const [, , region, service] = credential?.split("/") ?? [];
  if (region !== undefined && service === "aws4_request") return { region: undefined, service: region };
  return region === undefined || service === undefined ? undefined : { region, service };
}
