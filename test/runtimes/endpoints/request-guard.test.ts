// runtimes: node20 node deno bun workerd
import { createRequestGuard, type RequestGuardOptions } from "../../../runtimes/endpoints/request-guard.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/endpoints/request-guard");

function verdict(headers: Readonly<Record<string, string>>, options: Partial<RequestGuardOptions> = {}): string {
  const guard = createRequestGuard({ boundTo: "127.0.0.1", names: [], ...options });
  const answer = guard({ method: "GET", target: "/", header: (name) => headers[name] });
  return answer === undefined ? "pass" : `${answer.status} ${answer.body.trim()}`;
}

test("createRequestGuard() lets the names of this machine and of AWS's endpoints pass, on any port", () => {
  const hosts = [
    "127.0.0.1",
    "127.0.0.1:9911",
    "localhost:80",
    "LOCALHOST",
    "127.8.9.10:1",
    "[::1]:9911",
    "[0:0:0:0:0:0:0:1]",
  ];
  const metadata = ["169.254.169.254", "169.254.170.2:80", "169.254.170.23", "[fd00:ec2::254]", "[fd00:ec2::23]:80"];
  for (const host of [...hosts, ...metadata]) assert.is(verdict({ host }), "pass", host);
});

test("createRequestGuard() refuses every other Host: DNS rebinding, forwarded names, nonsense, none", () => {
  const hosts = [
    "attacker.example",
    "attacker.example:9911",
    "127.0.0.1.attacker.example",
    "localhost.attacker.example",
    "127.0.0.1@attacker.example",
    "attacker.example#127.0.0.1",
    "127.0.0.1, attacker.example",
    "127.0.0.1:99x1",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "10.0.0.1",
    "0.0.0.0",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::1",
    "[fe80::1%25eth0]",
    "локальный",
    " 127.0.0.1",
    "127.0.0.1 ",
    "",
    ".",
  ];
  for (const host of hosts) assert.match(verdict({ host }), /^403 \{"Code":"HostNotAllowed"/, host);
  assert.match(verdict({}), /^403 \{"Code":"HostNotAllowed"/);
});

test("createRequestGuard() lets the bound address and the names given pass", () => {
  assert.is(verdict({ host: "10.0.0.1:80" }, { boundTo: "10.0.0.1" }), "pass");
  assert.match(verdict({ host: "10.0.0.2" }, { boundTo: "10.0.0.1" }), /^403 /);
  assert.is(verdict({ host: "[fd00::5]" }, { boundTo: "FD00::5" }), "pass");
  assert.is(verdict({ host: "Credentials.internal:80" }, { names: ["credentials.internal"] }), "pass");
});

test("createRequestGuard() lets any address pass, but no name, when the server is bound to all", () => {
  for (const boundTo of ["0.0.0.0", "::"]) {
    for (const host of ["10.1.2.3:9911", "[fd00::7]"]) assert.is(verdict({ host }, { boundTo }), "pass", host);
    for (const host of ["attacker.example", "[fd00::g]"]) assert.match(verdict({ host }, { boundTo }), /^403 /, host);
  }
});

test("createRequestGuard() asks a second Host anew", () => {
  const guard = createRequestGuard({ boundTo: "127.0.0.1", names: [] });
  const ask = (host: string) =>
    guard({ method: "GET", target: "/", header: (name) => name === "host" ? host : undefined });
  assert.is(ask("localhost"), undefined);
  assert.is(ask("attacker.example")?.status, 403);
  assert.is(ask("attacker.example")?.status, 403);
  assert.is(ask("localhost"), undefined);
});

test("createRequestGuard() refuses browsers, whatever they say", () => {
  const host = "localhost:9911";
  for (const origin of ["http://attacker.example", "http://localhost:9911", "null", ""]) {
    assert.match(verdict({ host, origin }), /^403 \{"Code":"BrowserNotAllowed"/, origin);
  }
  assert.match(verdict({ host, "sec-fetch-site": "cross-site" }), /^403 \{"Code":"BrowserNotAllowed"/);
});

test("createRequestGuard() refuses what was forwarded, in the original's words", () => {
  const host = "127.0.0.1";
  const words = "400 unable to process requests with X-Forwarded-For header";
  assert.is(verdict({ host, "x-forwarded-for": "10.0.0.1" }), words);
  assert.is(verdict({ host, "x-forwarded-for": "127.0.0.1" }), words);
  assert.is(verdict({ host, forwarded: "for=10.0.0.1" }), words);
  assert.is(verdict({ host, "x-forwarded-for": "" }), "pass", "an empty one says nothing");
});

test.run();
