/**
 * The objects of a bucket listed.
 *
 * @see Amazon S3 API reference, "ListObjectsV2"
 * @module
 */

import { decodeBase64Url, encodeBase64Url } from "../../../core/bytes/base64.ts";
import { compareBytes } from "../../../core/bytes/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../../core/bytes/text.ts";
import { encodeUri } from "../../../core/sigv4/uri-encoding.ts";
import type { ContextEntry } from "../access/authorize.ts";
import { checksumAlgorithm } from "../s3/s3-checksum.ts";
import { authorizeS3, invalidArgument, ownBucket, type S3Operation, s3XmlAnswer } from "../s3/s3-operation.ts";
import type { Service } from "../service.ts";
import type { ObjectRecord } from "../store/records.ts";
import { XmlRepeated, type XmlValue } from "../protocols/xml.ts";

/** Lists objects in the order of the octets of their keys; keys that share a prefix up to the delimiter as one. */
export const LIST_OBJECTS_V2: S3Operation = {
  name: "ListObjectsV2",
  readOnly: true,
  async run(service, call, { bucket, query }) {
    const prefix = query.get("prefix") ?? "";
    const delimiter = query.get("delimiter") ?? "";
    const maxKeys = readMaxKeys(query.get("max-keys"));
    const context: ContextEntry[] = [["s3:max-keys", String(maxKeys)]];
    if (query.has("prefix")) context.push(["s3:prefix", prefix]);
    if (query.has("delimiter")) context.push(["s3:delimiter", delimiter]);
    authorizeS3(service, call, "s3:ListBucket", { bucket, key: "" }, context);
    const { account } = ownBucket(service, call, bucket);
    const encodingType = query.get("encoding-type") ?? undefined;
    if (encodingType !== undefined && encodingType !== "url") {
      throw invalidArgument("Invalid Encoding Method specified in Request");
    }
    const token = query.get("continuation-token") ?? undefined;
    const startAfter = query.get("start-after") ?? undefined;
    const after = token === undefined ? { key: startAfter ?? "" } : readToken(token);
    const entries = listEntries(service, bucket, prefix, delimiter, after);
    const page = entries.slice(0, maxKeys);
    const isTruncated = maxKeys > 0 && entries.length > page.length;
    const encode = (text: string): string =>
      encodingType === undefined ? text : text.split("/").map(encodeUri).join("/");
    const owner = query.get("fetch-owner") === "true" ? { ID: account } : undefined;
    return s3XmlAnswer("ListBucketResult", {
      Name: bucket,
      Prefix: encode(prefix),
      StartAfter: startAfter === undefined ? undefined : encode(startAfter),
      ContinuationToken: token,
      NextContinuationToken: isTruncated ? writeToken(page.at(-1)!) : undefined,
      KeyCount: page.length,
      MaxKeys: maxKeys,
      Delimiter: delimiter === "" ? undefined : encode(delimiter),
      EncodingType: encodingType,
      IsTruncated: isTruncated,
      Contents: new XmlRepeated(page.flatMap(({ object }) => object === undefined ? [] : [contents(object)])),
      CommonPrefixes: new XmlRepeated(
        page.flatMap(({ name, object }) => object === undefined ? [{ Prefix: encode(name) }] : []),
      ),
    }, call.requestId);

    function contents(object: ObjectRecord): XmlValue {
      const algorithms = Object.keys(object.checksums).map(checksumAlgorithm);
      return {
        Key: encode(object.key),
        LastModified: new Date(object.lastModifiedMs).toISOString(),
        ETag: `"${object.etag}"`,
        ChecksumAlgorithm: new XmlRepeated(algorithms),
        ChecksumType: algorithms.length === 0 ? undefined : "FULL_OBJECT",
        Size: object.length,
        Owner: owner,
        StorageClass: "STANDARD",
      };
    }
  },
};

/** An object, or a prefix that several share. */
interface Entry {
  readonly name: string;
  readonly object?: ObjectRecord;
}

/** Where a page begins: behind a key, or behind everything that has a prefix. */
type Position = { readonly key: string } | { readonly prefix: string };

/** What comes behind a position, in order. */
function listEntries(
  service: Service,
  bucket: string,
  prefix: string,
  delimiter: string,
  after: Position,
): Entry[] {
  const start = encodeUtf8("key" in after ? after.key : after.prefix);
  const entries = new Map<string, Entry>();
  for (const object of service.store.all("objects").values()) {
    const { key } = object;
    if (object.bucket !== bucket || !key.startsWith(prefix)) continue;
    if ("prefix" in after && key.startsWith(after.prefix)) continue;
    if (start.length > 0 && compareBytes(encodeUtf8(key), start) <= 0) continue;
    const at = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const entry = at < 0 ? { name: key, object } : { name: key.slice(0, at + delimiter.length) };
    entries.set(entry.name, entry);
  }
  return Array.from(entries.values(), (entry) => ({ entry, octets: encodeUtf8(entry.name) }))
    .sort((one, other) => compareBytes(one.octets, other.octets))
    .map(({ entry }) => entry);
}

function readMaxKeys(text: string | null): number {
  if (text === null || text === "") return MOST_KEYS;
  if (!/^\d{1,10}$/.test(text)) throw invalidArgument("Provided max-keys not an integer or within integer range");
  return Math.min(Number(text), MOST_KEYS);
}

function writeToken({ name, object }: Entry): string {
  return encodeBase64Url(encodeUtf8(`${object === undefined ? "p" : "k"}${name}`));
}

function readToken(token: string): Position {
  const octets = decodeBase64Url(token);
  const text = octets === undefined ? undefined : decodeUtf8(octets);
  const name = text?.slice(1) ?? "";
  if (name === "" || !/^[pk]/.test(text!)) throw invalidArgument("The continuation token provided is incorrect");
  return text!.startsWith("p") ? { prefix: name } : { key: name };
}

/** Keys of a page, at most. */
const MOST_KEYS = 1000;
