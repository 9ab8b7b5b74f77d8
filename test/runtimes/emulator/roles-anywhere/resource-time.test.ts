// runtimes: node20 node deno bun workerd
import { resourceTime } from "../../../../runtimes/emulator/roles-anywhere/resource-time.ts";
import { assert, suite } from "../../../support/suite.ts";
import { NOW } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/resource-time");

test("resourceTime() writes microseconds, later than the time before", () => {
  assert.is(resourceTime(NOW + 129), "2026-06-01T12:00:00.129000Z");
  assert.is(resourceTime(NOW + 129, "2026-06-01T12:00:00.128999Z"), "2026-06-01T12:00:00.129000Z");
  assert.is(resourceTime(NOW + 129, "2026-06-01T12:00:00.129000Z"), "2026-06-01T12:00:00.129001Z");
  assert.is(resourceTime(NOW, "2026-06-01T12:00:00.129998Z"), "2026-06-01T12:00:00.129999Z");
  assert.is(resourceTime(NOW, "2026-06-01T12:00:00.129999Z"), "2026-06-01T12:00:00.130000Z");
  assert.is(resourceTime(NOW, "2026-12-31T23:59:59.999999Z"), "2027-01-01T00:00:00.000000Z");
});

test("resourceTime() grows however often it is asked", () => {
  let last = resourceTime(NOW);
  for (let i = 0; i < 3000; i++) {
    const next = resourceTime(NOW, last);
    assert.ok(next > last && next.length === 27, next);
    last = next;
  }
  assert.is(last, "2026-06-01T12:00:00.003000Z");
});

test.run();
