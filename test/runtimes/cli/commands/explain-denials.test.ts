// runtimes: node20 node deno bun
import { portableSha256 } from "../../../../core/crypto/sha256.ts";
import { run } from "../../../../runtimes/cli/mod.ts";
import type { Change } from "../../../../runtimes/emulator/store/emulator-store.ts";
import { encodeJournal } from "../../../../runtimes/emulator/store/journal.ts";
import { type Denial, makeDenials } from "../../../core/decision/denials.ts";
import { type SessionSetup, sessionSetup } from "../../../core/decision/session-setup.ts";
import { memoryHost } from "../../../support/memory-host.ts";
import { assert, assertNone, suite } from "../../../support/suite.ts";

const test = suite("runtimes/cli/commands/explain: denials");

/** What the emulator would keep of a set-up. */
function changesOf({ trustAnchor, crls, profile, managedPolicies, role }: SessionSetup): readonly Change[] {
  const at = "2026-06-01T12:00:00.000000Z";
  const common = { id: "x", name: "x", createdAt: at, updatedAt: at };
  const { arn, enabled, certificates } = trustAnchor;
  return [
    {
      table: "trustAnchors",
      key: arn,
      record: {
        ...common,
        arn,
        enabled,
        sourceType: "CERTIFICATE_BUNDLE",
        certificatesPem: certificates,
        notificationSettings: [],
      },
    },
    ...crls.map((list, i): Change => ({
      table: "crls",
      key: String(i),
      record: {
        ...common,
        arn: String(i),
        enabled: list.enabled,
        crlData: list.data,
        trustAnchorArn: list.trustAnchorArn,
      },
    })),
    {
      table: "profiles",
      key: profile.arn,
      record: { ...common, ...profile, requireInstanceProperties: false, createdBy: "123456789012" },
    },
    ...Object.entries(managedPolicies).map(([arn, document]): Change => ({
      table: "managedPolicies",
      key: arn,
      record: { arn, id: "x", name: "x", path: "/", document, createdAt: at },
    })),
    {
      table: "roles",
      key: role.arn,
      record: {
        arn: role.arn,
        id: "AROAEXAMPLEEXAMPLE123",
        name: "x",
        path: "/",
        maxSessionDurationSeconds: role.maxSessionDurationSeconds,
        assumeRolePolicyDocument: role.trustPolicy,
        policies: {},
        attachedPolicyArns: [],
        createdAt: at,
      },
    },
  ];
}

/** A request as HTTP carries it. */
function httpText({ method, path, query, headers, body }: SessionSetup["request"]): string {
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${method} ${path}${query === "" ? "" : `?${query}`} HTTP/1.1\r\n${fields}\r\n${body}`;
}

/** What `explain` answers, and which check failed first. */
async function answerOf(setup: SessionSetup): Promise<unknown> {
  const host = memoryHost({
    files: { state: encodeJournal(changesOf(setup), portableSha256), "request.http": httpText(setup.request) },
    nowMs: setup.nowMs,
  });
  const words = ["explain", "--request", "request.http", "--state", "state", "--preset", setup.preset, "--json"];
  const exitCode = await run(host, words);
  if (exitCode === 2) return host.errors.join("");
  const { outcome, trace, httpStatus: status, code, message } = JSON.parse(host.output());
  if (outcome === "allow") return exitCode === 0 ? "allow" : `allow, exit ${exitCode}`;
  const check = trace.find((entry: { outcome: string }) => entry.outcome === "fail")?.check;
  return exitCode === 1 ? { check, status, code, message } : `deny, exit ${exitCode}`;
}

test("explain allows the set-up that every denial changes, whatever the preset", async () => {
  for (const preset of ["lenient", "documented", "paranoid"] as const) {
    assert.is(await answerOf(await sessionSetup({ preset })), "allow", preset);
  }
});

test("explain refuses each for its reason, in the service's words", async () => {
  const denials: readonly Denial[] = await makeDenials();
  const wrong: string[] = [];
  for (const { name, setup, check, status, code, message } of denials) {
    const found = JSON.stringify(await answerOf(setup));
    const wanted = JSON.stringify({ check, status, code, message });
    if (found !== wanted) wrong.push(`${name}: ${found}, not ${wanted}`);
  }
  assertNone(wrong);
});

test.run();
