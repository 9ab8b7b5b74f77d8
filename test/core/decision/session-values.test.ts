import { packedTagPercent } from "../../../core/decision/packed-size.ts";
import { parseQuery } from "../../../core/decision/query-parameters.ts";
import { sessionDurationSeconds, sessionExpiration } from "../../../core/decision/session-duration.ts";
import { serialSessionName } from "../../../core/decision/session-name.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/decision: values of a session");

test("packedTagPercent() counts keys and values against 457 characters", () => {
  const tags = Array.from({ length: 9 }, (_, i) => ({ key: `k${i}`, value: "v".repeat(250) }));
  assert.is(packedTagPercent(tags), 497);
  assert.is(packedTagPercent([]), 0);
  assert.is(packedTagPercent([{ key: "k", value: "v".repeat(456) }]), 100);
  assert.is(packedTagPercent([{ key: "k", value: "v".repeat(457) }]), 101);
});

test("sessionDurationSeconds() takes the shorter of profile and request", () => {
  assert.is(sessionDurationSeconds(3600, undefined), 3600);
  assert.is(sessionDurationSeconds(3600, 900), 900);
  assert.is(sessionDurationSeconds(3600, 7200), 3600);
});

test("sessionExpiration() writes whole seconds of UTC", () => {
  assert.is(sessionExpiration(Date.UTC(2025, 11, 31, 23, 59, 59, 999), 900), "2026-01-01T00:14:59Z");
});

test("serialSessionName() writes an even number of lower-case digits without the sign octet", () => {
  assert.is(serialSessionName(new Uint8Array([0x01])), "01");
  assert.is(serialSessionName(new Uint8Array([0x00])), "00");
  assert.is(serialSessionName(new Uint8Array([0x00, 0xab, 0xcd])), "abcd");
});

test("parseQuery() keeps order and plus signs, and decodes names and values", () => {
  assert.equal(parseQuery("a=1&b%3D=%C3%A9+x&c&=&a=2"), [["a", "1"], ["b=", "é+x"], ["c", ""], ["", ""], ["a", "2"]]);
  assert.equal(parseQuery(""), []);
});

test.run();
