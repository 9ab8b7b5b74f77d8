/**
 * IAM Roles Anywhere on the local machine: verifies signature, certificate path, profile and role as the service does,
 * makes credentials that its own STS recognises, and says why it refuses. For tests, not for production.
 *
 * ```ts
 * import { createEmulator } from "anyrole/emulator";
 * import { webCryptoProvider } from "anyrole";
 *
 * const emulator = createEmulator({
 *   trustAnchors: [{ arn: trustAnchorArn, certificates: caPem }],
 *   profiles: [{ arn: profileArn, roleArns: [roleArn] }],
 *   roles: [{ arn: roleArn }],
 *   now: () => Date.now(),
 *   crypto: webCryptoProvider(),
 * });
 * const response = await emulator.fetch(request);
 * const refused = emulator.decisions().at(-1)?.trace.find((entry) => entry.outcome === "fail");
 * ```
 *
 * Routes: `POST /sessions` (CreateSession), `GET` and `POST /` (STS GetCallerIdentity), `GET /_emulator/decisions` and
 * `POST /_emulator/explain`. Not in this version: trust policies of roles, revocation lists, the control plane.
 *
 * @module
 */

export type { Bytes, CryptoProvider, Now, Sha256, TraceEntry } from "../../core/decision/mod.ts";
export type { AttributeMapping } from "../../core/policy/mod.ts";
export type { Random } from "../../core/ports.ts";
export { createEmulator, type Emulator } from "./create-emulator.ts";
export type { LoggedDecision } from "./decision-log.ts";
export type { EmulatorOptions, EmulatorProfile, EmulatorRole, EmulatorTrustAnchor } from "./emulator-options.ts";
