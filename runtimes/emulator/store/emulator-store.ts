/**
 * The tables of one emulator, in memory, and the log that makes changes last.
 *
 * @module
 */

import { refuse } from "../protocols/service-refusal.ts";
import type { TableName, Tables } from "./records.ts";

/** One change: a record is put, or removed. */
export type Change = {
  readonly [T in TableName]:
    | { readonly table: T; readonly key: string; readonly record: Tables[T] }
    | { readonly table: T; readonly key: string; readonly record?: undefined };
}[TableName];

/** Where changes are made to last. */
export interface ChangeLog {
  /**
   * Writes changes that belong together; resolves when a crash can no longer undo them. When it rejects, none of the
   * changes that were waiting is kept, and it rejects from then on.
   *
   * @param everything what the tables hold, these changes included: what a shorter log would begin with
   */
  append(changes: readonly Change[], everything: () => Iterable<Change>): Promise<void>;
}

/**
 * What was kept of earlier tables, and keeps the next: changes as plain JSON, whatever is in them. Secret: some tables
 * hold keys.
 */
export interface EmulatorState {
  /** The changes that make the tables, as a log was given them. */
  readonly kept: Iterable<unknown>;
  /** Keeps the changes to come. */
  readonly log: StateLog;
}

/** Where the changes of an emulator are made to last. */
export interface StateLog {
  /**
   * Writes changes that belong together; resolves when a crash can no longer undo them. When it rejects, none of the
   * changes that were waiting is kept, and it rejects from then on.
   *
   * @param everything what a shorter log would begin with, these changes included; read it before anything is awaited
   */
  append(changes: readonly unknown[], everything: () => Iterable<unknown>): Promise<void>;
}

/**
 * The tables. A change is seen by everybody at once; whoever made it is told when it is durable, and acknowledges it
 * then. Read, decide and commit without an `await` between: nothing comes in between. Nobody is answered before what
 * was read is durable too: see {@link EmulatorStore.reading}.
 *
 * When the log fails, the tables go back to what is durable, and take no more changes.
 */
export class EmulatorStore {
  readonly #log: ChangeLog | undefined;
  readonly #revisions: Map<TableName, number> = new Map();
  readonly #tables: { readonly [T in TableName]: Map<string, Tables[T]> } = {
    trustAnchors: new Map(),
    profiles: new Map(),
    crls: new Map(),
    subjects: new Map(),
    tags: new Map(),
    roles: new Map(),
    managedPolicies: new Map(),
    accessKeys: new Map(),
    authorities: new Map(),
    issuedCertificates: new Map(),
    buckets: new Map(),
    objects: new Map(),
    settings: new Map(),
  };
  /** What takes back the changes that are not durable yet, the oldest first. */
  #undo: Change[][] = [];
  #lastCommit: Promise<void> = Promise.resolve();
  #failed = false;

  /**
   * Empty tables, or what was kept of earlier ones.
   *
   * @param log default: changes last as long as the store
   * @param kept changes to begin with, which are not logged again
   */
  constructor(log?: ChangeLog, kept: Iterable<Change> = []) {
    this.#log = log;
    for (const change of kept) this.#apply(change);
  }

  /** One record; undefined when there is none. Secret: some tables hold keys. */
  get<T extends TableName>(table: T, key: string): Tables[T] | undefined {
    return this.#tables[table].get(key);
  }

  /** A whole table, the oldest record first. Secret: some tables hold keys. */
  all<T extends TableName>(table: T): ReadonlyMap<string, Tables[T]> {
    return this.#tables[table];
  }

  /** The changes that would make these tables of empty ones. Secret: some tables hold keys. */
  *everything(): Iterable<Change> {
    for (const [table, records] of Object.entries(this.#tables)) {
      for (const [key, record] of records) yield { table, key, record } as Change;
    }
  }

  /** A number that grows with every change of one of these tables. */
  revision(tables: readonly TableName[]): number {
    return tables.reduce((sum, table) => sum + (this.#revisions.get(table) ?? 0), 0);
  }

  /**
   * Makes changes that belong together; resolves when they are durable. Secret: some tables hold keys.
   *
   * @throws {ServiceRefusal} `ServiceUnavailable` when they cannot be made durable; then they are not made
   */
  commit(changes: readonly Change[]): Promise<void> {
    if (this.#failed) return Promise.reject(unavailable());
    if (this.#log === undefined) {
      for (const change of changes) this.#apply(change);
      return Promise.resolve();
    }
    const undo: Change[] = [];
    for (const change of changes) {
      undo.unshift({ ...change, record: this.#tables[change.table].get(change.key) } as Change);
      this.#apply(change);
    }
    this.#undo.push(undo);
    const committed = this.#log.append(changes, () => this.everything()).then(
      () => void this.#undo.shift(),
      () => this.#fail(),
    );
    committed.catch(() => {});
    this.#lastCommit = committed;
    return committed;
  }

  /**
   * To be called before reading; the answer, called after it, resolves when everything that was read is durable.
   *
   * @throws {ServiceRefusal} `ServiceUnavailable` when it will not be
   */
  reading(): () => Promise<void> {
    const failed = this.#failed;
    return async () => {
      if (this.#undo.length > 0) await this.#lastCommit;
      if (this.#failed !== failed) throw unavailable();
    };
  }

  /** Goes back to what is durable. */
  #fail(): never {
    this.#failed = true;
    // A record that was removed comes back at the end of its table.
    for (const undo of this.#undo.reverse()) for (const change of undo) this.#apply(change);
    this.#undo = [];
    throw unavailable();
  }

  #apply({ table, key, record }: Change): void {
    const records = this.#tables[table] as Map<string, Tables[TableName]>;
    if (record === undefined) records.delete(key);
    else records.set(key, record);
    this.#revisions.set(table, (this.#revisions.get(table) ?? 0) + 1);
  }
}

function unavailable(): Error {
  return refuse(
    503,
    "ServiceUnavailable",
    "The emulator cannot write its state file: nothing was changed, and it only reads until it is restarted",
  );
}
