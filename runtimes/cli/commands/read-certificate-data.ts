/**
 * `read-certificate-data`: facts about one certificate, as JSON; or the certificates of a directory or of tokens, as a list.
 *
 * @module
 */

import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { wipe } from "../../../core/bytes/wipe.ts";
import { isPkcs12 } from "../../../core/keys/pkcs12-form.ts";
import { readCertificates } from "../../../core/x509/read-certificates.ts";
import type { Certificate } from "../../../core/x509/certificate.ts";
import type { Host } from "../../host.ts";
import type { CommandCode } from "../commands.ts";
import { READ_CERTIFICATE_EXCLUSIONS, READ_CERTIFICATE_FLAGS } from "../flag-tables.ts";
import type { FlagValues } from "../flags.ts";
import { identityDirectory, keyPassword, namesDevice, storeError } from "../identity-flags.ts";

/** Files of certificates are far below this, in octets. */
const MAX_CERTIFICATE_FILE_LENGTH = 1_048_576;

const ALGORITHMS = {
  RSA: ["RSASHA256", "RSASHA384", "RSASHA512"],
  EC: ["ECSHA256", "ECSHA384", "ECSHA512"],
  "": ["SHA256", "SHA384", "SHA512"],
} as const;

/** The command. */
export const READ_CERTIFICATE_DATA: CommandCode = {
  description: "Prints the certificate's key type, serial number and signature algorithms as JSON, or lists the " +
    "certificates of a directory, or of tokens, that the selector fits.",
  flags: READ_CERTIFICATE_FLAGS,
  exclusive: READ_CERTIFICATE_EXCLUSIONS,
  execute: readCertificateData,
};

/**
 * Prints key type, DER, decimal serial number and signature algorithms of the first certificate in the file; or, of a
 * directory, a list of the certificates that have a key and fit the selector.
 */
async function readCertificateData(host: Host, values: FlagValues): Promise<number> {
  const directory = identityDirectory(values);
  if (directory !== undefined) {
    const { listIdentities } = await import("../identity-listing.ts");
    await host.writeOutput(
      await listIdentities(host, directory, { debug: values.boolean("debug"), json: values.boolean("json") }),
    );
    return 0;
  }
  if (namesDevice(values)) {
    const { listTokenIdentities } = await import("../token-identities.ts");
    await host.writeOutput(await listTokenIdentities(host, values));
    return 0;
  }
  const path = values.text("certificate");
  if (path === undefined) throw storeError(host, values);
  const certificate = await certificateOf(host, path, values);
  const keyType = keyTypeOf(certificate);
  await host.writeOutput(JSON.stringify({
    keyType,
    certificateData: encodeBase64(certificate.der),
    serialNumber: certificate.serialNumberDecimal,
    supportedAlgorithms: keyType === "RSA" || keyType === "EC" || keyType === "" ? ALGORITHMS[keyType] : [keyType],
  }));
  return 0;
}

/** The first certificate of a file; of a PKCS#12 file that of its key, if it has one. Secret: its password and key. */
async function certificateOf(host: Host, path: string, values: FlagValues): Promise<Certificate> {
  const octets = host.readFile(path, MAX_CERTIFICATE_FILE_LENGTH);
  if (!isPkcs12(octets)) return readCertificates(octets)[0]!;
  const { leafOfPkcs12, openPkcs12 } = await import("../../shared/pkcs12-file.ts");
  try {
    return await leafOfPkcs12(host, await openPkcs12(host, path, octets, keyPassword(values)));
  } finally {
    wipe(octets);
  }
}

/** `RSA`, `EC`, `ML-DSA-65`…; empty for every other key. */
function keyTypeOf(certificate: Certificate): string {
  try {
    const key = certificate.publicKey;
    switch (key.type) {
      case "rsa":
        return "RSA";
      case "ec":
        return "EC";
      case "ml-dsa":
        return key.parameterSet;
      default:
        return "";
    }
  } catch (error) {
    // A key of a kind that nothing here can use is still a certificate that can be described.
    if ((error as { code?: unknown }).code === "ERR_KEY_UNSUPPORTED") return "";
    throw error;
  }
}
