// runtimes: node20 node deno bun workerd
import { rolesAnywhereEndpoint } from "../../../core/aws/endpoint.ts";
import { endpointChoice } from "../../../runtimes/shared/endpoint-environment.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("runtimes/shared/endpoint-environment");

test("endpointChoice() takes what the caller gave before the environment", () => {
  const host = memoryHost({
    environment: { AWS_ENDPOINT_URL_ROLESANYWHERE: "https://environment.example", AWS_USE_FIPS_ENDPOINT: "true" },
  });
  assert.equal(endpointChoice(host, { endpoint: "https://given.example", fips: false }), {
    endpoint: "https://given.example",
  });
});

test("endpointChoice() fills in from the environment, and takes empty texts for nothing", () => {
  assert.equal(endpointChoice(memoryHost(), {}), {});
  const environment = {
    AWS_ENDPOINT_URL_ROLESANYWHERE: "",
    AWS_USE_FIPS_ENDPOINT: "True",
    AWS_USE_DUALSTACK_ENDPOINT: "FALSE",
  };
  assert.equal(endpointChoice(memoryHost({ environment }), {}), { fips: true });
});

test("endpointChoice() refuses a switch that is neither true nor false, unless the caller has chosen", () => {
  for (const name of ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"]) {
    for (const value of ["yes", "1", "maybe", " true", "on"]) {
      const host = memoryHost({ environment: { [name]: value } });
      const error = assertThrows(() => endpointChoice(host, {}), "ERR_ENDPOINT_SETTING");
      assert.ok(error.message.includes(`${name} must be true or false, not "${value}"`));
      assert.equal(endpointChoice(host, { fips: false, dualStack: false }), {});
    }
  }
});

test("endpointChoice() lets no custom endpoint pass over the demand for FIPS", () => {
  const host = memoryHost({ environment: { AWS_USE_FIPS_ENDPOINT: "true" } });
  const { endpoint, fips } = endpointChoice(host, { endpoint: "https://given.example" });
  assertThrows(
    () => rolesAnywhereEndpoint({ region: "eu-central-1", endpoint: endpoint!, fips: fips! }),
    "ERR_ENDPOINT_CUSTOM_VARIANT",
  );
});

test.run();
