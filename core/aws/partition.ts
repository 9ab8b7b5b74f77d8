/**
 * Partitions of AWS, and which of them a region belongs to.
 *
 * The rows are those of the SDKs' `partitions.json`, with the isolated partitions as the original helper has them:
 * without dual-stack endpoints.
 *
 * @module
 */

/** A group of regions with its own accounts, names and domains. All of them have FIPS endpoints. */
export interface Partition {
  /** As it stands in ARNs: `aws-cn`. */
  readonly id: string;
  /** Matches the names of its regions, also of those that do not exist yet. */
  readonly regionPattern: RegExp;
  /** Domain of the endpoints: `amazonaws.com`. */
  readonly dnsSuffix: string;
  /** Domain of the endpoints that also speak IPv6; absent: there are none. */
  readonly dualStackDnsSuffix?: string;
}

/** The commercial partition, to which every unknown region is counted. */
const AWS: Partition = {
  id: "aws",
  regionPattern: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
  dnsSuffix: "amazonaws.com",
  dualStackDnsSuffix: "api.aws",
};

/** Every partition; no region matches two of them. */
export const PARTITIONS: readonly Partition[] = [
  AWS,
  {
    id: "aws-cn",
    regionPattern: /^cn-\w+-\d+$/,
    dnsSuffix: "amazonaws.com.cn",
    dualStackDnsSuffix: "api.amazonwebservices.com.cn",
  },
  {
    id: "aws-us-gov",
    regionPattern: /^us-gov-\w+-\d+$/,
    dnsSuffix: "amazonaws.com",
    dualStackDnsSuffix: "api.aws",
  },
  {
    id: "aws-eusc",
    regionPattern: /^eusc-de-\w+-\d+$/,
    dnsSuffix: "amazonaws.eu",
    dualStackDnsSuffix: "api.amazonwebservices.eu",
  },
  { id: "aws-iso", regionPattern: /^us-iso-\w+-\d+$/, dnsSuffix: "c2s.ic.gov" },
  { id: "aws-iso-b", regionPattern: /^us-isob-\w+-\d+$/, dnsSuffix: "sc2s.sgov.gov" },
  { id: "aws-iso-e", regionPattern: /^eu-isoe-\w+-\d+$/, dnsSuffix: "cloud.adc-e.uk" },
  { id: "aws-iso-f", regionPattern: /^us-isof-\w+-\d+$/, dnsSuffix: "csp.hci.ic.gov" },
];

/**
 * The partition of a region: by its name; else the one with the given id, which an ARN of that region names; else `aws`.
 */
export function partitionOfRegion(region: string, id: string = AWS.id): Partition {
  return PARTITIONS.find((partition) => partition.regionPattern.test(region)) ??
    PARTITIONS.find((partition) => partition.id === id) ?? AWS;
}
