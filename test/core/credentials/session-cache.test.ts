import {
  createSessionCache,
  type CredentialEvent,
  LEASE_MS,
  type SessionCache,
} from "../../../core/credentials/session-cache.ts";
import type { Session } from "../../../core/session/create-session.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { NOON } from "../session/fake-service.ts";
import { idle, VirtualClock } from "../session/virtual-clock.ts";

const test = suite("core/credentials/session-cache");

const SECOND = 1000;
const MINUTE = 60 * SECOND;

interface Bench {
  readonly clock: VirtualClock;
  readonly cache: SessionCache;
  readonly events: CredentialEvent[];
  /** Calls of the service so far. */
  readonly calls: () => number;
  /** What the next calls do: a life in milliseconds, or a failure; the last one stays. */
  readonly plan: (number | Error)[];
  /** Holds calls back until released. */
  hold(): () => void;
}

function bench(
  plan: (number | Error)[],
  extra: { jitter?: number; clockSkewMs?: number; separate?: boolean } = {},
): Bench {
  const clock = new VirtualClock(NOON);
  const events: CredentialEvent[] = [];
  let calls = 0;
  let gate: Promise<void> | undefined;
  const cache = createSessionCache({
    now: clock.now,
    random: (length) => new Uint8Array(length).fill(extra.jitter ?? 0),
    onEvent: (event) => events.push(event),
    ...(extra.separate === true ? { wait: clock.sleep } : {}),
    create: async () => {
      calls++;
      await gate;
      const next = plan.length > 1 ? plan.shift()! : plan[0]!;
      if (next instanceof Error) throw next;
      return session(calls, clock.time + next + (extra.clockSkewMs ?? 0), extra.clockSkewMs);
    },
  });
  const hold = () => {
    let release = (): void => {};
    gate = new Promise((resolve) => release = resolve);
    return () => {
      gate = undefined;
      release();
    };
  };
  return { clock, cache, events, calls: () => calls, plan, hold };
}

function session(number: number, expiresAtMs: number, clockSkewMs: number = 0): Session {
  const credentials = {
    accessKeyId: `key-${number}`,
    secretAccessKey: "secret",
    sessionToken: "token",
    expiration: new Date(expiresAtMs).toISOString(),
    accountId: "000000000000",
  };
  return { credentials, expiresAtMs, roleArn: "", requestId: "", attempts: 1, clockSkewMs };
}

const key = async (cache: SessionCache): Promise<string> => (await cache.session()).credentials.accessKeyId;

test("createSessionCache() makes one call for a hundred callers that come at once", async () => {
  const { cache, calls } = bench([60 * MINUTE]);
  const keys = await Promise.all(Array.from({ length: 100 }, () => key(cache)));
  assert.equal(new Set(keys), new Set(["key-1"]));
  assert.is(calls(), 1);
});

test("createSessionCache() gives a hundred callers the one failure", async () => {
  const { cache, calls } = bench([new Error("down")]);
  const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => key(cache)));
  assert.ok(outcomes.every((each) => each.status === "rejected" && each.reason.message === "down"));
  assert.is(calls(), 1);
});

test("createSessionCache() calls nobody until it is asked", () => {
  assert.is(bench([60 * MINUTE]).calls(), 0);
});

test("createSessionCache() replaces a session in the background between ten and five minutes before its end", async () => {
  for (const [jitter, before] of [[0, 10 * MINUTE], [255, 5 * MINUTE]] as const) {
    const { cache, calls, clock } = bench([60 * MINUTE], { jitter });
    await key(cache);
    clock.time = NOON + 60 * MINUTE - before - SECOND;
    assert.is(await key(cache), "key-1");
    await idle();
    assert.is(calls(), 1);
    clock.time += 2 * SECOND;
    assert.is(await key(cache), "key-1", "the caller does not wait");
    await idle();
    assert.is(calls(), 2);
    assert.is(await key(cache), "key-2");
  }
});

test("createSessionCache() makes one background call however many callers come meanwhile", async () => {
  const { cache, calls, clock, hold } = bench([60 * MINUTE]);
  await key(cache);
  clock.time = NOON + 55 * MINUTE;
  const release = hold();
  const keys = await Promise.all(Array.from({ length: 100 }, () => key(cache)));
  assert.equal(new Set(keys), new Set(["key-1"]));
  release();
  await idle();
  assert.is(calls(), 2);
  assert.is(await key(cache), "key-2");
});

test("createSessionCache() lets callers wait in the last minute, and serves the old session if that fails", async () => {
  const { cache, clock, plan, events } = bench([60 * MINUTE]);
  await key(cache);
  clock.time = NOON + 59 * MINUTE + SECOND;
  assert.is(await key(cache), "key-2");

  clock.time += 59 * MINUTE + SECOND;
  plan[0] = new Error("down");
  assert.is(await key(cache), "key-2");
  const last = events.at(-1)!;
  assert.is(last.type, "refresh-failed");
  assert.ok(last.type === "refresh-failed" && last.serving);
});

test("createSessionCache() serves the last good session while it is valid, and then the failure", async () => {
  const { cache, calls, clock, plan } = bench([60 * MINUTE]);
  await key(cache);
  plan[0] = new Error("down");
  for (let minute = 50; minute < 60; minute++) {
    clock.time = NOON + minute * MINUTE;
    assert.is(await key(cache), "key-1");
    await idle();
  }
  clock.time = NOON + 60 * MINUTE;
  try {
    await key(cache);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, "down");
  }
  assert.ok(calls() <= 12, String(calls()));
});

test("createSessionCache() serves no session that has expired while it pauses after a failure", async () => {
  const { cache, calls, clock, plan } = bench([60 * MINUTE], { jitter: 255 });
  await key(cache);
  plan[0] = new Error("down");
  clock.time = NOON + 60 * MINUTE - 1;
  assert.is(await key(cache), "key-1");
  await idle();
  const made = calls();
  assert.is(await key(cache), "key-1");
  clock.time += 1;
  assert.is(await key(cache).catch((error: Error) => error.message), "down");
  assert.is(calls(), made, "no call within the pause");
});

test("createSessionCache() pauses after a failure, longer each time and a minute at most", async () => {
  const { cache, calls, clock, plan, events } = bench([new Error("down")], { jitter: 255 });
  const pauses: number[] = [];
  for (let i = 0; i < 9; i++) {
    await key(cache).catch(() => {});
    const event = events.at(-1)!;
    if (event.type === "refresh-failed") pauses.push(Math.round(event.retryAfterMs));
    for (let k = 0; k < 50; k++) await key(cache).catch(() => {});
    assert.is(calls(), i + 1, "no call within the pause");
    clock.time += event.type === "refresh-failed" ? event.retryAfterMs : 0;
  }
  assert.equal(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * SECOND));
  plan[0] = 60 * MINUTE;
  assert.is(await key(cache), "key-10");
});

test("createSessionCache() does not let a clock that was set back prolong the pause", async () => {
  const { cache, calls, clock, plan } = bench([new Error("down")]);
  await key(cache).catch(() => {});
  clock.time -= 24 * 60 * MINUTE;
  plan[0] = 60 * MINUTE;
  await key(cache);
  assert.is(calls(), 2);
});

for (const life of [1, 5, 30, 60, 300, 600, 900, 3600, 43_200]) {
  test(`createSessionCache() does not loop with sessions of ${life} seconds`, async () => {
    for (const jitter of [0, 128, 255]) {
      const { cache, calls, clock } = bench([life * SECOND], { jitter });
      for (let i = 0; i < 20; i++) {
        await key(cache);
        await idle();
      }
      assert.is(calls(), 1, "one session for many callers at one time");
      // Ten lives, twenty calls each: a session is used for half of its life at least.
      for (let i = 0; i < 200; i++) {
        clock.time += (life * SECOND) / 20;
        const current = await cache.session();
        assert.ok(current.expiresAtMs > clock.time, "never an expired one");
        await idle();
      }
      assert.ok(calls() >= 10 && calls() <= 21, `${calls()} calls`);
    }
  });
}

test("createSessionCache() reckons with the skew between the service's clock and ours", async () => {
  const hour = 60 * MINUTE;
  for (const clockSkewMs of [hour, -hour]) {
    const { cache, calls, clock } = bench([hour], { clockSkewMs });
    await key(cache);
    clock.time = NOON + 49 * MINUTE;
    await key(cache);
    await idle();
    assert.is(calls(), 1);
    clock.time = NOON + 51 * MINUTE;
    await key(cache);
    await idle();
    assert.is(calls(), 2);
  }
});

test("createSessionCache() makes one call for a hundred callers that share no promise", async () => {
  const { cache, calls, clock, hold } = bench([60 * MINUTE], { separate: true });
  const release = hold();
  const callers = Promise.all(Array.from({ length: 100 }, () => key(cache)));
  await idle();
  release();
  assert.equal(new Set(await clock.run(callers)), new Set(["key-1"]));
  assert.is(calls(), 1);
});

test("createSessionCache() lets one caller wait for the new session, when nothing may go on in the background", async () => {
  const { cache, calls, clock, hold } = bench([60 * MINUTE], { separate: true });
  await clock.run(key(cache));
  clock.time += 56 * MINUTE;
  const release = hold();
  const first = key(cache);
  await idle();
  assert.is(await key(cache), "key-1");
  release();
  assert.is(await first, "key-2");
  assert.is(calls(), 2);
});

test("createSessionCache() has the new session fetched after the answer of a caller that can have that", async () => {
  const { cache, calls, clock, hold, plan, events } = bench([60 * MINUTE], { separate: true });
  const work: Promise<unknown>[] = [];
  const waitUntil = (promise: Promise<unknown>) => void work.push(promise);
  const keyOf = async () => (await cache.session(false, waitUntil)).credentials.accessKeyId;
  assert.is(await clock.run(keyOf()), "key-1");
  assert.is(work.length, 0, "who has none waits for it");
  clock.time += 56 * MINUTE;
  const release = hold();
  assert.equal([await keyOf(), await keyOf()], ["key-1", "key-1"]);
  assert.equal([calls(), work.length], [2, 1]);
  release();
  await work[0];
  assert.is(await keyOf(), "key-2");
  clock.time += 56 * MINUTE;
  plan[0] = new Error("down");
  assert.is(await keyOf(), "key-2");
  await work[1];
  assert.is(events.at(-1)?.type, "refresh-failed");
  plan[0] = 60 * MINUTE;
  clock.time += 3.5 * MINUTE;
  assert.is(await keyOf(), "key-4", "in the last minute it waits");
  assert.is(work.length, 2);
});

test("createSessionCache() makes the call again when the caller that made it is gone", async () => {
  const { cache, calls, clock, hold } = bench([60 * MINUTE], { separate: true });
  await clock.run(key(cache));
  clock.time += 56 * MINUTE;
  // The request that makes this call is broken off: nothing ever comes of it.
  hold();
  key(cache).catch(() => {});
  await idle();
  hold()();
  clock.time += LEASE_MS - 1;
  assert.is(await key(cache), "key-1");
  clock.time += 1;
  assert.is(await clock.run(key(cache)), "key-3");
  assert.is(calls(), 3);
});

test("createSessionCache() lets callers without a session wait for a call that never ends, and no longer", async () => {
  const { cache, calls, clock, hold } = bench([60 * MINUTE], { separate: true });
  hold();
  key(cache).catch(() => {});
  await idle();
  hold()();
  assert.is(await clock.run(key(cache)), "key-2");
  assert.is(clock.time, NOON + LEASE_MS);
  assert.is(calls(), 2);
});

test("createSessionCache() keeps the old session and tells a failure, whether promises are shared or not", async () => {
  const { cache, calls, clock, events, plan } = bench([60 * MINUTE], { separate: true });
  await clock.run(key(cache));
  plan[0] = new Error("down");
  clock.time += 56 * MINUTE;
  assert.is(await key(cache), "key-1");
  assert.is(await key(cache), "key-1");
  assert.is(calls(), 2);
  assert.is(events.at(-1)?.type, "refresh-failed");
  clock.time += 5 * MINUTE;
  const outcomes = await clock.run(Promise.allSettled([key(cache), key(cache)]));
  assert.equal(outcomes.map((each) => each.status === "rejected" && each.reason.message), ["down", "down"]);
  assert.is(calls(), 3);
});

test("createSessionCache() forces one new session for callers that share no promise", async () => {
  const { cache, calls, clock } = bench([60 * MINUTE], { separate: true });
  await clock.run(key(cache));
  const forced = [cache.session(true), cache.session(true)].map(async (each) => (await each).credentials.accessKeyId);
  assert.equal(await clock.run(Promise.all(forced)), ["key-2", "key-2"]);
  assert.is(calls(), 2);
});

test("createSessionCache() gets another session when the caller forces it", async () => {
  const { cache, calls, plan } = bench([60 * MINUTE]);
  await key(cache);
  assert.is((await cache.session(true)).credentials.accessKeyId, "key-2");
  assert.is(await key(cache), "key-2");
  plan[0] = Object.assign(new Error("down"), { code: "DOWN" });
  await assertRejects(cache.session(true), "DOWN");
  await assertRejects(cache.session(true), "DOWN");
  assert.is(calls(), 3, "no hot loop by force");
  assert.is(await key(cache), "key-2");
});

test("createSessionCache() tells what happened, without credentials", async () => {
  const { cache, events, clock, plan } = bench([60 * MINUTE]);
  await key(cache);
  plan[0] = new Error("down");
  clock.time = NOON + 55 * MINUTE;
  await key(cache);
  await idle();
  assert.equal(events.map((event) => event.type), ["refreshed", "refresh-failed"]);
  assert.equal(events[0], {
    type: "refreshed",
    expiration: "2026-06-01T13:00:00.000Z",
    attempts: 1,
    clockSkewMs: 0,
    requestId: "",
  });
  assert.not.match(JSON.stringify(events), /secret|token|key-1/);
});

const LISTENERS: Readonly<Record<string, () => void>> = {
  throws: () => {
    throw new Error("listener");
  },
  // An unhandled rejection would end the process.
  rejects: () => Promise.reject(new Error("listener")),
};

for (const [fault, onEvent] of Object.entries(LISTENERS)) {
  test(`createSessionCache() survives a listener that ${fault}, and a maker that throws at once`, async () => {
    const clock = new VirtualClock(NOON);
    let calls = 0;
    const cache = createSessionCache({
      now: clock.now,
      random: (length) => new Uint8Array(length),
      onEvent,
      create: () => {
        if (calls++ === 0) throw Object.assign(new Error("sync"), { code: "SYNC" });
        return Promise.resolve(session(1, NOON + 60 * MINUTE));
      },
    });
    await assertRejects(cache.session(), "SYNC");
    clock.time += SECOND;
    assert.is(await key(cache), "key-1");
  });
}

test.run();
