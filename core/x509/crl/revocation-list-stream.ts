/**
 * A revocation list that comes in pieces, DER or PEM, read once at constant memory: its size does not matter.
 *
 * The octets that are signed are handed on as they pass, the entries are looked at in a window, and what stands before
 * and behind them is kept. It is as strict as `parseCertificateRevocationList` and {@link EntrySearch.run} together.
 *
 * @module
 */

import { isCoded } from "../../base-error.ts";
import { type Bytes, concatBytes, equalBytes } from "../../bytes/bytes.ts";
import type { SignatureAlgorithm } from "../../crypto/signature-algorithm.ts";
import {
  parseSignatureAlgorithm,
  type UnknownSignatureAlgorithm,
} from "../../crypto/signature-algorithm-identifier.ts";
import { DerReader } from "../../der/reader.ts";
import { TAG } from "../../der/tag.ts";
import { PemStream } from "../../pem/pem-stream.ts";
import { CertificateError } from "../certificate-error.ts";
import { contentEnd, EntryScanner, isWhole, lengthEnd } from "./entry-scanner.ts";
import type { EntrySearch } from "./entry-search.ts";
import {
  beginsAsList,
  CRL_LABELS,
  isTime,
  LIST_BEGINNING_OCTETS,
  noEntry,
  readListExtensions,
  readListHeader,
  readListVersion,
  type RevocationListFields,
  type RevocationListHeader,
} from "./revocation-list-fields.ts";

/** What is known before the entries. */
export interface RevocationListStart extends RevocationListHeader {
  /** How it is signed; the scheme is `unknown` for what is not in the table. */
  readonly signatureAlgorithm: SignatureAlgorithm | UnknownSignatureAlgorithm;
}

/** What is known at the end. */
export interface RevocationListEnd extends RevocationListFields {
  /** The signature's octets. */
  readonly signature: Bytes;
  /** How many entries there were. */
  readonly entries: number;
}

/** Whoever looks at the list while it passes. */
export interface RevocationListVisitor {
  /** Takes the next octets of what is signed; they change when the call has returned. */
  signed(piece: Bytes): void;
  /** Looks at the entries. */
  readonly search: EntrySearch;
}

/**
 * Octets that are held at once: all that stands before the entries, all that stands behind them, and each entry must
 * be smaller.
 */
export const STREAM_WINDOW_OCTETS = 262_144;

/** A reader of one list; `push` the pieces, `begin` when it has a `start`, and `finish`. */
export class RevocationListStream {
  /** What stands before the entries, as soon as it is there. */
  start: RevocationListStart | undefined;
  readonly #window: Bytes = new Uint8Array(STREAM_WINDOW_OCTETS);
  /** Octets of the list before the window. */
  #base = 0;
  #filled = 0;
  /** What has been read of the window. */
  #position = 0;
  #stage: "outer" | "fields" | "waiting" | "entries" | "rest" | "end" = "outer";
  /** Offsets in the list. */
  #signedFrom = 0;
  #bodyAt = 0;
  #bodyEnd = 0;
  #end = Infinity;
  #entriesEnd = 0;
  #fields = 0;
  #algorithm: Bytes | undefined;
  #visitor: RevocationListVisitor | undefined;
  #scanner: EntryScanner | undefined;
  #entries = 0;
  #result: RevocationListEnd | undefined;
  #pem: PemStream | undefined;
  #kind: "der" | "pem" | undefined;
  #pending: Bytes[] = [];

  /**
   * Takes the next piece; when {@link start} has appeared, `begin` comes before the next one.
   *
   * @throws {DerError}, {CertificateError} or {PemError} when it is malformed, or something is larger than the window
   */
  push(piece: Bytes): void {
    if (this.#kind === undefined) {
      const beginning = concatBytes([...this.#pending, piece]);
      this.#pending = [beginning];
      if (beginning.length < LIST_BEGINNING_OCTETS) return;
      this.#pending = [];
      this.#kind = beginsAsList(beginning) ? "der" : "pem";
      piece = beginning;
    }
    if (this.#kind === "der") return this.#take(piece);
    this.#pem ??= new PemStream(CRL_LABELS, {
      begin: (offset) => this.#beginBlock(offset),
      octets: (octets) => this.#take(octets),
      end: () => {},
    });
    this.#pem.push(piece);
  }

  /** Says who looks at the rest of the list, once there is a {@link start}. */
  begin(visitor: RevocationListVisitor): void {
    this.#visitor = visitor;
    this.#stage = this.#entriesEnd > 0 ? "entries" : "rest";
    const pending = this.#pending;
    this.#pending = [];
    this.#consume();
    for (const piece of pending) this.#take(piece);
  }

  /** Ends the input. @throws {DerError}, {CertificateError} or {PemError} when the list is not complete */
  finish(): RevocationListEnd {
    this.#pem?.finish();
    if (this.#result !== undefined) return this.#result;
    // What is missing says the ordinary reader.
    const reader = new DerReader(this.#window, this.#position, this.#filled);
    return reader.fail("ERR_DER_TRUNCATED", "CertificateList", this.#base + this.#filled, "the list ends early");
  }

  #beginBlock(offset: number): void {
    if (this.#base + this.#filled === 0) return;
    throw new CertificateError("ERR_CERTIFICATE_UNEXPECTED_BLOCK", "Cannot read CRL: there is another one behind it", {
      offset,
    });
  }

  /** Octets of the list itself. */
  #take(piece: Bytes): void {
    for (let at = 0; at < piece.length;) {
      if (this.#stage === "waiting") {
        // A copy: whoever called changes the octets.
        this.#pending.push(piece.slice(at));
        return;
      }
      if (this.#filled === this.#window.length) this.#makeRoom();
      const count = Math.min(piece.length - at, this.#window.length - this.#filled);
      this.#window.set(piece.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      this.#consume();
    }
  }

  /** Forgets what has been read. */
  #makeRoom(): void {
    // The window starts with the list until its fields are read.
    if (this.#position === 0 || this.#stage === "fields") {
      throw new CertificateError(
        "ERR_CERTIFICATE_LIMIT",
        `Cannot read CRL: an element at offset ${this.#base} is larger than ${this.#window.length} octets`,
        { offset: this.#base },
      );
    }
    this.#window.copyWithin(0, this.#position, this.#filled);
    this.#base += this.#position;
    this.#filled -= this.#position;
    this.#position = 0;
  }

  #consume(): void {
    if (this.#stage === "outer") this.#readOuter();
    if (this.#stage === "fields") this.#readFields();
    if (this.#stage === "entries") this.#readEntries();
    if (this.#stage === "rest") this.#readRest();
    else if (this.#stage === "end" && this.#position < this.#filled) this.#trailing();
  }

  /** The two SEQUENCEs that everything is in; the window starts with the list until its fields are read. */
  #readOuter(): void {
    const window = this.#window;
    const filled = this.#filled;
    const outer = lengthEnd(window, 0, filled);
    if (outer === 0) return;
    const inner = lengthEnd(window, outer, filled);
    if (inner === 0) return;
    // Any length is right for the reader here: whether the octets are there is found out as they come.
    this.#end = this.#sequenceEnd(0, outer, "CertificateList", Infinity);
    this.#bodyAt = this.#signedFrom = outer;
    this.#bodyEnd = this.#sequenceEnd(outer, inner, "tbsCertList", this.#end);
    this.#position = inner;
    this.#stage = "fields";
  }

  /** Where a SEQUENCE ends of which only the first octets need be there. */
  #sequenceEnd(start: number, content: number, reading: string, limit: number): number {
    const end = contentEnd(this.#window, start, content);
    const reader = new DerReader(this.#window.slice(start, content));
    // The header alone, of no contents, is wrong in its length at most because the contents are missing.
    try {
      reader.next(TAG.sequence, reading);
    } catch (error) {
      if (!isCoded(error) || error.code !== "ERR_DER_TRUNCATED") throw error;
    }
    if (end > limit) reader.fail("ERR_DER_TRUNCATED", reading, start, "it runs past the end of the list");
    return end;
  }

  /** Algorithm, version, issuer and times; read at once when the last of them is there. */
  #readFields(): void {
    const window = this.#window;
    while (this.#position < this.#bodyEnd) {
      if (this.#position >= this.#filled) return;
      const tag = window[this.#position]!;
      // Version, algorithm, issuer and the first time; then perhaps another time, then the entries or the end.
      if (this.#fields === 0 && tag !== TAG.integer) this.#fields = 1;
      if (this.#fields >= 4 && !(this.#fields === 4 && isTime(tag))) break;
      if (!isWhole(window, this.#position, Math.min(this.#filled, this.#bodyEnd))) {
        if (this.#filled >= this.#bodyEnd) break;
        return;
      }
      const content = lengthEnd(window, this.#position, this.#filled);
      this.#position = contentEnd(window, this.#position, content);
      this.#fields++;
    }
    const entries = this.#position < this.#bodyEnd && window[this.#position] === TAG.sequence;
    const content = entries ? lengthEnd(window, this.#position, this.#filled) : 0;
    if (entries && content === 0) return;
    const octets = window.slice(0, this.#position);
    const reader = new DerReader(octets, this.#innerAt());
    const version = readListVersion(reader);
    this.#algorithm = reader.raw(TAG.sequence, "tbsCertList.signature");
    const header = readListHeader(reader, version);
    reader.finish("tbsCertList");
    if (entries) {
      const start = this.#position;
      this.#entriesEnd = this.#sequenceEnd(start, content, "tbsCertList.revokedCertificates", this.#bodyEnd);
      if (this.#entriesEnd === content) noEntry(reader, start);
      this.#position = content;
    }
    this.#scanner = new EntryScanner(window, this.#position, this.#position, version, false);
    this.start = { ...header, signatureAlgorithm: parseSignatureAlgorithm(this.#algorithm) };
    this.#stage = "waiting";
  }

  /** Where the contents of tbsCertList start. */
  #innerAt(): number {
    return lengthEnd(this.#window, this.#bodyAt, this.#filled);
  }

  #readEntries(): void {
    const end = Math.min(this.#filled, this.#entriesEnd - this.#base);
    const scanner = this.#scanner!;
    scanner.resume(this.#position, end, end === this.#entriesEnd - this.#base);
    try {
      this.#entries += this.#visitor!.search.run(scanner);
    } catch (cause) {
      throw malformed(`entry ${this.#entries + 1} or one behind it`, this.#base + this.#position, cause);
    }
    this.#read(scanner.position);
    if (this.#base + this.#position === this.#entriesEnd) this.#stage = "rest";
  }

  /** Moves on, and hands on what is signed of it. */
  #read(position: number): void {
    this.#position = position;
    const from = this.#signedFrom - this.#base;
    const to = Math.min(position, this.#bodyEnd - this.#base);
    if (to <= from) return;
    this.#visitor!.signed(this.#window.subarray(from, to));
    this.#signedFrom = this.#base + to;
  }

  /** Extensions, algorithm and signature, when all of them are there. */
  #readRest(): void {
    const missing = this.#end - this.#base - this.#filled;
    if (missing > 0) {
      if (this.#end - this.#base - this.#position <= this.#window.length) return;
      throw new CertificateError(
        "ERR_CERTIFICATE_LIMIT",
        `Cannot read CRL: what follows the entries is larger than ${this.#window.length} octets`,
        { offset: this.#base + this.#position },
      );
    }
    const at = this.#base + this.#position;
    const octets = this.#window.slice(this.#position, this.#end - this.#base);
    this.#read(this.#end - this.#base);
    try {
      this.#result = this.#readEnd(octets, this.#bodyEnd - at);
    } catch (cause) {
      throw malformed("what follows the entries", at, cause);
    }
    this.#stage = "end";
    if (this.#position < this.#filled) this.#trailing();
  }

  #readEnd(octets: Bytes, bodyEnd: number): RevocationListEnd {
    const { start } = this;
    const extensions = readListExtensions(new DerReader(octets, 0, bodyEnd), start!.version);
    const outer = new DerReader(octets, bodyEnd);
    const algorithm = outer.raw(TAG.sequence, "signatureAlgorithm");
    if (!equalBytes(algorithm, this.#algorithm!)) {
      throw new CertificateError(
        "ERR_CERTIFICATE_ALGORITHM_MISMATCH",
        "Cannot read tbsCertList.signature: it differs from the algorithm outside the signed part",
      );
    }
    const signature = outer.octetAlignedBitString("signatureValue");
    outer.finish("CertificateList");
    return { ...start!, extensions, signature, entries: this.#entries };
  }

  #trailing(): never {
    const reader = new DerReader(this.#window);
    return reader.fail("ERR_DER_TRAILING_DATA", "CertificateList", this.#end, "octets are left over");
  }
}

/** Offsets of the cause count from where the part starts. */
function malformed(what: string, offset: number, cause: unknown): unknown {
  if (!isCoded(cause)) return cause;
  return new CertificateError(
    "ERR_CERTIFICATE_MALFORMED",
    `Cannot read CRL: ${what}, from offset ${offset} on, is malformed: ${cause.message}`,
    { offset, cause },
  );
}
