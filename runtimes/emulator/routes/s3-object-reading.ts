/**
 * Objects of S3 read.
 *
 * @see Amazon S3 API reference, "GetObject", "HeadObject"
 * @module
 */

import type { Call } from "../aws-service.ts";
import { byteRange } from "../s3/byte-range.ts";
import { headerField } from "../protocols/header-field.ts";
import { objectBody, objectKey } from "../s3/s3-object.ts";
import {
  authorizeS3,
  ownBucket,
  s3AccessDenied,
  s3Answer,
  type S3Input,
  type S3Operation,
} from "../s3/s3-operation.ts";
import { checkReadConditions } from "../s3/s3-precondition.ts";
import type { Service } from "../service.ts";
import { refuse, ServiceRefusal } from "../protocols/service-refusal.ts";
import type { ObjectRecord } from "../store/records.ts";

/** Reads an object, or a range of it. */
export const GET_OBJECT: S3Operation = {
  name: "GetObject",
  readOnly: true,
  run: (service, call, input) => Promise.resolve(read(service, call, input)),
};

/** Reads what GetObject answers besides the octets. */
export const HEAD_OBJECT: S3Operation = {
  name: "HeadObject",
  readOnly: true,
  async run(service, call, input) {
    const { status, headers } = read(service, call, input);
    return new Response(null, { status, headers });
  },
};

function read(service: Service, call: Call, input: S3Input): Response {
  const { request, requestId } = call;
  authorizeS3(service, call, "s3:GetObject", input);
  ownBucket(service, call, input.bucket);
  const object = service.store.get("objects", objectKey(input.bucket, input.key));
  if (object === undefined) throw missingObject(service, call, input);
  const headers = objectHeaders(object, input);
  if (checkReadConditions(request, object) === "not-modified") {
    const { etag, "last-modified": modified } = headers;
    return s3Answer(304, requestId, { etag: etag!, "last-modified": modified! });
  }
  const range = byteRange(headerField(request, "range"), object.length);
  if (range === "unsatisfiable") throw refuse(416, "InvalidRange", "The requested range is not satisfiable");
  const { start, end } = range ?? { start: 0, end: object.length };
  const all = range === undefined;
  return new Response(objectBody(object).subarray(start, end), {
    status: all ? 200 : 206,
    headers: {
      ...headers,
      "content-length": String(end - start),
      ...(all ? {} : { "content-range": `bytes ${start}-${end - 1}/${object.length}` }),
      // A checksum of all octets says nothing about some of them.
      ...(all && headerField(request, "x-amz-checksum-mode")?.toUpperCase() === "ENABLED"
        ? { ...object.checksums, "x-amz-checksum-type": "FULL_OBJECT" }
        : {}),
      "x-amz-request-id": requestId,
    },
  });
}

function objectHeaders(object: ObjectRecord, { query }: S3Input): Record<string, string> {
  const headers: Record<string, string> = {
    "accept-ranges": "bytes",
    "content-type": object.contentType,
    "etag": `"${object.etag}"`,
    "last-modified": new Date(object.lastModifiedMs).toUTCString(),
    "x-amz-server-side-encryption": "AES256",
    ...object.headers,
  };
  for (const [name, value] of Object.entries(object.metadata)) headers[`x-amz-meta-${name}`] = value;
  for (const name of OVERRIDES) {
    const value = query.get(`response-${name}`);
    if (value === null) continue;
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw refuse(400, "InvalidArgument", `The value of response-${name} is no header field`);
    }
    headers[name] = value;
  }
  return headers;
}

/** That an object is missing is told to those who may list the bucket. */
function missingObject(service: Service, call: Call, { bucket }: S3Input): ServiceRefusal {
  try {
    authorizeS3(service, call, "s3:ListBucket", { bucket, key: "" });
  } catch (error) {
    if (error instanceof ServiceRefusal) return s3AccessDenied();
    throw error;
  }
  return refuse(404, "NoSuchKey", "The specified key does not exist.");
}

/** Header fields that a query can replace. */
const OVERRIDES: readonly string[] = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
];
