/**
 * What one decision may leave to the next: imported keys, and what was found out about revocation lists. It makes
 * decisions faster and changes none.
 *
 * @module
 */

import { KeyCache } from "../path/key-cache.ts";
import { type AnchorLists, makeAnchorLists } from "./anchor-lists.ts";
import type { DecisionPreset } from "./decision-options.ts";
import type { RevocationListState } from "./session-state.ts";

/** Belongs to one provider. It holds the lists of a state for as long as the state's array of them lives. */
export class DecisionMemory {
  /** Keys of CAs on paths that were verified. */
  readonly keys: KeyCache = new KeyCache();
  readonly #lists: WeakMap<readonly RevocationListState[], Map<string, AnchorLists>> = new WeakMap();

  /** The lists of a trust anchor. For `decideSession`. */
  lists(crls: readonly RevocationListState[], arn: string, expired: DecisionPreset["expiredCrl"]): AnchorLists {
    let known = this.#lists.get(crls);
    if (known === undefined) this.#lists.set(crls, known = new Map());
    const name = `${expired} ${arn}`;
    let lists = known.get(name);
    if (lists === undefined) known.set(name, lists = makeAnchorLists(crls, arn, expired));
    return lists;
  }
}
