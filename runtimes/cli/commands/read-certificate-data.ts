/**
 * `read-certificate-data`: facts about one certificate, as JSON.
 *
 * @module
 */

import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { readCertificates } from "../../../core/x509/read-certificates.ts";
import type { Certificate } from "../../../core/x509/certificate.ts";
import type { Host } from "../../host.ts";
import type { CommandCode } from "../commands.ts";
import { READ_CERTIFICATE_EXCLUSIONS, READ_CERTIFICATE_FLAGS } from "../flag-tables.ts";
import type { FlagValues } from "../flags.ts";
import { IdentityFlagError, storeError } from "../identity-flags.ts";

/** Files of certificates are far below this, in octets. */
const MAX_CERTIFICATE_FILE_LENGTH = 1_048_576;

const ALGORITHMS = {
  RSA: ["RSASHA256", "RSASHA384", "RSASHA512"],
  EC: ["ECSHA256", "ECSHA384", "ECSHA512"],
  "": ["SHA256", "SHA384", "SHA512"],
} as const;

/** The command. */
export const READ_CERTIFICATE_DATA: CommandCode = {
  description: "Prints the certificate's key type, serial number and signature algorithms as JSON.",
  flags: READ_CERTIFICATE_FLAGS,
  exclusive: READ_CERTIFICATE_EXCLUSIONS,
  execute: readCertificateData,
};

/** Prints key type, DER, decimal serial number and signature algorithms of the first certificate in the file. */
async function readCertificateData(host: Host, values: FlagValues): Promise<number> {
  const path = values.text("certificate");
  if (path === undefined) throw storeError(host, values);
  if (path.startsWith("pkcs11:")) {
    throw new IdentityFlagError(
      "ERR_IDENTITY_KIND",
      "Cannot read the certificate: this version does not reach PKCS#11 tokens; pass a file",
    );
  }
  const certificate = readCertificates(host.readFile(path, MAX_CERTIFICATE_FILE_LENGTH))[0]!;
  const keyType = keyTypeOf(certificate);
  await host.writeOutput(JSON.stringify({
    keyType,
    certificateData: encodeBase64(certificate.der),
    serialNumber: certificate.serialNumberDecimal,
    supportedAlgorithms: keyType === "RSA" || keyType === "EC" || keyType === "" ? ALGORITHMS[keyType] : [keyType],
  }));
  return 0;
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
