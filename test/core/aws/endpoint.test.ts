import { rolesAnywhereEndpoint } from "../../../core/aws/endpoint.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/aws/endpoint");

test("rolesAnywhereEndpoint() names the four variants of each partition that has them", () => {
  const rows: [string, boolean, boolean, string][] = [
    ["us-east-1", false, false, "rolesanywhere.us-east-1.amazonaws.com"],
    ["us-east-1", true, false, "rolesanywhere-fips.us-east-1.amazonaws.com"],
    ["us-east-1", false, true, "rolesanywhere.us-east-1.api.aws"],
    ["us-east-1", true, true, "rolesanywhere-fips.us-east-1.api.aws"],
    ["cn-north-1", false, false, "rolesanywhere.cn-north-1.amazonaws.com.cn"],
    ["cn-north-1", false, true, "rolesanywhere.cn-north-1.api.amazonwebservices.com.cn"],
    ["us-gov-west-1", true, false, "rolesanywhere-fips.us-gov-west-1.amazonaws.com"],
    ["us-iso-east-1", true, false, "rolesanywhere-fips.us-iso-east-1.c2s.ic.gov"],
    ["us-isob-east-1", false, false, "rolesanywhere.us-isob-east-1.sc2s.sgov.gov"],
    ["eu-isoe-west-1", false, false, "rolesanywhere.eu-isoe-west-1.cloud.adc-e.uk"],
    ["us-isof-south-1", false, false, "rolesanywhere.us-isof-south-1.csp.hci.ic.gov"],
    ["eusc-de-east-1", false, false, "rolesanywhere.eusc-de-east-1.amazonaws.eu"],
    ["eusc-de-east-1", false, true, "rolesanywhere.eusc-de-east-1.api.amazonwebservices.eu"],
  ];
  for (const [region, fips, dualStack, host] of rows) {
    const endpoint = rolesAnywhereEndpoint({ region, fips, dualStack });
    assert.equal(endpoint, { scheme: "https", host, path: "", url: `https://${host}`, region });
  }
});

test("rolesAnywhereEndpoint() selects the FIPS host of a pseudo-region and keeps the plain region for the scope", () => {
  const endpoint = rolesAnywhereEndpoint({ region: "fips-us-west-2" });
  assert.is(endpoint.host, "rolesanywhere-fips.us-west-2.amazonaws.com");
  assert.is(endpoint.region, "us-west-2");
});

test("rolesAnywhereEndpoint() takes the partition of an unknown region from the caller", () => {
  const endpoint = rolesAnywhereEndpoint({ region: "zz-new-1", partition: "aws-eusc" });
  assert.is(endpoint.host, "rolesanywhere.zz-new-1.amazonaws.eu");
});

test("rolesAnywhereEndpoint() refuses variants that the partition lacks", () => {
  const error = assertThrows(
    () => rolesAnywhereEndpoint({ region: "us-iso-east-1", dualStack: true }),
    "ERR_ENDPOINT_VARIANT",
  );
  assert.match(error.message, "the partition aws-iso has no dual-stack endpoints");
});

test("rolesAnywhereEndpoint() refuses FIPS and dual-stack of a custom endpoint", () => {
  const endpoint = "http://127.0.0.1:8080";
  for (const variant of [{ fips: true }, { dualStack: true }]) {
    const options = { region: "us-east-1", endpoint, ...variant };
    assertThrows(() => rolesAnywhereEndpoint(options), "ERR_ENDPOINT_CUSTOM_VARIANT");
  }
  assertThrows(() => rolesAnywhereEndpoint({ region: "fips-us-east-1", endpoint }), "ERR_ENDPOINT_CUSTOM_VARIANT");
});

test("rolesAnywhereEndpoint() refuses a region that would change the host", () => {
  for (const region of ["", "us-east-1.evil.example", "us-east-1/..", "x@y"]) {
    assertThrows(() => rolesAnywhereEndpoint({ region }), "ERR_ENDPOINT_REGION");
  }
});

test("rolesAnywhereEndpoint() answers a custom endpoint with the region of the scope", () => {
  const endpoint = rolesAnywhereEndpoint({ region: "us-east-1", endpoint: "http://127.0.0.1:8080/pre/" });
  assert.equal(endpoint, {
    scheme: "http",
    host: "127.0.0.1:8080",
    path: "/pre",
    url: "http://127.0.0.1:8080/pre",
    region: "us-east-1",
  });
});

test.run();
