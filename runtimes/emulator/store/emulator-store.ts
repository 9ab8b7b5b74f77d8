/**
 * The tables of one emulator, in memory, and the log that makes changes last.
 *
 * @module
 */

import type { TableName, Tables } from "./records.ts";

/** One change: a record is put, or removed. */
export type Change = {
  readonly [T in TableName]:
    | { readonly table: T; readonly key: string; readonly record: Tables[T] }
    | { readonly table: T; readonly key: string; readonly record?: undefined };
}[TableName];

/** Where changes are made to last. */
export interface ChangeLog {
  /** Writes changes that belong together; resolves when a crash can no longer undo them. */
  append(changes: readonly Change[]): Promise<void>;
}

/**
 * The tables. A change is seen by everybody at once; whoever made it is told when it is durable, and acknowledges it
 * then. Read, decide and commit without an `await` between: nothing comes in between.
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

  /** A number that grows with every change of one of these tables. */
  revision(tables: readonly TableName[]): number {
    return tables.reduce((sum, table) => sum + (this.#revisions.get(table) ?? 0), 0);
  }

  /** Makes changes that belong together; resolves when they are durable. Secret: some tables hold keys. */
  async commit(changes: readonly Change[]): Promise<void> {
    for (const change of changes) this.#apply(change);
    await this.#log?.append(changes);
  }

  #apply({ table, key, record }: Change): void {
    const records = this.#tables[table] as Map<string, Tables[TableName]>;
    if (record === undefined) records.delete(key);
    else records.set(key, record);
    this.#revisions.set(table, (this.#revisions.get(table) ?? 0) + 1);
  }
}
