/**
 * The parts of an emulator that the code of an operation works on, for tests that put records into its tables.
 *
 * @module
 */

import type { Call } from "../../runtimes/emulator/aws-service.ts";
import { Identifiers } from "../../runtimes/emulator/identifiers.ts";
import type { Service } from "../../runtimes/emulator/service.ts";
import { type Change, EmulatorStore } from "../../runtimes/emulator/store/emulator-store.ts";
import { NOW, testRandom } from "./test-authority.ts";

/** A service with these records and nothing that control-plane operations do not use. */
export function serviceWith(changes: readonly Change[], quotas: Service["quotas"] = "enforce"): Service {
  const store = new EmulatorStore(undefined, changes);
  const identifiers = new Identifiers(testRandom("service tables"));
  return { store, quotas, identifiers, now: () => NOW } as Partial<Service> as Service;
}

/** A call of an administrator. */
export function callOf(account = "123456789012", region = "us-east-1"): Call {
  const arn = `arn:aws:iam::${account}:user/Administrator`;
  return {
    request: { method: "GET", path: "/", query: "", headers: [], body: new Uint8Array() },
    requestId: "11111111-2222-4333-8444-555555555555",
    caller: { kind: "user", account, arn, userId: "AIDAEXAMPLE" },
    region,
  };
}
