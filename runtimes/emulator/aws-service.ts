/**
 * The contract of one AWS service within the emulator: it recognises its operations, runs them, and words failures in
 * its own protocol.
 *
 * @module
 */

import type { SessionRequest } from "../../core/decision/mod.ts";
import type { Caller } from "./access/caller.ts";
import type { Service } from "./service.ts";
import type { ServiceFailure } from "./protocols/service-error.ts";

/** One AWS service. */
export interface AwsService {
  /** Its name in credential scopes: `rolesanywhere`, `sts`, `iam`, `acm-pca`, `s3`. */
  readonly name: string;
  /** Its name in events: `rolesanywhere.amazonaws.com`. */
  readonly eventSource: string;
  /** Largest body, in octets. */
  readonly maxBodyOctets: number;
  /** Words a failure in the protocol of the service. */
  failure(failure: ServiceFailure, requestId: string): Response;
  /**
   * The operation that a request calls.
   *
   * @throws {ServiceRefusal} when there is none
   */
  operation(request: SessionRequest): Operation;
}

/** One operation of a service, with what the request's path or target has already said. */
export interface Operation {
  /** `CreateTrustAnchor`. */
  readonly name: string;
  /** Whether it changes nothing. */
  readonly readOnly: boolean;
  /** `signature`: with an access key (SigV4); `certificate`: CreateSession, which sees to it itself. */
  readonly authentication: "signature" | "certificate";
  /** The group of operations that share a documented rate; absent: no rate is documented. */
  readonly rate?: RateGroup;
  /**
   * Does it.
   *
   * @throws {ServiceRefusal} when the service refuses
   */
  run(service: Service, call: Call): Promise<Outcome>;
}

/** Operations that are counted together. */
export type RateGroup = "trust-anchors" | "profiles" | "subjects" | "tags" | "crls" | "sessions";

/** One call of an operation. */
export interface Call {
  readonly request: SessionRequest;
  readonly requestId: string;
  /** Who calls; of a call that is authenticated by a certificate: nobody yet. */
  readonly caller: Caller | undefined;
  /** Region of the endpoint that was meant: that of the credential scope. */
  readonly region: string;
  /** How long credentials last that CreateSession makes, in seconds; absent: as long as they should. */
  readonly sessionSeconds?: number;
}

/** What became of a call. */
export interface Outcome {
  readonly response: Response;
  /** Members of the input for the event log; no secrets. */
  readonly requestParameters?: unknown;
  /** Members of the output for the event log; no secrets. */
  readonly responseElements?: unknown;
}
