/**
 * Who signed a revocation list, and whether that is somebody who may (RFC 5280 §6.3.3 (f), (g)).
 *
 * @module
 */

import { equalBytes } from "../../bytes/bytes.ts";
import type { PublicKey } from "../../crypto/public-key.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { Name } from "../../x509/name.ts";
import type { ListFacts } from "./list-facts.ts";
import type { CertificateIssuer, RevocationContext, UnknownStatus } from "./revocation-checker.ts";
import { moreUseful, unknown, unreadable } from "./unknown-status.ts";

/** Whether a key made the signature of a list. */
export type SignatureVerdict = "right" | "wrong" | "unsupported";

/** Somebody who has the list's name and may sign lists. */
export interface ListSigner {
  /** The key. */
  readonly publicKey: PublicKey;
  /** The certificate that has to be validated first; undefined: the issuer of the certificate, which is trusted. */
  readonly candidate: Certificate | undefined;
  /** The key's identifier, when its certificate says it. */
  readonly keyIdentifier: Uint8Array | undefined;
}

/** Everybody who could have signed a list of this issuer, and why others could not. */
export interface ListSigners {
  /** Those who could. */
  readonly signers: readonly ListSigner[];
  /** Why somebody of this name could not. */
  readonly fault: UnknownStatus | undefined;
}

/** Finds them: the issuer of the certificate first, when the list is its own. */
export function listSigners(listIssuer: Name, issuer: CertificateIssuer, context: RevocationContext): ListSigners {
  const signers: ListSigner[] = [];
  let fault: UnknownStatus | undefined;
  const add = (certificate: Certificate | undefined, key: PublicKey | undefined): void => {
    try {
      if (certificate?.keyUsage !== undefined && !certificate.keyUsage.includes("cRLSign")) {
        fault = moreUseful(fault, unknown("signer", "the keyUsage of the list's issuer does not include cRLSign"));
        return;
      }
      const publicKey = key ?? certificate!.publicKey;
      // Another certificate of a key that is there already proves nothing more.
      if (key === undefined && signers.some((known) => equalBytes(known.publicKey.spki, publicKey.spki))) return;
      const candidate = key === undefined ? certificate : undefined;
      signers.push({ publicKey, candidate, keyIdentifier: certificate?.subjectKeyIdentifier });
    } catch (error) {
      const status = unreadable("a certificate of the list's issuer", error);
      if (status === undefined) throw error;
      fault = moreUseful(fault, status);
    }
  };
  if (listIssuer.equals(issuer.subject)) add(issuer.certificate, issuer.publicKey);
  for (const candidate of context.signerCandidates ?? []) {
    context.spend("comparison");
    if (isNamed(candidate, listIssuer)) add(candidate, undefined);
  }
  return { signers, fault };
}

/**
 * Finds out who of them signed, and whether they are trusted.
 *
 * @param verdict checks the signature with one key
 * @returns undefined when the list is to be believed
 */
export async function checkSigner(
  list: ListFacts,
  issuer: CertificateIssuer,
  context: RevocationContext,
  verdict: (key: PublicKey) => Promise<SignatureVerdict>,
): Promise<UnknownStatus | undefined> {
  const { signers, fault } = listSigners(list.fields.issuer, issuer, context);
  let reason = fault;
  for (const { publicKey, candidate } of likeliestFirst(signers, list.keyIdentifier)) {
    const found = await verdict(publicKey);
    if (found === "right") {
      if (candidate === undefined || await context.validateSigner?.(candidate) === true) return undefined;
      reason = moreUseful(reason, unknown("signer", `the certificate of the issuer of ${list.label} is not trusted`));
    } else if (found === "wrong") {
      reason = moreUseful(reason, unknown("signature", `the signature of ${list.label} is wrong`));
    } else {
      const why = `the signature of ${list.label} cannot be checked here: ${list.fields.signatureAlgorithm.name}`;
      reason = moreUseful(reason, unknown("unsupported-algorithm", why));
    }
  }
  return reason ?? unknown("signer", `no certificate of the issuer of ${list.label} is at hand`);
}

/** Keys with the identifier that the list names come first; identifiers are hints and exclude nobody. */
function likeliestFirst(signers: readonly ListSigner[], wanted: Uint8Array | undefined): readonly ListSigner[] {
  if (wanted === undefined || signers.length < 2) return signers;
  const named = (signer: ListSigner): boolean =>
    signer.keyIdentifier !== undefined && equalBytes(signer.keyIdentifier, wanted);
  return [...signers.filter(named), ...signers.filter((signer) => !named(signer))];
}

/** A certificate whose name cannot be read has signed nothing. */
function isNamed(certificate: Certificate, name: Name): boolean {
  try {
    return certificate.subject.equals(name);
  } catch (error) {
    if (unreadable("", error) === undefined) throw error;
    return false;
  }
}
