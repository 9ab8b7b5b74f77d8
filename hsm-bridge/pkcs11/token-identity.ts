/**
 * Identities and signers whose private keys are on PKCS#11 tokens.
 *
 * @module
 */

import { equalBytes } from "../../core/bytes/bytes.ts";
import { requireFit } from "../../core/crypto/key-fit.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import type { PublicKey } from "../../core/crypto/public-key.ts";
import { sessionAlgorithm, type SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { type CertificateInput, createIdentity, type Identity } from "../../core/sign/identity.ts";
import type { IdentitySource } from "../../core/sign/identity-source.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import { readCertificates } from "../../core/x509/read-certificates.ts";
import { type AlgorithmChoice, algorithmFor } from "../algorithm-choice.ts";
import { type CertificateChoice, findCertificate, type TokenCertificate } from "./find-certificate.ts";
import { findKey, type FoundKey } from "./find-key.ts";
import { chosenModule, type ModuleOptions } from "./module-choice.ts";
import { type PinOptions, PinStore } from "./pin-store.ts";
import { Pkcs11Uri } from "./pkcs11-uri.ts";
import { isPkcs11Uri, parsePkcs11Uri } from "./pkcs11-uri-parsing.ts";
import { TokenAccess } from "./token-access.ts";
import { TokenError } from "./token-error.ts";
import { tokenChain } from "./token-chain.ts";
import { TokenSigner } from "./token-signer.ts";

/** What {@link pkcs11Identity} and {@link pkcs11Signer} reach tokens with. */
export interface TokenOptions extends ModuleOptions, PinOptions {
  /** Hashes what a token does not, and checks signatures. */
  readonly crypto: CryptoProvider;
  /** What to sign with, or who answers it for the key. Default: what CreateSession wants of such a key. */
  readonly algorithm?: AlgorithmChoice | undefined;
  /** Sessions that are open with a token at the same time, at most, the one that keeps the login aside. Default 8. */
  readonly maxSessions?: number | undefined;
}

/** What {@link pkcs11Identity} makes an identity of. Unknown members are a TypeError. */
export interface Pkcs11IdentityOptions extends TokenOptions, CertificateChoice {
  /** The certificate: a PKCS#11 URI, or itself, where only the key is on the token. */
  readonly certificate: Pkcs11Uri | CertificateInput;
  /** The key. Default: the one of the certificate on the token. */
  readonly privateKey?: string | Pkcs11Uri | undefined;
  /** Intermediate certificates. Default: those beside a certificate on its token that really issued it. */
  readonly intermediates?: CertificateInput | undefined;
}

/** The source of an identity on a token. */
export interface Pkcs11Identity extends IdentitySource {
  /** The identity as the token has it now: a certificate that was replaced there is found by the same URI. */
  identity(): Promise<Identity>;
  /** Closes sessions and module, and forgets PINs. Identities that it answered sign no longer. */
  close(): Promise<void>;
}

/** A signer that holds a token open. */
export interface Pkcs11Signer extends Signer {
  /** Closes sessions and module, and forgets PINs. */
  close(): Promise<void>;
}

/**
 * Makes the source of an identity whose key is on a token. Nothing is opened before the identity is asked for.
 *
 * A certificate by URI is searched without a login at first; its key by id and label, then by id alone; of several keys
 * the one counts whose public key, as the token shows it, is that of the certificate, or else whose signature of a probe
 * verifies under the certificate. A token that was pulled and put back is
 * opened again.
 *
 * Secret: PINs, which no error repeats.
 *
 * @throws {TypeError} for an option that does not exist, and when neither `certificate` nor `privateKey` is a URI
 * @throws {Pkcs11UriError} when a URI is malformed
 */
export function pkcs11Identity(options: Pkcs11IdentityOptions): Pkcs11Identity {
  checkOptions(options, [...TOKEN_OPTIONS, ...IDENTITY_OPTIONS], "pkcs11Identity");
  const { crypto, algorithm, intermediates } = options;
  const certificateUri = uriOf(options.certificate);
  const keyUri = uriOf(options.privateKey);
  if (options.privateKey !== undefined && keyUri === undefined) {
    throw new TypeError(`"privateKey" is no PKCS#11 URI`);
  }
  if (certificateUri === undefined && keyUri === undefined) {
    throw new TypeError(`neither "certificate" nor "privateKey" is a PKCS#11 URI`);
  }
  const access = accessTo(options, [keyUri, certificateUri]);
  let held: Identity | undefined;
  let making: Promise<Identity> | undefined;

  async function make(): Promise<Identity> {
    const onToken = certificateUri && await findCertificate(access, certificateUri, options);
    const offered = onToken === undefined
      ? certificatesOf(options.certificate as CertificateInput)
      : [onToken.certificate];
    const certificate = offered[0];
    if (certificate === undefined) throw new TypeError(`"certificate" is an empty list`);
    if (held !== undefined && equalBytes(held.certificate.der, certificate.der)) return held;
    const { publicKey } = certificate;
    const used = algorithmFor(publicKey, algorithm) ?? defaultAlgorithm(publicKey);
    requireFit(publicKey, used);
    // The certificate's place is looked up anew with a token that was gone.
    const search = (found: TokenCertificate | undefined): Promise<FoundKey> =>
      findKey(access, { uri: keyUri, certificate: found, publicKey, crypto });
    const key = await search(onToken);
    const locate = async (): Promise<FoundKey> =>
      await search(certificateUri && keyUri === undefined ? await again(onToken!) : undefined);
    const signer = new TokenSigner(access, { algorithm: used, publicKey, crypto, locate }, key);
    const chain = intermediates !== undefined
      ? certificatesOf(intermediates)
      : onToken === undefined
      ? offered.slice(1)
      : await tokenChain(access, onToken, crypto);
    return held = await createIdentity({ certificate, chain, signer });
  }

  /** The same certificate in the slot where its token is now. */
  async function again(found: TokenCertificate): Promise<TokenCertificate> {
    const { id, label, slot: { token } } = found;
    const narrowed = new Pkcs11Uri({
      token: token.label,
      manufacturer: token.manufacturer,
      model: token.model,
      serial: token.serial,
      id,
      object: label,
    });
    const [slot] = await access.slots(narrowed);
    return slot === undefined ? found : { ...found, slot };
  }

  return {
    identity: () => making ??= access.withTokens("make identity", make).finally(() => making = undefined),
    close: () => access.close(),
  };
}

/**
 * Makes a signer of a key on a token. Without a certificate it must be the only one that the URI means, and the token
 * must show its public key.
 *
 * Secret: PINs, which no error repeats.
 *
 * @param key the key's PKCS#11 URI
 * @throws {TypeError} for an option that does not exist
 * @throws {Pkcs11UriError} when the URI is malformed
 * @throws {TokenError} when key or token are not found, or the login fails
 */
export async function pkcs11Signer(key: string | Pkcs11Uri, options: TokenOptions): Promise<Pkcs11Signer> {
  checkOptions(options, TOKEN_OPTIONS, "pkcs11Signer");
  const uri = typeof key === "string" ? parsePkcs11Uri(key) : key;
  const { crypto } = options;
  const access = accessTo(options, [uri]);
  try {
    const found = await access.withTokens("find private key", () => findKey(access, { uri, crypto }));
    const { publicKey } = found;
    const algorithm = algorithmFor(publicKey, options.algorithm) ?? defaultAlgorithm(publicKey);
    requireFit(publicKey, algorithm);
    const locate = (): Promise<FoundKey> => findKey(access, { uri, publicKey, crypto });
    const signer = new TokenSigner(access, { algorithm, publicKey, crypto, locate }, found);
    return {
      algorithm,
      publicKey: signer.publicKey,
      sign: (message) => signer.sign(message),
      close: () => access.close(),
    };
  } catch (error) {
    await access.close();
    throw error;
  }
}

/** Tokens of the module that the options choose. */
export function accessTo(
  options: ModuleOptions & PinOptions & { readonly maxSessions?: number | undefined },
  uris: readonly (Pkcs11Uri | undefined)[],
): TokenAccess {
  const { pin, readPinSource, reusePin, maxSessions, module, foreign, calls, reserved } = options;
  const chosen: ModuleOptions = {
    module,
    ...(foreign === undefined ? {} : { foreign }),
    ...(calls === undefined ? {} : { calls }),
    ...(reserved === undefined ? {} : { reserved }),
  };
  return new TokenAccess({
    open: () => chosenModule(chosen, uris),
    pins: new PinStore({ pin, readPinSource, reusePin }, uris),
    maxSessions,
  });
}

/** Refuses options that do not exist: a misspelt one would mean another token than is thought. */
export function checkOptions(options: object, known: readonly string[], callee: string): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw new TypeError(`${callee}() has no option "${key}"`);
  }
}

/** Names of {@link TokenOptions}. */
export const TOKEN_OPTIONS: readonly string[] = [
  "module",
  "foreign",
  "calls",
  "reserved",
  "pin",
  "readPinSource",
  "reusePin",
  "crypto",
  "algorithm",
  "maxSessions",
];

const IDENTITY_OPTIONS: readonly string[] = ["certificate", "privateKey", "intermediates", "selector", "several"];

function uriOf(value: Pkcs11IdentityOptions["certificate"] | undefined): Pkcs11Uri | undefined {
  if (value instanceof Pkcs11Uri) return value;
  return typeof value === "string" && isPkcs11Uri(value) ? parsePkcs11Uri(value) : undefined;
}

function certificatesOf(input: CertificateInput): readonly Certificate[] {
  if (typeof input === "string" || input instanceof Uint8Array) return readCertificates(input);
  return "der" in input ? [input] : input;
}

function defaultAlgorithm(publicKey: PublicKey): SignatureAlgorithm {
  if (publicKey.type !== "ed25519") return sessionAlgorithm(publicKey);
  const message = "Cannot sign: Ed25519 keys do not sign for IAM Roles Anywhere";
  throw new TokenError("ERR_TOKEN_KEY_UNSUPPORTED", message);
}
