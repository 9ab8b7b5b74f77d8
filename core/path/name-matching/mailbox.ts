/**
 * rfc822Name constraints (RFC 5280 §4.2.1.10) and mailboxes, internationalized ones (RFC 9598) included.
 *
 * @module
 */

import { endsInNumber, isDnsName } from "./dns-name.ts";

/** A mailbox. */
export interface Mailbox {
  /** The part before the last at sign, without the quotes that it may have, compared octet by octet. */
  readonly local: string;
  /** A dot and the domain, in lower case. */
  readonly dotted: string;
}

/** Mailboxes that a constraint is about. */
export interface MailboxSubtree {
  /** The one mailbox; absent: every mailbox of the host or of the hosts. */
  readonly local?: string;
  /** A dot and the host or domain, in lower case. */
  readonly dotted: string;
  /** Whether the hosts below the domain are meant, and not the host itself. */
  readonly below: boolean;
}

/**
 * Reads a Mailbox (RFC 5321 §4.1.2). The domain is a DNS name; an address literal in its place is under no
 * constraint that could be checked.
 *
 * @param international whether the local part may go beyond ASCII, as in SmtpUTF8Mailbox
 * @returns undefined when it is none
 */
export function parseMailbox(text: string, international: boolean): Mailbox | undefined {
  const at = text.lastIndexOf("@");
  if (at < 1) return undefined;
  const local = text.slice(0, at);
  const domain = text.slice(at + 1).toLowerCase();
  if (!(international ? INTERNATIONAL_LOCAL : LOCAL).test(local)) return undefined;
  if (!isHost(domain)) return undefined;
  // "one"@example.com is one@example.com (RFC 5321 §4.1.2).
  const plain = local.startsWith('"') ? local.slice(1, -1).replace(/\\(.)/g, "$1") : local;
  return { local: plain, dotted: `.${domain}` };
}

/** Reads a constraint: a mailbox, a host, or a domain after a dot; undefined when it is none of them. */
export function parseMailboxSubtree(text: string): MailboxSubtree | undefined {
  if (text.includes("@")) {
    const mailbox = parseMailbox(text, false);
    return mailbox === undefined ? undefined : { ...mailbox, below: false };
  }
  const below = text.startsWith(".");
  const domain = (below ? text.slice(1) : text).toLowerCase();
  return isHost(domain) ? { dotted: `.${domain}`, below } : undefined;
}

/** Whether the mailbox is one of those. */
export function coversMailbox(subtree: MailboxSubtree, mailbox: Mailbox): boolean {
  if (subtree.below) {
    return mailbox.dotted.length > subtree.dotted.length && mailbox.dotted.endsWith(subtree.dotted);
  }
  return mailbox.dotted === subtree.dotted && (subtree.local === undefined || subtree.local === mailbox.local);
}

function isHost(domain: string): boolean {
  return isDnsName(domain) && !endsInNumber(domain);
}

/** Dot-string or Quoted-string (RFC 5321 §4.1.2). */
const LOCAL = /^(?:[\w!#$%&'*+\-/=?^`{|}~]+(?:\.[\w!#$%&'*+\-/=?^`{|}~]+)*|"(?:[ !#-[\]-~]|\\[ -~])*")$/;

/** The same with UTF8-non-ascii (RFC 6531 §3.3). */
const INTERNATIONAL_LOCAL =
  /^(?:[\w!#$%&'*+\-/=?^`{|}~\u0080-\uffff]+(?:\.[\w!#$%&'*+\-/=?^`{|}~\u0080-\uffff]+)*|"(?:[ !#-[\]-~\u0080-\uffff]|\\[ -~])*")$/;
