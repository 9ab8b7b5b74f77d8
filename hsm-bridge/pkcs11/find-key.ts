/**
 * The private key that is meant: by label and id, by the id of its certificate, and by what it signs.
 *
 * @module
 */

import { type Bytes, equalBytes } from "../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import type { PublicKey } from "../../core/crypto/public-key.ts";
import { sessionAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import { samePublicKey } from "../../core/sign/identity.ts";
import { verifySignature } from "../../core/sign/verify-signature.ts";
import { CKA, CKO } from "./constants.ts";
import { readTokenCertificates, type TokenCertificate } from "./find-certificate.ts";
import { Pkcs11Uri } from "./pkcs11-uri.ts";
import { mayHoldKeys, noSlot, severalSlots, type TokenSlot } from "./slots.ts";
import type { TokenAccess } from "./token-access.ts";
import { isLoss, TokenError } from "./token-error.ts";
import { keyTypeOf, publicKeyAttributes, publicKeyOf, type TokenKeyType } from "./token-public-key.ts";
import type { TokenSession } from "./token-session.ts";
import { signOnToken, type TokenKey } from "./token-signature.ts";
import { objectUri, searchTemplate } from "./uri-matching.ts";

/** Which key is looked for. */
export interface KeySearch {
  /** The key; undefined: the one of the certificate on the token. */
  readonly uri?: Pkcs11Uri | undefined;
  /** The certificate, where a token holds it. */
  readonly certificate?: TokenCertificate | undefined;
  /** The public key that it must belong to; undefined: it is not known, and there must be one candidate. */
  readonly publicKey?: PublicKey | undefined;
  /** Checks what candidates sign. */
  readonly crypto: CryptoProvider;
}

/** A private key on an open token, and the public key that it belongs to. */
export interface FoundKey extends TokenKey {
  /** The public key: the token says so, or a signature was verified with it. */
  readonly publicKey: PublicKey;
}

/**
 * Finds the key on the one token that is meant, and logs in there.
 *
 * Secret: the PIN.
 *
 * @throws {TokenError} `ERR_TOKEN_NO_SLOT`, `ERR_TOKEN_SEVERAL_SLOTS`, `ERR_TOKEN_NO_KEY`, `ERR_TOKEN_SEVERAL_KEYS`,
 * `ERR_TOKEN_KEY_UNSUPPORTED`, `ERR_TOKEN_PUBLIC_KEY`, or as `logIn`
 */
export async function findKey(access: TokenAccess, search: KeySearch): Promise<FoundKey> {
  const { certificate } = search;
  const uri = search.uri ?? derivedUri(certificate);
  const slot = await slotOf(access, uri, certificate?.slot);
  const token = await access.token(slot);
  const given = uri.pinValue() ?? uri.attributes.pinSource;
  if (token.loginRequired || given !== undefined) await token.login(access.pins);
  const candidates = await findCandidates(token, uri, search);
  const { publicKey } = search;
  return publicKey === undefined
    ? await onlyKey(access, token, uri, candidates, search.crypto)
    : await keyOf(access, token, uri, candidates, publicKey, search.crypto);
}

interface Candidate {
  readonly key: TokenKey;
  readonly type: TokenKeyType;
  readonly id: Bytes | undefined;
  /** What the object itself shows of its public key. */
  readonly shown: PublicKey | undefined;
}

/** The token where the certificate is, without its object: what is searched there is decided below. */
function derivedUri(certificate: TokenCertificate | undefined): Pkcs11Uri {
  if (certificate === undefined) throw new TypeError(`"privateKey" is required where the certificate is on no token`);
  const { slot, id, label } = certificate;
  return objectUri(slot, { id, object: label });
}

async function slotOf(access: TokenAccess, uri: Pkcs11Uri, preferred: TokenSlot | undefined): Promise<TokenSlot> {
  const all = await access.slots(uri);
  const same = all.find(({ id }) => id === preferred?.id);
  if (same !== undefined) return same;
  const slots = all.length > 1 ? all.filter(mayHoldKeys) : all;
  if (slots.length > 1) throw severalSlots("find private key", uri, slots);
  if (slots.length === 0) throw noSlot("find private key", uri);
  return slots[0]!;
}

/**
 * By label and id; then, as private keys of some tokens have no label, by the id of the certificate, or by the ids of the
 * certificates and public keys that have the label.
 */
async function findCandidates(
  token: TokenSession,
  uri: Pkcs11Uri,
  search: KeySearch,
): Promise<readonly Candidate[]> {
  const exact = await readKeys(token, uri);
  if (exact.length > 0 || uri.attributes.object === undefined) return exact;
  if (search.uri === undefined) {
    return uri.attributes.id === undefined ? [] : await readKeys(token, uri.with({ object: undefined }));
  }
  const found: Candidate[] = [];
  for (const id of await idsOfLabel(token, uri)) {
    for (const candidate of await readKeys(token, uri.with({ object: undefined, id }))) {
      if (!found.some(({ key }) => key.handle === candidate.key.handle)) found.push(candidate);
    }
  }
  return found;
}

async function readKeys(token: TokenSession, uri: Pkcs11Uri): Promise<readonly Candidate[]> {
  const { cryptoki, slot } = token;
  return await token.use(async (session) => {
    const found: Candidate[] = [];
    for (const handle of await cryptoki.findObjects(session, searchTemplate(uri, "private key"))) {
      const attributes = await cryptoki.getAttributes(session, handle, keyAttributes());
      const type = keyTypeOf(attributes);
      if (type === undefined || attributes.boolean(CKA.SIGN) === false) continue;
      const id = attributes.bytes(CKA.ID);
      const key = {
        token,
        handle,
        uri: objectUri(slot, { id, object: attributes.text(CKA.LABEL), type: "private" }),
        // Some modules do not know the attribute (NSS): such a key does not ask.
        alwaysAuthenticate: attributes.boolean(CKA.ALWAYS_AUTHENTICATE) ?? false,
      };
      found.push({ key, type, id: id?.length ? id : undefined, shown: publicKeyOf(attributes) });
    }
    return found;
  });
}

async function idsOfLabel(token: TokenSession, uri: Pkcs11Uri): Promise<readonly Bytes[]> {
  const { cryptoki } = token;
  return await token.use(async (session) => {
    const ids: Bytes[] = [];
    for (const searched of ["certificate", "public key"] as const) {
      for (const handle of await cryptoki.findObjects(session, searchTemplate(uri, searched))) {
        const id = (await cryptoki.getAttributes(session, handle, [CKA.ID])).bytes(CKA.ID);
        if (id?.length && !ids.some((known) => equalBytes(known, id))) ids.push(id);
      }
    }
    return ids;
  });
}

/** The candidate that signs for this public key. */
async function keyOf(
  access: TokenAccess,
  token: TokenSession,
  uri: Pkcs11Uri,
  candidates: readonly Candidate[],
  publicKey: PublicKey,
  crypto: CryptoProvider,
): Promise<FoundKey> {
  if (publicKey.type === "ed25519") throw unsupported(token, uri, "Ed25519");
  let failure: unknown;
  const possible = candidates.filter(({ type, shown }) =>
    type === publicKey.type && (shown === undefined || samePublicKey(shown, publicKey))
  );
  for (const candidate of possible) {
    const { key, shown } = candidate;
    try {
      // Where the token says so itself, no signature is spent, nor a PIN, a touch or the time of a slow card.
      const said = shown !== undefined ||
        (possible.length === 1 &&
          (await publicObjects(token, candidate)).some((each) => samePublicKey(each, publicKey)));
      if (said || await signsFor(access, key, publicKey, crypto)) return { ...key, publicKey };
    } catch (error) {
      if (isLoss(error) || (error as Error).name === "TokenError") throw error;
      failure = error;
    }
  }
  throw noKey(
    token,
    uri,
    candidates.length === 0
      ? "no private key fits"
      : `unable to find matching private key: of ${candidates.length} that fit, none is that of the certificate`,
    failure,
  );
}

/** The only candidate, and its public key as the token shows it. */
async function onlyKey(
  access: TokenAccess,
  token: TokenSession,
  uri: Pkcs11Uri,
  candidates: readonly Candidate[],
  crypto: CryptoProvider,
): Promise<FoundKey> {
  const [only, second] = candidates;
  if (only === undefined) throw noKey(token, uri, "no private key fits");
  const { label } = token.slot.token;
  if (second !== undefined) {
    const listed = candidates.slice(0, MAX_LISTED).map(({ key }) => String(key.uri));
    const message =
      `Cannot find private key: multiple matching private keys, but no certificate provided to match with: ` +
      `${candidates.length} on token "${label}" fit ${uri}: ${listed.join(", ")}`;
    throw new TokenError("ERR_TOKEN_SEVERAL_KEYS", message, { uri: String(uri), token: label });
  }
  const shown = only.shown === undefined ? await publicKeysBeside(token, only) : [only.shown];
  for (const publicKey of shown) {
    if (only.key.alwaysAuthenticate || await signsFor(access, only.key, publicKey, crypto)) {
      return { ...only.key, publicKey };
    }
  }
  const message =
    `Cannot find private key: token "${label}" does not show the public key of ${only.key.uri}; give its ` +
    "certificate";
  throw new TokenError("ERR_TOKEN_PUBLIC_KEY", message, { uri: String(only.key.uri), token: label });
}

/** Public keys in the public key objects and certificates that have the key's id. */
async function publicKeysBeside(token: TokenSession, candidate: Candidate): Promise<readonly PublicKey[]> {
  const { id, type } = candidate;
  if (id === undefined) return [];
  const certificates = await readTokenCertificates(token, new Pkcs11Uri({ id }));
  return [
    ...await publicObjects(token, candidate),
    ...certificates.map(({ certificate }) => certificate.publicKey).filter((key) => key.type === type),
  ];
}

/** Public keys in the public key objects that have the key's id: they were made together, as the token has it. */
async function publicObjects(token: TokenSession, { id, type }: Candidate): Promise<readonly PublicKey[]> {
  if (id === undefined) return [];
  const { cryptoki } = token;
  return await token.use(async (session) => {
    const found: (PublicKey | undefined)[] = [];
    const template = [{ type: CKA.CLASS, value: CKO.PUBLIC_KEY }, { type: CKA.ID, value: id }];
    for (const handle of await cryptoki.findObjects(session, template)) {
      const attributes = await cryptoki.getAttributes(session, handle, [...publicKeyAttributes(), CKA.VALUE]);
      found.push(publicKeyOf(attributes, attributes.bytes(CKA.VALUE)));
    }
    return found.filter((key): key is PublicKey => key?.type === type);
  });
}

/** Whether the key's signature of a probe verifies with the public key. */
async function signsFor(
  access: TokenAccess,
  key: TokenKey,
  publicKey: PublicKey,
  crypto: CryptoProvider,
): Promise<boolean> {
  if (publicKey.type === "ed25519") return false;
  const algorithm = sessionAlgorithm(publicKey);
  let signature: Bytes;
  try {
    signature = await signOnToken(key, PROBE, { algorithm, publicKey, crypto, pins: access.pins });
  } catch (error) {
    // A key of another length or curve.
    if ((error as Partial<TokenError>).code === "ERR_TOKEN_SIGNATURE") return false;
    throw error;
  }
  return await verifySignature(crypto, algorithm, publicKey, PROBE, signature);
}

function noKey(token: TokenSession, uri: Pkcs11Uri, state: string, cause?: unknown): TokenError {
  const { label } = token.slot.token;
  const message = `Cannot find private key: ${state} on token "${label}" for ${uri}`;
  return new TokenError("ERR_TOKEN_NO_KEY", message, { uri: String(uri), token: label, cause });
}

function unsupported(token: TokenSession, uri: Pkcs11Uri, type: string): TokenError {
  const { label } = token.slot.token;
  const message = `Cannot find private key: ${type} keys do not sign for IAM Roles Anywhere`;
  return new TokenError("ERR_TOKEN_KEY_UNSUPPORTED", message, { uri: String(uri), token: label });
}

/** What candidates sign. */
const PROBE: Bytes = /* @__PURE__ */ encodeUtf8("anyrole: is this the key of the certificate?");

function keyAttributes(): readonly number[] {
  return [...publicKeyAttributes(), CKA.ID, CKA.LABEL, CKA.SIGN, CKA.ALWAYS_AUTHENTICATE];
}

/** So many keys are named in an error. */
const MAX_LISTED = 4;
