/**
 * SafeContents of PKCS#12 and the bags in it (RFC 7292 §4.2).
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { decodeUtf8 } from "../bytes/text.ts";
import type { EncryptionScheme } from "../crypto/password/encryption-scheme.ts";
import { type DerReader, openSequence } from "../der/reader.ts";
import { contextConstructed, TAG } from "../der/tag.ts";
import { readEncryptionAlgorithm, requireWholeBlocks } from "./encryption-algorithm.ts";
import { MAX_PKCS12_BAGS, MAX_SAFE_CONTENTS_DEPTH, pkcs12Error } from "./pkcs12-reading.ts";

/** What attributes say of a bag. */
export interface BagAttributes {
  /** For people: the alias of Java, the name that Windows shows. */
  readonly friendlyName: string | undefined;
  /** The same octets on a key and on its certificate. */
  readonly localKeyId: Bytes | undefined;
}

/** A bag that matters here; octets are views. */
export type Bag =
  /** Secret: PKCS#8 octets in the clear. */
  | { readonly type: "key"; readonly octets: Bytes; readonly attributes: BagAttributes }
  | {
    readonly type: "encrypted-key";
    readonly scheme: EncryptionScheme;
    readonly data: Bytes;
    readonly attributes: BagAttributes;
  }
  | { readonly type: "certificate"; readonly octets: Bytes; readonly attributes: BagAttributes };

/**
 * Reads the bags of one SafeContents into `bags`. Revocation lists, secrets, certificates that are not X.509 and bags of
 * unknown types are passed over.
 *
 * Secret: `octets` may hold keys, and the bags are views of it.
 *
 * @param octets SafeContents in DER
 * @throws {DerError} when it is not SafeContents
 * @throws {KeyError} `ERR_KEY_UNSUPPORTED`, `ERR_KEY_INVALID` or `ERR_KEY_LIMIT`
 */
export function readSafeContents(octets: Bytes, bags: Bag[]): void {
  readBags(openSequence(octets, "SafeContents"), bags, 1);
}

function readBags(contents: DerReader, bags: Bag[], depth: number): void {
  if (depth > MAX_SAFE_CONTENTS_DEPTH) {
    throw pkcs12Error("ERR_KEY_LIMIT", `SafeContents are nested more than ${MAX_SAFE_CONTENTS_DEPTH} deep`);
  }
  for (let count = 0; !contents.done; count++) {
    if (count === MAX_PKCS12_BAGS || bags.length >= MAX_PKCS12_BAGS) {
      throw pkcs12Error("ERR_KEY_LIMIT", `it holds more than ${MAX_PKCS12_BAGS} bags`);
    }
    const bag = contents.sequence("SafeBag");
    const type = bag.objectIdentifier("SafeBag.bagId");
    const value = bag.open(contextConstructed(0), "SafeBag.bagValue");
    const attributes = readAttributes(bag);
    bag.finish("SafeBag");
    switch (type) {
      case KEY_BAG:
        bags.push({ type: "key", octets: value.raw(TAG.sequence, "KeyBag"), attributes });
        break;
      case SHROUDED_KEY_BAG:
        bags.push({ type: "encrypted-key", ...readShroudedKey(value.sequence("PKCS8ShroudedKeyBag")), attributes });
        break;
      case CERTIFICATE_BAG: {
        const der = readCertificateBag(value.sequence("CertBag"));
        if (der !== undefined) bags.push({ type: "certificate", octets: der, attributes });
        break;
      }
      case SAFE_CONTENTS_BAG:
        readBags(value.sequence("SafeContents"), bags, depth + 1);
        break;
      default:
        value.skip("SafeBag.bagValue");
    }
    value.finish("SafeBag.bagValue");
  }
}

/** EncryptedPrivateKeyInfo (RFC 5958 §3). */
function readShroudedKey(info: DerReader): { readonly scheme: EncryptionScheme; readonly data: Bytes } {
  const scheme = readEncryptionAlgorithm(info, "PKCS8ShroudedKeyBag.encryptionAlgorithm");
  const data = info.octetString("PKCS8ShroudedKeyBag.encryptedData");
  info.finish("PKCS8ShroudedKeyBag");
  requireWholeBlocks(scheme, data);
  return { scheme, data };
}

/** CertBag; undefined for another kind of certificate. */
function readCertificateBag(bag: DerReader): Bytes | undefined {
  const type = bag.objectIdentifier("CertBag.certId");
  const value = bag.open(contextConstructed(0), "CertBag.certValue");
  bag.finish("CertBag");
  if (type !== X509_CERTIFICATE) return undefined;
  const der = value.octetString("CertBag.certValue");
  value.finish("CertBag.certValue");
  return der;
}

/** The attributes that are known; a set without a value says nothing, of several values the first counts. */
function readAttributes(bag: DerReader): BagAttributes {
  let friendlyName: string | undefined;
  let localKeyId: Bytes | undefined;
  const set = bag.openOptional(TAG.set, "SafeBag.bagAttributes");
  while (set !== undefined && !set.done) {
    const attribute = set.sequence("PKCS12Attribute");
    const type = attribute.objectIdentifier("PKCS12Attribute.attrId");
    const values = attribute.set("PKCS12Attribute.attrValues");
    attribute.finish("PKCS12Attribute");
    if (values.done) continue;
    if (type === FRIENDLY_NAME) friendlyName ??= readName(values);
    else if (type === LOCAL_KEY_ID) localKeyId ??= values.contentOptional(TAG.octetString, "localKeyId");
  }
  return { friendlyName, localKeyId };
}

/** BMPString, or UTF8String as some software writes it; a name in another type is none, and keeps nobody from the key. */
function readName(values: DerReader): string | undefined {
  const octets = values.contentOptional(TAG.bmpString, "friendlyName");
  if (octets !== undefined) return utf16(octets);
  const utf8 = values.contentOptional(TAG.utf8String, "friendlyName");
  return utf8 && decodeUtf8(utf8);
}

/** BMPString as software writes it: with surrogate pairs. An odd octet at the end is dropped. */
function utf16(octets: Bytes): string {
  let text = "";
  for (let i = 0; i + 1 < octets.length; i += 2) text += String.fromCharCode(octets[i]! * 256 + octets[i + 1]!);
  return text;
}

const KEY_BAG = "1.2.840.113549.1.12.10.1.1";
const SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
const CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";
const SAFE_CONTENTS_BAG = "1.2.840.113549.1.12.10.1.6";
const X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
const FRIENDLY_NAME = "1.2.840.113549.1.9.20";
const LOCAL_KEY_ID = "1.2.840.113549.1.9.21";
