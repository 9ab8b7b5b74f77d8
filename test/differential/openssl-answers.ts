/**
 * What `openssl verify -x509_strict` says: one process for all cases that are asked the same.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { encodePem } from "../../core/pem/pem.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { NOW, type Question } from "./chain-plan.ts";
import type { GeneratedCase } from "./generated-case.ts";

/** Whether a path was accepted, and if not, why. */
export interface PeerAnswer {
  readonly accepted: boolean;
  readonly why: string;
}

/** How many cases share a process: candidates are searched one after the other. */
const BATCH = 150;

/** The version, or undefined when there is no such program. */
export function opensslVersion(): string | undefined {
  const { status, stdout } = spawnSync("openssl", ["version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** The answers by the cases' ids. */
export function askOpenssl(cases: readonly GeneratedCase[]): ReadonlyMap<string, PeerAnswer> {
  const answers = new Map<string, PeerAnswer>();
  const groups = new Map<string, GeneratedCase[]>();
  for (const each of cases) {
    const key = JSON.stringify(each.question);
    groups.set(key, [...groups.get(key) ?? [], each]);
  }
  for (const group of groups.values()) {
    for (let at = 0; at < group.length; at += BATCH) askBatch(group.slice(at, at + BATCH), answers);
  }
  return answers;
}

function askBatch(cases: readonly GeneratedCase[], answers: Map<string, PeerAnswer>): void {
  const folder = temporaryFolder();
  try {
    const bundle = (name: string, label: string, ders: (each: GeneratedCase) => readonly Uint8Array[]): string =>
      folder.write(name, cases.flatMap((each) => ders(each).map((der) => encodePem(label, der.slice()))).join(""));
    const trusted = bundle("trusted", "CERTIFICATE", ({ chain }) => [chain.anchor]);
    const others = bundle("others", "CERTIFICATE", ({ chain }) => chain.intermediates);
    const lists = bundle("lists", "X509 CRL", ({ chain }) => chain.lists);
    const targets = cases.map(({ id, chain }) => folder.write(id, encodePem("CERTIFICATE", chain.endEntity)));
    const { question } = cases[0]!;
    const args = [
      ...["verify", "-x509_strict", "-attime", `${NOW / 1000}`, "-no-CApath", "-no-CAstore", "-CAfile", trusted],
      ...(cases.some(({ chain }) => chain.intermediates.length > 0) ? ["-untrusted", others] : []),
      ...flagsOf(question),
      ...(question.revocation ? ["-CRLfile", lists] : []),
      ...targets,
    ];
    const { stdout, stderr, error } = spawnSync("openssl", args, { encoding: "utf8", maxBuffer: 1 << 26 });
    if (error !== undefined) throw error;
    readAnswers(cases, folder.path, stdout, stderr, answers);
  } finally {
    folder.remove();
  }
}

function flagsOf({ purpose, revocation, policies }: Question): readonly string[] {
  return [
    ...(purpose ? ["-purpose", "sslclient"] : []),
    ...(revocation ? ["-crl_check_all", "-extended_crl"] : []),
    ...(policies === undefined ? [] : ["-policy_check"]),
    ...(policies === undefined || policies.length === 0
      ? []
      : ["-explicit_policy", ...policies.flatMap((policy) => ["-policy", policy])]),
  ];
}

/** `FILE: OK`, or errors that end in `error FILE: verification failed`. */
function readAnswers(
  cases: readonly GeneratedCase[],
  folder: string,
  stdout: string,
  stderr: string,
  answers: Map<string, PeerAnswer>,
): void {
  const reasons = new Map<string, string>();
  let reason = "";
  for (const line of stderr.split("\n")) {
    const found = /^error \d+ at \d+ depth lookup: ?(.*)$/.exec(line);
    if (found !== null) reason ||= found[1]!;
    const failed = /^error (.*): verification failed$/.exec(line);
    if (failed === null) continue;
    reasons.set(failed[1]!, reason);
    reason = "";
  }
  const accepted = new Set(stdout.split("\n").filter((line) => line.endsWith(": OK")).map((line) => line.slice(0, -4)));
  for (const { id } of cases) {
    const file = `${folder}/${id}`;
    const why = reasons.get(file);
    if (accepted.has(file) === (why !== undefined)) {
      throw new Error(`openssl verify says nothing of ${id}: ${stderr.slice(0, 500)}`);
    }
    answers.set(id, { accepted: accepted.has(file), why: why ?? "" });
  }
}
