/**
 * Bringing a key and its certificate onto a token: the key is made there, and never leaves it.
 *
 * @module
 */

import { type Bytes, equalBytes } from "../../core/bytes/bytes.ts";
import { encodeHex } from "../../core/bytes/hex.ts";
import type { CryptoProvider, KeySpecification } from "../../core/crypto/provider.ts";
import type { MlDsaParameterSet } from "../../core/crypto/signature-algorithm.ts";
import { CURVE_OIDS } from "../../core/crypto/spki-encoding.ts";
import { INTEGER } from "../../core/der/tag.ts";
import { derElement, derObjectIdentifier } from "../../core/der/writer.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import { readCertificates } from "../../core/x509/read-certificates.ts";
import type { Template } from "./attributes.ts";
import { CKA, CKC, CKK, CKM, CKO, CKP } from "./constants.ts";
import { certificateUri, readTokenCertificates } from "./find-certificate.ts";
import { findKey } from "./find-key.ts";
import type { ModuleOptions } from "./module-choice.ts";
import type { PinOptions } from "./pin-store.ts";
import { Pkcs11Uri } from "./pkcs11-uri.ts";
import { parsePkcs11Uri } from "./pkcs11-uri-parsing.ts";
import { mayHoldKeys, noSlot, severalSlots } from "./slots.ts";
import type { TokenAccess } from "./token-access.ts";
import { TokenError } from "./token-error.ts";
import { accessTo, checkOptions, TOKEN_OPTIONS } from "./token-identity.ts";
import type { TokenSession } from "./token-session.ts";
import { objectUri, searchTemplate } from "./uri-matching.ts";

/** How tokens are written to. */
export interface ProvisioningOptions extends ModuleOptions, PinOptions {
  /** Draws ids, and checks the first signature. */
  readonly crypto: CryptoProvider;
}

/** What {@link generateTokenKey} makes. Unknown members are a TypeError. */
export interface TokenKeyOptions extends ProvisioningOptions {
  /** Type and size. */
  readonly key: KeySpecification;
  /** Whether the token wants a PIN at each signature. Default: at login alone. */
  readonly alwaysAuthenticate?: boolean | undefined;
}

/** A key that was made on a token. */
export interface GeneratedTokenKey {
  /** The private key, as a URI without a PIN: what `pkcs11Signer` takes, to sign a certificate request say. */
  readonly uri: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Bytes;
}

/**
 * Makes a key pair on the token: private, sensitive, not extractable, for signatures alone. It proves itself by one
 * signature, and is destroyed when that does not verify.
 *
 * Secret: the PIN; the private key stays on the token.
 *
 * @param where the token's URI; `object` becomes the label, `id` the id, which is random by default
 * @throws {TypeError} for an option that does not exist, and for a URI without `object` and `id`
 * @throws {TokenError} `ERR_TOKEN_OBJECT_EXISTS` when there is a private key that the URI means; `ERR_TOKEN_READ_ONLY`,
 * `ERR_TOKEN_KEY_UNSUPPORTED`, and as `findKey`
 */
export async function generateTokenKey(
  where: string | Pkcs11Uri,
  options: TokenKeyOptions,
): Promise<GeneratedTokenKey> {
  checkOptions(options, [...TOKEN_OPTIONS, "key", "alwaysAuthenticate"], "generateTokenKey");
  const { key, crypto, alwaysAuthenticate = false } = options;
  const uri = asUri(where);
  const { object: label, id = crypto.random(16) } = uri.attributes;
  if (label === undefined && uri.attributes.id === undefined) {
    throw new TypeError("the URI of a key that shall be made has neither object nor id");
  }
  const access = accessTo(options, [uri]);
  try {
    const token = await writableToken(access, uri);
    await refuseExisting(token, uri);
    const { mechanism, type, publicTemplate } = keyPairOf(key);
    if (!(await token.mechanisms()).includes(mechanism)) {
      const { label } = token.slot.token;
      const message = `Cannot generate key: token "${label}" does not make ${nameOf(key)} keys`;
      throw new TokenError("ERR_TOKEN_KEY_UNSUPPORTED", message, { uri: String(uri), token: label });
    }
    const shared = [
      { type: CKA.TOKEN, value: true },
      { type: CKA.KEY_TYPE, value: type },
      { type: CKA.ID, value: id },
      ...(label === undefined ? [] : [{ type: CKA.LABEL, value: label }]),
    ];
    const handles = await token.write(async (session) =>
      await token.cryptoki.generateKeyPair(
        session,
        { type: mechanism },
        [{ type: CKA.CLASS, value: CKO.PUBLIC_KEY }, ...shared, { type: CKA.VERIFY, value: true }, ...publicTemplate],
        [
          { type: CKA.CLASS, value: CKO.PRIVATE_KEY },
          ...shared,
          { type: CKA.PRIVATE, value: true },
          { type: CKA.SENSITIVE, value: true },
          { type: CKA.EXTRACTABLE, value: false },
          { type: CKA.SIGN, value: true },
          ...(alwaysAuthenticate ? [{ type: CKA.ALWAYS_AUTHENTICATE, value: true }] : []),
        ],
      )
    );
    const made = objectUri(token.slot, { id, object: label, type: "private" });
    try {
      const { publicKey } = await findKey(access, { uri: made.with({ object: undefined }), crypto });
      return { uri: String(made), publicKey: publicKey.spki };
    } catch (error) {
      await token.write(async (session) => {
        await token.cryptoki.destroyObject(session, handles.privateKey);
        await token.cryptoki.destroyObject(session, handles.publicKey);
      });
      throw error;
    }
  } finally {
    await access.close();
  }
}

/** What {@link importTokenCertificate} writes. Unknown members are a TypeError. */
export interface TokenCertificateOptions extends ProvisioningOptions {
  /** The certificate, PEM or DER or itself; of several, the first one that belongs to the key. */
  readonly certificate: string | Bytes | Certificate;
  /**
   * What becomes of other certificates with the key's id: `refuse` (default) to write when there are any, `keep` them, or
   * `replace` them, which destroys them once the new one is written.
   */
  readonly others?: "refuse" | "keep" | "replace" | undefined;
}

/**
 * Writes a certificate beside its private key, with the key's id and label, so that its URI leads to both. A certificate
 * that is there already is left as it is.
 *
 * Secret: the PIN.
 *
 * @param key the private key's URI
 * @returns the certificate, as a URI without a PIN
 * @throws {TypeError} for an option that does not exist
 * @throws {TokenError} `ERR_TOKEN_OBJECT_EXISTS`, `ERR_TOKEN_READ_ONLY`, and as `findKey`: `ERR_TOKEN_NO_KEY` when the
 * key is not the certificate's
 */
export async function importTokenCertificate(
  key: string | Pkcs11Uri,
  options: TokenCertificateOptions,
): Promise<string> {
  checkOptions(options, [...TOKEN_OPTIONS, "certificate", "others"], "importTokenCertificate");
  const { crypto, others = "refuse" } = options;
  const given = options.certificate;
  const certificate = typeof given === "string" || given instanceof Uint8Array ? readCertificates(given)[0]! : given;
  const uri = asUri(key);
  const access = accessTo(options, [uri]);
  try {
    await writableToken(access, uri);
    const { token, uri: { attributes } } = await findKey(access, { uri, publicKey: certificate.publicKey, crypto });
    const { slot } = token;
    const id = attributes.id?.length ? attributes.id : undefined;
    const label = attributes.object || uri.attributes.object;
    const beside = id === undefined ? [] : await readTokenCertificates(token, new Pkcs11Uri({ id }));
    const same = beside.find((other) => equalBytes(other.certificate.der, certificate.der));
    if (same !== undefined) return String(certificateUri(same));
    if (beside.length > 0 && others === "refuse") {
      const message = `Cannot write certificate: token "${slot.token.label}" has ${beside.length} with the id ` +
        `${encodeHex(id!)} already; choose whether to keep or to replace what is there`;
      throw new TokenError("ERR_TOKEN_OBJECT_EXISTS", message, { uri: String(uri), token: slot.token.label });
    }
    await token.write(async (session) => {
      const { cryptoki } = token;
      const old = id === undefined || others !== "replace"
        ? []
        : await cryptoki.findObjects(session, searchTemplate(new Pkcs11Uri({ id }), "certificate"));
      await cryptoki.createObject(session, certificateTemplate(certificate, id, label));
      for (const handle of old) await cryptoki.destroyObject(session, handle);
    });
    return String(certificateUri({ certificate, slot, id, label }));
  } finally {
    await access.close();
  }
}

/** The one token that the URI means, with its user logged in. */
async function writableToken(access: TokenAccess, uri: Pkcs11Uri): Promise<TokenSession> {
  const slots = (await access.slots(uri)).filter(mayHoldKeys);
  if (slots.length > 1) throw severalSlots("write to token", uri, slots);
  if (slots.length === 0) throw noSlot("write to token", uri);
  const token = await access.token(slots[0]!);
  if (token.loginRequired) await token.login(access.pins);
  return token;
}

async function refuseExisting(token: TokenSession, uri: Pkcs11Uri): Promise<void> {
  const { label } = token.slot.token;
  const { object, id } = uri.attributes;
  // Either one alone: a second key with this label, or with this id, could not be told from the first.
  for (const wanted of [{ object }, { id }]) {
    if (Object.values(wanted)[0] === undefined) continue;
    const template = searchTemplate(new Pkcs11Uri(wanted), "private key");
    const found = await token.use(async (session) => await token.cryptoki.findObjects(session, template));
    if (found.length === 0) continue;
    const message = `Cannot generate key: token "${label}" has a private key that fits ${new Pkcs11Uri(wanted)}`;
    throw new TokenError("ERR_TOKEN_OBJECT_EXISTS", message, { uri: String(uri), token: label });
  }
}

function keyPairOf(
  key: KeySpecification,
): { readonly mechanism: number; readonly type: number; readonly publicTemplate: Template } {
  switch (key.type) {
    case "rsa":
      return {
        mechanism: CKM.RSA_PKCS_KEY_PAIR_GEN,
        type: CKK.RSA,
        publicTemplate: [
          { type: CKA.MODULUS_BITS, value: key.bits },
          { type: CKA.PUBLIC_EXPONENT, value: Uint8Array.of(1, 0, 1) },
        ],
      };
    case "ec":
      return {
        mechanism: CKM.EC_KEY_PAIR_GEN,
        type: CKK.EC,
        publicTemplate: [{ type: CKA.EC_PARAMS, value: derObjectIdentifier(CURVE_OIDS[key.curve]) }],
      };
    case "ml-dsa":
      return {
        mechanism: CKM.ML_DSA_KEY_PAIR_GEN,
        type: CKK.ML_DSA,
        publicTemplate: [{ type: CKA.PARAMETER_SET, value: parameterSetValue(key.parameterSet) }],
      };
  }
}

function certificateTemplate(certificate: Certificate, id: Bytes | undefined, label: string | undefined): Template {
  return [
    { type: CKA.CLASS, value: CKO.CERTIFICATE },
    { type: CKA.CERTIFICATE_TYPE, value: CKC.X_509 },
    { type: CKA.TOKEN, value: true },
    { type: CKA.PRIVATE, value: false },
    { type: CKA.SUBJECT, value: certificate.subject.der },
    { type: CKA.ISSUER, value: certificate.issuer.der },
    { type: CKA.SERIAL_NUMBER, value: derElement(INTEGER, certificate.serialNumber) },
    { type: CKA.VALUE, value: certificate.der },
    ...(id === undefined ? [] : [{ type: CKA.ID, value: id }]),
    ...(label === undefined ? [] : [{ type: CKA.LABEL, value: label }]),
  ];
}

function nameOf(key: KeySpecification): string {
  return key.type === "rsa" ? `${key.bits}-bit RSA` : key.type === "ec" ? key.curve : key.parameterSet;
}

function asUri(uri: string | Pkcs11Uri): Pkcs11Uri {
  return typeof uri === "string" ? parsePkcs11Uri(uri) : uri;
}

function parameterSetValue(set: MlDsaParameterSet): number {
  return set === "ML-DSA-44" ? CKP.ML_DSA_44 : set === "ML-DSA-65" ? CKP.ML_DSA_65 : CKP.ML_DSA_87;
}
