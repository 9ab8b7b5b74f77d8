/**
 * An identity that lives in files: certificate, key and intermediates, read again when a file changes.
 *
 * @module
 */

import { wipe } from "../../core/bytes/wipe.ts";
import type { SessionIdentitySource } from "../../core/credentials/credential-provider.ts";
import type { SessionIdentity } from "../../core/session/request.ts";
import type { Host } from "../host.ts";
import type { IdentityDirectory } from "./identity-directory.ts";
import type { KeyPassword } from "./key-file.ts";
import { plainIdentity } from "./plain-identity.ts";

/** Files of certificates and keys are far below this, in octets. */
const MAX_FILE_LENGTH = 1_048_576;

/** How often files that do not fit together are read again: certificate and key are rarely replaced at one instant. */
const MAX_READS = 4;

/** Pause before such a reading, in milliseconds. */
const PAUSE_MS = 250;

/** The files of one identity. */
export interface IdentityFiles {
  /** The certificate; may hold its chain and its key as well. PEM, DER or PKCS#12. */
  readonly certificate: string;
  /** The private key; absent: it is in the certificate's file. */
  readonly privateKey?: string;
  /** Intermediate certificates in any order. */
  readonly intermediates?: string;
  /** Secret: password of an encrypted key, or of a PKCS#12 file that has another than the empty one. */
  readonly password: KeyPassword;
}

/**
 * Makes the source of an identity in files that are named, or chosen out of a directory. The key is decrypted once a
 * change, not once a use; a password typed on the terminal is not remembered, the decrypted key is.
 *
 * Secret: the octets of the key's file are wiped; the signer holds the key as long as the source, or until it changes.
 */
export function identityFromFiles(host: Host, files: IdentityFiles | IdentityDirectory): SessionIdentitySource {
  if ("directory" in files) return fromDirectory(host, files);
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
  let held: { readonly stamp: string; readonly identity: SessionIdentity } | undefined;

  const contents = (path: string) => host.readFile(path, MAX_FILE_LENGTH);

  const read = async (): Promise<SessionIdentity> => {
    const privateKey = contents(keyPath);
    try {
      const certificate = keyPath === files.certificate ? privateKey : contents(files.certificate);
      const intermediates = files.intermediates === undefined ? undefined : contents(files.intermediates);
      const { password } = files;
      const plain = intermediates === undefined && !("password" in password)
        ? await plainIdentity(certificate, privateKey, host.crypto())
        : undefined;
      if (plain !== undefined) return plain;
      const { completeIdentity } = await import("./complete-identity.ts");
      return await completeIdentity(host, {
        certificate,
        certificatePath: files.certificate,
        privateKey,
        keyPath,
        password,
        intermediates,
      });
    } finally {
      wipe(privateKey);
    }
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

/** What searches directories is loaded for them alone. */
function fromDirectory(host: Host, place: IdentityDirectory): SessionIdentitySource {
  let source: SessionIdentitySource | undefined;
  return {
    identity: async () => {
      source ??= (await import("./identity-directory.ts")).identityFromDirectory(host, place);
      return await source.identity();
    },
  };
}
