/**
 * A certification authority for demonstrations: its keys and certificates live in memory for a day.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { KeySpecification } from "../../core/crypto/provider.ts";
import { sessionAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { issueCertificate } from "../../core/issue/certificate-issuing.ts";
import {
  basicConstraintsExtension,
  type ExtensionTemplate,
  keyUsageExtension,
} from "../../core/issue/extension-encoding.ts";
import type { NameTemplate } from "../../core/issue/name-encoding.ts";
import { createIdentity, type Identity } from "../../core/sign/identity.ts";
import { type Certificate, parseCertificate } from "../../core/x509/certificate.ts";
import type { Host } from "../host.ts";

/** How long before now a certificate begins, for clocks that differ a little, in milliseconds. */
const BACKDATE_MS = 60_000;

/** How long it is valid, in milliseconds. */
const LIFE_MS = 86_400_000;

/** A certification authority. */
export interface Authority {
  /** Its self-signed certificate. */
  readonly certificate: Certificate;
  /** Signs with its key. */
  readonly signer: Signer;
}

/**
 * Makes an authority with a P-256 key. Secret: the key, which stays in the provider.
 *
 * @param lifeMs how long its certificate is valid, in milliseconds
 */
export async function createAuthority(host: Host, commonName: string, lifeMs: number = LIFE_MS): Promise<Authority> {
  const signer = await createSigner(host, { type: "ec", curve: "P-256" });
  const name = [{ type: "CN", value: commonName }];
  const certificate = await issue(host, signer, name, name, signer.publicKey, [
    basicConstraintsExtension({ ca: true }),
    keyUsageExtension(["keyCertSign", "cRLSign"]),
  ], lifeMs);
  return { certificate, signer };
}

/** Makes a key of the given kind and has the authority certify it for Roles Anywhere. Secret: as {@link createAuthority}. */
export async function issueIdentity(
  host: Host,
  authority: Authority,
  commonName: string,
  specification: KeySpecification,
): Promise<Identity> {
  const signer = await createSigner(host, specification);
  const subject = [{ type: "CN", value: commonName }];
  const certificate = await issue(
    host,
    authority.signer,
    authority.certificate.subject,
    subject,
    signer.publicKey,
    [keyUsageExtension(["digitalSignature"])],
  );
  return await createIdentity({ certificate, signer });
}

/** Secret: the key, which stays in the provider. */
async function createSigner(host: Host, specification: KeySpecification): Promise<Signer> {
  const key = await host.crypto().generatePrivateKey(specification);
  return await host.crypto().importPrivateKey(key, sessionAlgorithm(key));
}

async function issue(
  host: Host,
  signer: Signer,
  issuer: NameTemplate,
  subject: NameTemplate,
  publicKey: Bytes,
  extensions: readonly ExtensionTemplate[],
  lifeMs: number = LIFE_MS,
): Promise<Certificate> {
  const now = host.now();
  const serialNumber = host.random(16);
  serialNumber[0] = (serialNumber[0]! & 0x7f) | 0x40; // positive, and as long as it looks (RFC 5280 §4.1.2.2)
  return parseCertificate(
    await issueCertificate({
      serialNumber,
      issuer,
      subject,
      notBefore: now - BACKDATE_MS,
      notAfter: now + lifeMs,
      publicKey,
      extensions,
    }, signer),
  );
}
