/**
 * What is there: modules, tokens, and the keys and certificates on them.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { PublicKey } from "../../core/crypto/public-key.ts";
import type { CertificateSelector } from "../../core/selection/certificate-selector.ts";
import { matchesSelector } from "../../core/selection/choose-certificate.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import type { HsmError } from "../hsm-error.ts";
import { CKA, CKF_TOKEN } from "./constants.ts";
import type { ModuleInfo } from "./cryptoki.ts";
import { certificateUri, findCertificates, readTokenCertificates } from "./find-certificate.ts";
import type { ModuleOptions } from "./module-choice.ts";
import type { PinOptions } from "./pin-store.ts";
import { Pkcs11Uri } from "./pkcs11-uri.ts";
import { parsePkcs11Uri } from "./pkcs11-uri-parsing.ts";
import type { TokenSlot } from "./slots.ts";
import { accessTo, checkOptions } from "./token-identity.ts";
import { keyTypeOf, publicKeyAttributes, publicKeyOf, type TokenKeyType } from "./token-public-key.ts";
import type { TokenSession } from "./token-session.ts";
import { objectUri, searchTemplate, tokenAttributes } from "./uri-matching.ts";

/** How tokens are listed. Unknown members are a TypeError. */
export interface TokenListOptions extends ModuleOptions, Pick<PinOptions, "pin" | "readPinSource"> {
  /** Which tokens and objects. Default: all. */
  readonly uri?: string | Pkcs11Uri | undefined;
  /**
   * Whether to log in, as most tokens show their private keys to their user alone. Default: where the URI has a PIN.
   */
  readonly login?: "log-in" | "skip" | undefined;
}

/** A module and its tokens. */
export interface TokenList {
  /** The path or bare name that the module was opened by. */
  readonly module: string;
  /** What it says of itself. */
  readonly info: ModuleInfo;
  /** Its tokens, those that the URI means. */
  readonly tokens: readonly ListedToken[];
}

/** A token, and what it shows. */
export interface ListedToken extends TokenSlot {
  /** The token, as a URI without a PIN. */
  readonly uri: string;
  /** Whether private keys are shown, and used, after a login alone. */
  readonly loginRequired: boolean;
  /** Whether the PIN is typed at the device. */
  readonly protectedAuthenticationPath: boolean;
  /** What wrong PINs have left: `low`, `last` before it locks, `none` when it is locked; undefined: nothing is known. */
  readonly tries: "low" | "last" | "none" | undefined;
  /** Why it opens no session: `returnValueName` is `CKR_TOKEN_NOT_RECOGNIZED` of one that was never initialised. */
  readonly refusal: HsmError | undefined;
  /** Certificates, private keys and public keys. */
  readonly objects: readonly ListedObject[];
}

/** An object on a token. */
export interface ListedObject {
  /** What it is. */
  readonly type: "certificate" | "private key" | "public key";
  /** The object, as a URI without a PIN: what `--certificate` and `--private-key` take. */
  readonly uri: string;
  /** CKA_LABEL. */
  readonly label: string | undefined;
  /** CKA_ID. */
  readonly id: Bytes | undefined;
  /** The certificate, of one. */
  readonly certificate: Certificate | undefined;
  /** The type of a key, of those that are used here. */
  readonly keyType: TokenKeyType | undefined;
  /** The public key, where the object shows it. */
  readonly publicKey: PublicKey | undefined;
  /** Of a private key: whether it asks for a PIN at each signature. */
  readonly alwaysAuthenticate: boolean | undefined;
}

/**
 * Lists the tokens of a module with what is on them. A token that fits the URI is listed also where no object of it does,
 * or where it opens no session, as one that was never initialised.
 *
 * Secret: the PIN.
 *
 * @throws {TypeError} for an option that does not exist
 * @throws {TokenError} when a login fails
 */
export async function listTokens(options: TokenListOptions = {}): Promise<TokenList> {
  checkOptions(options, LIST_OPTIONS, "listTokens");
  const uri = asUri(options.uri);
  const login = options.login ??
    (uri.pinValue() === undefined && uri.attributes.pinSource === undefined ? "skip" : "log-in");
  const access = accessTo(options, [uri]);
  try {
    const module = await access.module();
    const tokens: ListedToken[] = [];
    for (const slot of await access.slots(uri)) {
      tokens.push(
        await access.token(slot).then(async (token) => {
          if (login === "log-in" && token.loginRequired) await token.login(access.pins);
          const { flags } = await token.cryptoki.getTokenInfo(slot.id);
          return { ...slotFacts(slot, flags), objects: await listObjects(token, uri) };
        }, (error) => ({ ...slotFacts(slot, slot.token.flags), refusal: refusalOf(error), objects: [] })),
      );
    }
    return { module: module.path, info: await module.getInfo(), tokens };
  } finally {
    await access.close();
  }
}

/** How certificates are listed. Unknown members are a TypeError. */
export interface TokenCertificateListOptions extends Omit<TokenListOptions, "login" | "uri"> {
  /** Which certificates. */
  readonly uri: string | Pkcs11Uri;
  /** What they must have besides. Default: nothing. */
  readonly selector?: CertificateSelector | undefined;
}

/** A certificate, and where it is. */
export interface ListedCertificate {
  /** The certificate. */
  readonly certificate: Certificate;
  /** As a URI without a PIN. */
  readonly uri: string;
}

/**
 * Lists the certificates that the URI means and the selector fits, on whatever tokens; none is no error. As in the search
 * for an identity, the only token that fits is logged in to when it shows none.
 *
 * Secret: the PIN.
 *
 * @throws {TypeError} for an option that does not exist
 * @throws {TokenError} when no token fits, or a login fails
 */
export async function listTokenCertificates(
  options: TokenCertificateListOptions,
): Promise<readonly ListedCertificate[]> {
  checkOptions(options, [...LIST_OPTIONS.filter((name) => name !== "login"), "selector"], "listTokenCertificates");
  const uri = asUri(options.uri);
  const { selector } = options;
  const access = accessTo(options, [uri]);
  try {
    const found = await findCertificates(access, uri);
    return found.filter(({ certificate }) => selector === undefined || matchesSelector(certificate, selector))
      .map((each) => ({ certificate: each.certificate, uri: String(certificateUri(each)) }));
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "ERR_TOKEN_NO_CERTIFICATE") return [];
    throw error;
  } finally {
    await access.close();
  }
}

function slotFacts(slot: TokenSlot, flags: number): Omit<ListedToken, "objects"> {
  return {
    ...slot,
    uri: String(new Pkcs11Uri(tokenAttributes(slot))),
    loginRequired: (flags & CKF_TOKEN.LOGIN_REQUIRED) !== 0,
    protectedAuthenticationPath: (flags & CKF_TOKEN.PROTECTED_AUTHENTICATION_PATH) !== 0,
    tries: (flags & CKF_TOKEN.USER_PIN_LOCKED) !== 0
      ? "none"
      : (flags & CKF_TOKEN.USER_PIN_FINAL_TRY) !== 0
      ? "last"
      : (flags & CKF_TOKEN.USER_PIN_COUNT_LOW) !== 0
      ? "low"
      : undefined,
    refusal: undefined,
  };
}

/** Why a token opens no session: the others are listed all the same. */
function refusalOf(error: unknown): HsmError {
  if ((error as { code?: unknown }).code === "ERR_HSM_RETURN_VALUE") return error as HsmError;
  throw error;
}

async function listObjects(token: TokenSession, uri: Pkcs11Uri): Promise<readonly ListedObject[]> {
  const { type } = uri.attributes;
  const objects: ListedObject[] = [];
  if (type === undefined || type === "cert") objects.push(...await listCertificates(token, uri));
  if (type === undefined || type === "private") objects.push(...await listKeys(token, uri, "private key"));
  if (type === undefined || type === "public") objects.push(...await listKeys(token, uri, "public key"));
  return objects;
}

async function listCertificates(token: TokenSession, uri: Pkcs11Uri): Promise<readonly ListedObject[]> {
  return (await readTokenCertificates(token, uri)).map((each) => ({
    type: "certificate",
    uri: String(certificateUri(each)),
    label: each.label,
    id: each.id,
    certificate: each.certificate,
    keyType: undefined,
    publicKey: undefined,
    alwaysAuthenticate: undefined,
  }));
}

async function listKeys(
  token: TokenSession,
  uri: Pkcs11Uri,
  type: "private key" | "public key",
): Promise<readonly ListedObject[]> {
  const { cryptoki, slot } = token;
  return await token.use(async (session) => {
    const found: ListedObject[] = [];
    for (const handle of await cryptoki.findObjects(session, searchTemplate(uri, type))) {
      const attributes = await cryptoki.getAttributes(session, handle, keyAttributes());
      const id = attributes.bytes(CKA.ID)?.length ? attributes.bytes(CKA.ID) : undefined;
      const label = attributes.text(CKA.LABEL) || undefined;
      const keyType = keyTypeOf(attributes);
      // CKA_VALUE of a private key is its secret: it is not asked for.
      const value = type === "public key" && keyType === "ml-dsa"
        ? (await cryptoki.getAttributes(session, handle, [CKA.VALUE])).bytes(CKA.VALUE)
        : undefined;
      found.push({
        type,
        uri: String(objectUri(slot, { id, object: label, type: type === "private key" ? "private" : "public" })),
        label,
        id,
        certificate: undefined,
        keyType,
        publicKey: publicKeyOf(attributes, value),
        alwaysAuthenticate: type === "private key" ? attributes.boolean(CKA.ALWAYS_AUTHENTICATE) ?? false : undefined,
      });
    }
    return found;
  });
}

function asUri(uri: string | Pkcs11Uri | undefined): Pkcs11Uri {
  return typeof uri === "string" ? parsePkcs11Uri(uri) : uri ?? new Pkcs11Uri({});
}

function keyAttributes(): readonly number[] {
  return [...publicKeyAttributes(), CKA.ID, CKA.LABEL, CKA.ALWAYS_AUTHENTICATE];
}

const LIST_OPTIONS: readonly string[] = [
  "module",
  "foreign",
  "calls",
  "reserved",
  "pin",
  "readPinSource",
  "uri",
  "login",
];
