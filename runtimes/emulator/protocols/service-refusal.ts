/**
 * The way in which the code of a service says no.
 *
 * @module
 */

import type { ServiceFailure } from "./service-error.ts";

/** Thrown by the code of an operation; the client gets its failure in the protocol of the service. */
export class ServiceRefusal extends Error {
  override readonly name = "ServiceRefusal";
  /** What the client is told. */
  readonly failure: ServiceFailure;

  /** A refusal with this failure. */
  constructor(failure: ServiceFailure) {
    super(`${failure.code}: ${failure.message}`);
    this.failure = failure;
  }
}

/** A refusal to throw. */
export function refuse(status: number, code: string, message: string): ServiceRefusal {
  return new ServiceRefusal({ status, code, message });
}
