/**
 * What `explain` decides from when it is given the state file of the emulator. The emulator may be running: the file is
 * only read.
 *
 * @module
 */

import { parsePolicy } from "../../core/policy/policy-document.ts";
import type { NamedPolicy } from "../../core/policy/session-permissions.ts";
import { managedPolicyDocument } from "../emulator/managed-policy.ts";
import { SessionStateView } from "../emulator/session-state-view.ts";
import { EmulatorStore } from "../emulator/store/emulator-store.ts";
import { readJournal } from "../emulator/store/journal.ts";
import type { Host } from "../host.ts";
import type { ExplainRequest } from "./explain-flags.ts";
import type { KnownService } from "./explain-inputs.ts";
import { missingFlag } from "./flag-readings.ts";

/**
 * Reads a state file. Secret: it holds keys, none of which is looked at.
 *
 * @throws {HostError} when it cannot be read
 * @throws {StateError} when it is damaged, or no state file
 * @throws {UsageError} when a flag does not say which of several is meant
 */
export function readKnownState(host: Host, path: string, request: ExplainRequest): KnownService {
  const { changes: kept } = readJournal(host.readPieces(path), host.sha256);
  const store = new EmulatorStore(undefined, kept);
  const role = (arn: string): readonly NamedPolicy[] => {
    const record = store.get("roles", arn);
    const inline = Object.entries(record?.policies ?? {});
    const attached = (record?.attachedPolicyArns ?? []).map((name) =>
      [name, managedPolicyDocument(store, name)] as const
    );
    return [...inline, ...attached].flatMap(([name, document]) =>
      document === undefined ? [] : [{ name, document: parsePolicy(document, "permissions") }]
    );
  };
  const trustAnchorArn = request.trustAnchorArn ?? only(store.all("trustAnchors").keys(), "trust-anchor-arn", request);
  const profileArn = request.profileArn ?? only(store.all("profiles").keys(), "profile-arn", request);
  const listed = store.get("profiles", profileArn)?.roleArns ?? [];
  const roleArn = request.roleArn ?? only(listed, "role-arn", request);
  return {
    state: new SessionStateView(store).state(),
    arns: { trustAnchorArn, profileArn, roleArn },
    rolePolicies: role(roleArn),
  };
}

/** The only one; a whole request says itself which it means. */
function only(arns: Iterable<string>, flag: string, { asker }: ExplainRequest): string {
  const [first, ...others] = arns;
  if (first !== undefined && others.length === 0) return first;
  if ("request" in asker) return "";
  throw missingFlag(flag);
}
