/**
 * Patience with files that others have open.
 *
 * On Windows a file that somebody reads can often be neither replaced nor removed until it is closed: SDKs read the
 * credentials file, virus scanners and indexers whatever is new. A name whose file was removed below a reader cannot be
 * taken either. All of that is over in moments.
 *
 * @module
 */

import type { Sleep } from "../../core/ports.ts";

/** How often it is tried: with growing pauses that is three seconds. */
const MAX_ATTEMPTS = 25;

/** The first pause, and what each is longer than the one before, in milliseconds. */
const PAUSE_MS = 10;

/**
 * Does it, again and again while the file is in use, for three seconds at most.
 *
 * @param isInUse whether an error can mean that; it may mean that the file is not ours as well
 */
export async function onceFree<T>(
  action: () => Promise<T>,
  isInUse: (error: unknown) => boolean,
  sleep: Sleep,
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isInUse(error)) throw error;
    }
    await sleep(PAUSE_MS * attempt);
  }
}
