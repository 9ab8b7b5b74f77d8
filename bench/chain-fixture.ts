/**
 * A chain of three certificates, made when the benchmarks start.
 *
 * @module
 */

import type { Bytes } from "../core/bytes/bytes.ts";
import type { Signer } from "../core/crypto/signer.ts";
import { webCryptoProvider } from "../core/crypto/webcrypto-provider.ts";
import { issueCertificate } from "../core/issue/certificate-issuing.ts";
import {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  keyUsageExtension,
  subjectKeyIdentifierExtension,
} from "../core/issue/extension-encoding.ts";
import { keyIdentifier } from "../core/issue/key-identifier.ts";
import type { NameTemplate } from "../core/issue/name-encoding.ts";
import { endEntityExtensions, KEYS, makeKeyPair } from "./fixtures.ts";
import { NOW_MS } from "./now.ts";

/** End entity, intermediate and root, DER, all with keys of the same kind. */
export interface ChainFixture {
  readonly leaf: Bytes;
  readonly intermediate: Bytes;
  readonly root: Bytes;
  /** The intermediate's. */
  readonly signer: Signer;
  /** The leaf's. */
  readonly leafSigner: Signer;
}

/** The name of an authority of the fixtures. */
export function authorityName(commonName: string): NameTemplate {
  return [{ type: "C", value: "DE" }, { type: "O", value: "Example Corporation" }, { type: "CN", value: commonName }];
}

/** The names of the chain. */
export const ROOT_NAME: NameTemplate = /* @__PURE__ */ authorityName("Example Root CA 1");
/** See {@link ROOT_NAME}. */
export const INTERMEDIATE_NAME: NameTemplate = /* @__PURE__ */ authorityName("Example Issuing CA 7");

/**
 * Makes a chain with ordinary extensions.
 *
 * @param name of a kind of keys: {@link KEYS}
 * @param serialNumber of the leaf, contents octets
 */
export async function makeChain(name: string, serialNumber: Bytes = LEAF_SERIAL_NUMBER): Promise<ChainFixture> {
  const crypto = webCryptoProvider();
  const [root, intermediate, leaf] = await Promise.all([0, 1, 2].map(async () => {
    const { signer } = await makeKeyPair(KEYS[name]!);
    return { signer, identifier: await keyIdentifier(signer.publicKey, crypto) };
  }));
  const validity = { notBefore: NOW_MS - 86_400_000, notAfter: NOW_MS + 90 * 86_400_000 };
  const authority = (subjectKey: Bytes, issuerKey: Bytes, pathLength?: number) => [
    basicConstraintsExtension(pathLength === undefined ? { ca: true } : { ca: true, pathLength }),
    keyUsageExtension(["keyCertSign", "cRLSign"]),
    subjectKeyIdentifierExtension(subjectKey),
    authorityKeyIdentifierExtension(issuerKey),
  ];
  return {
    leaf: await issueCertificate({
      serialNumber,
      issuer: INTERMEDIATE_NAME,
      subject: authorityName("edge-0007.eu-central-1.example.com"),
      ...validity,
      publicKey: leaf!.signer.publicKey,
      extensions: endEntityExtensions(leaf!.identifier, intermediate!.identifier),
    }, intermediate!.signer),
    intermediate: await issueCertificate({
      serialNumber: 0x5f00_0007n,
      issuer: ROOT_NAME,
      subject: INTERMEDIATE_NAME,
      ...validity,
      publicKey: intermediate!.signer.publicKey,
      extensions: authority(intermediate!.identifier, root!.identifier, 0),
    }, root!.signer),
    root: await issueCertificate({
      serialNumber: 0x5f00_0001n,
      issuer: ROOT_NAME,
      subject: ROOT_NAME,
      ...validity,
      publicKey: root!.signer.publicKey,
      extensions: authority(root!.identifier, root!.identifier),
    }, root!.signer),
    signer: intermediate!.signer,
    leafSigner: leaf!.signer,
  };
}

/**
 * Makes a chain with P-256 keys of so many certificates below the root.
 *
 * @returns DER, the end entity first and the root last
 */
export async function makeLongChain(length: number): Promise<Bytes[]> {
  const crypto = webCryptoProvider();
  const validity = { notBefore: NOW_MS - 86_400_000, notAfter: NOW_MS + 90 * 86_400_000 };
  const keys = await Promise.all(Array.from({ length: length + 1 }, async (_, level) => {
    const { signer } = await makeKeyPair(KEYS["P-256"]!);
    const name = level === 0
      ? authorityName("edge-0007.eu-central-1.example.com")
      : authorityName(`Example CA ${level}`);
    return { signer, name, identifier: await keyIdentifier(signer.publicKey, crypto) };
  }));
  return await Promise.all(keys.map(({ signer, name, identifier }, level) => {
    const issuer = keys[level + 1] ?? keys[level]!;
    return issueCertificate({
      serialNumber: 0x5f00_1000n + BigInt(level),
      issuer: issuer.name,
      subject: name,
      ...validity,
      publicKey: signer.publicKey,
      extensions: level === 0 ? endEntityExtensions(identifier, issuer.identifier) : [
        basicConstraintsExtension({ ca: true }),
        keyUsageExtension(["keyCertSign", "cRLSign"]),
        subjectKeyIdentifierExtension(identifier),
        authorityKeyIdentifierExtension(issuer.identifier),
      ],
    }, issuer.signer);
  }));
}

const LEAF_SERIAL_NUMBER: Bytes = /* @__PURE__ */ Uint8Array.of(0x4c, 0x1d, 0x39, 0xf0, 0xa5, 0x11, 0x88, 0xb1);
