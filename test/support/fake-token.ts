/**
 * A fake module whose token really signs: certificates of the test authority, and their keys.
 *
 * @module
 */

import { type Bytes, equalBytes } from "../../core/bytes/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../core/bytes/text.ts";
import { p256, p384, p521 } from "../../core/crypto/portable/noble/curves.ts";
import { portableProvider } from "../../core/crypto/portable/mod.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { CURVE_OIDS } from "../../core/crypto/spki-encoding.ts";
import { derObjectIdentifier, derOctetString } from "../../core/der/writer.ts";
import { CKA, CKK, CKM, CKO, CKP } from "../../hsm-bridge/pkcs11/constants.ts";
import type { AskPin, PinRequest } from "../../hsm-bridge/pkcs11/pin-store.ts";
import { FakeModule, type FakeModuleOptions } from "./fake-ffi.ts";
import { testRandom } from "./test-authority.ts";
import type { TestIdentity } from "./test-identity.ts";

/** What of an identity is put on the token, and how. */
export interface FakeTokenEntry {
  /** CKA_ID of both; default one octet, counted; undefined: none. */
  readonly id?: Bytes | undefined;
  /** CKA_LABEL of both; default `label`. */
  readonly label?: string | undefined;
  /** CKA_LABEL of the private key, where it is another, or `undefined`, as on NSS. */
  readonly keyLabel?: string | undefined;
  /** Default all. */
  readonly parts?: readonly ("certificate" | "private key" | "public key")[];
  /** CKA_ALWAYS_AUTHENTICATE. */
  readonly alwaysAuthenticate?: boolean;
  /** Whether the certificate is seen after the login alone. */
  readonly privateCertificate?: boolean;
  /** Whether the private key object shows its modulus; default true. */
  readonly showsModulus?: boolean;
}

/** A module with a token. */
export class FakeToken {
  readonly module: FakeModule;
  readonly #signers = new Map<bigint, (data: Bytes, mechanism: number) => Bytes>();
  #count = 0;

  constructor(options: Omit<FakeModuleOptions, "sign"> = {}) {
    this.module = new FakeModule({
      mechanisms: [CKM.RSA_PKCS, CKM.SHA256_RSA_PKCS, CKM.SHA384_RSA_PKCS, CKM.SHA512_RSA_PKCS, CKM.ECDSA, CKM.ML_DSA],
      ...options,
      sign: (data, key, mechanism) => this.#signers.get(key)!(data, mechanism),
    });
  }

  /** Puts a certificate and its keys on the token; answers the handles. */
  add(identity: TestIdentity, entry: FakeTokenEntry = {}): { readonly certificate: bigint; readonly key: bigint } {
    const { module } = this;
    const parts = entry.parts ?? ["certificate", "private key", "public key"];
    const id = "id" in entry ? entry.id : Uint8Array.of(++this.#count);
    const label = "label" in entry ? entry.label : "label";
    const keyLabel = "keyLabel" in entry ? entry.keyLabel : label;
    const named = (text: string | undefined): [number, Bytes][] => [
      ...(id === undefined ? [] : [[CKA.ID, id] as [number, Bytes]]),
      ...(text === undefined ? [] : [[CKA.LABEL, encodeUtf8(text)] as [number, Bytes]]),
    ];
    const { certificate } = identity;
    let handle = 0n;
    let key = 0n;
    if (parts.includes("certificate")) {
      handle = module.add([
        [CKA.CLASS, module.ulong(CKO.CERTIFICATE)],
        [CKA.CERTIFICATE_TYPE, module.ulong(0)],
        [CKA.PRIVATE, Uint8Array.of(entry.privateCertificate ? 1 : 0)],
        [CKA.VALUE, certificate.der],
        ...named(label),
      ]);
    }
    if (parts.includes("private key")) {
      key = module.add([
        [CKA.CLASS, module.ulong(CKO.PRIVATE_KEY)],
        [CKA.PRIVATE, Uint8Array.of(1)],
        [CKA.SIGN, Uint8Array.of(1)],
        [CKA.VALUE, "sensitive"],
        ...this.#material(identity).filter(([type]) => type !== CKA.EC_POINT && type !== CKA.VALUE)
          .filter(([type]) => entry.showsModulus !== false || type !== CKA.MODULUS),
        ...(entry.alwaysAuthenticate ? [[CKA.ALWAYS_AUTHENTICATE, Uint8Array.of(1)] as [number, Bytes]] : []),
        ...named(keyLabel),
      ]);
      this.#signers.set(key, signatureMaker(identity));
    }
    if (parts.includes("public key")) {
      module.add([[CKA.CLASS, module.ulong(CKO.PUBLIC_KEY)], ...this.#material(identity), ...named(label)]);
    }
    return { certificate: handle, key };
  }

  #material({ certificate: { publicKey } }: TestIdentity): [number, Bytes][] {
    const { module } = this;
    switch (publicKey.type) {
      case "rsa":
        return [
          [CKA.KEY_TYPE, module.ulong(CKK.RSA)],
          [CKA.MODULUS, publicKey.modulus],
          [CKA.PUBLIC_EXPONENT, publicKey.exponent],
        ];
      case "ec":
        return [
          [CKA.KEY_TYPE, module.ulong(CKK.EC)],
          [CKA.EC_PARAMS, derObjectIdentifier(CURVE_OIDS[publicKey.curve])],
          [CKA.EC_POINT, derOctetString(publicKey.point)],
        ];
      case "ml-dsa":
        return [
          [CKA.KEY_TYPE, module.ulong(CKK.ML_DSA)],
          [CKA.PARAMETER_SET, module.ulong(CKP[publicKey.parameterSet.replaceAll("-", "_") as keyof typeof CKP])],
          [CKA.VALUE, publicKey.key],
        ];
      case "ed25519":
        return [];
    }
  }
}

/** Cryptography of these tests: portable, and the same in every run. */
export function tokenCrypto(): CryptoProvider {
  return portableProvider({ random: testRandom("token tests") });
}

/** Somebody who answers these PINs one after the other, and then none; `requests` are what was asked for. */
export function answering(...pins: readonly string[]): { readonly pin: AskPin; readonly requests: PinRequest[] } {
  const requests: PinRequest[] = [];
  const left = pins.map((pin) => encodeUtf8(pin));
  return {
    requests,
    pin: (request) => {
      requests.push(request);
      return left.shift();
    },
  };
}

/** The text of a PIN, for comparison. */
export function pinText(pin: Bytes | undefined): string | undefined {
  return pin && decodeUtf8(pin);
}

function signatureMaker({ key, signer }: TestIdentity): (data: Bytes, mechanism: number) => Bytes {
  // Signatures of one message are the same: thousands of them take no time.
  let last: { readonly data: Bytes; readonly signature: Bytes } | undefined;
  return (data, mechanism) => {
    if (key.type === "ec" && mechanism === CKM.ECDSA) {
      const curve = key.curve === "P-256" ? p256 : key.curve === "P-384" ? p384 : p521;
      if (last === undefined || !equalBytes(last.data, data)) {
        last = { data, signature: curve.sign(data, key.scalar, { prehash: false, lowS: false }) as Bytes };
      }
      return last.signature;
    }
    if (mechanism === CKM.SHA256_RSA_PKCS || mechanism === CKM.ML_DSA) return signer.sign(data) as Bytes;
    throw new Error(`the fake token does not sign with mechanism ${mechanism}`);
  };
}
