/**
 * One certificate, or one trust anchor, in a search for a path, with what has been found out about it: no check that
 * does not depend on the path is made twice.
 *
 * @module
 */

import { isCoded } from "../base-error.ts";
import { decodeLatin1 } from "../bytes/text.ts";
import type { PublicKey } from "../crypto/public-key.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { Name } from "../x509/name.ts";
import type { Refusal } from "./path-refusal.ts";
import type { TrustAnchor } from "./trust-anchor.ts";

/** What a member stands for. */
export type Position = "end-entity" | "intermediate" | "anchor";

/** A member of a path, or a candidate for one. */
export class PathMember {
  /** What it stands for. */
  readonly position: Position;
  /** The name that issuers are compared with. */
  readonly subject: Name;
  /** The certificate; undefined for an anchor that is a name and a key. */
  readonly certificate: Certificate | undefined;
  /** The anchor as the caller gave it. */
  readonly anchor: Certificate | TrustAnchor | undefined;
  /** Whether what the certificate says about certificates below it counts. */
  readonly constrains: boolean;
  /** Whether its period of validity counts. */
  readonly expires: boolean;
  /** The outcome of the checks that need no other certificate: null: passed; undefined: not made. */
  alone: Refusal | null | undefined = undefined;
  /**
   * The outcome of checking its signature, by the {@link PathMember.keyText} of the issuer: cross-certificates and
   * renewed ones share keys. null: it is right.
   */
  readonly signatures: Map<string, Refusal | null> = new Map();
  /** Who may have issued it; undefined: not looked for. */
  issuers: { readonly anchors: readonly PathMember[]; readonly intermediates: readonly PathMember[] } | undefined =
    undefined;
  #keyText: string | undefined = undefined;
  #selfIssued: boolean | undefined = undefined;
  #keyIdentifier: Uint8Array | null | undefined = undefined;

  /** Makes a member of a certificate whose names can be read, or of an anchor. */
  constructor(position: Position, given: Certificate | TrustAnchor) {
    const certificate = "der" in given ? given : given.certificate;
    this.position = position;
    this.certificate = certificate;
    this.subject = given.subject;
    this.anchor = position === "anchor" ? given : undefined;
    this.constrains = certificate !== undefined && ("der" in given || given.constraints === "enforce");
    this.expires = certificate !== undefined && ("der" in given || given.validity === "enforce");
  }

  /** The key. @throws {KeyError} when it is malformed or of a kind that is not supported */
  get publicKey(): PublicKey {
    const { anchor } = this;
    return anchor === undefined || "der" in anchor ? this.certificate!.publicKey : anchor.publicKey;
  }

  /** Text that is the same for the same octets of the key, whether it is supported or not. */
  get keyText(): string {
    return this.#keyText ??= decodeLatin1(this.certificate?.spki ?? this.publicKey.spki);
  }

  /** Whether subject and issuer are the same name (RFC 5280 §6.1). */
  get isSelfIssued(): boolean {
    return this.#selfIssued ??= this.certificate!.issuer.equals(this.subject);
  }

  /** Octets that name its key; undefined: it does not say, or they cannot be read. */
  get keyIdentifier(): Uint8Array | undefined {
    if (this.#keyIdentifier === undefined) {
      this.#keyIdentifier = hint(() => this.certificate?.subjectKeyIdentifier) ?? null;
    }
    return this.#keyIdentifier ?? undefined;
  }
}

/** A malformed hint is none; that it is malformed is found out when its certificate is checked. */
export function hint<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isCoded(error)) return undefined;
    throw error;
  }
}
