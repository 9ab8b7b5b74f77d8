/**
 * The names of a certificate that name constraints are about (RFC 5280 §4.2.1.10), by form.
 *
 * @module
 */

import { DerReader } from "../../der/reader.ts";
import { decodeString } from "../../der/strings.ts";
import { TAG } from "../../der/tag.ts";
import type { Bytes } from "../../bytes/bytes.ts";
import type { Certificate } from "../../x509/certificate.ts";
import type { GeneralName } from "../../x509/general-name.ts";
import { nameText } from "../../x509/name-text.ts";
import { directoryKey } from "../name-matching/directory-name.ts";
import { type DnsName, endsInNumber, isDnsName, parseDnsName } from "../name-matching/dns-name.ts";
import { addressText, parseAddress } from "../name-matching/ip-range.ts";
import { type Mailbox, parseMailbox } from "../name-matching/mailbox.ts";
import { parseUriHost } from "../name-matching/uri-host.ts";

/** A name, parsed; undefined: it cannot be, and is refused under any constraint of its form. */
export interface SubjectName<Parsed> {
  /** For messages: `dNSName "example.com"`. */
  readonly text: string;
  /** What constraints are compared with. */
  readonly parsed: Parsed | undefined;
}

/** Names of one certificate. */
export interface SubjectNames {
  readonly dNSName: readonly SubjectName<DnsName>[];
  readonly rfc822Name: readonly SubjectName<Mailbox>[];
  readonly uniformResourceIdentifier: readonly SubjectName<string>[];
  readonly iPAddress: readonly SubjectName<Bytes>[];
  readonly directoryName: readonly SubjectName<string>[];
  /** Forms that occur and whose constraints are not processed: with a constraint they are refused. */
  readonly others: ReadonlySet<GeneralName["form"]>;
  /** How many alternative names there are; without any, how many attributes of the subject stand for some. */
  readonly alternatives: number;
}

/**
 * Collects the names: the subject, unless it is empty, and the subject alternative names. Without subject alternative
 * names, emailAddress attributes of the subject are mailboxes (§4.2.1.10), and common names of an end entity that
 * look like hosts are hosts, because software that ignores RFC 9525 takes them for that.
 */
export function subjectNames(certificate: Certificate, endEntity: boolean): SubjectNames {
  const dNSName: SubjectName<DnsName>[] = [];
  const rfc822Name: SubjectName<Mailbox>[] = [];
  const uniformResourceIdentifier: SubjectName<string>[] = [];
  const iPAddress: SubjectName<Bytes>[] = [];
  const directoryName: SubjectName<string>[] = [];
  const others = new Set<GeneralName["form"]>();

  const { subject, subjectAlternativeName } = certificate;
  if (!subject.empty) directoryName.push({ text: "subject", parsed: directoryKey(subject) });
  for (const name of subjectAlternativeName ?? []) {
    switch (name.form) {
      case "dNSName":
        dNSName.push({ text: quoted(name.form, name.value), parsed: parseDnsName(name.value) });
        break;
      case "rfc822Name":
        rfc822Name.push({ text: quoted(name.form, name.value), parsed: parseMailbox(name.value, false) });
        break;
      case "uniformResourceIdentifier":
        uniformResourceIdentifier.push({ text: quoted(name.form, name.value), parsed: parseUriHost(name.value) });
        break;
      case "iPAddress":
        iPAddress.push({ text: `${name.form} ${addressText(name.value)}`, parsed: name.value });
        break;
      case "directoryName":
        directoryName.push({ text: quoted(name.form, nameText(name.value)), parsed: directoryKey(name.value) });
        break;
      case "otherName":
        others.add(name.form);
        if (name.oid === SMTP_UTF8_MAILBOX) rfc822Name.push(internationalMailbox(name.value));
        break;
      default:
        others.add(name.form);
    }
  }
  if (subjectAlternativeName === undefined) {
    for (const { oid, text } of subject.rdns.flat()) {
      if (oid === EMAIL_ADDRESS) {
        rfc822Name.push({
          text: quoted("emailAddress", text ?? ""),
          parsed: text === undefined ? undefined : parseMailbox(text, false),
        });
      } else if (oid === COMMON_NAME && endEntity && text !== undefined) addHost(text, dNSName, iPAddress);
    }
  }
  const alternatives = subjectAlternativeName?.length ?? rfc822Name.length + dNSName.length + iPAddress.length;
  return { dNSName, rfc822Name, uniformResourceIdentifier, iPAddress, directoryName, others, alternatives };
}

/** A common name that somebody might take for a host. */
function addHost(text: string, dNSName: SubjectName<DnsName>[], iPAddress: SubjectName<Bytes>[]): void {
  const host = text.toLowerCase();
  if (/^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$/.test(host)) {
    const octets = host.split(".").map(Number);
    const parsed = octets.every((octet) => octet < 256) ? Uint8Array.from(octets) : undefined;
    iPAddress.push({ text: quoted("commonName", text), parsed });
  } else if (host.includes(":")) {
    const parsed = parseAddress(host);
    if (parsed !== undefined) iPAddress.push({ text: quoted("commonName", text), parsed });
  } else if (host.includes(".") && isDnsName(host.replace(/^\*\./, "")) && !endsInNumber(host)) {
    dNSName.push({ text: quoted("commonName", text), parsed: parseDnsName(host) });
  }
}

/** SmtpUTF8Mailbox ::= UTF8String (RFC 9598 §3); rfc822Name constraints are about it (§6). */
function internationalMailbox(value: Bytes): SubjectName<Mailbox> {
  const reader = new DerReader(value);
  const content = reader.peek() === TAG.utf8String ? reader.content(TAG.utf8String, "SmtpUTF8Mailbox") : undefined;
  const text = content === undefined ? undefined : decodeString(TAG.utf8String, content);
  return {
    text: quoted("SmtpUTF8Mailbox", text ?? ""),
    parsed: text === undefined ? undefined : parseMailbox(text, true),
  };
}

function quoted(form: string, text: string): string {
  return `${form} "${text}"`;
}

const EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
const COMMON_NAME = "2.5.4.3";
const SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9";
