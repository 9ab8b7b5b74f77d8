/**
 * The emulator under force: killed while a thousand changes are under way, and called by two hundred clients at once.
 *
 * @module
 */

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createSession } from "../../core/session/mod.ts";
import { createIdentity } from "../../core/sign/identity.ts";
import type { Fetch, FetchInit } from "../../core/ports.ts";
import { nodeHost } from "../../runtimes/node/mod.ts";
import type { Program } from "../support/programs.ts";
import type { InteropContext, InteropItem } from "./interop.ts";
import { type EmulatorProcess, iamCall, signedCall, type SigningKey, startEmulator } from "./emulator-process.ts";

/** Changes that are under way when the emulator is killed. */
const WRITES = 1000;
/** Clients that call at once. */
const CLIENTS = 200;
/** After how many are acknowledged it is killed, and how many are under way at a time. */
const KILLS: readonly (readonly [acknowledged: number, atOnce: number])[] = [
  [1, WRITES],
  [350, 50],
  [600, WRITES],
  [700, 50],
  [950, 50],
];
const SECOND_MS = 1000;

const TRUST_POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{
    Effect: "Allow",
    Principal: { Service: "rolesanywhere.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
  }],
});

/** The items of this file. */
export function emulatorOperationItems(context: InteropContext): readonly InteropItem[] {
  return [
    ...context.programs.map((program, i): InteropItem => ({
      name: `emulator on ${program.name}: kill -9 during ${WRITES} changes loses nothing that was acknowledged`,
      quick: i === 0,
      // Killed early, half-way and late; the middle of a compaction is somewhere in between.
      run: async () => {
        for (const [acknowledged, atOnce] of KILLS) await killed(context, program, acknowledged, atOnce);
      },
    })),
    load(context, context.programs[0]!, 3, true),
    ...context.programs.map((program) => load(context, program, 60, false)),
  ];
}

/** Kills the emulator once so many changes are acknowledged, and looks for all that were. */
async function killed(context: InteropContext, program: Program, after: number, atOnce: number): Promise<void> {
  const path = join(context.folder.path, `killed ${program.name}`);
  rmSync(path, { force: true });
  const emulator = await startEmulator(program, ["--state", path]);
  const acknowledged: string[] = [];
  const Description = "x".repeat(900);
  let killing: Promise<unknown> | undefined;
  let next = 0;
  const write = async (RoleName: string) => {
    const parameters = { Action: "CreateRole", RoleName, AssumeRolePolicyDocument: TRUST_POLICY, Description };
    const answer = await iamCall(emulator.endpoint, emulator, parameters).catch(() => undefined);
    if (answer === undefined) return;
    if (answer.status !== 200) throw new Error(`CreateRole answered ${answer.status}: ${answer.text}`);
    acknowledged.push(RoleName);
    if (acknowledged.length === after) killing = emulator.end("SIGKILL");
  };
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < WRITES) await write(`role-${next++}`);
  }));
  await killing;
  const again = await startEmulator(program, ["--state", path]);
  try {
    if (again.accessKeyId !== emulator.accessKeyId) throw new Error("the administrator's key is another one");
    const kept = await keptRoles(again);
    const lost = acknowledged.filter((name) => !kept.has(name));
    const torn = /dropped \d+ octets/.exec(again.errors())?.[0] ?? "nothing torn";
    console.log(`         killed after ${after}: ${acknowledged.length} acknowledged, ${kept.size} kept, ${torn}`);
    if (lost.length > 0) throw new Error(`lost ${lost.length} acknowledged changes: ${lost.slice(0, 5)}`);
  } finally {
    await again.end("SIGTERM");
  }
}

async function keptRoles(emulator: EmulatorProcess): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  let marker: string | undefined;
  do {
    const page = await iamCall(emulator.endpoint, emulator, {
      Action: "ListRoles",
      MaxItems: "1000",
      ...(marker === undefined ? {} : { Marker: marker }),
    });
    if (page.status !== 200) throw new Error(`ListRoles answered ${page.status}: ${page.text}`);
    for (const [, name] of page.text.matchAll(/<RoleName>([^<]*)<\/RoleName>/g)) names.add(name!);
    marker = /<Marker>([^<]*)<\/Marker>/.exec(page.text)?.[1];
  } while (marker !== undefined);
  return names;
}

function load(context: InteropContext, program: Program, seconds: number, quick: boolean): InteropItem {
  return {
    name: `emulator on ${program.name}: ${CLIENTS} clients for ${seconds} s, no error but the rates', memory flat`,
    quick,
    run: async () => {
      const path = join(context.folder.path, `load ${program.name}`);
      rmSync(path, { force: true });
      const emulator = await startEmulator(program, ["--state", path]);
      try {
        await underLoad(context, emulator, seconds);
      } finally {
        await emulator.end("SIGTERM");
      }
    },
  };
}

async function underLoad(context: InteropContext, emulator: EmulatorProcess, seconds: number): Promise<void> {
  const { request, credentials } = await firstSession(context, emulator);
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const memory: number[] = [];
  const startMs = Date.now();
  const isOver = () => Date.now() - startMs >= seconds * SECOND_MS;
  const sampling = setInterval(() => memory.push(residentMegabytes(emulator)), SECOND_MS / 2);
  const clients = Array.from({ length: CLIENTS }, async (_, i) => {
    for (let round = 0; !isOver(); round++) {
      const session = await fetch(request.url, request.init as RequestInit);
      await session.text();
      count(`CreateSession ${session.status}`);
      const identity = await signedCall(emulator.endpoint, credentials, "sts", {
        body: "Action=GetCallerIdentity&Version=2011-06-15",
      });
      count(`GetCallerIdentity ${identity.status}`);
      const RoleName = `load-${i}-${round}`;
      const made = await iamCall(emulator.endpoint, emulator, {
        Action: "CreateRole",
        RoleName,
        AssumeRolePolicyDocument: TRUST_POLICY,
      });
      count(`CreateRole ${made.status}`);
      const gone = await iamCall(emulator.endpoint, emulator, { Action: "DeleteRole", RoleName });
      count(`DeleteRole ${gone.status}`);
    }
  });
  await Promise.all(clients).finally(() => clearInterval(sampling));
  const took = (Date.now() - startMs) / SECOND_MS;
  const calls = [...counts.values()].reduce((sum, each) => sum + each, 0);
  const curve = memory.filter((_, i) => i % Math.ceil(memory.length / 12) === 0).map((mb) => mb.toFixed(0));
  console.log(
    `         ${Math.round(calls / took)} calls a second: ${[...counts].map((each) => each.join(": ")).join(", ")}`,
  );
  console.log(`         resident, MB: ${curve.join(" ")}`);
  const allowed = [
    "CreateSession 201",
    "CreateSession 429",
    "GetCallerIdentity 200",
    "CreateRole 200",
    "DeleteRole 200",
  ];
  const wrong = [...counts.keys()].filter((name) => !allowed.includes(name));
  if (wrong.length > 0) throw new Error(`answers that no limit explains: ${wrong}`);
  const sessions = counts.get("CreateSession 201") ?? 0;
  // Ten a second, and the ten that are there in the beginning, of which the first session took one.
  if (sessions > 10 * took + 10) throw new Error(`${sessions} sessions in ${took} s are more than the rate allows`);
  if (emulator.errors() !== "") throw new Error(emulator.errors());
  if (seconds >= 60) requireFlat(memory);
}

/**
 * After the first third, when caches and compilers have what they want, memory may grow by a quarter at most: what is left
 * when garbage has been collected, the least of many seconds.
 */
function requireFlat(memory: readonly number[]): void {
  const early = Math.min(...memory.slice(Math.floor(memory.length / 3), Math.floor(memory.length / 2)));
  const late = Math.min(...memory.slice(-Math.floor(memory.length / 6)));
  if (late > early * 1.25) throw new Error(`memory grows: ${early.toFixed(0)} MB, then ${late.toFixed(0)} MB`);
}

/** What the process holds in memory; not a number where the system does not say. */
function residentMegabytes({ child }: EmulatorProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** Sets the emulator up and opens a session; the request can be sent again while its date counts. */
async function firstSession(
  { authority }: InteropContext,
  emulator: EmulatorProcess,
): Promise<{ readonly request: { readonly url: string; readonly init: FetchInit }; readonly credentials: SigningKey }> {
  const { endpoint } = emulator;
  const made = async (path: string, body: unknown) => {
    const call = { path, type: "application/json", body: JSON.stringify(body) };
    const { status, text } = await signedCall(endpoint, emulator, "rolesanywhere", call);
    if (status !== 201) throw new Error(`${path} answered ${status}: ${text}`);
    return JSON.parse(text);
  };
  const role = await iamCall(endpoint, emulator, {
    Action: "CreateRole",
    RoleName: "Load",
    AssumeRolePolicyDocument: TRUST_POLICY,
  });
  const roleArn = /<Arn>([^<]+)<\/Arn>/.exec(role.text)?.[1];
  if (roleArn === undefined) throw new Error(`CreateRole answered ${role.status}: ${role.text}`);
  const { trustAnchor } = await made("/trustanchors", {
    name: "load",
    enabled: true,
    source: {
      sourceType: "CERTIFICATE_BUNDLE",
      sourceData: { x509CertificateData: authority.root.certificatePem },
    },
  });
  const { profile } = await made("/profiles", { name: "load", enabled: true, roleArns: [roleArn] });
  const client = await authority.issue("load client");
  const identity = await createIdentity({ certificate: client.certificate, signer: client.signer });
  const host = nodeHost();
  let request: { readonly url: string; readonly init: FetchInit } | undefined;
  const recording: Fetch = (url, init) => {
    request = { url, init: { method: init.method, headers: init.headers, body: init.body!, redirect: "manual" } };
    return fetch(url, init as RequestInit);
  };
  const { credentials } = await createSession(
    { identity, endpoint, roleArn, trustAnchorArn: trustAnchor.trustAnchorArn, profileArn: profile.profileArn },
    { fetch: recording, now: host.now, sleep: host.sleep, random: host.random, sha256: host.sha256 },
  );
  return { request: request!, credentials };
}
