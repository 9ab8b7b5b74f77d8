/**
 * IAM Roles Anywhere on the local machine: verifies signature, certificate path, revocation lists, profile, role and
 * trust policy as the service does, makes credentials that its own STS recognises, and says why it refuses. For tests,
 * not for production.
 *
 * One application answers for all services: CreateSession and the control plane of IAM Roles Anywhere; GetCallerIdentity
 * and AssumeRole of STS; roles and policies of IAM; private CAs; buckets and objects of S3, in one piece each. Which one
 * a request is for is said by its signature, its target, its form or its path. Under `/_emulator/` it can be looked at
 * and its clock, faults and rates be set.
 *
 * @example
 * ```ts
 * import { webCryptoProvider } from "anyrole";
 * import { createEmulator, type Emulator } from "anyrole/emulator";
 *
 * // Deno.serve({ hostname: "127.0.0.1", port: 8443 }, emulatorOf(caPem).fetch)
 * export function emulatorOf(caPem: string): Emulator {
 *   const roleArn = "arn:aws:iam::123456789012:role/Example";
 *   return createEmulator({
 *     trustAnchors: [{
 *       arn: "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/0a1b2c3d-0000-4000-8000-000000000000",
 *       certificates: caPem,
 *     }],
 *     profiles: [{
 *       arn: "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/0a1b2c3d-0000-4000-8000-000000000001",
 *       roleArns: [roleArn],
 *     }],
 *     roles: [{ arn: roleArn }],
 *     now: Date.now,
 *     crypto: webCryptoProvider(),
 *   });
 * }
 * ```
 *
 * @module
 */

export type { Bytes, CryptoProvider, Now, Sha256, TraceEntry } from "../../core/decision/mod.ts";
export type { AttributeMapping } from "../../core/policy/mod.ts";
export type { Fetch, Random, Sleep } from "../../core/ports.ts";
export type { AdministratorKey } from "./access/administrator-key.ts";
export type { RateGroup } from "./aws-service.ts";
export type { ClockCommand, ClockSetting } from "./testing/clock.ts";
export { createEmulator, type Emulator } from "./create-emulator.ts";
export type { LoggedDecision } from "./roles-anywhere/decision-log.ts";
export type {
  EmulatorAccessKey,
  EmulatorOptions,
  EmulatorProfile,
  EmulatorRole,
  EmulatorTrustAnchor,
} from "./emulator-options.ts";
export type { EventRecord } from "./testing/event-log.ts";
export type { Fault, FaultAim } from "./testing/faults.ts";
export type { PresetName } from "./presets.ts";
export type { Rates } from "./testing/rate-limits.ts";
export { malformedRequest } from "./protocols/service-error.ts";
export type { EmulatorState, StateLog } from "./store/emulator-store.ts";
export { openStateFile, type StateFile, type StateHost } from "./store/state-file.ts";
export type { ServerTls } from "./tls-authority.ts";
