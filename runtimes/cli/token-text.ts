/**
 * Tokens and what is on them, as text and as JSON.
 *
 * @module
 */

import { encodeBase64 } from "../../core/bytes/base64.ts";
import { encodeHex } from "../../core/bytes/hex.ts";
import { visibleText } from "../../core/bytes/visible-text.ts";
import { nameText } from "../../core/x509/name-text.ts";

/** The bridge is loaded when the command is called. */
type TokenListing = typeof import("../../hsm-bridge/pkcs11/token-listing.ts");
type TokenList = Awaited<ReturnType<TokenListing["listTokens"]>>;
type ListedToken = TokenList["tokens"][number];
type ListedObject = ListedToken["objects"][number];

/** One JSON object: module, tokens, objects, each with the URI that names it. Public: no PIN is in it. */
export function tokenListJson({ module, info, tokens }: TokenList): string {
  return JSON.stringify({
    module,
    manufacturer: info.manufacturer,
    description: info.libraryDescription,
    tokens: tokens.map((token) => ({
      label: token.token.label,
      manufacturer: token.token.manufacturer,
      model: token.token.model,
      serialNumber: token.token.serial,
      slotId: String(token.id),
      uri: token.uri,
      loginRequired: token.loginRequired,
      pinPad: token.protectedAuthenticationPath,
      tries: token.tries ?? null,
      refusal: token.refusal?.returnValueName ?? null,
      objects: token.objects.map(objectFacts),
    })),
  }) + "\n";
}

function objectFacts({ type, uri, label, id, certificate, keyType, publicKey, alwaysAuthenticate }: ListedObject) {
  return {
    type,
    uri,
    label: label ?? null,
    id: id === undefined ? null : encodeHex(id),
    ...(certificate === undefined ? {} : {
      subject: nameText(certificate.subject),
      issuer: nameText(certificate.issuer),
      serialNumber: certificate.serialNumberHex.toUpperCase(),
      notAfter: new Date(certificate.notAfter).toISOString(),
    }),
    ...(type === "certificate" ? {} : { keyType: keyType ?? null }),
    ...(publicKey === undefined ? {} : { publicKey: encodeBase64(publicKey.spki) }),
    ...(alwaysAuthenticate === undefined ? {} : { alwaysAuthenticate }),
  };
}

/** The same for people. */
export function tokenListText({ module, info, tokens }: TokenList): string {
  const lines = [
    `Module: ${module} (${[info.libraryDescription, info.manufacturer].filter((text) => text !== "").join(", ")})`,
  ];
  if (tokens.length === 0) lines.push("No matching tokens");
  for (const token of tokens) lines.push("", ...tokenLines(token));
  return lines.map((line) => visibleText(line)).join("\n") + "\n";
}

function tokenLines({ token, uri, loginRequired, protectedAuthenticationPath, tries, refusal, objects }: ListedToken) {
  const pin = loginRequired ? protectedAuthenticationPath ? "typed at the device" : "wanted" : "not wanted";
  const count = tries === undefined ? "" : `; ${TRIES[tries]}`;
  // One that was never initialised has neither a label nor a serial number.
  const name = token.label === "" ? "" : ` ${token.label}`;
  const facts = [token.manufacturer, token.model, token.serial].filter((text) => text !== "").join(", ");
  if (refusal !== undefined) return [`Token:${name} (${facts})`, `  ${refusal.message}`];
  return [
    `Token:${name} (${facts})`,
    `  URI: ${uri}`,
    `  PIN: ${pin}${count}`,
    ...objects.flatMap((object) => [`  ${objectText(object)}`, `    URI: ${object.uri}`]),
  ];
}

function objectText({ type, label, certificate, keyType, alwaysAuthenticate }: ListedObject): string {
  const name = `${type[0]!.toUpperCase()}${type.slice(1)}${label === undefined ? "" : ` ${label}`}`;
  if (certificate !== undefined) {
    const until = new Date(certificate.notAfter).toISOString().replace(/\.\d+/, "");
    return `${name}: ${nameText(certificate.subject)}, until ${until}`;
  }
  const always = alwaysAuthenticate === true ? ", wants a PIN at each signature" : "";
  return `${name}: ${keyType ?? "of a type that is not used here"}${always}`;
}

const TRIES = {
  low: "wrong ones were given before, and some more lock it",
  last: "one more wrong one locks it",
  none: "it is locked",
} as const;
