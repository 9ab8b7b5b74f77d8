/**
 * A chain before anything is signed: mutations change the plan, and then everything is issued.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import {
  type ExtensionTemplate,
  issueCertificate,
  issueRevocationList,
  type NameTemplate,
  type RevokedCertificateTemplate,
} from "../../core/issue/mod.ts";

/** The time of every question: 2026-06-01T12:00:00Z. */
export const NOW: number = Date.UTC(2026, 5, 1, 12);

/** One day in milliseconds. */
export const DAY = 86_400_000;

/** A certificate to be issued. */
export interface CertificatePlan {
  subject: NameTemplate;
  issuer: NameTemplate;
  /** Whose key is certified. */
  key: Signer;
  /** Who signs. */
  signer: Signer;
  serialNumber: number | Bytes;
  notBefore: number;
  notAfter: number;
  version: 1 | 3;
  extensions: ExtensionTemplate[];
  /** Whether a bit of the signature is turned afterwards. */
  damaged: boolean;
}

/** A revocation list to be issued. */
export interface ListPlan {
  issuer: NameTemplate;
  signer: Signer;
  thisUpdate: number;
  nextUpdate: number | undefined;
  revoked: RevokedCertificateTemplate[];
  extensions: ExtensionTemplate[];
  damaged: boolean;
}

/** What is asked of every validator. */
export interface Question {
  /** Whether the end entity is to authenticate as a client. */
  readonly purpose: boolean;
  /** Whether every certificate under the anchor needs a current list. */
  readonly revocation: boolean;
  /** Policies of which the path must be valid for one; empty: they are processed and nothing is demanded. */
  readonly policies: readonly string[] | undefined;
}

/** A chain with all that comes with it. */
export interface ChainPlan {
  /** The anchor first, the end entity last. */
  readonly certificates: CertificatePlan[];
  /** Certificates that are offered and not needed. */
  readonly others: CertificatePlan[];
  /** A list for each certificate that issues, the anchor's first. */
  readonly lists: ListPlan[];
  /** What is trusted instead of the first certificate. */
  anchor: CertificatePlan | undefined;
  /** The first of the intermediates that are offered comes last. */
  reversed: boolean;
}

/** A chain as it is given to validators; DER. */
export interface IssuedChain {
  readonly anchor: Bytes;
  readonly intermediates: readonly Bytes[];
  readonly endEntity: Bytes;
  readonly lists: readonly Bytes[];
  /** The chain as it is meant, the anchor first. */
  readonly path: readonly Bytes[];
}

/** Signs everything. */
export async function issueChain(plan: ChainPlan): Promise<IssuedChain> {
  const path = await Promise.all(plan.certificates.map(issueOne));
  const others = await Promise.all(plan.others.map(issueOne));
  const intermediates = [...path.slice(1, -1), ...others];
  return {
    anchor: plan.anchor === undefined ? path[0]! : await issueOne(plan.anchor),
    intermediates: plan.reversed ? intermediates.reverse() : intermediates,
    endEntity: path.at(-1)!,
    lists: await Promise.all(plan.lists.map(issueList)),
    path,
  };
}

async function issueOne({ key, signer, damaged, extensions, ...fields }: CertificatePlan): Promise<Bytes> {
  const template = { ...fields, publicKey: key.publicKey, extensions: fields.version === 1 ? [] : extensions };
  return damage(await issueCertificate(template, signer), damaged);
}

async function issueList({ signer, damaged, revoked, nextUpdate, ...fields }: ListPlan): Promise<Bytes> {
  const template = { ...fields, revokedCertificates: revoked, ...(nextUpdate === undefined ? {} : { nextUpdate }) };
  return damage(await issueRevocationList(template, signer), damaged);
}

/** The last octet of a signature is a part of a number: the encoding stays sound. */
function damage(der: Bytes, damaged: boolean): Bytes {
  if (damaged) der[der.length - 1]! ^= 1;
  return der;
}
