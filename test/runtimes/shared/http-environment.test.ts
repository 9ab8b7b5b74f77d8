// runtimes: node20 node deno bun workerd
import { httpOptions } from "../../../runtimes/shared/http-environment.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("runtimes/shared/http-environment");

const BUNDLE = "# A comment\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

test("httpOptions() names no bundle when AWS_CA_BUNDLE is absent or empty", () => {
  assert.equal(httpOptions(memoryHost(), "verify"), { serverCertificate: "verify" });
  assert.equal(httpOptions(memoryHost({ environment: { AWS_CA_BUNDLE: "" } }), "skip"), { serverCertificate: "skip" });
});

test("httpOptions() reads the bundle of AWS_CA_BUNDLE when it is needed, and not before", () => {
  const host = memoryHost({ environment: { AWS_CA_BUNDLE: "ca.pem" }, files: { "ca.pem": BUNDLE } });
  const options = httpOptions(host, "verify");
  assert.equal(host.reads, []);
  assert.is(options.caBundle!(), BUNDLE);
});

test("httpOptions() refuses a bundle without a certificate, which would mean the system's store", () => {
  for (const contents of ["", "text", "-----BEGIN PRIVATE KEY-----"]) {
    const host = memoryHost({ environment: { AWS_CA_BUNDLE: "ca.pem" }, files: { "ca.pem": contents } });
    const { message } = assertThrows(() => httpOptions(host, "verify").caBundle!(), "ERR_CA_BUNDLE");
    assert.is(message, "Cannot use AWS_CA_BUNDLE: ca.pem holds no PEM certificate");
  }
  const absent = memoryHost({ environment: { AWS_CA_BUNDLE: "ca.pem" } });
  assertThrows(() => httpOptions(absent, "verify").caBundle!(), "ERR_FILE_NOT_FOUND");
});

test.run();
