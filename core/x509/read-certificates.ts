/**
 * Certificates of a file: PEM with any number of blocks, one DER certificate, or several one behind the other.
 *
 * @module
 */

import { isCoded } from "../base-error.ts";
import type { Bytes } from "../bytes/bytes.ts";
import { DerReader } from "../der/reader.ts";
import { TAG } from "../der/tag.ts";
import { readPem } from "../pem/pem.ts";
import { type Certificate, parseCertificate } from "./certificate.ts";
import { CertificateError } from "./certificate-error.ts";

/** How {@link readCertificates} reads. */
export interface ReadCertificatesOptions {
  /** What becomes of PEM blocks that are no certificates, a private key say. Default `"ignore"`. */
  readonly otherBlocks?: "ignore" | "refuse";
  /** Largest input, in octets or characters. Default {@link DEFAULT_MAX_CERTIFICATES_LENGTH}. */
  readonly maxLength?: number;
  /** Most certificates. Default {@link DEFAULT_MAX_CERTIFICATES}. */
  readonly maxCertificates?: number;
}

/** Largest input of {@link readCertificates}: 4 MiB. */
export const DEFAULT_MAX_CERTIFICATES_LENGTH = 4_194_304;

/** Most certificates that {@link readCertificates} reads. */
export const DEFAULT_MAX_CERTIFICATES = 1000;

/**
 * Reads certificates in the order of the input. PEM labels are `CERTIFICATE` and `X509 CERTIFICATE`; text between the
 * blocks is ignored.
 *
 * Public: variable time. The input may hold a private key beside; it is not looked at and never quoted.
 *
 * @returns at least one
 * @throws {CertificateError} `ERR_CERTIFICATE_NOT_FOUND`, `ERR_CERTIFICATE_LIMIT`, `ERR_CERTIFICATE_UNEXPECTED_BLOCK`,
 * or `ERR_CERTIFICATE_MALFORMED` with the `index` of the certificate and the `cause`
 */
export function readCertificates(input: Bytes | string, options: ReadCertificatesOptions = {}): Certificate[] {
  checkOptions(options);
  const maxLength = options.maxLength ?? DEFAULT_MAX_CERTIFICATES_LENGTH;
  const maxCertificates = options.maxCertificates ?? DEFAULT_MAX_CERTIFICATES;
  if (input.length > maxLength) {
    throw new CertificateError(
      "ERR_CERTIFICATE_LIMIT",
      `Cannot read certificates: the input has ${input.length} octets, at most ${maxLength} are accepted`,
    );
  }
  const parts = isDer(input)
    ? splitDer(input, maxCertificates)
    : pemCertificates(input, options.otherBlocks ?? "ignore");
  if (parts.length > maxCertificates) throw tooMany(maxCertificates);
  return parts.map((part, index) => parseOne(part, index));
}

interface Part {
  readonly octets: Bytes;
  readonly offset: number;
}

/** A certificate is a SEQUENCE of more than 127 octets: no text begins like that. */
function isDer(input: Bytes | string): input is Bytes {
  return typeof input !== "string" && input[0] === TAG.sequence && input[1]! >= 0x80;
}

function splitDer(input: Bytes, maxCertificates: number): Part[] {
  const reader = new DerReader(input);
  const parts: Part[] = [];
  while (!reader.done) {
    if (parts.length === maxCertificates) throw tooMany(maxCertificates);
    const offset = reader.position;
    try {
      parts.push({ octets: reader.raw(TAG.sequence, "Certificate"), offset });
    } catch (cause) {
      throw malformed(parts.length, offset, cause);
    }
  }
  return parts;
}

function pemCertificates(input: Bytes | string, otherBlocks: "ignore" | "refuse"): Part[] {
  const { blocks, damaged } = readPem(input, input.length);
  const fault = damaged.find(({ label }) => label === undefined || otherBlocks === "refuse" || LABELS.includes(label));
  if (fault !== undefined) {
    const index = blocks.filter(({ label, offset }) => LABELS.includes(label) && offset < fault.offset).length;
    throw malformed(index, fault.offset, fault);
  }
  const other = otherBlocks === "refuse" ? blocks.findIndex(({ label }) => !LABELS.includes(label)) : -1;
  if (other >= 0) {
    const { label, offset } = blocks[other]!;
    throw new CertificateError(
      "ERR_CERTIFICATE_UNEXPECTED_BLOCK",
      `Cannot read certificates: block ${other + 1} is a ${label}, and only certificates may stand here`,
      { index: other, offset },
    );
  }
  const parts = blocks.filter(({ label }) => LABELS.includes(label));
  if (parts.length === 0) {
    throw new CertificateError("ERR_CERTIFICATE_NOT_FOUND", `Cannot read certificates: ${describe(input, blocks)}`);
  }
  return parts;
}

function describe(input: Bytes | string, blocks: readonly { readonly label: string }[]): string {
  if (input.length === 0) return "the input is empty";
  return blocks.length === 0
    ? "the input is neither PEM nor DER"
    : `there is no CERTIFICATE block, only ${[...new Set(blocks.map(({ label }) => label))].slice(0, 3).join(", ")}`;
}

function parseOne(part: Part, index: number): Certificate {
  try {
    return parseCertificate(part.octets);
  } catch (cause) {
    throw malformed(index, part.offset, cause);
  }
}

/** Wraps the coded errors of the floors below; any other goes through. */
function malformed(index: number, offset: number, cause: unknown): unknown {
  if (!isCoded(cause)) return cause;
  return new CertificateError(
    "ERR_CERTIFICATE_MALFORMED",
    `Cannot read certificate ${index + 1} of the input: ${cause.message}`,
    { index, offset, cause },
  );
}

function tooMany(maxCertificates: number): CertificateError {
  return new CertificateError(
    "ERR_CERTIFICATE_LIMIT",
    `Cannot read certificates: the input holds more than ${maxCertificates}`,
  );
}

function checkOptions(options: ReadCertificatesOptions): void {
  for (const key of Object.keys(options)) {
    if (!["otherBlocks", "maxLength", "maxCertificates"].includes(key)) {
      throw new TypeError(`"${key}" is not an option of readCertificates()`);
    }
  }
}

const LABELS: readonly string[] = ["CERTIFICATE", "X509 CERTIFICATE"];
