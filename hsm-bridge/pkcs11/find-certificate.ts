/**
 * Certificates on tokens, and the one that is meant.
 *
 * @module
 */

import { isCoded } from "../../core/base-error.ts";
import { type Bytes, equalBytes } from "../../core/bytes/bytes.ts";
import { type CertificateSelector, EVERY_CERTIFICATE } from "../../core/selection/certificate-selector.ts";
import { chooseCertificate } from "../../core/selection/choose-certificate.ts";
import { type Certificate, parseCertificate } from "../../core/x509/certificate.ts";
import { CKA } from "./constants.ts";
import type { Pkcs11Uri } from "./pkcs11-uri.ts";
import { noSlot, severalSlots, type TokenSlot } from "./slots.ts";
import type { TokenAccess } from "./token-access.ts";
import { TokenError } from "./token-error.ts";
import type { TokenSession } from "./token-session.ts";
import { objectUri, searchTemplate } from "./uri-matching.ts";

/** A certificate on a token. */
export interface TokenCertificate {
  /** The certificate. */
  readonly certificate: Certificate;
  /** Where it is. */
  readonly slot: TokenSlot;
  /** CKA_ID, which its key has as well; undefined: it has none. */
  readonly id: Bytes | undefined;
  /** CKA_LABEL; undefined: it has none. */
  readonly label: string | undefined;
}

/** Which certificate of a token is meant, beyond the URI. */
export interface CertificateChoice {
  /** What the certificate must have besides; default: nothing. */
  readonly selector?: CertificateSelector | undefined;
  /** What becomes of more than one; default `refuse`. */
  readonly several?: "refuse" | "latest-expiring" | undefined;
}

/** The URI of a certificate on a token, without a PIN. */
export function certificateUri({ slot, id, label }: TokenCertificate): Pkcs11Uri {
  return objectUri(slot, { id, object: label, type: "cert" });
}

/** Every certificate of an open token that the URI means; what is no X.509 certificate is left out. */
export async function readTokenCertificates(token: TokenSession, uri: Pkcs11Uri): Promise<readonly TokenCertificate[]> {
  const { cryptoki, slot } = token;
  return await token.use(async (session) => {
    const found: TokenCertificate[] = [];
    for (const handle of await cryptoki.findObjects(session, searchTemplate(uri, "certificate"))) {
      const attributes = await cryptoki.getAttributes(session, handle, [CKA.VALUE, CKA.ID, CKA.LABEL]);
      const certificate = parsed(attributes.bytes(CKA.VALUE));
      if (certificate === undefined) continue;
      const id = attributes.bytes(CKA.ID);
      const label = attributes.text(CKA.LABEL);
      found.push({
        certificate,
        slot,
        id: id === undefined || id.length === 0 ? undefined : id,
        label: label === "" ? undefined : label,
      });
    }
    return found;
  });
}

/**
 * Every certificate that the URI means, on all tokens that it fits: searched without a login; where there is none, and
 * the token is one alone, once more with it.
 *
 * @throws {TokenError} `ERR_TOKEN_NO_SLOT`, `ERR_TOKEN_SEVERAL_SLOTS`, `ERR_TOKEN_NO_CERTIFICATE`, or as `logIn`
 */
export async function findCertificates(access: TokenAccess, uri: Pkcs11Uri): Promise<readonly TokenCertificate[]> {
  const slots = await access.slots(uri);
  const found: TokenCertificate[] = [];
  for (const slot of slots) found.push(...await readTokenCertificates(await access.token(slot), uri));
  if (found.length > 0) return found;
  const [only] = slots;
  if (only === undefined) throw noSlot("find certificate", uri);
  if (slots.length > 1) throw severalSlots("find certificate", uri, slots);
  const token = await access.token(only);
  if (token.loginRequired) {
    await token.login(access.pins);
    const private_ = await readTokenCertificates(token, uri);
    if (private_.length > 0) return private_;
  }
  const message = `Cannot find certificate: no matching certificates: none on token "${only.token.label}" fits ${uri}`;
  throw new TokenError("ERR_TOKEN_NO_CERTIFICATE", message, { uri: String(uri), token: only.token.label });
}

/**
 * The one certificate that is meant. The same certificate counts once, however often it is there.
 *
 * @throws {TokenError} as {@link findCertificates}, and `ERR_TOKEN_SEVERAL_CERTIFICATES`
 * @throws {SelectionError} when a selector, or the latest one, is asked for, and there is none, or more than one
 */
export async function findCertificate(
  access: TokenAccess,
  uri: Pkcs11Uri,
  { selector, several = "refuse" }: CertificateChoice,
): Promise<TokenCertificate> {
  const found = await findCertificates(access, uri);
  if (selector !== undefined || several !== "refuse") {
    // Certificates of authorities are on tokens as parts of chains: no session is made with them.
    const holders = found.filter(({ certificate }) => certificate.basicConstraints?.ca !== true);
    return chooseCertificate(holders, selector ?? EVERY_CERTIFICATE, several);
  }
  const first = found[0]!;
  const others = found.filter(({ certificate }) => !equalBytes(certificate.der, first.certificate.der));
  if (others.length === 0) return first;
  const listed = [first, ...others].slice(0, MAX_LISTED).map((each) => String(certificateUri(each)));
  const message = `Cannot find certificate: multiple matching certificates: ${others.length + 1} fit ${uri}: ` +
    `${listed.join(", ")}; name one of them, give a selector, or take the one that expires last`;
  throw new TokenError("ERR_TOKEN_SEVERAL_CERTIFICATES", message, { uri: String(uri) });
}

function parsed(der: Bytes | undefined): Certificate | undefined {
  if (der === undefined || der.length === 0) return undefined;
  try {
    return parseCertificate(der);
  } catch (error) {
    if (!isCoded(error)) throw error;
    return undefined; // Tokens hold what was written to them; this is none of ours.
  }
}

/** So many certificates are named in an error. */
const MAX_LISTED = 4;
