/**
 * The tables as the decision wants to see them: certificates parsed, once.
 *
 * @module
 */

import type { ProfileState, RoleState, SessionState, TrustAnchorState } from "../../core/decision/mod.ts";
import { readCertificates } from "../../core/x509/read-certificates.ts";
import type { EmulatorStore } from "./store/emulator-store.ts";
import type { ProfileRecord, RoleRecord, TableName, Tables, TrustAnchorRecord } from "./store/records.ts";

/** The tables that a decision depends on. */
const TABLES: readonly TableName[] = ["trustAnchors", "profiles", "roles"];

/** Keeps the state of decisions for as long as the tables behind it do not change. */
export class SessionStateView {
  readonly #store: EmulatorStore;
  /** What a record was parsed to; a record that is put anew is another one. */
  readonly #parsed: WeakMap<object, unknown> = new WeakMap();
  #revision = -1;
  #state: SessionState = { trustAnchors: [], profiles: [], roles: [] };

  /** A view of these tables. */
  constructor(store: EmulatorStore) {
    this.#store = store;
  }

  /** The state as it is now. */
  state(): SessionState {
    const revision = this.#store.revision(TABLES);
    if (revision !== this.#revision) {
      this.#state = {
        trustAnchors: this.#list("trustAnchors", trustAnchorState),
        profiles: this.#list("profiles", profileState),
        roles: this.#list("roles", roleState),
      };
      this.#revision = revision;
    }
    return this.#state;
  }

  #list<T extends TableName, S>(table: T, parse: (record: Tables[T]) => S): S[] {
    return Array.from(this.#store.all(table).values(), (record) => {
      const known = this.#parsed.get(record) as S | undefined;
      if (known !== undefined) return known;
      const state = parse(record);
      this.#parsed.set(record, state);
      return state;
    });
  }
}

function trustAnchorState({ arn, enabled, certificatesPem }: TrustAnchorRecord): TrustAnchorState {
  return { arn, enabled, certificates: readCertificates(certificatesPem) };
}

function profileState(record: ProfileRecord): ProfileState {
  const { arn, enabled, roleArns, durationSeconds, acceptRoleSessionName, attributeMappings } = record;
  return { arn, enabled, roleArns, durationSeconds, acceptRoleSessionName, attributeMappings };
}

function roleState({ arn, id, maxSessionDurationSeconds }: RoleRecord): RoleState {
  return { arn, id, maxSessionDurationSeconds };
}
