/**
 * Figures about an emulator in the text format of Prometheus: those that IAM Roles Anywhere writes to CloudWatch, and
 * the calls of every service.
 *
 * @see IAM Roles Anywhere user guide, "Monitoring with CloudWatch"; Prometheus, "Exposition formats"
 * @module
 */

import { readCertificates } from "../../../core/x509/read-certificates.ts";
import type { LoggedCall } from "./event-log.ts";
import type { EmulatorStore } from "../store/emulator-store.ts";
import type { TrustAnchorRecord } from "../store/records.ts";

type Labels = Readonly<Record<string, string>>;

/** Counts calls. */
export class Metrics {
  readonly #counts: Map<string, Map<string, { readonly labels: Labels; value: number }>> = new Map();

  /** Counts one call. */
  count({ target, operation, outcome, failure }: LoggedCall): void {
    const code = failure?.code ?? "";
    this.#add(CALLS, { service: target.name, operation: operation.name, error: code });
    if (operation.name !== "CreateSession") return;
    if (failure !== undefined) return this.#add(FAILURE, { Operation: operation.name, ErrorType: code });
    const { trustAnchorArn } = (outcome?.requestParameters ?? {}) as { readonly trustAnchorArn?: unknown };
    const anchor = typeof trustAnchorArn === "string" ? trustAnchorArn : "";
    this.#add(SUCCESS, { Operation: operation.name, TrustAnchorArn: anchor });
  }

  /** Every figure. @param nowMs the emulator's time, by which certificates expire */
  text(store: EmulatorStore, nowMs: number): string {
    const lines: string[] = [];
    for (const { name, type, help } of [CALLS, SUCCESS, FAILURE]) {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      for (const { labels, value } of this.#counts.get(name)?.values() ?? []) lines.push(sample(name, labels, value));
    }
    lines.push(`# HELP ${DAYS.name} ${DAYS.help}`, `# TYPE ${DAYS.name} ${DAYS.type}`);
    for (const anchor of store.all("trustAnchors").values()) {
      const days = daysToExpiry(anchor, nowMs);
      if (days !== undefined) lines.push(sample(DAYS.name, { TrustAnchorArn: anchor.arn }, days));
    }
    return `${lines.join("\n")}\n`;
  }

  /** Begins anew. */
  reset(): void {
    this.#counts.clear();
  }

  #add({ name }: Family, labels: Labels): void {
    let family = this.#counts.get(name);
    if (family === undefined) this.#counts.set(name, family = new Map());
    const key = JSON.stringify(labels);
    const found = family.get(key);
    if (found !== undefined) found.value++;
    else family.set(key, { labels, value: 1 });
  }
}

/**
 * Days until the first certificate of an anchor expires, while its notification setting asks for the metric: by default
 * from 45 days before on; undefined otherwise.
 */
function daysToExpiry({ certificatesPem, notificationSettings }: TrustAnchorRecord, nowMs: number): number | undefined {
  const setting = notificationSettings.find(({ event }) => event === "CA_CERTIFICATE_EXPIRY");
  if (setting?.enabled === false) return undefined;
  const ends = readCertificates(certificatesPem).map(({ notAfter }) => notAfter);
  const days = Math.floor((Math.min(...ends) - nowMs) / DAY_MS);
  return days >= 0 && days <= (setting?.threshold ?? DEFAULT_THRESHOLD_DAYS) ? days : undefined;
}

/** One line (Prometheus, "Text format details": backslash, quotation mark and line feed are escaped). */
function sample(name: string, labels: Labels, value: number): string {
  const escaped = (text: string) => text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
  return `${name}{${Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`).join(",")}} ${value}`;
}

interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
}

const CALLS: Family = { name: "emulator_calls_total", type: "counter", help: "Calls of any service." };
const SUCCESS: Family = {
  name: "aws_rolesanywhere_success_total",
  type: "counter",
  help: "Success: CreateSession calls that were allowed.",
};
const FAILURE: Family = {
  name: "aws_rolesanywhere_failure_total",
  type: "counter",
  help: "Failure: CreateSession calls that failed.",
};
const DAYS: Family = {
  name: "aws_rolesanywhere_days_to_expiry",
  type: "gauge",
  help: "DaysToExpiry: days until the first certificate of a trust anchor expires, when they are few.",
};

const DAY_MS = 86_400_000;
const DEFAULT_THRESHOLD_DAYS = 45;
