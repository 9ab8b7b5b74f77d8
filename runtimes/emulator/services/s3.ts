/**
 * S3, as far as revocation lists and examples need it: buckets, and objects that are written whole.
 *
 * @see Amazon S3 API reference, "Amazon S3", "Error responses"
 * @module
 */

import type { AwsService } from "../aws-service.ts";
import { headerField } from "../protocols/header-field.ts";
import { CREATE_BUCKET, DELETE_BUCKET, HEAD_BUCKET, LIST_BUCKETS } from "../routes/s3-buckets.ts";
import { LIST_OBJECTS_V2 } from "../routes/s3-listing.ts";
import { GET_OBJECT, HEAD_OBJECT } from "../routes/s3-object-reading.ts";
import { DELETE_OBJECT, PUT_OBJECT } from "../routes/s3-objects.ts";
import { type S3Address, s3Address } from "../s3/s3-address.ts";
import { bindS3Operation, s3Failure, type S3Operation } from "../s3/s3-operation.ts";
import { refuse } from "../protocols/service-refusal.ts";

/** The service. */
export const S3: AwsService = {
  name: "s3",
  eventSource: "s3.amazonaws.com",
  maxBodyOctets: 67_108_864,
  failure: s3Failure,
  operation(request) {
    const address = s3Address(request);
    const query = new URLSearchParams(request.query);
    const elsewhere = SUBRESOURCES.some((name) => query.has(name)) ||
      headerField(request, "x-amz-copy-source") !== undefined;
    const operation = elsewhere ? undefined : operationOf(request.method, address, query);
    if (operation === undefined) {
      if (!elsewhere && !METHODS.includes(request.method)) {
        throw refuse(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
      }
      throw refuse(501, "NotImplemented", "The emulator does not have this operation of S3.");
    }
    return bindS3Operation(operation, address, query);
  },
};

function operationOf(method: string, { bucket, key }: S3Address, query: URLSearchParams): S3Operation | undefined {
  if (bucket === undefined) return method === "GET" && key === undefined ? LIST_BUCKETS : undefined;
  if (key !== undefined) return OBJECT_OPERATIONS.get(method);
  // Without a type it is the first version of the listing.
  if (method === "GET") return query.get("list-type") === "2" ? LIST_OBJECTS_V2 : undefined;
  return BUCKET_OPERATIONS.get(method);
}

const OBJECT_OPERATIONS: ReadonlyMap<string, S3Operation> = /* @__PURE__ */ new Map([
  ["GET", GET_OBJECT],
  ["HEAD", HEAD_OBJECT],
  ["PUT", PUT_OBJECT],
  ["DELETE", DELETE_OBJECT],
]);

const BUCKET_OPERATIONS: ReadonlyMap<string, S3Operation> = /* @__PURE__ */ new Map([
  ["HEAD", HEAD_BUCKET],
  ["PUT", CREATE_BUCKET],
  ["DELETE", DELETE_BUCKET],
]);

const METHODS: readonly string[] = ["GET", "HEAD", "PUT", "POST", "DELETE"];

/** Parameters that make another operation of a request. */
const SUBRESOURCES: readonly string[] = [
  "accelerate",
  "acl",
  "analytics",
  "attributes",
  "cors",
  "delete",
  "encryption",
  "intelligent-tiering",
  "inventory",
  "legal-hold",
  "lifecycle",
  "location",
  "logging",
  "metrics",
  "notification",
  "object-lock",
  "ownershipControls",
  "partNumber",
  "policy",
  "policyStatus",
  "publicAccessBlock",
  "renameObject",
  "replication",
  "requestPayment",
  "restore",
  "retention",
  "select",
  "session",
  "tagging",
  "torrent",
  "uploadId",
  "uploads",
  "versionId",
  "versioning",
  "versions",
  "website",
];
