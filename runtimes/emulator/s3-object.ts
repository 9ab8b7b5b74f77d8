/**
 * An object of S3 as it is kept.
 *
 * @module
 */

import { encodeBase64 } from "../../core/bytes/base64.ts";
import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeHex } from "../../core/bytes/hex.ts";
import { md5 } from "../../core/crypto/password/md5.ts";
import type { ObjectRecord } from "./store/records.ts";

/** What an object is made of. */
export interface ObjectContent {
  readonly bucket: string;
  readonly key: string;
  readonly body: Bytes;
  readonly contentType: string;
  /** `x-amz-meta-…` by name without the prefix. Default none. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** When it is written, milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The record of an object; its entity tag is the MD5 of its octets, as that of an object written in one piece. */
export function objectRecord({ bucket, key, body, contentType, metadata = {}, nowMs }: ObjectContent): ObjectRecord {
  return {
    bucket,
    key,
    body: encodeBase64(body),
    length: body.length,
    etag: encodeHex(md5(body)),
    contentType,
    metadata,
    lastModifiedMs: nowMs,
  };
}
