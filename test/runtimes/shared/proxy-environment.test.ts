// runtimes: node20 node deno bun workerd
import { namesProxy, proxyOf } from "../../../runtimes/shared/proxy-environment.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("runtimes/shared/proxy-environment");

type Variables = Readonly<Record<string, string>>;
const PROXY = { HTTPS_PROXY: "http://proxy.example:3128", HTTP_PROXY: "plain.example" };

const of = (variables: Variables, url: string) => proxyOf((name) => variables[name], new URL(url));

test("proxyOf() reads the proxy of the request's scheme, in upper case first", () => {
  const https = { secure: false, hostname: "proxy.example", port: 3128 };
  assert.equal(of(PROXY, "https://rolesanywhere.eu-central-1.amazonaws.com/sessions"), https);
  assert.equal(of(PROXY, "http://service.example/"), { secure: false, hostname: "plain.example", port: 80 });
  assert.equal(of({ https_proxy: "https://[2001:db8::1]" }, "https://a.example"), {
    secure: true,
    hostname: "2001:db8::1",
    port: 443,
  });
  assert.is(of({ HTTPS_PROXY: "a.example", https_proxy: "b.example" }, "https://c.example")?.hostname, "a.example");
  assert.is(of({ HTTPS_PROXY: "", https_proxy: "b.example" }, "https://c.example")?.hostname, "b.example");
  assert.is(of({ HTTP_PROXY: "a.example" }, "https://c.example"), undefined);
  assert.is(of({}, "https://c.example"), undefined);
});

test("proxyOf() does not believe HTTP_PROXY in a CGI program", () => {
  assert.is(of({ ...PROXY, REQUEST_METHOD: "GET" }, "http://service.example/"), undefined);
  assert.is(of({ ...PROXY, REQUEST_METHOD: "GET" }, "https://service.example/")?.port, 3128);
});

test("proxyOf() makes user and password an authorization", () => {
  assert.is(
    of({ HTTPS_PROXY: "http://us%20er:p%40ss@p.example" }, "https://a.example")?.authorization,
    "Basic dXMgZXI6cEBzcw==",
  );
  assert.is(of({ HTTPS_PROXY: "http://user@p.example" }, "https://a.example")?.authorization, "Basic dXNlcjo=");
});

test("proxyOf() never sends loopback through a proxy", () => {
  for (const host of ["localhost", "127.0.0.1", "127.8.9.1", "[::1]", "localhost."]) {
    assert.is(of(PROXY, `https://${host}:8443/`), undefined, host);
  }
});

test("proxyOf() exempts what NO_PROXY names", () => {
  const cases: readonly (readonly [list: string, exempt: readonly string[], proxied: readonly string[]])[] = [
    ["*", ["https://a.example", "https://192.0.2.1"], []],
    ["example.com", ["https://example.com", "https://a.b.example.com"], ["https://badexample.com", "https://com"]],
    [".example.com", ["https://a.example.com"], ["https://example.com"]],
    ["*.example.com", ["https://a.example.com"], ["https://example.com"]],
    ["EXAMPLE.com:8443", ["https://a.example.com:8443"], ["https://a.example.com"]],
    ["example.com:443", ["https://a.example.com"], ["https://a.example.com:8443"]],
    ["192.0.2.7", ["https://192.0.2.7"], ["https://192.0.2.70", "https://a.example"]],
    ["192.0.2.0/25", ["https://192.0.2.127"], ["https://192.0.2.128", "https://a.example"]],
    ["2001:db8::/32", ["https://[2001:db8:1::2]"], ["https://[2001:db9::1]", "https://192.0.2.1"]],
    ["[2001:db8::1]:443", ["https://[2001:db8::1]"], ["https://[2001:db8::2]"]],
    [" a.example , ,b.example ", ["https://a.example", "https://b.example"], ["https://c.example"]],
    ["192.0.2.0/99,256.1.1.1,x/y,/,:", [], ["https://192.0.2.1"]],
  ];
  for (const [NO_PROXY, exempt, proxied] of cases) {
    for (const url of exempt) assert.is(of({ ...PROXY, NO_PROXY }, url), undefined, `${NO_PROXY} ${url}`);
    for (const url of proxied) {
      assert.is.not(of({ ...PROXY, no_proxy: NO_PROXY }, url), undefined, `${NO_PROXY} ${url}`);
    }
  }
});

test("proxyOf() refuses what is no HTTP proxy without showing its password", () => {
  for (
    const value of [
      "http://user:hunter2@",
      "socks5://user:hunter2@p.example",
      "http://user:hunter2@p example",
      "http://%zz:hunter2@p.example",
    ]
  ) {
    const error = assertThrows(() => of({ HTTPS_PROXY: value }, "https://a.example"), "ERR_PROXY_SETTING");
    assert.not.match(String(error) + JSON.stringify(error), "hunter2");
    assert.match(error.message, "Cannot use the proxy of HTTPS_PROXY: ");
  }
});

test("namesProxy() says whether there is anything to ask", () => {
  assert.is(namesProxy(() => undefined), false);
  assert.is(namesProxy((name) => (name === "https_proxy" ? "x" : undefined)), true);
  assert.is(namesProxy((name) => ({ HTTP_PROXY: "x", REQUEST_METHOD: "GET" })[name]), false);
});

test.run();
