/**
 * The quotas of an account in a region that count resources.
 *
 * @see AWS general reference, "IAM Roles Anywhere endpoints and quotas"
 * @module
 */

import { invalid } from "../protocols/rest-operation.ts";
import type { Service } from "../service.ts";

/** How many of each there may be. Roles of a profile are limited by the API model, to 250. */
export const QUOTAS = {
  "trust anchors": 50,
  "profiles": 250,
  "certificates of a trust anchor": 2,
  "CRLs of a trust anchor": 2,
} as const;

/**
 * Refuses to exceed a quota, unless quotas are ignored. The service's own error is not modelled (assumption).
 *
 * @param wanted how many there would be
 * @throws {ServiceRefusal} `ValidationException`
 */
export function checkQuota(service: Service, quota: keyof typeof QUOTAS, wanted: number): void {
  if (service.quotas === "ignore" || wanted <= QUOTAS[quota]) return;
  throw invalid(`Quota exceeded: the number of ${quota} would be ${wanted}, at most ${QUOTAS[quota]} are allowed`);
}
