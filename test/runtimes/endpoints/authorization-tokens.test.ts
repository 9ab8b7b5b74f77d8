// runtimes: node20 node deno bun workerd
import { AuthorizationTokens } from "../../../runtimes/endpoints/authorization-tokens.ts";
import { assert, suite } from "../../support/suite.ts";
import { testRandom } from "../../support/test-authority.ts";

const test = suite("runtimes/endpoints/authorization-tokens");

test("AuthorizationTokens accepts nothing before there is a token", () => {
  const tokens = new AuthorizationTokens(testRandom("authorization"));
  for (const given of ["", "undefined", "A".repeat(43), "\0".repeat(32)]) assert.not(tokens.accepts(given));
});

test("AuthorizationTokens makes 43 characters that fit into a header and a file", () => {
  const token = new AuthorizationTokens(testRandom("authorization")).propose();
  assert.match(token, /^[A-Za-z0-9_-]{43}$/);
});

test("AuthorizationTokens accepts what is in the file, what was there before, and what will be there", () => {
  const tokens = new AuthorizationTokens(testRandom("authorization"));
  const first = tokens.propose();
  tokens.settle();
  const second = tokens.propose();
  assert.ok(tokens.accepts(first));
  assert.ok(tokens.accepts(second), "a reader may be faster than we are");
  tokens.settle();
  assert.ok(tokens.accepts(first));
  const third = tokens.propose();
  tokens.settle();
  assert.equal([first, second, third].map((token) => tokens.accepts(token)), [false, true, true]);
});

test("AuthorizationTokens keeps the one in the file when writing the next ones fails", () => {
  const tokens = new AuthorizationTokens(testRandom("authorization"));
  const first = tokens.propose();
  tokens.settle();
  for (let failures = 0; failures < 10; failures++) tokens.propose();
  assert.ok(tokens.accepts(first));
});

test("AuthorizationTokens refuses whatever is only like a token", () => {
  const tokens = new AuthorizationTokens(testRandom("authorization"));
  const token = tokens.propose();
  tokens.settle();
  const last = token.endsWith("A") ? "B" : "A";
  for (
    const given of [
      `${token}\n`,
      ` ${token}`,
      `Bearer ${token}`,
      token.slice(0, -1),
      token.slice(0, -1) + last,
      token.toLowerCase(),
      `${token}${token}`,
      token.slice(0, -1) + "\u0141",
    ]
  ) assert.not(tokens.accepts(given), given);
});

test.run();
