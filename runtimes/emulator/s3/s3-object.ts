/**
 * Objects of S3 as they are kept.
 *
 * @module
 */

import { decodeBase64, encodeBase64 } from "../../../core/bytes/base64.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../core/bytes/hex.ts";
import { md5 } from "../../../core/crypto/password/md5.ts";
import type { ObjectRecord } from "../store/records.ts";

/** What becomes an object. */
export interface NewObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: Bytes;
  /** Default `binary/octet-stream`. */
  readonly contentType?: string | undefined;
  /** `x-amz-meta-…` by name without the prefix. Default none. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Other header fields that come back with it, by name in lower case. Default none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Checksums that come back with it, base64 by the header field that carries them. Default none. */
  readonly checksums?: Readonly<Record<string, string>>;
  /** When it is put, milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The record of an object; its entity tag is the MD5 of its octets. It is kept by {@linkcode objectKey}. */
export function objectRecord(object: NewObject): ObjectRecord {
  const { bucket, key, body, contentType = "binary/octet-stream", nowMs } = object;
  return {
    bucket,
    key,
    body: encodeBase64(body),
    length: body.length,
    etag: encodeHex(md5(body)),
    contentType,
    metadata: object.metadata ?? {},
    headers: object.headers ?? {},
    checksums: object.checksums ?? {},
    // S3 counts in whole seconds.
    lastModifiedMs: Math.floor(nowMs / 1000) * 1000,
  };
}

/** The key of an object's record in its table. */
export function objectKey(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}

/** The octets of an object. */
export function objectBody({ body }: ObjectRecord): Bytes {
  return decodeBase64(body)!;
}
