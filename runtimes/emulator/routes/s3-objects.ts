/**
 * Objects of S3 written and removed.
 *
 * @see Amazon S3 API reference, "PutObject", "DeleteObject"
 * @module
 */

import { encodeUtf8 } from "../../../core/bytes/text.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import { decodeBody } from "../s3/aws-chunked.ts";
import { headerField } from "../protocols/header-field.ts";
import { verifyChecksums } from "../s3/s3-checksum.ts";
import { objectKey, objectRecord } from "../s3/s3-object.ts";
import { authorizeS3, ownBucket, s3Answer, type S3Operation } from "../s3/s3-operation.ts";
import { checkWriteConditions } from "../s3/s3-precondition.ts";
import { refuse } from "../protocols/service-refusal.ts";

/** Puts an object, whole. */
export const PUT_OBJECT: S3Operation = {
  name: "PutObject",
  readOnly: false,
  async run(service, call, input) {
    const { bucket, key } = input;
    const { request } = call;
    authorizeS3(service, call, "s3:PutObject", input);
    ownBucket(service, call, bucket);
    const body = decodeBody(request);
    const checksums = await verifyChecksums(request, body, service.crypto);
    const record = objectRecord({
      bucket,
      key,
      body: body.data,
      contentType: headerField(request, "content-type"),
      metadata: userMetadata(request),
      headers: keptHeaders(request),
      checksums,
      nowMs: service.now(),
    });
    // The bucket may have gone, the object may have come, while checksums were computed.
    ownBucket(service, call, bucket);
    checkWriteConditions(request, service.store.get("objects", objectKey(bucket, key)));
    await service.store.commit([{ table: "objects", key: objectKey(bucket, key), record }]);
    return s3Answer(200, call.requestId, {
      etag: `"${record.etag}"`,
      ...checksums,
      "x-amz-checksum-type": "FULL_OBJECT",
      "x-amz-server-side-encryption": "AES256",
    });
  },
};

/** Removes an object; that there was none is no error. */
export const DELETE_OBJECT: S3Operation = {
  name: "DeleteObject",
  readOnly: false,
  async run(service, call, input) {
    authorizeS3(service, call, "s3:DeleteObject", input);
    ownBucket(service, call, input.bucket);
    const at = objectKey(input.bucket, input.key);
    const object = service.store.get("objects", at);
    checkWriteConditions(call.request, object);
    if (object !== undefined) await service.store.commit([{ table: "objects", key: at }]);
    return s3Answer(204, call.requestId);
  },
};

/** @throws {ServiceRefusal} `MetadataTooLarge` */
function userMetadata(request: SessionRequest): Readonly<Record<string, string>> {
  const entries = request.headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name.startsWith(METADATA_PREFIX))
    .map(([name, value]) => [name.slice(METADATA_PREFIX.length), value] as const);
  const size = entries.reduce((sum, [name, value]) => sum + name.length + encodeUtf8(value).length, 0);
  if (size > MAX_METADATA_OCTETS) {
    throw refuse(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
  }
  return Object.fromEntries(entries);
}

function keptHeaders(request: SessionRequest): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headerField(request, name);
    if (value !== undefined) kept[name] = value;
  }
  // How the body travelled is no property of the object.
  const encoding = kept["content-encoding"]?.split(",").map((one) => one.trim()).filter((one) => one !== "aws-chunked");
  delete kept["content-encoding"];
  return encoding === undefined || encoding.length === 0 ? kept : { ...kept, "content-encoding": encoding.join(",") };
}

const METADATA_PREFIX = "x-amz-meta-";

const MAX_METADATA_OCTETS = 2048;

const KEPT_HEADERS: readonly string[] = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
];
