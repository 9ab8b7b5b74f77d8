import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { repeatedRequestDater, requestDater } from "../../../core/sigv4/dated-request.ts";
import type { SigV4Options, SigV4Request } from "../../../core/sigv4/mod.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/sigv4/dated-request");

const OPTIONS: SigV4Options = { region: "eu-central-1", service: "rolesanywhere" };
const OWN = { "x-amz-x509": "MIIB" };
const NOON = "20261121T120000Z";
const LATER = "20261121T120001Z";

const REQUEST = {
  method: "POST",
  path: "/sessions",
  query: "b=2&a=1",
  headers: { host: "rolesanywhere.eu-central-1.amazonaws.com", "Content-Type": "application/json" },
  body: "{}",
};

/** Dates each request in turn, and demands what a dater without a memory answers. */
function demandSame(requests: readonly SigV4Request[], options: SigV4Options = OPTIONS): void {
  const remembering = repeatedRequestDater(options, portableSha256, OWN);
  const fresh = requestDater(options, portableSha256, OWN);
  for (const [turn, request] of requests.entries()) {
    for (const date of [NOON, LATER, LATER]) {
      assert.equal(remembering(request, date), fresh(request, date), `request ${turn} at ${date}`);
    }
  }
}

test("repeatedRequestDater() answers for a request that comes again what it answers for a new one", () => {
  demandSame([REQUEST, REQUEST, { ...REQUEST, headers: { ...REQUEST.headers } }]);
});

test("repeatedRequestDater() sees every text that differs from the last request", () => {
  const { host } = REQUEST.headers;
  const others: SigV4Request[] = [
    { ...REQUEST, method: "PUT" },
    { ...REQUEST, path: "/session" },
    { ...REQUEST, query: "b=2&a=2" },
    { ...REQUEST, query: [["a", "1"]] },
    { method: "POST", path: "/sessions", headers: REQUEST.headers, body: "{}" },
    { ...REQUEST, body: "{ }" },
    { ...REQUEST, body: undefined },
    { ...REQUEST, headers: { host, "Content-Type": "text/plain" } },
    { ...REQUEST, headers: { host, "Content-Typ": "application/json" } },
    { ...REQUEST, headers: { host } },
    { ...REQUEST, headers: { ...REQUEST.headers, "x-amz-date": "20200101T000000Z" } },
    { ...REQUEST, headers: { ...REQUEST.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } },
  ];
  for (const other of others) demandSame([REQUEST, other, REQUEST]);
  demandSame([REQUEST, ...others]);
});

test("repeatedRequestDater() sees what was changed in place", () => {
  const body = Uint8Array.of(1, 2, 3);
  const pair: [string, string] = ["host", "a.example"];
  const parameter: [string, string] = ["a", "1"];
  const request = { ...REQUEST, headers: [pair], query: [parameter], body: "{}" };
  const remembering = repeatedRequestDater(OPTIONS, portableSha256, OWN);
  const fresh = requestDater(OPTIONS, portableSha256, OWN);
  const octets = { ...REQUEST, body };
  const change = [() => pair[1] = "b.example", () => parameter[1] = "2", () => pair[0] = "Host"];
  for (const step of [() => {}, ...change]) {
    step();
    assert.equal(remembering(request, NOON), fresh(request, NOON));
  }
  for (const first of [1, 4]) {
    body[0] = first;
    assert.equal(remembering(octets, NOON), fresh(octets, NOON));
  }
});

test("repeatedRequestDater() gives each request header fields of its own", () => {
  const remembering = repeatedRequestDater(OPTIONS, portableSha256, OWN);
  for (const date of [NOON, NOON, LATER]) {
    const { headers } = remembering(REQUEST, date);
    assert.equal(headers, { "x-amz-date": date, ...OWN });
    headers["authorization"] = "set by the scheme";
  }
});

test("repeatedRequestDater() adds the payload hash wherever it is signed", () => {
  demandSame([REQUEST, REQUEST], { ...OPTIONS, payloadHashHeader: true });
  demandSame([REQUEST, REQUEST], { ...OPTIONS, service: "s3" });
});

test("repeatedRequestDater() reads header fields that can be read once", () => {
  const remembering = repeatedRequestDater(OPTIONS, portableSha256, OWN);
  const fresh = requestDater(OPTIONS, portableSha256, OWN);
  for (const date of [NOON, LATER]) {
    const headers = new Map(Object.entries(REQUEST.headers));
    const request = { ...REQUEST, headers: headers.entries() };
    assert.equal(remembering(request, date), fresh({ ...REQUEST, headers }, date));
  }
});

test("repeatedRequestDater() keeps nothing of a request whose date cannot be told from the rest", () => {
  const line = `POST\nx-amz-date:${NOON}\n`;
  demandSame([{ ...REQUEST, method: line }, { ...REQUEST, method: line }]);
});

test("repeatedRequestDater() refuses a request without host, also after one that had it", () => {
  const remembering = repeatedRequestDater(OPTIONS, portableSha256, OWN);
  remembering(REQUEST, NOON);
  assert.throws(() => remembering({ ...REQUEST, headers: {} }, NOON), (error: unknown) => error instanceof TypeError);
});

test.run();
