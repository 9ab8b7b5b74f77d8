import { stsEndpoint } from "../../../core/aws/sts-endpoint.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/aws/sts-endpoint");

test("stsEndpoint() names the four variants of each partition that has them", () => {
  const rows: [string, boolean, boolean, string][] = [
    ["us-east-1", false, false, "sts.us-east-1.amazonaws.com"],
    ["us-east-1", true, false, "sts-fips.us-east-1.amazonaws.com"],
    ["us-east-1", false, true, "sts.us-east-1.api.aws"],
    ["us-east-1", true, true, "sts-fips.us-east-1.api.aws"],
    ["cn-north-1", false, false, "sts.cn-north-1.amazonaws.com.cn"],
    ["us-gov-west-1", true, false, "sts.us-gov-west-1.amazonaws.com"],
    ["us-gov-west-1", true, true, "sts-fips.us-gov-west-1.api.aws"],
    ["us-iso-east-1", true, false, "sts-fips.us-iso-east-1.c2s.ic.gov"],
    ["eusc-de-east-1", false, true, "sts.eusc-de-east-1.api.amazonwebservices.eu"],
  ];
  for (const [region, fips, dualStack, host] of rows) {
    const endpoint = stsEndpoint({ region, fips, dualStack });
    assert.equal(endpoint, { scheme: "https", host, path: "", url: `https://${host}`, region });
  }
});

test("stsEndpoint() takes a custom endpoint, which has no variants", () => {
  assert.is(
    stsEndpoint({ region: "us-east-1", endpoint: "http://127.0.0.1:8080/sts/" }).url,
    "http://127.0.0.1:8080/sts",
  );
  assertThrows(
    () => stsEndpoint({ region: "us-east-1", endpoint: "https://sts.example", fips: true }),
    "ERR_ENDPOINT_CUSTOM_VARIANT",
  );
});

test.run();
