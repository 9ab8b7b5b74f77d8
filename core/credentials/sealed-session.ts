/**
 * A session as it is stored: a line of JSON in the clear that says whose it is, and behind it the session, sealed with
 * AES-256-GCM under that line.
 *
 * What is in the clear (ARNs, fingerprint, session name, times) is no secret and cannot be changed unnoticed. An entry
 * that is damaged, cut off, another's or sealed with another key is no entry.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../bytes/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../bytes/text.ts";
import { wipe } from "../bytes/wipe.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import type { Sha256 } from "../crypto/sha256.ts";
import type { Session, SessionOptions } from "../session/create-session.ts";
import { DEFAULT_DURATION_SECONDS, type SessionIdentity } from "../session/request.ts";

/** Whose session it is and how it was asked for: what is in the clear. Holds no secret. */
export interface SealedSessionFacts {
  /** SHA-256 of the certificate, hexadecimal, and everything of the request that has a say in the session. */
  readonly subject: Readonly<Record<string, unknown>>;
  /** When it was made, by the clock of who made it; RFC 3339. */
  readonly obtainedAt: string;
  /** When it ends: the service's own text. */
  readonly expiration: string;
}

/** A session, and when it was made. Secret: the session holds credentials. */
export interface StoredSession {
  /** Secret: the session. */
  readonly session: Session;
  /** When it was made, by the clock of who made it, in milliseconds since the epoch. */
  readonly obtainedAtMs: number;
}

/** What sealing needs. */
export interface SealingPorts {
  /** AES-256-GCM, and random octets for its nonce. */
  readonly crypto: Pick<CryptoProvider, "seal" | "decipher" | "random">;
  /** The hash of the subject's name. */
  readonly sha256: Sha256;
}

/** A name of what a session is for: the same for all that ask for the same. */
export interface SealedSubject {
  /** 64 hexadecimal digits, a hash of the text: nothing can be read in it. */
  readonly name: string;
  /** Canonical JSON. */
  readonly text: string;
}

/** An entry is shorter than this, in octets; the service's answers are below 10 kB. */
export const MAX_SEALED_OCTETS = 65_536;

/** What sessions of this identity and these options are kept under. */
export function sealedSubject(
  identity: SessionIdentity,
  options: Omit<SessionOptions, "identity">,
  sha256: Sha256,
): SealedSubject {
  const members: [name: string, value: unknown][] = Object.entries(options).filter(([name, value]) =>
    // Absent, empty and false are the same to a request.
    !WITHOUT_A_SAY.has(name) && value !== undefined && value !== "" && value !== false
  );
  if (options.durationSeconds === undefined) members.push(["durationSeconds", DEFAULT_DURATION_SECONDS]);
  members.push(["certificate", sha256.hex(identity.certificate.der)]);
  const text = JSON.stringify(Object.fromEntries(members.sort(([a], [b]) => a < b ? -1 : 1)));
  return { name: sha256.hex(text), text };
}

/** Seals a session. Secret: the session and the key. */
export async function sealSession(
  { session, obtainedAtMs }: StoredSession,
  subject: SealedSubject,
  key: Bytes,
  { crypto }: SealingPorts,
): Promise<Bytes> {
  const obtainedAt = new Date(obtainedAtMs).toISOString();
  const { expiration } = session.credentials;
  const times = JSON.stringify({ obtainedAt, expiration }).slice(1);
  const head = encodeUtf8(`{"version":${VERSION},"subject":${subject.text},${times}`);
  const nonce = crypto.random(NONCE_OCTETS);
  const plaintext = encodeUtf8(JSON.stringify({ session, obtainedAtMs }));
  const sealed = await crypto.seal(key, nonce, plaintext, head);
  wipe(plaintext);
  return concatBytes([head, LINE_END, nonce, sealed]);
}

/**
 * Opens an entry; undefined when it is none of this subject and key.
 *
 * Secret: key and result.
 */
export async function openSession(
  entry: Bytes,
  subject: SealedSubject,
  key: Bytes,
  { crypto }: SealingPorts,
): Promise<StoredSession | undefined> {
  const end = entry.indexOf(LINE_END[0]!);
  if (end < 0 || entry.length > MAX_SEALED_OCTETS) return undefined;
  const head = entry.subarray(0, end);
  if (!decodeUtf8(head)?.startsWith(`{"version":${VERSION},"subject":${subject.text},"obtainedAt":`)) return undefined;
  const iv = entry.subarray(end + 1, end + 1 + NONCE_OCTETS);
  const sealed = entry.subarray(end + 1 + NONCE_OCTETS);
  if (iv.length < NONCE_OCTETS) return undefined;
  try {
    const plaintext = await crypto.decipher({ name: "AES-GCM", iv, additionalData: head }, key, sealed);
    const text = decodeUtf8(plaintext);
    wipe(plaintext);
    return JSON.parse(text!) as StoredSession;
  } catch (error) {
    // Damaged, or sealed with another key: as good as absent. Everything else is trouble that its caller tells.
    if ((error as { code?: unknown }).code === "ERR_CRYPTO_DECIPHER") return undefined;
    throw error;
  }
}

/** What an entry says in the clear; undefined when it is no entry. Nothing proves it to who does not have the key. */
export function readSealedFacts(entry: Bytes): SealedSessionFacts | undefined {
  const end = entry.indexOf(LINE_END[0]!);
  try {
    const { version, subject, obtainedAt, expiration } = JSON.parse(decodeUtf8(entry.subarray(0, end)) ?? "");
    const valid = version === VERSION && isSubject(subject) && isTime(obtainedAt) && isTime(expiration);
    return valid ? { subject, obtainedAt, expiration } : undefined;
  } catch {
    return undefined; // It is no JSON.
  }
}

function isSubject(value: unknown): value is SealedSessionFacts["subject"] {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTime(value: unknown): value is string {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}

/** Options that change the way to the service and not its answer; any other one is taken for one that does. */
const WITHOUT_A_SAY: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "attemptTimeoutMs",
  "certificateValidity",
  "deadlineMs",
  "maxAttempts",
  "userAgent",
]);

/** Of the entry's form, and of what the sealing key is derived for. */
const VERSION = 1;

/** Octets of a nonce: NIST SP 800-38D §8.2.2, drawn for every entry. */
const NONCE_OCTETS = 12;

const LINE_END: Bytes = /* @__PURE__ */ Uint8Array.of(0x0a);
