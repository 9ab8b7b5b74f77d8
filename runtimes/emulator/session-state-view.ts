/**
 * The tables as the decision wants to see them: certificates, lists and policies parsed, once.
 *
 * @module
 */

import { decodeBase64 } from "../../core/bytes/base64.ts";
import type {
  ManagedPolicyState,
  ProfileState,
  RevocationListState,
  RoleState,
  SessionState,
  TrustAnchorState,
} from "../../core/decision/mod.ts";
import { parsePolicy } from "../../core/policy/mod.ts";
import { readCertificateRevocationLists } from "../../core/x509/crl/read-revocation-lists.ts";
import { readCertificates } from "../../core/x509/read-certificates.ts";
import { managedPolicyDocument } from "./access/managed-policy.ts";
import type { EmulatorStore } from "./store/emulator-store.ts";
import type { CrlRecord, ProfileRecord, RoleRecord, TableName, Tables, TrustAnchorRecord } from "./store/records.ts";

/** Keeps the state of decisions for as long as the tables behind it do not change. */
export class SessionStateView {
  readonly #store: EmulatorStore;
  /** What a record was parsed to; a record that is put anew is another one. */
  readonly #parsed: WeakMap<object, unknown> = new WeakMap();
  /** What tables were made into, and at which revision. */
  readonly #parts: Map<TableName, { readonly revision: number; readonly part: readonly unknown[] }> = new Map();

  /** A view of these tables. */
  constructor(store: EmulatorStore) {
    this.#store = store;
  }

  /** The state as it is now. A part of it whose tables did not change is the same array as before. */
  state(): SessionState {
    return {
      trustAnchors: this.#part("trustAnchors", [], (record) => this.#once(record, trustAnchorStates)),
      crls: this.#part("crls", [], (record) => this.#once(record, revocationListStates)),
      profiles: this.#part("profiles", ["managedPolicies"], (record) => [this.#profileState(record)]),
      roles: this.#part("roles", [], (record) => this.#once(record, roleStates)),
    };
  }

  #part<T extends TableName, S>(
    table: T,
    alsoOf: readonly TableName[],
    parse: (record: Tables[T]) => readonly S[],
  ): readonly S[] {
    const revision = this.#store.revision([table, ...alsoOf]);
    const known = this.#parts.get(table);
    if (known?.revision === revision) return known.part as readonly S[];
    const part = Array.from(this.#store.all(table).values(), parse).flat();
    this.#parts.set(table, { revision, part });
    return part;
  }

  #once<R extends object, S>(record: R, parse: (record: R) => readonly S[]): readonly S[] {
    let states = this.#parsed.get(record) as readonly S[] | undefined;
    if (states === undefined) this.#parsed.set(record, states = parse(record));
    return states;
  }

  #profileState(record: ProfileRecord): ProfileState {
    const { arn, enabled, roleArns, durationSeconds, acceptRoleSessionName, attributeMappings, sessionPolicy } = record;
    return {
      arn,
      enabled,
      roleArns,
      durationSeconds,
      acceptRoleSessionName,
      attributeMappings,
      ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
      managedPolicies: record.managedPolicyArns.map((policyArn): ManagedPolicyState => {
        const document = managedPolicyDocument(this.#store, policyArn);
        return document === undefined ? { arn: policyArn } : { arn: policyArn, document };
      }),
    };
  }
}

function trustAnchorStates({ arn, enabled, certificatesPem }: TrustAnchorRecord): readonly TrustAnchorState[] {
  return [{ arn, enabled, certificates: readCertificates(certificatesPem) }];
}

/** What was imported may hold several lists. */
function revocationListStates(record: CrlRecord): readonly RevocationListState[] {
  const { arn, trustAnchorArn, enabled, crlData } = record;
  return readCertificateRevocationLists(decodeBase64(crlData)!).map((list) => ({ arn, trustAnchorArn, enabled, list }));
}

function roleStates(record: RoleRecord): readonly RoleState[] {
  const { arn, id, maxSessionDurationSeconds, assumeRolePolicyDocument } = record;
  // How long it may be was asked when it was stored.
  const trustPolicy = parsePolicy(assumeRolePolicyDocument, "trust", { maxSize: Infinity });
  return [{ arn, id, maxSessionDurationSeconds, trustPolicy }];
}
