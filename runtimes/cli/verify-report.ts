/**
 * What `verify` prints. Every text of a certificate is escaped: it is a stranger's.
 *
 * @module
 */

import { isCoded } from "../../core/base-error.ts";
import { visibleText } from "../../core/bytes/visible-text.ts";
import type { PathError } from "../../core/path/path-error.ts";
import type { PathExplanation } from "../../core/path/path-explanation.ts";
import type { RevocationStatus } from "../../core/path/revocation/revocation-checker.ts";
import type { VerifiedPath } from "../../core/path/verified-path.ts";
import type { Certificate } from "../../core/x509/certificate.ts";
import { nameText } from "../../core/x509/name-text.ts";

/** What became of a certificate. */
export type Verdict =
  & {
    /** The time that was validated for, milliseconds since the epoch. */
    readonly time: number;
    /** What was said about each certificate that was asked about; undefined: nobody asked. */
    readonly statuses: ReadonlyMap<Certificate, RevocationStatus> | undefined;
    /** What was tried; undefined: nobody asked. */
    readonly explanation: PathExplanation | undefined;
  }
  & (
    | { readonly outcome: "trusted"; readonly path: VerifiedPath }
    | { readonly outcome: "not-trusted" | "unknown"; readonly error: PathError }
  );

/** For people; ends with a line break. */
export function verdictText(verdict: Verdict): string {
  const lines = verdict.outcome === "trusted" ? trustedLines(verdict.path, verdict.statuses) : [
    `${verdict.outcome === "unknown" ? "could not say" : "not trusted"}: ` +
    `${visibleText(verdict.error.message)} [${verdict.error.code}]`,
  ];
  if (verdict.explanation !== undefined) lines.push("tried:", ...explanationLines(verdict.explanation, "  "));
  return lines.map((line) => `${line}\n`).join("");
}

/** One JSON object and a line break: `outcome`, `time`, and what there is to say. */
export function verdictJson(verdict: Verdict): string {
  const { outcome, time, statuses, explanation } = verdict;
  return line({
    outcome,
    ...(verdict.outcome === "trusted"
      ? {
        path: pathOf(verdict.path).map(([position, certificate]) => ({ position, ...identified(certificate) })),
        policies: verdict.path.policies,
      }
      : {
        code: verdict.error.code,
        message: visibleText(verdict.error.message),
        certificate: identified(verdict.error.certificate),
        depth: verdict.error.depth,
      }),
    time: timeText(time),
    revocation: statuses === undefined ? "skipped" : [...statuses].map(([certificate, status]) => ({
      ...identified(certificate),
      ...statusFields(status),
    })),
    ...(explanation === undefined ? {} : { explanation: explained(explanation) }),
  });
}

/** The JSON object of an input that cannot be used. */
export function unusableJson(error: unknown): string {
  return line({
    outcome: "unknown",
    ...(isCoded(error) ? { code: error.code } : {}),
    message: visibleText(error instanceof Error ? error.message : String(error)),
  });
}

function trustedLines(path: VerifiedPath, statuses: Verdict["statuses"]): string[] {
  const rows = pathOf(path).map(([position, certificate]) => {
    const status = statuses?.get(certificate);
    const said = position === "anchor" || status === undefined ? "" : `, ${statusText(status)}`;
    return `  ${position.padEnd(12)}  ${
      subjectText(certificate)
    }, serial number ${certificate.serialNumberDecimal}${said}`;
  });
  const { userConstrained, explicit } = path.policies;
  return [
    `trusted at ${timeText(path.time)}${statuses === undefined ? "; revocation was not checked" : ""}`,
    ...rows,
    ...(userConstrained.length === 0 ? [] : [
      `  certificate policies: ${userConstrained.join(", ")}${explicit ? ", one of them required" : ""}`,
    ]),
  ];
}

/** The certificates from the end entity to the anchor; anchors of this command are certificates. */
function pathOf(
  { endEntity, intermediates, anchor }: VerifiedPath,
): (readonly [PathExplanation["position"], Certificate])[] {
  return [
    ["end-entity", endEntity],
    ...intermediates.map((certificate) => ["intermediate", certificate] as const),
    ...("der" in anchor ? [["anchor", anchor] as const] : []),
  ];
}

function statusText(status: RevocationStatus): string {
  switch (status.status) {
    case "good":
      return "not revoked";
    case "revoked":
      return `revoked at ${timeText(status.date)} (${status.reason})`;
    case "unknown":
      return `revocation unknown: ${visibleText(status.why)}`;
  }
}

function statusFields(status: RevocationStatus): Record<string, string> {
  switch (status.status) {
    case "good":
      return { status: status.status };
    case "revoked":
      return { status: status.status, reason: status.reason, date: timeText(status.date) };
    case "unknown":
      return { status: status.status, code: status.code, why: visibleText(status.why) };
  }
}

function explanationLines(node: PathExplanation, indentation: string): string[] {
  const { position, outcome, reason, certificate } = node;
  const who = node.subject === undefined
    ? certificate === undefined ? "(no name)" : subjectText(certificate)
    : nameText(node.subject);
  let said: string = outcome;
  if (reason !== undefined) {
    const whom = reason.certificate === certificate ? "" : `${subjectText(reason.certificate)}: `;
    said += `: ${whom}${visibleText(reason.state)} [${reason.code}]`;
  }
  return [
    `${indentation}${position} ${who}: ${said}`,
    ...node.issuers.flatMap((issuer) => explanationLines(issuer, indentation + "  ")),
  ];
}

interface ExplainedJson {
  readonly position: string;
  readonly subject?: string;
  readonly serialNumber?: string;
  readonly outcome: string;
  readonly reason?: { readonly code: string; readonly state: string; readonly certificate: Identified };
  readonly issuers: readonly ExplainedJson[];
}

function explained({ position, certificate, outcome, reason, issuers }: PathExplanation): ExplainedJson {
  return {
    position,
    ...(certificate === undefined ? {} : identified(certificate)),
    outcome,
    ...(reason === undefined ? {} : {
      reason: { code: reason.code, state: visibleText(reason.state), certificate: identified(reason.certificate) },
    }),
    issuers: issuers.map(explained),
  };
}

interface Identified {
  readonly subject: string;
  readonly serialNumber: string;
}

function identified(certificate: Certificate): Identified {
  return { subject: subjectText(certificate), serialNumber: certificate.serialNumberDecimal };
}

/** The subject (RFC 4514), escaped; a certificate without a readable one still has a serial number. */
function subjectText(certificate: Certificate): string {
  try {
    return certificate.subject.empty ? "(no name)" : nameText(certificate.subject);
  } catch (error) {
    if (!isCoded(error)) throw error;
    return "(unreadable name)";
  }
}

function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.000Z$/, "Z");
}

function line(value: unknown): string {
  return JSON.stringify(value) + "\n";
}
