import { parseCustomEndpoint } from "../../../core/aws/custom-endpoint.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/aws/custom-endpoint");

const ACCEPTED: [string, string, string][] = [
  ["https://localhost", "localhost", ""],
  ["HTTPS://LocalHost:8443/", "localhost:8443", ""],
  ["https://a.example:443", "a.example", ""],
  ["http://a.example:443", "a.example:443", ""],
  ["http://a.example:0080/x//", "a.example", "/x"],
  ["http://roles_anywhere:9000", "roles_anywhere:9000", ""],
  ["http://10.0.0.1:", "10.0.0.1", ""],
  ["http://255.255.255.255:1", "255.255.255.255:1", ""],
  ["https://a.example.:65535", "a.example.:65535", ""],
  [`https://${"a.".repeat(127)}b`, `${"a.".repeat(127)}b`, ""],
  ["http://[::1]:8080", "[::1]:8080", ""],
  ["http://[0:0:0:0:0:0:0:1]", "[::1]", ""],
  ["http://[2001:DB8::0001]/p/q", "[2001:db8::1]", "/p/q"],
  [
    "https://vpce-0a1b.rolesanywhere.eu-west-1.vpce.amazonaws.com",
    "vpce-0a1b.rolesanywhere.eu-west-1.vpce.amazonaws.com",
    "",
  ],
];

test("parseCustomEndpoint() reads host, port and path prefix", () => {
  for (const [text, host, path] of ACCEPTED) {
    const endpoint = parseCustomEndpoint(text);
    assert.is(endpoint.host, host, text);
    assert.is(endpoint.path, path, text);
    assert.is(endpoint.url, `${endpoint.scheme}://${host}${path}`);
  }
});

test("parseCustomEndpoint() writes the host as the platform's URL does", () => {
  for (const [text, host] of ACCEPTED) assert.is(new URL(text).host, host, text);
});

test("parseCustomEndpoint() refuses what is no absolute http or https URL", () => {
  const refused = [
    "",
    "localhost",
    "localhost:8080",
    "127.0.0.1:8080",
    "//host",
    "https:/host",
    "https://",
    "https://:443",
    "ftp://host",
    "file:///etc/passwd",
    "http://host:0",
    "http://host:65536",
    "http://host:80x",
    "http://a..b",
    "http://a..",
    "http://.",
    `http://${"a.".repeat(127)}bc`,
    `http://${"a".repeat(64)}`,
    "http://a b",
    " http://a",
    "http://a\n",
    "http://a\\b",
    "http://a%2eb",
    "http://bücher.example",
    "http://[::1",
    "http://[::g]",
    "http://[1::2::3]",
    "http://[fe80::1%25eth0]",
    "http://127.1",
    "http://0x7f.0.0.1",
    "http://127.0.0.01",
    "http://1.2.3.256",
    "http://1.2.3.4.",
    "http://2130706433",
    "http://a/..",
    "http://a/x/%2E%2e/y",
    "http://a/./y",
    "http://a/\u0000",
    "http://a/<x>",
    "http://a/%zz",
  ];
  for (const text of refused) assertThrows(() => parseCustomEndpoint(text), "ERR_ENDPOINT_SYNTAX");
});

test("parseCustomEndpoint() refuses credentials and does not repeat them", () => {
  const error = assertThrows(() => parseCustomEndpoint("https://alice:hunter2@host/"), "ERR_ENDPOINT_CREDENTIALS");
  assert.not.match(error.message, "hunter2");
  assert.not.match(JSON.stringify(error), "hunter2");
});

test("parseCustomEndpoint() refuses a query and a fragment", () => {
  for (const text of ["https://host?x=1", "https://host/?", "https://host/#", "https://host/p#q"]) {
    assertThrows(() => parseCustomEndpoint(text), "ERR_ENDPOINT_QUERY");
  }
});

test.run();
