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

test("endpointChoice() fills in from the environment, and takes empty and other texts for nothing", () => {
  assert.equal(endpointChoice(memoryHost(), {}), {});
  const environment = {
    AWS_ENDPOINT_URL_ROLESANYWHERE: "",
    AWS_USE_FIPS_ENDPOINT: "True",
    AWS_USE_DUALSTACK_ENDPOINT: "yes",
  };
  assert.equal(endpointChoice(memoryHost({ environment }), {}), { fips: true });
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
