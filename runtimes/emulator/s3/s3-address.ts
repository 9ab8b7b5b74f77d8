/**
 * What a request to S3 is about: bucket and key, from the host (`bucket.s3.eu-central-1.amazonaws.com`,
 * `bucket.localhost`) or from the path alone.
 *
 * @see Amazon S3 user guide, "Virtual hosting of general purpose buckets", "Naming Amazon S3 objects"
 * @module
 */

import { encodeUtf8 } from "../../../core/bytes/text.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import { headerField } from "../protocols/header-field.ts";
import { refuse } from "../protocols/service-refusal.ts";

/** What a request is about; neither: all buckets. */
export interface S3Address {
  readonly bucket?: string;
  /** Decoded; never empty. */
  readonly key?: string;
}

/** Whether the host belongs to S3, so that even a request without a signature is meant for it. */
export function isS3Host(host: string): boolean {
  const name = hostName(host);
  return PATH_STYLE_HOST.test(name) || BUCKET_HOST.test(name);
}

/**
 * The address of a request. Slashes and dot segments of a key are octets like others: nothing is resolved. `+` is a
 * space, as S3 reads it.
 *
 * @throws {ServiceRefusal} `InvalidURI`, `KeyTooLongError`
 */
export function s3Address(request: SessionRequest): S3Address {
  const hosted = hostedBucket(headerField(request, "host") ?? "");
  const text = request.path.replace(/^\//, "");
  if (hosted !== undefined) return addressOf(hosted, text);
  const slash = text.indexOf("/");
  return slash < 0 ? addressOf(text, "") : addressOf(text.slice(0, slash), text.slice(slash + 1));
}

/** The ARN of a bucket, or of an object. */
export function s3Arn(partition: string, bucket: string, key?: string): string {
  return `arn:${partition}:s3:::${bucket}${key === undefined ? "" : `/${key}`}`;
}

function hostedBucket(host: string): string | undefined {
  const name = hostName(host);
  if (PATH_STYLE_HOST.test(name)) return undefined;
  return (BUCKET_HOST.exec(name) ?? /^(.+)\.localhost$/.exec(name))?.[1];
}

/** The host in lower case without its port; a name that is too long for a host is none. */
function hostName(host: string): string {
  return host.length > 300 ? "" : host.toLowerCase().replace(/:\d+$/, "");
}

function addressOf(bucketText: string, keyText: string): S3Address {
  const bucket = decode(bucketText);
  const key = decode(keyText);
  if (encodeUtf8(key).length > MAX_KEY_OCTETS) {
    throw refuse(400, "KeyTooLongError", "Your key is too long");
  }
  return { ...(bucket === "" ? {} : { bucket }), ...(key === "" ? {} : { key }) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    // Whatever is wrong with it, S3 says no more.
    throw refuse(400, "InvalidURI", "Couldn't parse the specified URI.");
  }
}

const MAX_KEY_OCTETS = 1024;

/** `s3.eu-central-1.amazonaws.com`, `s3-eu-central-1.amazonaws.com`, `s3.dualstack.us-east-1.amazonaws.com`. */
const PATH_STYLE_HOST = /^s3(?:[.-][a-z0-9]+)*\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws|localhost)$/;

const BUCKET_HOST = /^(.+)\.s3(?:[.-][a-z0-9]+)*\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws|localhost)$/;
