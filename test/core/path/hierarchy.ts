/**
 * Certificates named after their common names, and validation with what most tests of a path agree on.
 *
 * @module
 */

import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import type { CryptoProvider } from "../../../core/crypto/provider.ts";
import { type PathError, validatePath, type ValidatePathOptions, type VerifiedPath } from "../../../core/path/mod.ts";
import type { Certificate } from "../../../core/x509/certificate.ts";
import { assertRejects } from "../../support/suite.ts";
import {
  CA_EXTENSIONS,
  CLIENT_EXTENSIONS,
  commonName,
  NOW,
  type TestCertificate,
  testCertificate,
  type TestExtension,
  testKey,
} from "../../support/test-authority.ts";

/** Verifies without the platform. */
export const crypto: CryptoProvider = portableProvider({});

/** What a certificate says beyond its names and extensions. */
export type More = Partial<TestCertificate> & { readonly key?: string; readonly issuerKey?: string };

/** A certificate of `subject`, issued by `issuer`; keys are named after the subjects unless told otherwise. */
export async function issue(
  subject: string,
  issuer: string,
  extensions: readonly TestExtension[] = CA_EXTENSIONS,
  more: More = {},
): Promise<Certificate> {
  const { key = subject, issuerKey = issuer, ...rest } = more;
  return await testCertificate({
    subject: commonName(subject),
    issuer: commonName(issuer),
    publicKey: (await testKey(key)).publicKey,
    signer: await testKey(issuerKey),
    extensions,
    ...rest,
  });
}

/** An end entity. */
export function leaf(issuer = "Root", more: More = {}): Promise<Certificate> {
  return issue("Leaf", issuer, CLIENT_EXTENSIONS, more);
}

/** A root. */
export function root(extensions?: readonly TestExtension[], more: More = {}): Promise<Certificate> {
  return issue("Root", "Root", extensions, more);
}

/** Validates for the tests' time, without revocation. */
export function validate(
  certificate: Certificate,
  anchors: ValidatePathOptions["anchors"],
  intermediates: readonly Certificate[] = [],
  more: Partial<ValidatePathOptions> = {},
): Promise<VerifiedPath> {
  return validatePath(certificate, { anchors, intermediates, time: NOW, crypto, revocation: "skip", ...more });
}

/** The error that a validation ends with. */
export async function refusal(action: Promise<unknown>, code: string): Promise<PathError> {
  return await assertRejects(action, code) as unknown as PathError;
}
