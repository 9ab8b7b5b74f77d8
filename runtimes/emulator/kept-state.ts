/**
 * What a state file says about sessions, for who only reads it; an emulator may be using the file meanwhile.
 *
 * @module
 */

import type { SessionState } from "../../core/decision/mod.ts";
import { type NamedPolicy, parsePolicy } from "../../core/policy/mod.ts";
import type { Host } from "../host.ts";
import { managedPolicyDocument } from "./access/managed-policy.ts";
import { SessionStateView } from "./session-state-view.ts";
import { EmulatorStore } from "./store/emulator-store.ts";
import { readJournal } from "./store/journal.ts";

/** What is known of sessions. */
export interface KeptState {
  /** What decisions are made from. */
  readonly state: SessionState;
  /** Permissions of a role; none: it has none, or does not exist. */
  rolePolicies(roleArn: string): readonly NamedPolicy[];
}

/**
 * Reads a state file. Secret: it holds keys, none of which is looked at.
 *
 * @throws {HostError} when it cannot be read
 * @throws {StateError} when it is damaged, or no state file
 */
export function readKeptState(host: Pick<Host, "readPieces" | "sha256">, path: string): KeptState {
  const { changes } = readJournal(host.readPieces(path), host.sha256);
  const store = new EmulatorStore(undefined, changes);
  return {
    state: new SessionStateView(store).state(),
    rolePolicies(roleArn) {
      const { policies = {}, attachedPolicyArns = [] } = store.get("roles", roleArn) ?? {};
      const attached = attachedPolicyArns.map((arn) => [arn, managedPolicyDocument(store, arn)] as const);
      return [...Object.entries(policies), ...attached].flatMap(([name, document]) =>
        document === undefined ? [] : [{ name, document: parsePolicy(document, "permissions") }]
      );
    },
  };
}
