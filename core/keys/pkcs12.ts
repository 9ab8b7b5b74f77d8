/**
 * PKCS#12 files: private keys and certificates under a password (RFC 7292, RFC 9579).
 *
 * Read are DER, and BER as far as lengths and segmented strings go; PBES2 and the Triple-DES and RC2 schemes of old;
 * MACs of old and PBMAC1; files that are encrypted or not, with a MAC or without.
 * Not read are files protected by public keys, and RC4.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { wipe } from "../bytes/wipe.ts";
import type { EncryptionScheme } from "../crypto/password/encryption-scheme.ts";
import type { PrivateKey } from "../crypto/private-key.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { derOfBer } from "../der/ber.ts";
import { type DerReader, openSequence } from "../der/reader.ts";
import { contextConstructed, contextPrimitive, TAG } from "../der/tag.ts";
import { readEncryptionAlgorithm, requireWholeBlocks } from "./encryption-algorithm.ts";
import { KeyError, unsupportedKey } from "./key-error.ts";
import { type Bag, type BagAttributes, readSafeContents } from "./pkcs12-bags.ts";
import { type Pkcs12Mac, readPkcs12Mac, verifyPkcs12Mac } from "./pkcs12-mac.ts";
import { Pkcs12Opening } from "./pkcs12-opening.ts";
import {
  DATA,
  ENCRYPTED_DATA,
  MAX_PKCS12_LENGTH,
  OTHER_CONTENTS,
  pkcs12Cause,
  pkcs12Error,
  readingPkcs12,
} from "./pkcs12-reading.ts";
import { parsePkcs8 } from "./pkcs8.ts";

/** What a PKCS#12 file holds, in its order. */
export interface Pkcs12Contents {
  /** The private keys of supported kinds. Secret. */
  readonly privateKeys: readonly Pkcs12PrivateKey[];
  /** The X.509 certificates. */
  readonly certificates: readonly Pkcs12Certificate[];
  /** Whether a MAC proved that whoever wrote it knew the password; false: the file has none. */
  readonly authenticated: boolean;
}

/** A private key of a PKCS#12 file. */
export interface Pkcs12PrivateKey {
  /** Secret: its components. */
  readonly key: PrivateKey;
  /** A name for people; undefined: it has none. */
  readonly friendlyName: string | undefined;
  /** The same octets stand at the certificate of the key, if its writer put them there. */
  readonly localKeyId: Bytes | undefined;
}

/** A certificate of a PKCS#12 file. */
export interface Pkcs12Certificate {
  /** The octets, not looked into. */
  readonly der: Bytes;
  /** A name for people; undefined: it has none. */
  readonly friendlyName: string | undefined;
  /** The same octets stand at the private key, if their writer put them there. */
  readonly localKeyId: Bytes | undefined;
}

/** What {@link loadPkcs12} needs besides the file. */
export interface LoadPkcs12Options {
  /** Derives, hashes and deciphers. */
  readonly crypto: CryptoProvider;
  /**
   * Opens the file: text (taken as UTF-16 or UTF-8, as the scheme wants it) or octets of UTF-8. Default: the empty
   * password, of which both encodings are tried: two zero octets, and none at all.
   */
  readonly password?: string | Bytes | undefined;
}

/**
 * Loads the private keys and certificates of a PKCS#12 file. The result shares no memory with the input.
 *
 * Keys of kinds that are not supported are passed over when another is. Whether a key belongs to a certificate is for
 * the caller to find out: by their public keys, not by attributes.
 *
 * Secret: input, password and result. Best effort: decrypted octets and derived keys are overwritten after use.
 *
 * @throws {KeyError} `ERR_KEY_PASSWORD_MISSING`, `ERR_KEY_PASSWORD_WRONG`, `ERR_KEY_NOT_ENCRYPTED` (a password is given,
 * and neither MAC nor encryption uses one), `ERR_KEY_INTEGRITY` (the password is right, and the MAC is not),
 * `ERR_KEY_MALFORMED`, `ERR_KEY_INVALID`, `ERR_KEY_UNSUPPORTED`, or `ERR_KEY_LIMIT` for more octets, bags, nesting or
 * iterations than are accepted
 * @throws {CryptoError} when the provider lacks a hash, cipher or key derivation, or fails
 * @see https://www.rfc-editor.org/rfc/rfc7292#section-4
 */
export async function loadPkcs12(input: Bytes, options: LoadPkcs12Options): Promise<Pkcs12Contents> {
  const { crypto, password, ...unknown } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`"${name}" is not an option of loadPkcs12`);
  if (!(input instanceof Uint8Array)) throw new TypeError('"input" must be a Uint8Array');
  if (password !== undefined && typeof password !== "string" && !(password instanceof Uint8Array)) {
    throw new TypeError('"password" must be a string or a Uint8Array');
  }
  const copies: Bytes[] = [];
  try {
    const file = readingPkcs12(() => readPfx(input, copies));
    return await openFile(file, { crypto, password, opening: new Pkcs12Opening(crypto), copies });
  } catch (error) {
    throw pkcs12Cause(error);
  } finally {
    wipe(...copies);
  }
}

/** The outer structure of a file. */
interface Pfx {
  /** What the MAC is over. */
  readonly authenticated: Bytes;
  readonly mac: Pkcs12Mac | undefined;
  readonly safes: readonly Safe[];
}

/** One SafeContents, encrypted where there is a scheme. */
interface Safe {
  readonly scheme: EncryptionScheme | undefined;
  readonly data: Bytes;
}

/** Something encrypted. */
interface Encrypted {
  readonly scheme: EncryptionScheme;
  readonly data: Bytes;
}

/** What one call of {@link loadPkcs12} works with. */
interface Work {
  readonly crypto: CryptoProvider;
  readonly password: string | Bytes | undefined;
  readonly opening: Pkcs12Opening;
  /** Secret: what is overwritten in the end. */
  readonly copies: Bytes[];
}

/** PFX (RFC 7292 §4). */
function readPfx(input: Bytes, copies: Bytes[]): Pfx {
  if (input.length > MAX_PKCS12_LENGTH) {
    const state = `the input is ${input.length} octets long, at most ${MAX_PKCS12_LENGTH} are accepted`;
    throw pkcs12Error("ERR_KEY_LIMIT", state);
  }
  const pfx = openSequence(inDer(input, "PFX", copies), "PFX");
  const version = pfx.smallInteger("PFX.version", 0, 0xffff_ffff);
  if (version !== 3) throw unsupportedKey("private key", `version ${version} of PFX`);
  const authSafe = pfx.sequence("PFX.authSafe");
  const type = authSafe.objectIdentifier("PFX.authSafe.contentType");
  if (type !== DATA) throw unsupportedKey("private key", OTHER_CONTENTS[type] ?? `the content type ${type}`);
  const authenticated = readData(authSafe, "PFX.authSafe.content");
  const macData = pfx.openOptional(TAG.sequence, "PFX.macData");
  const mac = macData && readPkcs12Mac(macData);
  pfx.finish("PFX");
  const safes: Safe[] = [];
  const list = openSequence(inDer(authenticated, "AuthenticatedSafe", copies), "AuthenticatedSafe");
  while (!list.done) safes.push(readSafe(list.sequence("AuthenticatedSafe.ContentInfo")));
  return { authenticated, mac, safes };
}

/** ContentInfo of data or encryptedData. */
function readSafe(info: DerReader): Safe {
  const type = info.objectIdentifier("ContentInfo.contentType");
  if (type === DATA) return { scheme: undefined, data: readData(info, "ContentInfo.content") };
  if (type !== ENCRYPTED_DATA) throw unsupportedKey("private key", OTHER_CONTENTS[type] ?? `the content type ${type}`);
  const explicit = info.open(contextConstructed(0), "ContentInfo.content");
  info.finish("ContentInfo");
  const encrypted = explicit.sequence("EncryptedData");
  explicit.finish("ContentInfo.content");
  encrypted.smallInteger("EncryptedData.version", 0, 2);
  const content = encrypted.sequence("EncryptedContentInfo");
  encrypted.openOptional(contextConstructed(1), "EncryptedData.unprotectedAttrs");
  encrypted.finish("EncryptedData");
  const inner = content.objectIdentifier("EncryptedContentInfo.contentType");
  if (inner !== DATA) throw unsupportedKey("private key", `encrypted content of type ${inner}`);
  const scheme = readEncryptionAlgorithm(content, "EncryptedContentInfo.contentEncryptionAlgorithm");
  const data = readImplicitOctets(content, "EncryptedContentInfo.encryptedContent");
  content.finish("EncryptedContentInfo");
  requireWholeBlocks(scheme, data);
  return { scheme, data };
}

/** `[0] EXPLICIT OCTET STRING`, the last element. */
function readData(info: DerReader, reading: string): Bytes {
  const explicit = info.open(contextConstructed(0), reading);
  info.finish(reading);
  const data = explicit.octetString(reading);
  explicit.finish(reading);
  return data;
}

/** `[0] IMPLICIT OCTET STRING`, which BER may have left in segments: nothing but the tag says what they belong to. */
function readImplicitOctets(content: DerReader, reading: string): Bytes {
  const segments = content.openOptional(contextConstructed(0), reading);
  if (segments === undefined) return content.content(contextPrimitive(0), reading);
  const octets: number[] = [];
  while (!segments.done) octets.push(...segments.octetString(reading));
  return Uint8Array.from(octets);
}

/** The octets in DER; a copy that this takes is kept to be overwritten. */
function inDer(octets: Bytes, reading: string, copies: Bytes[]): Bytes {
  const der = derOfBer(octets, reading);
  if (der !== octets) copies.push(der);
  return der;
}

/** Finds the password that fits, and opens everything with it. */
async function openFile(file: Pfx, work: Work): Promise<Pkcs12Contents> {
  const { password, crypto } = work;
  const empty = password === undefined || password.length === 0;
  const candidates = empty ? ["", undefined] : [password];
  for (const candidate of candidates) {
    if (file.mac !== undefined && !(await verifyPkcs12Mac(file.mac, candidate, file.authenticated, crypto))) continue;
    const contents = await openWith(candidate, file, work);
    if (contents !== undefined) {
      if (empty || file.mac !== undefined || contents.encrypted) return contents.contents;
      throw pkcs12Error("ERR_KEY_NOT_ENCRYPTED", "a password is given, but nothing in it uses one");
    }
    if (file.mac !== undefined) {
      throw pkcs12Error("ERR_KEY_PASSWORD_WRONG", "its own password is right, but a part has another password");
    }
  }
  if (file.mac !== undefined && await opensAnyPart(candidates, file, work)) {
    throw pkcs12Error(
      "ERR_KEY_INTEGRITY",
      "the password is right, but the MAC is not: the file was damaged or changed",
    );
  }
  throw password === undefined
    ? pkcs12Error("ERR_KEY_PASSWORD_MISSING", "it is protected by a password, and none is given")
    : pkcs12Error("ERR_KEY_PASSWORD_WRONG", "the PKCS#12 password is wrong");
}

interface Opened {
  readonly contents: Pkcs12Contents;
  /** Whether anything had to be decrypted. */
  readonly encrypted: boolean;
}

/** Everything in the file; undefined when the password does not open a part. */
async function openWith(password: string | Bytes | undefined, file: Pfx, work: Work): Promise<Opened | undefined> {
  const bags: Bag[] = [];
  let encrypted = false;
  for (const { scheme, data } of file.safes) {
    const octets = scheme === undefined ? data : await openPart({ scheme, data }, password, work);
    if (octets === undefined) return undefined;
    encrypted ||= scheme !== undefined;
    readingPkcs12(() => readSafeContents(inDer(octets, "SafeContents", work.copies), bags));
  }
  const privateKeys: Pkcs12PrivateKey[] = [];
  const certificates: Pkcs12Certificate[] = [];
  let unsupported: unknown;
  for (const bag of bags) {
    const attributes = copyAttributes(bag.attributes);
    if (bag.type === "certificate") {
      certificates.push({ der: bag.octets.slice(), ...attributes });
      continue;
    }
    const octets = bag.type === "key" ? bag.octets : await openPart(bag, password, work);
    if (octets === undefined) return undefined;
    encrypted ||= bag.type === "encrypted-key";
    try {
      privateKeys.push({ key: readingPkcs12(() => parsePkcs8(octets)), ...attributes });
    } catch (error) {
      if (!(error instanceof KeyError) || error.code !== "ERR_KEY_UNSUPPORTED") throw error;
      unsupported ??= error;
    }
  }
  if (privateKeys.length === 0 && unsupported !== undefined) throw unsupported;
  return { contents: { privateKeys, certificates, authenticated: file.mac !== undefined }, encrypted };
}

/** Decrypts a part; undefined when the result is not what every part is, one SEQUENCE. */
async function openPart(
  part: Encrypted,
  password: string | Bytes | undefined,
  { opening, copies }: Work,
): Promise<Bytes | undefined> {
  const octets = await opening.decrypt(part, password);
  if (octets === undefined) return undefined;
  copies.push(octets);
  return isOneSequence(octets) ? octets : undefined;
}

/** Whether a password opens one of the first parts: then it is not the password that made the MAC fail. */
async function opensAnyPart(
  candidates: readonly (string | Bytes | undefined)[],
  { safes }: Pfx,
  work: Work,
): Promise<boolean> {
  const parts: Encrypted[] = [];
  const bags: Bag[] = [];
  for (const { scheme, data } of safes) {
    if (scheme !== undefined) parts.push({ scheme, data });
    else readingPkcs12(() => readSafeContents(inDer(data, "SafeContents", work.copies), bags));
  }
  for (const bag of bags) if (bag.type === "encrypted-key") parts.push(bag);
  for (const part of parts.slice(0, MAX_PROBES)) {
    for (const candidate of candidates) if (await openPart(part, candidate, work) !== undefined) return true;
  }
  return false;
}

function copyAttributes({ friendlyName, localKeyId }: BagAttributes): BagAttributes {
  return { friendlyName, localKeyId: localKeyId?.slice() };
}

/** Whether octets begin as a SEQUENCE that is as long as they are, or whose length is indefinite. */
function isOneSequence(octets: Bytes): boolean {
  if (octets[0] !== TAG.sequence || octets.length < 2) return false;
  const first = octets[1]!;
  if (first < 0x80) return octets.length === first + 2;
  const content = 2 + (first & 0x7f);
  let length = 0;
  for (let i = 2; i < content; i++) length = length * 256 + (octets[i] ?? 0);
  return first === 0x80 || octets.length === content + length;
}

/** So many parts are tried with a password that the MAC denies. */
const MAX_PROBES = 3;
