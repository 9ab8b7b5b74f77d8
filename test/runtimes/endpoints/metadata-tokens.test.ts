// runtimes: node20 node deno bun workerd
import { MAX_TOKEN_SECONDS, MAX_TOKENS, MetadataTokens } from "../../../runtimes/endpoints/metadata-tokens.ts";
import { assert, suite } from "../../support/suite.ts";
import { NOW, testRandom } from "../../support/test-authority.ts";

const test = suite("runtimes/endpoints/metadata-tokens");

function bench() {
  const clock = { time: NOW };
  return { clock, tokens: new MetadataTokens(testRandom("metadata tokens"), () => clock.time) };
}

test("MetadataTokens issues texts of 100 characters that are never the same", () => {
  const { tokens } = bench();
  const issued = Array.from({ length: 200 }, () => tokens.issue(60));
  for (const token of issued) assert.match(token, /^[A-Za-z0-9+/]{100}$/);
  assert.is(new Set(issued).size, 200);
});

test("MetadataTokens tells the whole seconds that are left, and forgets what has ended", () => {
  const { tokens, clock } = bench();
  const token = tokens.issue(10);
  assert.is(tokens.remainingSeconds(token), 10);
  clock.time += 9001;
  assert.is(tokens.remainingSeconds(token), 0);
  clock.time += 998;
  assert.is(tokens.remainingSeconds(token), 0);
  clock.time += 1;
  assert.is(tokens.remainingSeconds(token), undefined);
  assert.is(tokens.size, 0);
  assert.is(tokens.remainingSeconds("made up"), undefined);
});

test("MetadataTokens holds 256 of ten thousand: the one that ends first goes", () => {
  const { tokens, clock } = bench();
  const issued = Array.from({ length: 10_000 }, () => {
    clock.time++;
    return tokens.issue(MAX_TOKEN_SECONDS);
  });
  assert.is(tokens.size, MAX_TOKENS);
  assert.is(tokens.evicted, 10_000 - MAX_TOKENS);
  const good = issued.filter((token) => tokens.remainingSeconds(token) !== undefined);
  assert.equal(good, issued.slice(-MAX_TOKENS));
});

test("MetadataTokens lets the short-lived go before the long-lived, and the ended before both", () => {
  const { tokens, clock } = bench();
  const long = Array.from({ length: MAX_TOKENS - 2 }, () => tokens.issue(MAX_TOKEN_SECONDS));
  const short = tokens.issue(60);
  const ended = tokens.issue(1);
  clock.time += 1000;
  const first = tokens.issue(120);
  assert.is(tokens.remainingSeconds(ended), undefined);
  assert.is(tokens.remainingSeconds(short), 59, "there was room: nothing good had to go");
  assert.is(tokens.evicted, 0);
  const second = tokens.issue(120);
  assert.is(tokens.remainingSeconds(short), undefined);
  for (const token of [first, second, ...long]) assert.ok(tokens.remainingSeconds(token) !== undefined);
  assert.is(tokens.evicted, 1);
});

test.run();
