/**
 * pkijs over asn1js.
 *
 * @module
 */

import { Certificate, CertificateChainValidationEngine, CertificateRevocationList } from "pkijs";
import type { CertificatePeer, ChainPeer, RevocationPeer } from "./peer.ts";

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

/** pkijs with its own engine. */
export const pkijsChain: ChainPeer = {
  name: "pkijs",
  reach: { node: 20, bun: 20, workerd: 20 },
  async validator({ leaf, intermediate, root }, timeMs) {
    const anchor = Certificate.fromBER(root);
    return async () => {
      const engine = new CertificateChainValidationEngine({
        certs: [Certificate.fromBER(intermediate), Certificate.fromBER(leaf)],
        trustedCerts: [anchor],
        checkDate: new Date(timeMs),
      });
      return (await engine.verify()).result;
    };
  },
};

/** pkijs. */
export const pkijsRevocation: RevocationPeer = {
  name: "pkijs",
  async finder({ list, issuer, leaf }) {
    const issuerCertificate = Certificate.fromBER(issuer);
    const revoked = Certificate.fromBER(leaf);
    return async () => {
      const revocationList = CertificateRevocationList.fromBER(list);
      return revocationList.isCertificateRevoked(revoked) && await revocationList.verify({ issuerCertificate });
    };
  },
};
