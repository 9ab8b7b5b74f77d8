/**
 * What a PKCS#11 URI means (RFC 7512 §2.4): modules, slots, tokens, and the template that finds objects. Texts are equal
 * to the letter; blanks that pad the module's fields do not count.
 *
 * @module
 */

import type { Attribute, Template } from "./attributes.ts";
import { CKA, CKC, CKO } from "./constants.ts";
import type { ModuleInfo } from "./cryptoki.ts";
import { Pkcs11Uri, type Pkcs11UriAttributes } from "./pkcs11-uri.ts";
import type { TokenSlot } from "./slots.ts";

/** Whether the URI's `library-…` attributes are those of the module. */
export function fitsModule(uri: Pkcs11Uri, info: ModuleInfo): boolean {
  const { libraryManufacturer, libraryDescription, libraryVersion } = uri.attributes;
  return fits(libraryManufacturer, info.manufacturer) && fits(libraryDescription, info.libraryDescription) &&
    (libraryVersion === undefined ||
      (libraryVersion.major === info.libraryVersion.major && libraryVersion.minor === info.libraryVersion.minor));
}

/** Whether the URI's attributes of slot and token are those of this one. */
export function fitsSlot(uri: Pkcs11Uri, { id, slot, token }: TokenSlot): boolean {
  const wanted = uri.attributes;
  return (wanted.slotId === undefined || wanted.slotId === id) &&
    fits(wanted.slotDescription, slot.description) && fits(wanted.slotManufacturer, slot.manufacturer) &&
    fits(wanted.token, token.label) && fits(wanted.manufacturer, token.manufacturer) &&
    fits(wanted.model, token.model) && fits(wanted.serial, token.serial);
}

/** The classes of objects that are looked for. */
export type SearchedClass = "certificate" | "private key" | "public key";

/**
 * What finds the objects of a class that the URI means: by `object` and `id`. Its `type` does not count: the class that
 * is needed says more.
 */
export function searchTemplate(uri: Pkcs11Uri, searched: SearchedClass): Template {
  const { object, id } = uri.attributes;
  const template: Attribute[] = [{ type: CKA.CLASS, value: classOf(searched) }];
  if (searched === "certificate") template.push({ type: CKA.CERTIFICATE_TYPE, value: CKC.X_509 });
  if (object !== undefined) template.push({ type: CKA.LABEL, value: object });
  if (id !== undefined) template.push({ type: CKA.ID, value: id });
  return template;
}

/** The attributes of a URI that mean exactly this slot's token, wherever it is plugged in. */
export function tokenAttributes({ token }: TokenSlot): Pkcs11UriAttributes {
  const { label, manufacturer, model, serial } = token;
  return { token: label, manufacturer, model, serial };
}

/** The URI of an object on a token: what the listing shows. */
export function objectUri(
  slot: TokenSlot,
  object: Pick<Pkcs11UriAttributes, "id" | "object" | "type">,
): Pkcs11Uri {
  return new Pkcs11Uri({ ...tokenAttributes(slot), ...object });
}

function fits(wanted: string | undefined, found: string): boolean {
  return wanted === undefined || withoutPadding(wanted) === withoutPadding(found);
}

function withoutPadding(text: string): string {
  return text.replace(/[ \0]+$/, "");
}

function classOf(searched: SearchedClass): number {
  return searched === "certificate" ? CKO.CERTIFICATE : searched === "private key" ? CKO.PRIVATE_KEY : CKO.PUBLIC_KEY;
}
