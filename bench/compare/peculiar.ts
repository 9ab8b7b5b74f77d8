/**
 * @peculiar/x509.
 *
 * @module
 */

// It refuses to load without this.
import "reflect-metadata";
import { X509Certificate } from "@peculiar/x509";
import type { CertificatePeer } from "./peer.ts";

/** @peculiar/x509, which decodes the extensions it knows when it lists them. */
export const peculiar: CertificatePeer = {
  name: "@peculiar/x509",
  read(der, values) {
    const certificate = new X509Certificate(der as Uint8Array<ArrayBuffer>);
    return {
      serialNumber: certificate.serialNumber.replace(/^0+/, ""),
      issuer: certificate.issuer,
      subject: certificate.subject,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      publicKey: certificate.publicKey.rawData,
      extensions: certificate.extensions,
      values: values ? certificate.extensions.map((extension) => extension.value) : [],
    };
  },
};
