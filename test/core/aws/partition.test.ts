import { partitionOfRegion, PARTITIONS } from "../../../core/aws/partition.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/aws/partition");

const REGIONS: Readonly<Record<string, string>> = {
  "us-east-1": "aws",
  "mx-central-1": "aws",
  "il-central-1": "aws",
  "cn-north-1": "aws-cn",
  "us-gov-west-1": "aws-us-gov",
  "us-iso-east-1": "aws-iso",
  "us-isob-east-1": "aws-iso-b",
  "eu-isoe-west-1": "aws-iso-e",
  "us-isof-south-1": "aws-iso-f",
  "eusc-de-east-1": "aws-eusc",
};

test("partitionOfRegion() knows the partition of a region by its name", () => {
  for (const [region, id] of Object.entries(REGIONS)) assert.is(partitionOfRegion(region).id, id, region);
});

test("partitionOfRegion() believes the name of the region rather than the ARN", () => {
  assert.is(partitionOfRegion("us-east-1", "aws-cn").id, "aws");
});

test("partitionOfRegion() falls back to the ARN's partition and then to aws", () => {
  assert.is(partitionOfRegion("zz-new-1", "aws-eusc").id, "aws-eusc");
  assert.is(partitionOfRegion("zz-new-1", "aws-future").id, "aws");
  assert.is(partitionOfRegion("zz-new-1").id, "aws");
});

test("PARTITIONS have patterns of which a region matches one at most", () => {
  for (const region of Object.keys(REGIONS)) {
    assert.is(PARTITIONS.filter((partition) => partition.regionPattern.test(region)).length, 1, region);
  }
});

test.run();
