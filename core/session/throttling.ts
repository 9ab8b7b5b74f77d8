/**
 * The codes by which services of AWS say that there were too many requests.
 *
 * @module
 */

/** Whether the code is one of the throttling family of the AWS SDKs' standard retry mode. */
export function isThrottling(serviceCode: string): boolean {
  return THROTTLING.has(serviceCode);
}

const THROTTLING: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "RequestThrottled",
  "RequestThrottledException",
  "TooManyRequestsException",
  "ProvisionedThroughputExceededException",
  "TransactionInProgressException",
  "RequestLimitExceeded",
  "BandwidthLimitExceeded",
  "LimitExceededException",
  "SlowDown",
  "PriorRequestNotComplete",
  "EC2ThrottledException",
]);
