/**
 * Revocation lists of a file: PEM with any number of blocks, one DER list, or several one behind the other.
 *
 * @module
 */

import { isCoded } from "../../base-error.ts";
import type { Bytes } from "../../bytes/bytes.ts";
import { DerReader } from "../../der/reader.ts";
import { TAG } from "../../der/tag.ts";
import { PemStream } from "../../pem/pem-stream.ts";
import { CertificateError } from "../certificate-error.ts";
import {
  type CertificateRevocationList,
  MAX_CRL_LENGTH,
  parseCertificateRevocationList,
} from "./certificate-revocation-list.ts";
import { beginsAsList, CRL_LABELS } from "./revocation-list-fields.ts";

/** Most lists that {@link readCertificateRevocationLists} reads. */
export const MAX_CRLS = 1000;

/**
 * Reads revocation lists in the order of the input. The PEM label is `X509 CRL`; text and other blocks are ignored.
 *
 * Public: variable time.
 *
 * @param input text, or octets of text or of DER; DER is not copied and must not change
 * @returns at least one
 * @throws {CertificateError} `ERR_CERTIFICATE_LIMIT` above {@link MAX_CRLS} lists or {@link MAX_CRL_LENGTH} octets, or
 * `ERR_CERTIFICATE_MALFORMED` with the `index` of the list and the `cause`
 * @throws {PemError} when no block is there, or one is damaged
 */
export function readCertificateRevocationLists(input: Bytes | string): CertificateRevocationList[] {
  if (input.length > MAX_CRL_LENGTH) throw limit(`the input has more than ${MAX_CRL_LENGTH} octets`);
  const lists: CertificateRevocationList[] = [];
  const add = (der: Bytes, offset: number): void => {
    if (lists.length === MAX_CRLS) throw limit(`the input holds more than ${MAX_CRLS}`);
    lists.push(parseOne(der, lists.length, offset));
  };
  if (typeof input !== "string" && beginsAsList(input)) splitDer(input, add);
  else splitPem(input, add);
  return lists;
}

function splitDer(input: Bytes, add: (der: Bytes, offset: number) => void): void {
  const reader = new DerReader(input);
  for (let index = 0; !reader.done; index++) {
    const offset = reader.position;
    try {
      reader.next(TAG.sequence, "CertificateList");
    } catch (cause) {
      throw malformed(index, offset, cause);
    }
    add(input.subarray(offset, reader.position), offset);
  }
}

function splitPem(input: Bytes | string, add: (der: Bytes, offset: number) => void): void {
  // No more than this can come, of all blocks together.
  const octets = new Uint8Array(Math.ceil(input.length / 4) * 3);
  let filled = 0;
  let offset = 0;
  const pem = new PemStream(CRL_LABELS, {
    begin: (at) => {
      offset = at;
      filled = 0;
    },
    octets: (piece) => {
      octets.set(piece, filled);
      filled += piece.length;
    },
    end: () => add(octets.slice(0, filled), offset),
  });
  if (typeof input !== "string") pem.push(input);
  else for (let at = 0; at < input.length; at += TEXT_PIECE) pem.push(latin1(input.slice(at, at + TEXT_PIECE)));
  pem.finish();
}

/** What is no octet is nothing that PEM needs. */
function latin1(text: string): Bytes {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) octets[i] = Math.min(text.charCodeAt(i), 0xff);
  return octets;
}

function parseOne(der: Bytes, index: number, offset: number): CertificateRevocationList {
  try {
    return parseCertificateRevocationList(der);
  } catch (cause) {
    throw malformed(index, offset, cause);
  }
}

function malformed(index: number, offset: number, cause: unknown): unknown {
  if (!isCoded(cause)) return cause;
  return new CertificateError(
    "ERR_CERTIFICATE_MALFORMED",
    `Cannot read CRL ${index + 1} of the input: ${cause.message}`,
    { index, offset, cause },
  );
}

function limit(state: string): CertificateError {
  return new CertificateError("ERR_CERTIFICATE_LIMIT", `Cannot read CRLs: ${state}`);
}

/** Characters that are taken at a time. */
const TEXT_PIECE = 65_536;
