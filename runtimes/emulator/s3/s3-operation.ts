/**
 * Operations of S3 (rest-xml): what they are given, and what they answer.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html
 * @see Amazon S3 API reference, "Error responses"
 * @module
 */

import { partitionOfRegion } from "../../../core/aws/partition.ts";
import { authorize, type ContextEntry } from "../access/authorize.ts";
import type { Call, Operation } from "../aws-service.ts";
import { headerField } from "../protocols/header-field.ts";
import { type S3Address, s3Arn } from "./s3-address.ts";
import type { ServiceFailure } from "../protocols/service-error.ts";
import { refuse, type ServiceRefusal } from "../protocols/service-refusal.ts";
import type { Service } from "../service.ts";
import type { BucketRecord } from "../store/records.ts";
import { writeXml, type XmlValue } from "../protocols/xml.ts";

/** What an operation is called with. */
export interface S3Input {
  /** Empty for the operation on all buckets. */
  readonly bucket: string;
  /** Empty for operations on buckets. */
  readonly key: string;
  /** Parameters of the query. */
  readonly query: URLSearchParams;
}

/** An operation. */
export interface S3Operation {
  readonly name: string;
  /** Whether it changes nothing. */
  readonly readOnly: boolean;
  /**
   * Does it.
   *
   * @throws {ServiceRefusal} when the service refuses
   */
  run(service: Service, call: Call, input: S3Input): Promise<Response>;
}

/** The operation as the dispatcher wants it. */
export function bindS3Operation(
  { name, readOnly, run }: S3Operation,
  { bucket = "", key = "" }: S3Address,
  query: URLSearchParams,
): Operation {
  return {
    name,
    readOnly,
    authentication: "signature",
    run: async (service, call) => ({
      response: await run(service, call, { bucket, key, query }),
      requestParameters: { ...(bucket === "" ? {} : { bucketName: bucket }), ...(key === "" ? {} : { key }) },
    }),
  };
}

/**
 * Lets the caller do an action to a bucket or an object, or refuses it.
 *
 * @throws {ServiceRefusal} `AccessDenied`
 */
export function authorizeS3(
  service: Service,
  call: Call,
  action: string,
  { bucket, key }: Pick<S3Input, "bucket" | "key">,
  context: readonly ContextEntry[] = [],
): void {
  const { request } = call;
  const presigned = new URLSearchParams(request.query).has("X-Amz-Signature");
  const entries: ContextEntry[] = [
    ["s3:authType", presigned ? "REST-QUERY-STRING" : "REST-HEADER"],
    ["s3:signatureversion", "AWS4-HMAC-SHA256"],
    ["aws:ResourceAccount", service.store.get("buckets", bucket)?.account ?? call.caller!.account],
    ...context,
  ];
  for (const name of CONDITION_HEADERS) {
    const value = headerField(request, name);
    if (value !== undefined) entries.push([`s3:${name}`, value]);
  }
  const { id } = partitionOfRegion(call.region);
  authorize(service, call, action, s3Arn(id, bucket, key === "" ? undefined : key), entries);
}

/**
 * The bucket of a request, which must be the caller's: there are no bucket policies.
 *
 * @throws {ServiceRefusal} `NoSuchBucket`, `AccessDenied`
 */
export function ownBucket(service: Service, call: Call, name: string): BucketRecord {
  const bucket = service.store.get("buckets", name);
  if (bucket === undefined) throw refuse(404, "NoSuchBucket", "The specified bucket does not exist");
  if (bucket.account !== call.caller!.account) throw s3AccessDenied();
  return bucket;
}

/** Says no without a reason. */
export function s3AccessDenied(): ServiceRefusal {
  return refuse(403, "AccessDenied", "Access Denied");
}

/** Says that an argument makes no sense. */
export function invalidArgument(message: string): ServiceRefusal {
  return refuse(400, "InvalidArgument", message);
}

/** An answer in XML. */
export function s3XmlAnswer(name: string, value: XmlValue, requestId: string): Response {
  const headers = { "content-type": "application/xml", "x-amz-request-id": requestId };
  return new Response(writeXml(name, value, "http://s3.amazonaws.com/doc/2006-03-01/"), { headers });
}

/** An answer without a body. */
export function s3Answer(status: number, requestId: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers: { "x-amz-request-id": requestId, ...headers } });
}

/** An error. */
export function s3Failure(failure: ServiceFailure, requestId: string): Response {
  const { status, code, message } = FAILURES[failure.code] ?? failure;
  return new Response(writeXml("Error", { Code: code, Message: message, RequestId: requestId }), {
    status,
    headers: { "content-type": "application/xml", "x-amz-request-id": requestId },
  });
}

/** How S3 calls what the emulator as a whole refuses. */
const FAILURES: Readonly<Record<string, ServiceFailure>> = {
  RequestEntityTooLargeException: {
    status: 400,
    code: "EntityTooLarge",
    message: "Your proposed upload exceeds the maximum allowed size",
  },
  RequestHeaderFieldsTooLargeException: {
    status: 400,
    code: "RequestHeaderSectionTooLarge",
    message: "Your request header section exceeds the maximum allowed request header size.",
  },
  InternalFailure: {
    status: 500,
    code: "InternalError",
    message: "We encountered an internal error. Please try again.",
  },
};

/** Header fields that are condition keys. */
const CONDITION_HEADERS: readonly string[] = [
  "x-amz-acl",
  "x-amz-content-sha256",
  "x-amz-server-side-encryption",
  "x-amz-storage-class",
];
