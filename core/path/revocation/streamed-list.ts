/**
 * Revocation lists that are read anew for each check, in pieces and once: constant memory, whatever their size.
 *
 * @module
 */

import { equalBytes } from "../../bytes/bytes.ts";
import type { PublicKey } from "../../crypto/public-key.ts";
import type { Awaitable, StreamVerifier } from "../../crypto/signer.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { EntrySearch } from "../../x509/crl/entry-search.ts";
import { octetsOf, type OctetSource } from "../../x509/crl/octet-source.ts";
import { type RevocationListStart, RevocationListStream } from "../../x509/crl/revocation-list-stream.ts";
import { type ExaminedList, imported } from "./examined-list.ts";
import { readListFacts } from "./list-facts.ts";
import { listSigners, type SignatureVerdict } from "./list-signer.ts";
import type { CertificateIssuer, RevocationContext, UnknownStatus } from "./revocation-checker.ts";
import { unreadable } from "./unknown-status.ts";

/** A list that is too large to be held: {@link streamedList} makes it. */
export interface StreamedList {
  /**
   * Reads it once: searches it for the certificate, and checks its signature with every key that could have made it.
   *
   * @param relevant whether a list that starts like this can settle anything; others are not read to their end
   * @returns the list, or why it cannot be used
   */
  read(
    certificate: Certificate,
    issuer: CertificateIssuer,
    context: RevocationContext,
    relevant: (start: RevocationListStart) => UnknownStatus | undefined,
  ): Promise<ExaminedList | UnknownStatus>;
}

/**
 * Makes a list for `crlChecker` that is read anew for each certificate, DER or PEM, at constant memory. Its signature
 * is verified as it passes, which takes a provider with `importStreamVerifier`; Ed25519 cannot be verified so.
 *
 * @param open opens the list at its start; what it throws goes through. Pieces may all use one and the same memory
 */
export function streamedList(open: () => Awaitable<OctetSource>): StreamedList {
  return {
    read: (certificate, issuer, context, relevant) => readStreamedList(open, certificate, issuer, context, relevant),
  };
}

/** As many keys are tried on one list while it passes: each hashes all of it. */
export const MAX_STREAM_KEYS = 4;

async function readStreamedList(
  open: () => Awaitable<OctetSource>,
  certificate: Certificate,
  issuer: CertificateIssuer,
  context: RevocationContext,
  relevant: (start: RevocationListStart) => UnknownStatus | undefined,
): Promise<ExaminedList | UnknownStatus> {
  const stream = new RevocationListStream();
  let checks: readonly KeyCheck[] | undefined;
  let search: EntrySearch | undefined;
  try {
    for await (const piece of octetsOf(await open())) {
      stream.push(piece);
      const { start } = stream;
      if (checks !== undefined || start === undefined) continue;
      const objection = relevant(start);
      if (objection !== undefined) return objection;
      const begun = await keyChecks(start, issuer, context);
      checks = begun;
      search = new EntrySearch(certificate.serialNumber, certificate.issuer, start.issuer);
      stream.begin({
        search,
        signed(octets) {
          for (const { verifier } of begun) if (typeof verifier !== "string") verifier.update(octets);
        },
      });
    }
    const end = stream.finish();
    const verdicts = await Promise.all((checks ?? []).map((check) => verdictOf(check, end.signature)));
    const facts = readListFacts(end);
    if ("status" in facts) return facts;
    return {
      facts,
      search: () => search!,
      signedBy: (key) =>
        Promise.resolve(verdicts.find((one) => equalBytes(one.key.spki, key.spki))?.verdict ?? "unsupported"),
    };
  } catch (error) {
    return unreadable("the list", error) ?? raise(error);
  }
}

/** One key at work. */
interface KeyCheck {
  readonly key: PublicKey;
  /** Takes what is signed; or why it does not. */
  readonly verifier: StreamVerifier | SignatureVerdict;
}

async function keyChecks(
  start: RevocationListStart,
  issuer: CertificateIssuer,
  context: RevocationContext,
): Promise<readonly KeyCheck[]> {
  const { signatureAlgorithm: algorithm } = start;
  const { crypto } = context;
  const checks: KeyCheck[] = [];
  for (const { publicKey: key } of listSigners(start.issuer, issuer, context).signers.slice(0, MAX_STREAM_KEYS)) {
    context.spend("signature", key);
    checks.push({
      key,
      verifier: algorithm.scheme === "unknown" || crypto.importStreamVerifier === undefined
        ? "unsupported"
        : await imported(() => crypto.importStreamVerifier!(key, algorithm)),
    });
  }
  return checks;
}

async function verdictOf(
  { key, verifier }: KeyCheck,
  signature: Uint8Array<ArrayBuffer>,
): Promise<{ readonly key: PublicKey; readonly verdict: SignatureVerdict }> {
  if (typeof verifier === "string") return { key, verdict: verifier };
  return { key, verdict: await verifier.verify(signature) ? "right" : "wrong" };
}

function raise(error: unknown): never {
  throw error;
}
