/**
 * What `doctor` says about a certificate, the chain that is sent with it, its trust anchor and revocation lists.
 *
 * @module
 */

import { isCoded } from "../../core/base-error.ts";
import { equalBytes } from "../../core/bytes/bytes.ts";
import type { RevocationListState, TrustAnchorState } from "../../core/decision/mod.ts";
import { isPkcs12 } from "../../core/keys/pkcs12-form.ts";
import { crlChecker } from "../../core/path/revocation/crl-checker.ts";
import {
  endEntityFindings,
  endEntityWarnings,
  ROLES_ANYWHERE_PROFILE,
} from "../../core/path/roles-anywhere-profile.ts";
import { validatePath } from "../../core/path/validate-path.ts";
import type { SessionIdentity } from "../../core/session/request.ts";
import { arrangeChain } from "../../core/sign/arrange-chain.ts";
import { type Certificate, parseCertificate } from "../../core/x509/certificate.ts";
import { nameText } from "../../core/x509/name-text.ts";
import { DEFAULT_MAX_CERTIFICATES_LENGTH, readCertificates } from "../../core/x509/read-certificates.ts";
import type { Host } from "../host.ts";
import type { Findings } from "./doctor-finding.ts";
import type { Diagnosis } from "./doctor-flags.ts";
import { readLists, readTrustAnchor } from "./explain-inputs.ts";
import type { FlagValues } from "./flags.ts";
import { naming } from "./input-files.ts";

/** The certificate and what is sent with it. */
export interface Presented {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
}

const DAY_MS = 86_400_000;

/** What an identity presents. */
export function presented({ certificate, chain }: SessionIdentity): Presented {
  return { certificate: parseCertificate(certificate.der), chain: chain.map(({ der }) => parseCertificate(der)) };
}

/** What the files present, when no identity could be made; undefined: there is no certificate in them. */
export function presentedByFile(host: Host, values: FlagValues): Presented | undefined {
  const [first = [], others = []] = ["certificate", "intermediates"].map((flag) => {
    const path = values.text(flag);
    return path === undefined ? [] : certificatesIn(host, path);
  });
  const [certificate, ...rest] = first;
  return certificate && { certificate, chain: arrangeChain(certificate, [...rest, ...others]) };
}

/** Names, validity, and the service's rules. */
export function checkCertificate({ certificate }: Presented, now: number, findings: Findings): void {
  const { notBefore, notAfter } = certificate;
  findings.ok(
    "certificate",
    "subject",
    `${nameText(certificate.subject)}, serial number ${certificate.serialNumberHex}`,
  );
  const [from, until] = [timeText(notBefore), timeText(notAfter)];
  const renew = "have the certificate renewed";
  if (now < notBefore) {
    findings.error(
      "certificate",
      "validity",
      `it is valid from ${from}, and this machine's clock says ${timeText(now)}`,
      "the service refuses certificates that are not valid yet",
      "wait, or set the clock",
    );
  } else if (now > notAfter) {
    findings.error(
      "certificate",
      "validity",
      `it expired at ${until}`,
      "the service refuses expired certificates",
      renew,
    );
  } else if (notAfter - now < (notAfter - notBefore) / 10) {
    findings.warning(
      "certificate",
      "validity",
      `it is valid until ${until}, ${lifeText(notAfter - now)} from now`,
      "less than a tenth of its life is left; then no session can be made",
      `${renew}; files are read again when they change`,
    );
  } else findings.ok("certificate", "validity", `until ${until}, ${lifeText(notAfter - now)} from now`);
  checkRules(certificate, findings);
}

function checkRules(certificate: Certificate, findings: Findings): void {
  try {
    const broken = endEntityFindings(certificate);
    const anew = "have the certificate issued anew: X.509 v3, no CA, keyUsage digitalSignature, SHA-256 or stronger";
    for (const { rule, state, message } of broken) {
      findings.error("certificate", "rules", state, `IAM Roles Anywhere wants ${rule} and answers "${message}"`, anew);
    }
    for (const { rule, state } of endEntityWarnings(certificate)) {
      findings.warning("certificate", "rules", state, `IAM Roles Anywhere may want ${rule}`, anew);
    }
    if (broken.length === 0) findings.ok("certificate", "rules", "it is what IAM Roles Anywhere asks of end entities");
  } catch (error) {
    findings.failure("certificate", "rules", error, "have the certificate issued anew");
  }
}

/** What the files hold besides the intermediates that are needed. */
export function checkChainFiles(
  host: Host,
  values: FlagValues,
  { certificate, chain }: Presented,
  findings: Findings,
): void {
  const path = values.text("intermediates");
  let given: readonly Certificate[] = [];
  if (path !== undefined) {
    try {
      given = certificatesIn(host, path);
    } catch (error) {
      findings.failure("chain", "intermediates", error, "give --intermediates a file of certificates, PEM or DER");
    }
  }
  const leftOut = "anyrole leaves it out, aws_signing_helper sends it, and the service may refuse the chain for it";
  if (given.some((one) => equalBytes(one.der, certificate.der))) {
    findings.warning(
      "chain",
      "leaf-in-chain",
      `${path} holds the certificate itself`,
      leftOut,
      "keep the intermediate certificates alone in that file",
    );
  }
  if (given.some((one) => one.subject.equals(one.issuer))) {
    findings.warning(
      "chain",
      "root-in-chain",
      `${path} holds a root certificate`,
      leftOut,
      "keep the intermediate certificates alone in that file",
    );
  }
  const strangers = given.filter((one) =>
    !one.subject.equals(one.issuer) && !equalBytes(one.der, certificate.der) &&
    !chain.some((sent) => equalBytes(sent.der, one.der))
  );
  if (strangers.length > 0) {
    findings.warning(
      "chain",
      "strangers",
      `${path} holds ${strangers.length} that do not lead upwards from the certificate: ` +
        strangers.map(({ subject }) => nameText(subject)).join("; "),
      "they are not sent; perhaps the right ones are missing",
      "give the certificates between this one and its trust anchor",
    );
  }
  const issuer = (chain.at(-1) ?? certificate).issuer;
  findings.ok("chain", "sent", `${chain.length} intermediates are sent; the last issuer is ${nameText(issuer)}`);
}

/** Validates the chain against the trust anchor, where one is given. */
export async function checkTrust(
  host: Host,
  diagnosis: Diagnosis,
  { certificate, chain }: Presented,
  findings: Findings,
): Promise<void> {
  const { trustAnchor: anchorPath, lists: listPaths } = diagnosis;
  if (anchorPath === undefined) {
    findings.ok("chain", "trust-anchor", "not checked: no trust anchor is given", "pass --trust-anchor and its CA");
    return;
  }
  let anchor: TrustAnchorState;
  let lists: readonly RevocationListState[];
  try {
    anchor = readTrustAnchor(host, anchorPath, undefined, "");
    lists = listPaths.flatMap((path) => readLists(host, path, anchor.arn));
  } catch (error) {
    findings.failure("chain", "trust-anchor", error, "give PEM, DER, or what the AWS CLI prints");
    return;
  }
  if (!anchor.enabled) {
    findings.error(
      "chain",
      "trust-anchor",
      "the trust anchor is disabled",
      "the service refuses every request that names it",
      "aws rolesanywhere enable-trust-anchor",
    );
  }
  for (const { list, enabled } of lists) checkList(list, enabled, host.now(), findings);
  const crls = lists.filter(({ enabled }) => enabled).map(({ list }) => list);
  try {
    const path = await validatePath(certificate, {
      anchors: anchor.certificates,
      intermediates: chain,
      time: host.now(),
      crypto: host.crypto(),
      profile: ROLES_ANYWHERE_PROFILE,
      // The service goes by its lists after their nextUpdate, too, and by none where there is none.
      revocation: crls.length === 0
        ? "skip"
        : { checker: crlChecker({ crls, expired: "ignore" }), unknown: "allow", depth: "chain" },
    });
    findings.ok("chain", "trust-anchor", `a valid path of ${path.intermediates.length + 2} certificates leads to it`);
  } catch (error) {
    const revoked = isCoded(error) && error.code === "ERR_PATH_REVOKED";
    findings.failure(
      "chain",
      revoked ? "revocation" : "trust-anchor",
      error,
      revoked
        ? "have a new certificate issued for a new key; if the list is wrong, import one that is right"
        : "send the missing intermediates (--intermediates), renew what has expired, or use this CA's trust anchor",
    );
  }
}

function checkList(list: RevocationListState["list"], enabled: boolean, now: number, findings: Findings): void {
  const { nextUpdate, thisUpdate, issuer } = list;
  const whose = `the list of ${nameText(issuer)} of ${timeText(thisUpdate)}`;
  const fix = "import the CA's current list (aws rolesanywhere update-crl)";
  if (!enabled) {
    findings.warning(
      "chain",
      "crl",
      `${whose} is disabled`,
      "nothing is refused by it",
      "aws rolesanywhere enable-crl",
    );
  } else if (nextUpdate !== undefined && nextUpdate < now) {
    findings.warning(
      "chain",
      "crl",
      `${whose} should have been replaced at ${timeText(nextUpdate)}`,
      "what was revoked since is not in it",
      fix,
    );
  } else if (nextUpdate !== undefined && nextUpdate - now < DAY_MS) {
    findings.warning(
      "chain",
      "crl",
      `${whose} is to be replaced in ${lifeText(nextUpdate - now)}`,
      "it is soon out of date",
      fix,
    );
  } else {
    const until = nextUpdate === undefined ? "names no time of the next one" : `is good until ${timeText(nextUpdate)}`;
    findings.ok("chain", "crl", `${whose} ${until}`);
  }
}

function certificatesIn(host: Host, path: string): readonly Certificate[] {
  const octets = host.readFile(path, DEFAULT_MAX_CERTIFICATES_LENGTH);
  if (isPkcs12(octets)) return [];
  return naming(path, () => readCertificates(octets));
}

function timeText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "never" : date.toISOString().replace(/\.\d+/, "");
}

/** A span in its largest useful unit. */
function lifeText(milliseconds: number): string {
  const [length, unit] = milliseconds >= 2 * DAY_MS
    ? [DAY_MS, "days"]
    : milliseconds >= DAY_MS / 12
    ? [DAY_MS / 24, "hours"]
    : [60_000, "minutes"];
  return `${Math.floor(milliseconds / length)} ${unit}`;
}
