import { MAX_RESPONSE_OCTETS, readAnswer, readBody } from "../../../core/session/response.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import type { FetchResponse } from "../../../core/ports.ts";
import { assert, assertRejects, assertThrows, suite } from "../../support/suite.ts";
import { answer, ARNS, NOON, SECRET, successBody, TOKEN } from "./fake-service.ts";

const test = suite("core/session/response");

const asked = { roleArn: ARNS.roleArn, accountId: "000000000000" };
const read = (body: unknown) => readAnswer(typeof body === "string" ? body : JSON.stringify(body), asked, NOON, {});
type Body = { credentialSet: Record<string, unknown>[] };
const altered = (change: (element: Record<string, unknown>, body: Body) => void): Body => {
  const body = successBody() as unknown as Body;
  change(body.credentialSet[0]!, body);
  return body;
};

test("readAnswer() takes what is required and does without the rest", () => {
  const { credentials } = successBody().credentialSet[0]!;
  const result = read({ credentialSet: [{ credentials }], unknown: 1 });
  assert.equal(result, {
    credentials: { ...credentials, accountId: "000000000000" },
    expiresAtMs: NOON + 3_600_000,
    roleArn: ARNS.roleArn,
  });
});

test("readAnswer() takes the account of the assumed role, else of the role, else of the request", () => {
  assert.is(read(successBody()).credentials.accountId, "123456789012");
  const role = altered((element) => {
    delete element["assumedRoleUser"];
    element["roleArn"] = "arn:aws:iam::222222222222:role/r";
  });
  assert.is(read(role).credentials.accountId, "222222222222");
  const odd = altered((element) => {
    element["assumedRoleUser"] = { arn: "x", assumedRoleId: "y" };
    element["roleArn"] = 7;
  });
  assert.is(read(odd).credentials.accountId, "000000000000");
});

test("readAnswer() keeps the text of the expiration", () => {
  const body = altered((element) => {
    (element["credentials"] as Record<string, string>)["expiration"] = "2026-06-01T13:00:00.123456+00:00";
  });
  assert.is(read(body).credentials.expiration, "2026-06-01T13:00:00.123456+00:00");
  assert.is(read(body).expiresAtMs, NOON + 3_600_000);
});

test("readAnswer() refuses an answer without a credential set", () => {
  for (const body of [{}, { credentialSet: [] }, { credentialSet: null }, { credentialSet: {} }]) {
    const error = assertThrows(() => read(body), "ERR_SESSION_EMPTY_CREDENTIAL_SET");
    assert.match(error.message, "unable to obtain temporary security credentials");
  }
});

test("readAnswer() names the member that is missing, and no other value", () => {
  for (const member of ["accessKeyId", "secretAccessKey", "sessionToken", "expiration"]) {
    for (const value of [undefined, "", 7, null, ["x"]]) {
      const body = altered((element) => (element["credentials"] as Record<string, unknown>)[member] = value);
      const error = assertThrows(() => read(body), "ERR_SESSION_INCOMPLETE_CREDENTIALS");
      assert.is((error["detail"] as { member: string }).member, member);
      for (const leak of [SECRET, TOKEN]) assert.not.match(error.message + JSON.stringify(error), leak);
    }
  }
  for (const element of [{}, null, "x", { credentials: null }, { credentials: [] }]) {
    const error = assertThrows(() => read({ credentialSet: [element] }), "ERR_SESSION_INCOMPLETE_CREDENTIALS");
    assert.is((error["detail"] as { member: string }).member, "credentials");
  }
});

test("readAnswer() refuses an expiration that is no time in UTC, or is past", () => {
  const refused = [
    "tomorrow",
    "1780000000",
    "2026-06-01",
    "2026-06-01T13:00:00",
    "2026-06-01T13:00:00+02:00",
    "2026-06-31T13:00:00Z",
    "2027-02-29T13:00:00Z",
    "2026-06-01T25:00:00Z",
    "2026-06-01 13:00:00Z",
    "2026-06-01T12:00:00Z",
    "2020-01-01T00:00:00Z",
  ];
  for (const expiration of refused) {
    assertThrows(() => read(successBody(expiration)), "ERR_SESSION_EXPIRATION");
  }
});

test("readAnswer() says what stands there instead of JSON", () => {
  const cases: [string, string][] = [
    ["<!DOCTYPE html><html></html>", "the answer is HTML or XML"],
    ["", "the answer is empty"],
    [" \n", "the answer is empty"],
    ["[]", "the answer is not a JSON object"],
    ["null", "the answer is not a JSON object"],
    ['{"credentialSet":[{"credentials":{"secretAccessKey":"' + SECRET, "the answer is not a JSON object"],
  ];
  for (const [text, state] of cases) {
    const error = assertThrows(() => read(text), "ERR_SESSION_RESPONSE");
    assert.match(error.message, state);
    assert.is(error["cause"], undefined);
    assert.not.match(error.message, SECRET);
  }
  assertThrows(() => readAnswer(undefined, asked, NOON, {}), "ERR_SESSION_RESPONSE_SIZE");
});

test("readBody() believes a Content-Length that is too long without reading", async () => {
  const response: FetchResponse = {
    ...answer(201, "", { "content-length": "10485760" }),
    text: () => Promise.reject(new Error("read")),
  };
  assert.is(await readBody(response), undefined);
});

test("readBody() gives up on a text of ten megabytes", async () => {
  assert.is(await readBody(answer(201, "x".repeat(10_485_760))), undefined);
  assert.is((await readBody(answer(201, "x".repeat(MAX_RESPONSE_OCTETS))))?.length, MAX_RESPONSE_OCTETS);
});

function streamed(
  chunk: Uint8Array,
  count: number,
): { response: FetchResponse; state: { reads: number; cancelled: boolean } } {
  const state = { reads: 0, cancelled: false };
  const body = {
    getReader: () => ({
      read: () => Promise.resolve(state.reads++ < count ? { done: false, value: chunk } : { done: true }),
      cancel: () => {
        state.cancelled = true;
        return Promise.reject(new Error("cannot"));
      },
    }),
  };
  return { response: { ...answer(201, "not read"), body }, state };
}

test("readBody() joins a streamed body, also inside a character", async () => {
  const octets = encodeUtf8("é");
  const { response } = streamed(octets.subarray(0, 1), 1);
  assert.is(await readBody(response), "");
  assert.is(await readBody(streamed(encodeUtf8("aé"), 2).response), "aéaé");
});

test("readBody() stops an endless stream just behind the limit", async () => {
  const { response, state } = streamed(new Uint8Array(65_536), Infinity);
  assert.is(await readBody(response), undefined);
  assert.is(state.reads, MAX_RESPONSE_OCTETS / 65_536 + 1);
  assert.ok(state.cancelled);
});

test("readBody() passes on what reading throws", async () => {
  const broken = {
    ...answer(201, ""),
    text: () => Promise.reject(Object.assign(new Error("x"), { code: "ECONNRESET" })),
  };
  await assertRejects(readBody(broken), "ECONNRESET");
});

test.run();
