/**
 * An identity that lives in files: certificate, key and intermediates, read again when a file changes.
 *
 * @module
 */

import { sessionAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import { createIdentity, type Identity } from "../../core/sign/identity.ts";
import type { IdentitySource } from "../../core/sign/identity-source.ts";
import { readCertificates } from "../../core/x509/read-certificates.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import type { Host } from "../host.ts";
import { type KeyPassword, readKeyFile } from "./key-file.ts";

/** Files of certificates are far below this, in octets. */
const MAX_CERTIFICATE_FILE_LENGTH = 1_048_576;

/** How often files that do not fit together are read again: certificate and key are rarely replaced at one instant. */
const MAX_READS = 4;

/** Pause before such a reading, in milliseconds. */
const PAUSE_MS = 250;

/** The files of one identity. */
export interface IdentityFiles {
  /** The certificate; may hold its chain and its key as well. */
  readonly certificate: string;
  /** The private key; absent: it is in the certificate's file. */
  readonly privateKey?: string;
  /** Intermediate certificates in any order. */
  readonly intermediates?: string;
  /** Password of an encrypted key. */
  readonly password: KeyPassword;
}

/**
 * Makes the source of an identity in files. The key is decrypted once a change, not once a use; a password typed on the
 * terminal is not remembered, the decrypted key is.
 */
export function identityFromFiles(host: Host, files: IdentityFiles): IdentitySource {
  const keyPath = files.privateKey ?? files.certificate;
  const paths = [...new Set([files.certificate, keyPath, files.intermediates ?? files.certificate])];
  const stamp = () => paths.map((path) => host.fileStamp(path)).join(" ");
  const stampIfAny = () => {
    try {
      return stamp();
    } catch {
      return undefined; // The reading that follows will say why.
    }
  };
  let held: { readonly stamp: string; readonly identity: Identity } | undefined;

  const read = async (): Promise<Identity> => {
    const key = await readKeyFile(host, keyPath, files.password);
    const signer = await host.crypto().importPrivateKey(key, sessionAlgorithm(key));
    const certificates = certificatesIn(host, files.certificate);
    const chain = files.intermediates === undefined ? [] : certificatesIn(host, files.intermediates);
    return await createIdentity({ certificate: certificates, chain, signer });
  };

  return {
    identity: async () => {
      for (let reads = 1;; reads++) {
        let before: string | undefined;
        try {
          before = stamp();
          if (held?.stamp === before) return held.identity;
          const identity = await read();
          if (stamp() === before) held = { stamp: before, identity };
          return identity;
        } catch (error) {
          // In the middle of a replacement the files do not fit together, or one is absent or half-written.
          const settled = held === undefined && (before === undefined || before === stampIfAny());
          if (settled || reads === MAX_READS) throw error;
          await host.sleep(PAUSE_MS);
        }
      }
    },
  };
}

function certificatesIn(host: Host, path: string): readonly Certificate[] {
  return readCertificates(host.readFile(path, MAX_CERTIFICATE_FILE_LENGTH));
}
