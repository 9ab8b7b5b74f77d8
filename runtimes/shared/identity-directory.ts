/**
 * A directory of certificates and keys in the place of an operating system's certificate store.
 *
 * @module
 */

import { BaseError, isCoded } from "../../core/base-error.ts";
import { type Bytes, equalBytes } from "../../core/bytes/bytes.ts";
import { decodeUtf8 } from "../../core/bytes/text.ts";
import { wipe } from "../../core/bytes/wipe.ts";
import type { SessionIdentitySource } from "../../core/credentials/credential-provider.ts";
import type { PrivateKey } from "../../core/crypto/private-key.ts";
import { sessionAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import { isPkcs12 } from "../../core/keys/pkcs12-form.ts";
import { parsePrivateKey } from "../../core/keys/private-key.ts";
import { parseSubjectPublicKeyInfo } from "../../core/keys/subject-public-key-info.ts";
import { arrangeIssuers } from "../../core/selection/arrange-issuers.ts";
import {
  type CertificateSelector,
  EVERY_CERTIFICATE,
  parseCertificateSelector,
  parseSelectorFile,
  selectorFilePath,
} from "../../core/selection/certificate-selector.ts";
import { chooseCertificate } from "../../core/selection/choose-certificate.ts";
import { SelectionError } from "../../core/selection/selection-error.ts";
import type { SessionIdentity } from "../../core/session/request.ts";
import { createIdentity, samePublicKey } from "../../core/sign/identity.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import { readCertificates } from "../../core/x509/read-certificates.ts";
import type { Host } from "../host.ts";
import { type KeyPassword, MAX_KEY_FILE_LENGTH, openKey } from "./key-file.ts";
import { openPkcs12, pkcs12Certificates } from "./pkcs12-file.ts";

/** Where certificates are, and which of them is meant. */
export interface IdentityDirectory {
  /** Its path. Files directly in it count, but for those whose name begins with a dot. */
  readonly directory: string;
  /** The selector as it was given, or `file://` and its path; absent: every certificate that has a key. */
  readonly selector?: string;
  /** What becomes of more than one. */
  readonly several: "refuse" | "latest-expiring";
  /** Secret: password of encrypted keys and PKCS#12 files. Only for the key that is chosen anybody is asked. */
  readonly password: KeyPassword;
}

/** A certificate that has its key in the directory. */
export interface DirectoryCandidate {
  /** The certificate. */
  readonly certificate: Certificate;
  /** Path of the file that holds its key. */
  readonly keyPath: string;
  /** Secret: the key; undefined: it is encrypted, and named as the certificate is. */
  readonly key: PrivateKey | undefined;
}

/** What a directory holds. */
export interface DirectoryContents {
  /** Every certificate, in the order of the files' names. */
  readonly certificates: readonly Certificate[];
  /** Those that have a key. */
  readonly candidates: readonly DirectoryCandidate[];
  /** Files that could not be used, and why. */
  readonly unused: readonly string[];
}

/** - `ERR_DIRECTORY_LIMIT`: more files than a directory of certificates has */
export type DirectoryErrorCode = "ERR_DIRECTORY_LIMIT";

/** A directory that cannot be searched. */
export class DirectoryError extends BaseError<DirectoryErrorCode> {
  override readonly name: string = "DirectoryError";
}

/** Most files that are read. */
const MAX_FILES = 1000;

/** So many unused files are named in an error. */
const MAX_NAMED = 4;

/**
 * Makes the source of an identity that is chosen out of a directory, and chosen anew when a file in it comes, goes or
 * changes.
 *
 * Secret: octets of keys are wiped after reading; the signer holds the chosen key.
 */
export function identityFromDirectory(host: Host, place: IdentityDirectory): SessionIdentitySource {
  let held: { readonly stamp: string; readonly identity: SessionIdentity } | undefined;
  const stamp = () => filesOf(host, place.directory).map((path) => `${path} ${host.fileStamp(path)}`).join("\n");
  return {
    identity: async () => {
      const before = stamp();
      if (held?.stamp === before) return held.identity;
      const { certificate, key, others } = await chooseFromDirectory(host, place);
      const signer = await host.crypto().importPrivateKey(key, sessionAlgorithm(key));
      const chain = await arrangeIssuers(certificate, others, host.crypto());
      const identity = await createIdentity({ certificate, chain, signer });
      if (stamp() === before) held = { stamp: before, identity };
      return identity;
    },
  };
}

/**
 * Chooses one certificate of a directory, with its key; the others may be its chain.
 *
 * Secret: the key.
 *
 * @throws {SelectionError} for what is no selector, and when it chooses none or several
 * @throws {KeyError} when the key's password is missing or wrong
 * @throws {HostError} when the directory or the selector's file cannot be read
 */
export async function chooseFromDirectory(
  host: Host,
  place: IdentityDirectory,
): Promise<{ readonly certificate: Certificate; readonly key: PrivateKey; readonly others: readonly Certificate[] }> {
  const selector = readSelector(host, place.selector);
  const { candidates, certificates, unused } = await readDirectory(host, place);
  let chosen: DirectoryCandidate;
  try {
    chosen = chooseCertificate(candidates, selector, place.several);
  } catch (error) {
    if (!(error instanceof SelectionError) || unused.length === 0) throw error;
    const named = [...unused.slice(0, MAX_NAMED), ...(unused.length > MAX_NAMED ? ["…"] : [])].join("; ");
    throw new SelectionError(error.code, `${error.message}; files not used: ${named}`, { cause: error });
  }
  const { certificate, keyPath } = chosen;
  if (chosen.key !== undefined) return { certificate, key: chosen.key, others: certificates };
  const octets = host.readFile(keyPath, MAX_KEY_FILE_LENGTH);
  try {
    return { certificate, key: await openKey(host, keyPath, octets, place.password), others: certificates };
  } finally {
    wipe(octets);
  }
}

/** Reads a selector, out of its file where it names one. @throws {SelectionError} @throws {HostError} */
export function readSelector(host: Host, text: string | undefined): CertificateSelector {
  if (text === undefined) return EVERY_CERTIFICATE;
  const path = selectorFilePath(text);
  if (path === undefined) return parseCertificateSelector(text);
  const json = decodeUtf8(host.readFile(path, MAX_KEY_FILE_LENGTH));
  if (json === undefined) {
    const message = `Cannot read certificate selector: unable to parse cert selector string: ${path} is not UTF-8`;
    throw new SelectionError("ERR_SELECTOR_SYNTAX", message);
  }
  return parseSelectorFile(json);
}

/**
 * Reads what is in a directory: certificates in PEM, DER and PKCS#12, and the keys that belong to them, whatever the
 * files' names. A key that is encrypted belongs to the certificates in its own file, or in the file of the same name:
 * `edge.key` and `edge-key.pem` to `edge.pem`. PKCS#12 files open with the password given, or with the empty one.
 *
 * Secret: the keys of the candidates; octets are wiped after reading.
 */
export async function readDirectory(
  host: Host,
  { directory, password }: Pick<IdentityDirectory, "directory" | "password">,
): Promise<DirectoryContents> {
  const files: DirectoryFile[] = [];
  const unused: string[] = [];
  for (const path of filesOf(host, directory)) {
    const read = await readDirectoryFile(host, path, password);
    if ("unused" in read) unused.push(`${path} (${read.unused})`);
    else files.push(read);
  }
  const certificates = withoutRepetition(files.flatMap((file) => file.certificates));
  const keys: HeldKey[] = [];
  for (const { path, keys: own } of files) {
    for (const key of own) {
      try {
        const { publicKey } = await host.crypto().importPrivateKey(key, sessionAlgorithm(key));
        keys.push({ keyPath: path, key, spki: publicKey });
      } catch (error) {
        if (!isCoded(error)) throw error;
        unused.push(`${path} (${error.message})`);
      }
    }
  }
  const candidates = certificates.flatMap((certificate): DirectoryCandidate[] => {
    const open = keys.find(({ spki }) => isKeyOf(spki, certificate));
    if (open !== undefined) return [{ certificate, keyPath: open.keyPath, key: open.key }];
    const own = files.filter((file) => file.certificates.some(({ der }) => equalBytes(der, certificate.der)));
    const locked = files.find(({ path, encrypted }) =>
      encrypted && own.some((file) => file.path === path || stemOf(file.path) === stemOf(path))
    );
    // Of several certificates in a file, the first is the one that has a key.
    const leads = own.some((file) => equalBytes(file.certificates[0]!.der, certificate.der));
    return locked === undefined || !leads ? [] : [{ certificate, keyPath: locked.path, key: undefined }];
  });
  return { certificates, candidates, unused };
}

interface HeldKey {
  readonly keyPath: string;
  readonly key: PrivateKey;
  readonly spki: Bytes;
}

interface DirectoryFile {
  readonly path: string;
  readonly certificates: readonly Certificate[];
  readonly keys: readonly PrivateKey[];
  /** Whether all its keys are encrypted. */
  readonly encrypted: boolean;
}

function filesOf(host: Host, directory: string): readonly string[] {
  const names = host.listFiles(directory).filter((name) => !name.startsWith("."));
  if (names.length > MAX_FILES) {
    const message = `Cannot search ${directory}: it holds ${names.length} files, at most ${MAX_FILES} are read`;
    throw new DirectoryError("ERR_DIRECTORY_LIMIT", message);
  }
  return [...names].sort().map((name) => /[\\/]$/.test(directory) ? directory + name : `${directory}/${name}`);
}

async function readDirectoryFile(
  host: Host,
  path: string,
  password: KeyPassword,
): Promise<DirectoryFile | { readonly unused: string }> {
  let octets: Bytes | undefined;
  try {
    octets = host.readFile(path, MAX_KEY_FILE_LENGTH, "refuse");
    if (isPkcs12(octets)) {
      const contents = await openPkcs12(host, path, octets, "password" in password ? password : { ask: "never" });
      const certificates = contents.certificates.length === 0 ? [] : pkcs12Certificates(contents);
      requireNames(certificates);
      return { path, certificates, keys: contents.privateKeys.map(({ key }) => key), encrypted: false };
    }
    // Certificates in DER are views, which outlive the octets.
    const found = attempt(octets[0] === DER ? octets.slice() : octets, readCertificates, "ERR_CERTIFICATE_NOT_FOUND");
    const key = attempt(octets, parsePrivateKey, "ERR_KEY_ENCRYPTED", "ERR_KEY_MISSING");
    const certificates = "value" in found ? found.value : [];
    requireNames(certificates);
    if ("value" in key) return { path, certificates, keys: [key.value], encrypted: false };
    const encrypted = key.code === "ERR_KEY_ENCRYPTED";
    if (certificates.length > 0 || encrypted) return { path, certificates, keys: [], encrypted };
    return { unused: "neither certificate nor key" };
  } catch (error) {
    if (!isCoded(error)) throw error;
    return { unused: error.message };
  } finally {
    wipe(octets);
  }
}

/** Reads now what choosing reads later. @throws {DerError} when it is malformed */
function requireNames(certificates: readonly Certificate[]): void {
  for (const certificate of certificates) void [certificate.subject, certificate.issuer, certificate.notAfter];
}

/** The value of a reading, or the code of an error that is among those expected, or that DER of another kind causes. */
function attempt<T>(
  octets: Bytes,
  read: (octets: Bytes) => T,
  ...expected: readonly string[]
): { readonly value: T } | { readonly code: string } {
  try {
    return { value: read(octets) };
  } catch (error) {
    if (!isCoded(error)) throw error;
    // One DER file is either a certificate or a key: the other reading fails as it may.
    if (expected.includes(error.code) || octets[0] === DER) return { code: error.code };
    throw error;
  }
}

/** How DER of certificates and keys begins: SEQUENCE. */
const DER = 0x30;

function withoutRepetition(certificates: readonly Certificate[]): Certificate[] {
  return certificates.filter(({ der }, index) =>
    certificates.findIndex((other) => equalBytes(other.der, der)) === index
  );
}

function isKeyOf(spki: Bytes, certificate: Certificate): boolean {
  if (equalBytes(spki, certificate.spki)) return true;
  try {
    return samePublicKey(parseSubjectPublicKeyInfo(spki), certificate.publicKey);
  } catch (error) {
    if (isCoded(error)) return false; // A key of a kind that no signer has.
    throw error;
  }
}

/** `edge-7` of `certs/edge-7.key.pem`, `certs/edge-7-key.pem` and `certs/edge-7.pem`. */
function stemOf(path: string): string {
  const name = path.replace(/^.*[\\/]/, "");
  return name.replace(/\.[A-Za-z0-9]+$/, "").replace(/[._-](?:key|cert|crt|certificate)$/i, "");
}
