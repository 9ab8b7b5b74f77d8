/**
 * Buckets of S3.
 *
 * @see Amazon S3 API reference, "CreateBucket", "DeleteBucket", "HeadBucket", "ListBuckets"
 * @module
 */

import { decodeUtf8 } from "../../../core/bytes/text.ts";
import { authorize } from "../access/authorize.ts";
import type { Call } from "../aws-service.ts";
import { decodeBody } from "../s3/aws-chunked.ts";
import { authorizeS3, ownBucket, s3Answer, type S3Operation, s3XmlAnswer } from "../s3/s3-operation.ts";
import { refuse } from "../protocols/service-refusal.ts";
import { XmlRepeated } from "../protocols/xml.ts";

/** Makes a bucket in the region that is called. */
export const CREATE_BUCKET: S3Operation = {
  name: "CreateBucket",
  readOnly: false,
  async run(service, call, { bucket: name }) {
    authorizeS3(service, call, "s3:CreateBucket", { bucket: name, key: "" });
    if (!isBucketName(name)) throw refuse(400, "InvalidBucketName", "The specified bucket is not valid.");
    checkLocation(call);
    const { account } = call.caller!;
    const existing = service.store.get("buckets", name);
    if (existing !== undefined) {
      if (existing.account !== account) {
        throw refuse(
          409,
          "BucketAlreadyExists",
          "The requested bucket name is not available. The bucket namespace is shared by all users of the system. " +
            "Select a different name and try again.",
        );
      }
      // The oldest region is the lenient one.
      if (existing.region !== "us-east-1" || call.region !== "us-east-1") {
        throw refuse(
          409,
          "BucketAlreadyOwnedByYou",
          "Your previous request to create the named bucket succeeded and you already own it.",
        );
      }
    } else {
      const record = { name, region: call.region, account, createdAtMs: service.now() };
      await service.store.commit([{ table: "buckets", key: name, record }]);
    }
    return s3Answer(200, call.requestId, { location: `/${name}` });
  },
};

/** Removes an empty bucket. */
export const DELETE_BUCKET: S3Operation = {
  name: "DeleteBucket",
  readOnly: false,
  async run(service, call, { bucket: name }) {
    authorizeS3(service, call, "s3:DeleteBucket", { bucket: name, key: "" });
    ownBucket(service, call, name);
    for (const object of service.store.all("objects").values()) {
      if (object.bucket === name) {
        throw refuse(409, "BucketNotEmpty", "The bucket you tried to delete is not empty");
      }
    }
    await service.store.commit([{ table: "buckets", key: name }]);
    return s3Answer(204, call.requestId);
  },
};

/** Says whether a bucket is there. */
export const HEAD_BUCKET: S3Operation = {
  name: "HeadBucket",
  readOnly: true,
  async run(service, call, { bucket: name }) {
    authorizeS3(service, call, "s3:ListBucket", { bucket: name, key: "" });
    const { region } = ownBucket(service, call, name);
    return s3Answer(200, call.requestId, { "x-amz-bucket-region": region });
  },
};

/** Lists the buckets of the account. */
export const LIST_BUCKETS: S3Operation = {
  name: "ListBuckets",
  readOnly: true,
  async run(service, call, { query }) {
    authorize(service, call, "s3:ListAllMyBuckets", "*");
    const { account } = call.caller!;
    const prefix = query.get("prefix") ?? "";
    const buckets = [...service.store.all("buckets").values()]
      .filter((bucket) => bucket.account === account && bucket.name.startsWith(prefix))
      .sort((one, other) => one.name < other.name ? -1 : 1);
    const Bucket = new XmlRepeated(buckets.map(({ name, region, createdAtMs }) => ({
      Name: name,
      CreationDate: new Date(createdAtMs).toISOString(),
      BucketRegion: region,
    })));
    const value = { Owner: { ID: account }, Buckets: { Bucket }, Prefix: prefix === "" ? undefined : prefix };
    return s3XmlAnswer("ListAllMyBucketsResult", value, call.requestId);
  },
};

/** Whether it is a name for general purpose buckets. */
function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..") &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(?:xn--|sthree-|amzn-s3-demo-)/.test(name) && !/(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
}

/**
 * Buckets are made in the region that is called, and outside us-east-1 the request says so.
 *
 * @throws {ServiceRefusal} `MalformedXML`, `IllegalLocationConstraintException`
 */
function checkLocation(call: Call): void {
  const text = decodeUtf8(decodeBody(call.request).data)?.trim();
  if (text === undefined || (text !== "" && !/^(?:<\?xml[^>]*>\s*)?<CreateBucketConfiguration[\s/>]/.test(text))) {
    throw refuse(
      400,
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  }
  const constraint = /<LocationConstraint[^>]*>([^<]*)</.exec(text)?.[1]?.trim() ?? "";
  const expected = call.region === "us-east-1" ? "" : call.region;
  if (constraint === expected) return;
  throw refuse(
    400,
    "IllegalLocationConstraintException",
    `The ${
      constraint === "" ? "unspecified" : constraint
    } location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}
