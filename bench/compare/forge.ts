/**
 * node-forge, which knows RSA alone.
 *
 * @module
 */

import nodeForge from "node-forge";
import type { CertificatePeer, ChainPeer } from "./peer.ts";

const { asn1, pki, util } = nodeForge;

/** node-forge, which decodes everything at once. */
export const forge: CertificatePeer = {
  name: "node-forge",
  read(der) {
    const certificate = read(der);
    return {
      serialNumber: certificate.serialNumber.replace(/^0+/, ""),
      issuer: certificate.issuer.attributes,
      subject: certificate.subject.attributes,
      notBefore: certificate.validity.notBefore,
      notAfter: certificate.validity.notAfter,
      publicKey: certificate.publicKey,
      extensions: certificate.extensions,
      values: certificate.extensions,
    };
  },
};

/** node-forge's own verification of chains, with its own arithmetic. */
export const forgeChain: ChainPeer = {
  name: "node-forge",
  async validator({ leaf, intermediate, root }, timeMs) {
    const store = pki.createCaStore([read(root)]);
    const validityCheckDate = new Date(timeMs);
    return () => pki.verifyCertificateChain(store, [read(leaf), read(intermediate)], { validityCheckDate });
  },
};

function read(der: Uint8Array): nodeForge.pki.Certificate {
  let octets = "";
  for (const octet of der) octets += String.fromCharCode(octet);
  return pki.certificateFromAsn1(asn1.fromDer(util.createBuffer(octets)));
}
