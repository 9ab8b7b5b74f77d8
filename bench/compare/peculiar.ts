/**
 * @peculiar/x509.
 *
 * @module
 */

// It refuses to load without this.
import "reflect-metadata";
import { X509Certificate, X509ChainBuilder, X509Crl } from "@peculiar/x509";
import type { CertificatePeer, ChainPeer, RevocationPeer } from "./peer.ts";

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

/** @peculiar/x509's builder of chains, which looks at names and signatures; validity is asked for besides. */
export const peculiarChain: ChainPeer = {
  name: "@peculiar/x509",
  reach: { node: 20, bun: 20, workerd: 20 },
  async validator(chain, timeMs) {
    const root = new X509Certificate(chain.root);
    return async () => {
      const leaf = new X509Certificate(chain.leaf);
      const intermediate = new X509Certificate(chain.intermediate);
      const built = await new X509ChainBuilder({ certificates: [intermediate, root] }).build(leaf);
      return built.length === 3 && built.every(({ notBefore, notAfter }) => {
        return notBefore.getTime() <= timeMs && timeMs <= notAfter.getTime();
      });
    };
  },
};

/** @peculiar/x509 told which certificate issued which: signatures and validity alone, the root's key imported before. */
export const peculiarSignatures: ChainPeer = {
  name: "@peculiar/x509, signatures alone",
  async validator(chain, timeMs) {
    const date = new Date(timeMs);
    const rootKey = await new X509Certificate(chain.root).publicKey.export();
    return async () => {
      const leaf = new X509Certificate(chain.leaf);
      const intermediate = new X509Certificate(chain.intermediate);
      return await intermediate.verify({ publicKey: rootKey, date }) &&
        await leaf.verify({ publicKey: intermediate.publicKey, date });
    };
  },
};

/** @peculiar/x509, the issuer's key imported before. */
export const peculiarRevocation: RevocationPeer = {
  name: "@peculiar/x509",
  async finder({ list, issuer, serialNumber }) {
    const publicKey = await new X509Certificate(issuer).publicKey.export();
    const serial = Array.from(serialNumber, (octet) => octet.toString(16).padStart(2, "0")).join("");
    return async () => {
      const revocationList = new X509Crl(list);
      return revocationList.findRevoked(serial) !== null && await revocationList.verify({ publicKey });
    };
  },
};
