/**
 * The half of the conformance command that is at work inside the runtime: loads the data of each suite, runs it, and
 * prints what became of it.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { EcdsaArithmetic } from "../../core/crypto/portable/ecdsa.ts";
import { portableProvider } from "../../core/crypto/portable/mod.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { portableSha256, type Sha256 } from "../../core/crypto/sha256.ts";
import type { Random } from "../../core/ports.ts";
import { type ConformanceContext, SkipCase } from "./conformance-suite.ts";
import exceptions from "./exceptions.json" with { type: "json" };
import type { ConformancePlan, SuiteFolder } from "./plan.ts";
import { type Exceptions, scoreSuite, type SuiteResult } from "./score.ts";
import { SUITES } from "./suites.ts";

/** What the command needs of a runtime. */
export interface ConformanceHost {
  /** Its name in the results. */
  readonly runtime: string;
  /** The provider that the package uses there by default; absent: there is none. */
  readonly native?: (() => CryptoProvider) | undefined;
  /** WebCrypto with the portable provider behind it, where that is not the native one. */
  readonly webcrypto?: (() => CryptoProvider) | undefined;
  /** The platform's SHA-256; absent: ours. */
  readonly sha256?: Sha256 | undefined;
  /** Random octets; absent: the runtime has none. */
  readonly random?: Random | undefined;
  /** A clock that moves while JavaScript runs, in milliseconds; absent: there is none. */
  readonly clock?: (() => number) | undefined;
  /** Reads a file as text. */
  readonly readText: (folder: SuiteFolder, file: string) => Promise<string>;
  /** Reads a file as octets. */
  readonly readOctets: (folder: SuiteFolder, file: string) => Promise<Bytes>;
  /** Prints a line for whoever reads the results. */
  readonly print: (line: string) => void;
  /** Prints a line beside the results. */
  readonly printAside: (line: string) => void;
}

/** Ends the output of every run that came to its end. */
export const SENTINEL = "@@conformance ";

/** Runs the plan and answers how many cases failed. */
export async function runConformance(plan: ConformancePlan, host: ConformanceHost): Promise<number> {
  const context = makeContext(plan, host);
  const total = { passed: 0, failed: 0, skipped: 0, excepted: 0 };
  for (const folder of plan.folders) {
    const result = await runFolder(folder, plan, host, context);
    if (result === undefined) continue;
    for (const count of ["passed", "failed", "skipped", "excepted"] as const) total[count] += result[count];
    report(result, plan, host);
  }
  host.print(SENTINEL + JSON.stringify(total));
  return total.failed;
}

async function runFolder(
  folder: SuiteFolder,
  { stride, provider, tellsOfOthers }: ConformancePlan,
  host: ConformanceHost,
  context: ConformanceContext | undefined,
): Promise<SuiteResult | undefined> {
  const { runtime } = host;
  const nothing = (note: string): SuiteResult => ({
    ...{ suite: folder.suite, runtime, provider, passed: 0, failed: 0, skipped: 0, excepted: 0 },
    ...{ failures: [], notes: [note], details: [] },
  });
  const suite = SUITES.find(({ name }) => name === folder.suite);
  if (suite === undefined) {
    return tellsOfOthers ? nothing("unknown suite") : undefined;
  }
  if (context === undefined) return nothing(`${runtime} has no ${provider} provider`);
  const files = new Map<string, unknown>();
  for (const file of folder.files) files.set(file, JSON.parse(await host.readText(folder, file)));
  for (const file of new Set(suite.otherFiles?.(files) ?? [])) files.set(file, await host.readOctets(folder, file));
  const expected = (exceptions as Readonly<Record<string, Exceptions>>)[suite.name];
  return await scoreSuite(suite, files, { runtime, context, stride }, expected);
}

/** One JSON object, or one line for people with its failures and notes below. */
function report(result: SuiteResult, { json }: ConformancePlan, host: ConformanceHost): void {
  const { details, notes, ...counted } = result;
  const { suite, runtime, provider, passed, failed, skipped, excepted } = result;
  if (json) {
    host.print(JSON.stringify({ ...counted, ...(notes.length === 0 ? {} : { notes }) }));
    for (const [id, detail] of details) host.printAside(`${suite} (${runtime}, ${provider}): ${id}: ${detail}`);
    return;
  }
  const exceptedText = excepted === 0 ? "" : `, ${excepted} excepted`;
  const state = failed > 0 ? "FAIL" : passed > 0 ? "ok" : "--";
  host.print(
    `${state.padEnd(4)} ${suite.padEnd(14)} ${runtime.padEnd(15)} ${provider.padEnd(9)} ` +
      `${passed} passed, ${failed} failed, ${skipped} skipped${exceptedText}`,
  );
  for (const note of notes) host.print(`       ${note}`);
  for (const [id, detail] of details) host.print(`     ${id}: ${detail}`);
}

function makeContext(
  { provider, maxIterations }: ConformancePlan,
  host: ConformanceHost,
): ConformanceContext | undefined {
  const { random, sha256, clock } = host;
  const make = provider === "portable"
    ? () => portableProvider(random === undefined ? {} : { random })
    : provider === "native"
    ? host.native
    : host.webcrypto;
  if (make === undefined) return undefined;
  return {
    provider,
    crypto: limitIterations(make(), maxIterations),
    sha256: provider === "native" && sha256 !== undefined ? sha256 : portableSha256,
    ecdsa: new EcdsaArithmetic(random),
    clock,
    thorough: maxIterations === Infinity,
  };
}

/** A provider that skips the case when a password is to be stretched for too long. */
function limitIterations(crypto: CryptoProvider, maxIterations: number): CryptoProvider {
  return {
    ...crypto,
    deriveKey(derivation, password) {
      if (derivation.name === "PBKDF2" && derivation.iterations > maxIterations) {
        throw new SkipCase(`PBKDF2 with more than ${maxIterations} iterations`);
      }
      return crypto.deriveKey(derivation, password);
    },
  };
}
