/**
 * pkijs over asn1js.
 *
 * @module
 */

import { Certificate } from "pkijs";
import type { CertificatePeer } from "./peer.ts";

/** pkijs. */
export const pkijs: CertificatePeer = {
  name: "pkijs",
  reach: { node20: 300, node: 300 },
  read(der, values) {
    const certificate = Certificate.fromBER(der as Uint8Array<ArrayBuffer>);
    const serial = certificate.serialNumber.valueBlock.valueHexView;
    return {
      serialNumber: Array.from(serial, (octet) => octet.toString(16).padStart(2, "0")).join("").replace(/^0+/, ""),
      issuer: certificate.issuer.typesAndValues,
      subject: certificate.subject.typesAndValues,
      notBefore: certificate.notBefore.value,
      notAfter: certificate.notAfter.value,
      publicKey: certificate.subjectPublicKeyInfo.parsedKey ??
        certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView,
      extensions: certificate.extensions,
      values: values ? certificate.extensions!.map(({ parsedValue }) => parsedValue) : [],
    };
  },
};
