/**
 * Revocation lists whole, in pieces and with an index: all three say the same.
 *
 * @module
 */

import { EntrySearch } from "../../../core/x509/crl/entry-search.ts";
import { RevocationListStream } from "../../../core/x509/crl/revocation-list-stream.ts";
import { indexRevocationList, parseCertificateRevocationList } from "../../../core/x509/mod.ts";
import type { Octets } from "../mutate.ts";
import { readList } from "./der.ts";

const SERIAL_NUMBER = Uint8Array.of(7);

/** Reads a list in every way there is; DER. */
export function readListInEveryWay(input: Octets): void {
  const whole = attempt(() => readWhole(input));
  const pieceLength = 1 + input.length % 61;
  const streamed = attempt(() => readStreamed(input, pieceLength));
  if (whole.answer !== streamed.answer) {
    throw new Error(`whole: ${whole.answer}; in pieces of ${pieceLength}: ${streamed.answer}`);
  }
  if (whole.error !== undefined) throw whole.error;
  readList(input);
}

interface Attempt {
  readonly answer: string;
  readonly error?: unknown;
}

/** Which of several faults is found first may differ; that there is one may not. */
function attempt(read: () => string): Attempt {
  try {
    return { answer: read() };
  } catch (error) {
    if (typeof (error as { code?: unknown }).code !== "string") throw error;
    return { answer: "refused", error };
  }
}

function readWhole(input: Octets): string {
  const list = parseCertificateRevocationList(input);
  void list.signatureAlgorithm;
  const search = list.search(SERIAL_NUMBER, list.issuer);
  const index = indexRevocationList(list);
  if (index.find(SERIAL_NUMBER)?.revocationDate !== search.entry?.revocationDate) {
    throw new Error("the index finds another entry");
  }
  return describe(search, list.thisUpdate, list.extensions.length, list.signature.length);
}

function readStreamed(input: Octets, pieceLength: number): string {
  const stream = new RevocationListStream();
  let search: EntrySearch | undefined;
  let signed = 0;
  for (let at = 0; at < input.length; at += pieceLength) {
    stream.push(input.slice(at, at + pieceLength));
    if (stream.start === undefined || search !== undefined) continue;
    search = new EntrySearch(SERIAL_NUMBER, stream.start.issuer, stream.start.issuer);
    stream.begin({ search, signed: (piece) => void (signed += piece.length) });
  }
  const end = stream.finish();
  if (signed === 0) throw new Error("nothing is signed");
  return describe(search!, end.thisUpdate, end.extensions.length, end.signature.length);
}

function describe(search: EntrySearch, ...numbers: number[]): string {
  const { entry, indirectEntry, namesIssuers, unprocessed } = search;
  return [entry?.revocationDate, indirectEntry?.revocationDate, namesIssuers, unprocessed, ...numbers].join(" ");
}
