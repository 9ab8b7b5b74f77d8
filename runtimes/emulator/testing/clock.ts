/**
 * The emulator's clock, which a tester may move or stop.
 *
 * @module
 */

import type { Now } from "../../../core/ports.ts";
import type { Change, EmulatorStore } from "../store/emulator-store.ts";

const FIXED = "clock-fixed-ms";
const OFFSET = "clock-offset-ms";

/** How the clock goes: so many seconds ahead of the machine's (behind, when negative), or not at all. */
export type ClockSetting =
  | { readonly offsetSeconds: number }
  /** ISO 8601, UTC. */
  | { readonly fixed: string };

/** What the clock is told: a setting, or to go forward from where it is. */
export type ClockCommand = ClockSetting | { readonly advanceSeconds: number };

/** A clock whose setting is kept with everything else. */
export class EmulatorClock {
  readonly #store: EmulatorStore;
  readonly #machine: Now;

  /** @param machine the clock that this one is set by */
  constructor(store: EmulatorStore, machine: Now) {
    this.#store = store;
    this.#machine = machine;
  }

  /** Milliseconds since the epoch. */
  readonly now: Now = () => {
    const fixed = this.#store.get("settings", FIXED)?.value;
    if (typeof fixed === "number") return fixed;
    const offset = this.#store.get("settings", OFFSET)?.value;
    return this.#machine() + (typeof offset === "number" ? offset : 0);
  };

  /** How it goes. */
  setting(): ClockSetting {
    const fixed = this.#store.get("settings", FIXED)?.value;
    if (typeof fixed === "number") return { fixed: new Date(fixed).toISOString() };
    const offset = this.#store.get("settings", OFFSET)?.value;
    return { offsetSeconds: typeof offset === "number" ? offset / 1000 : 0 };
  }

  /** Sets it; resolves when the setting is durable, rejects as {@link EmulatorClock.changes} throws. */
  async set(command: ClockCommand): Promise<void> {
    await this.#store.commit(this.changes(command));
  }

  /**
   * The changes that set it.
   *
   * @throws {TypeError} for anything but a command
   * @throws {RangeError} for a time before 1970 or after 9999
   */
  changes(command: ClockCommand): readonly Change[] {
    const { fixed, offset } = this.#target(command);
    const time = fixed ?? this.#machine() + (offset ?? 0);
    if (!(time >= 0 && time <= LATEST)) throw new RangeError("the clock goes from 1970 to 9999");
    return [change(FIXED, fixed), change(OFFSET, offset)];
  }

  #target(command: ClockCommand): { readonly fixed?: number; readonly offset?: number } {
    const [name, ...others] = Object.keys(command);
    if (others.length === 0) {
      if ("fixed" in command && typeof command.fixed === "string" && ISO_8601.test(command.fixed)) {
        return { fixed: Date.parse(command.fixed) };
      }
      if ("offsetSeconds" in command && Number.isFinite(command.offsetSeconds)) {
        return { offset: command.offsetSeconds * 1000 };
      }
      if ("advanceSeconds" in command && Number.isFinite(command.advanceSeconds)) {
        const stopped = this.#store.get("settings", FIXED) !== undefined;
        const ms = command.advanceSeconds * 1000;
        return stopped ? { fixed: this.now() + ms } : { offset: this.now() - this.#machine() + ms };
      }
    }
    throw new TypeError(
      `the clock takes one of "offsetSeconds" and "advanceSeconds", a number, and "fixed", ISO 8601 in UTC; not ${
        name ?? "nothing"
      }`,
    );
  }
}

/** The changes that let a clock go as the machine's does. */
export const CLOCK_RESET: readonly Change[] = [
  { table: "settings", key: FIXED },
  { table: "settings", key: OFFSET },
];

function change(key: string, value: number | undefined): Change {
  return value === undefined ? { table: "settings", key } : { table: "settings", key, record: { value } };
}

/** The end of the years with four digits. */
const LATEST = 253_402_300_799_999;

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
