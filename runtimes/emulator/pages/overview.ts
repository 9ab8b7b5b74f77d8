/**
 * The page at `/_emulator/`: what an emulator holds and what it decided, for people. Made on the server; there is no
 * script in it. Whatever comes from certificates and requests is text, and stays text.
 *
 * @module
 */

import { html, raw } from "hono/html";
import type { TraceEntry } from "../../../core/decision/mod.ts";
import { nameText } from "../../../core/x509/name-text.ts";
import { readCertificates } from "../../../core/x509/read-certificates.ts";
import type { LoggedAuthorization } from "../access/authorization-log.ts";
import type { LoggedDecision } from "../roles-anywhere/decision-log.ts";
import type { EventRecord } from "../testing/event-log.ts";
import type { Service } from "../service.ts";
import type { TrustAnchorRecord } from "../store/records.ts";
import { STYLE } from "./style.ts";

/** HTML in which everything is escaped that has to be. */
type Html = ReturnType<typeof html>;

/** Nothing but the page's own style is loaded, nothing frames it, and it tells nobody where it was. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** How many of the last events are shown. */
const EVENTS_SHOWN = 50;

/** The page. */
export function overviewPage(service: Service): Html {
  const { store, region, account } = service;
  const decisions = [...service.log.decisions()].reverse();
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>anyrole emulator</title>
        <style>${STYLE}</style>
      </head>
      <body>
        <header>
          <h1>anyrole emulator</h1>
          <dl>
            <div>
              <dt>Account</dt>
              <dd>${account}</dd>
            </div>
            <div>
              <dt>Region</dt>
              <dd>${region}</dd>
            </div>
            <div>
              <dt>Its time</dt>
              <dd>${new Date(service.now()).toISOString()}</dd>
            </div>
            <div>
              <dt>Signatures</dt>
              <dd>${service.authentication}</dd>
            </div>
            <div>
              <dt>Quotas</dt>
              <dd>${service.quotas}</dd>
            </div>
          </dl>
        </header>
        <main>
    ${section("Decisions", decisions.map(decisionItem), "No CreateSession yet.")}
    ${section(
      "Permissions",
      [...service.authorizations.authorizations()].reverse().map(permissionItem),
      "Nothing asked yet.",
    )}
    ${table(
      "Trust anchors",
      ["Name", "State", "Certificates", "ARN"],
      Array.from(store.all("trustAnchors").values(), anchorRow),
    )}
    ${table(
      "Profiles",
      ["Name", "State", "Duration", "Roles", "ARN"],
      Array.from(
        store.all("profiles").values(),
        (
          { name, enabled, durationSeconds, roleArns, arn },
        ) => [name, state(enabled), `${durationSeconds} s`, roleArns, arn],
      ),
    )}
    ${table(
      "Revocation lists",
      ["Name", "State", "Trust anchor", "ARN"],
      Array.from(
        store.all("crls").values(),
        ({ name, enabled, trustAnchorArn, arn }) => [name, state(enabled), trustAnchorArn, arn],
      ),
    )}
    ${table(
      "Roles",
      ["Name", "Longest session", "Policies", "ARN"],
      Array.from(
        store.all("roles").values(),
        ({ name, maxSessionDurationSeconds, policies, attachedPolicyArns, arn }) => [
          name,
          `${maxSessionDurationSeconds} s`,
          [...Object.keys(policies), ...attachedPolicyArns],
          arn,
        ],
      ),
    )}
    ${table(
      "Subjects",
      ["Subject", "Last seen", "ARN"],
      Array.from(store.all("subjects").values(), ({ x509Subject, lastSeenAt, arn }) => [x509Subject, lastSeenAt, arn]),
    )}
    ${table(
      "Failures on demand",
      ["Kind", "Operation", "Met"],
      service.faults.list().map(({ kind, operation, count, injected }) => [
        kind,
        operation ?? "every one",
        `${injected}${count === undefined ? "" : ` of ${count}`}`,
      ]),
    )}
    ${table(
      "Last calls",
      ["Time", "Service", "Operation", "Outcome"],
      service.events.records().slice(-EVENTS_SHOWN).reverse().map(eventRow),
    )}
        </main>
      </body>
    </html>
  `;
}

function section(title: string, items: readonly Html[], none: string): Html {
  return html`<section><h2>${title}</h2>${items.length === 0 ? html`<p class="none">${none}</p>` : items}</section>`;
}

/** A table; a cell may be a list. */
function table(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly (string | readonly string[])[])[],
): Html {
  const cell = (value: string | readonly string[]) =>
    typeof value === "string"
      ? html`<td>${value}</td>`
      : html`<td>${value.map((line) => html`<div>${line}</div>`)}</td>`;
  const body = rows.map((row) => html`<tr>${row.map(cell)}</tr>`);
  const whole = html`
    <div class="wide">
      <table>
        <thead>
          <tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr>
        </thead>
        <tbody>${body}</tbody>
      </table>
    </div>
  `;
  return section(title, rows.length === 0 ? [] : [whole], "None.");
}

/** A decision; the latest is open. */
function decisionItem(decision: LoggedDecision, index: number): Html {
  const { at, outcome, code, message, session, requestId, trace } = decision;
  const summary = session === undefined ? `${code}: ${message}` : `${session.roleArn} as ${session.sessionName}`;
  return html`
    <details ${index === 0 ? raw("open") : ""}>
      <summary><b class="${outcome}">${outcome}</b> <time>${at}</time> ${summary}</summary>
      <p>Request ${requestId}</p>
      <ol>${trace.map(traceItem)}</ol>
    </details>
  `;
}

function traceItem({ check, outcome, detail, inputs, source, warning }: TraceEntry): Html {
  const facts = Object.entries(inputs).map(([name, value]) => {
    const shown = typeof value === "object" ? value.join(", ") : String(value);
    return html`
      <dt>${name}</dt>
      <dd>${shown}</dd>
    `;
  });
  return html`<li><b class="${outcome}">${outcome}</b> <b>${check}</b> ${detail}${
    warning === undefined ? "" : html`<p class="warning">${warning}</p>`
  }${facts.length === 0 ? "" : html`<dl>${facts}</dl>`}<p class="source">${source}</p></li>`;
}

function permissionItem({ at, outcome, principal, action, resource, explanation }: LoggedAuthorization): Html {
  return html`
    <details>
      <summary><b class="${outcome === "allow"
        ? "allow"
        : "deny"}">${outcome}</b> <time>${at}</time> ${action} on ${resource}</summary>
      <p>${principal}</p>
      <ol>${explanation.map((line) => html`<li>${line}</li>`)}</ol>
    </details>
  `;
}

function anchorRow(
  { name, enabled, certificatesPem, arn }: TrustAnchorRecord,
): readonly (string | readonly string[])[] {
  const certificates = readCertificates(certificatesPem).map(({ subject, notAfter }) =>
    `${nameText(subject)}, until ${new Date(notAfter).toISOString().slice(0, 10)}`
  );
  return [name, state(enabled), certificates, arn];
}

function eventRow({ eventTime, eventSource, eventName, errorCode }: EventRecord): readonly string[] {
  return [
    String(eventTime),
    String(eventSource),
    String(eventName),
    errorCode === undefined ? "done" : String(errorCode),
  ];
}

function state(enabled: boolean): string {
  return enabled ? "enabled" : "disabled";
}
