import { backoffMs, MAX_BACKOFF_MS, uniform } from "../../../core/session/retry.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/session/retry");

const filled = (octet: number) => (length: number) => new Uint8Array(length).fill(octet);

test("uniform() reaches from 0 to just below 1", () => {
  assert.is(uniform(filled(0)), 0);
  assert.is(uniform(filled(255)), 1 - 2 ** -32);
  assert.is(uniform(() => Uint8Array.of(0x12, 0x34, 0x56, 0x78)), 0x12345678 / 2 ** 32);
});

test("backoffMs() stays in [0, 2^attempt) seconds and below 20 seconds", () => {
  for (let attempt = 1; attempt <= 10; attempt++) {
    assert.is(backoffMs(attempt, filled(0)), 0);
    const most = backoffMs(attempt, filled(255));
    assert.ok(most <= Math.min(2 ** attempt * 1000, MAX_BACKOFF_MS), String(most));
    assert.ok(most >= Math.min(2 ** attempt * 999, MAX_BACKOFF_MS), String(most));
  }
});

test.run();
