/**
 * `anyrole bridge` in every runtime as the holder of keys, for clients in every runtime; curl as a client that is not
 * ours.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import process from "node:process";
import { SESSION_FLAGS } from "../support/local-service.ts";
import { type Program, runProgram } from "../support/programs.ts";
import { KEYS } from "../vectors/keys/keys.ts";
import { type InteropContext, type InteropItem, Missing, requireProgram } from "./interop.ts";
import { lookAtSigner, SIGNER_CLIENTS } from "./signer-clients.ts";
import type { SignerPlace } from "./signer-subject.ts";

const KEY_NAMES = ["rsa", "P-256"] as const;

/** The items of this file. */
export function remoteSignerItems(context: InteropContext): readonly InteropItem[] {
  const servers = context.programs.flatMap((program) =>
    (["unix-socket", "https", "exec"] as const).map((way): InteropItem => ({
      name: `anyrole bridge: ${program.name} signs over ${way} for node20`,
      quick: false,
      run: async () => {
        for (const key of KEY_NAMES) await withBridge(context, program, way, key, (place) => look("node20", place));
      },
    }))
  );
  const clients = SIGNER_CLIENTS.slice(1).flatMap((runtime) =>
    (["unix-socket", "https", "exec"] as const).map((way): InteropItem => ({
      name: `anyrole bridge: Node 20 signs over ${way} for ${runtime}`,
      quick: false,
      run: () => withBridge(context, context.programs[0]!, way, "P-256", (place) => look(runtime, place)),
    }))
  );
  const commands = context.programs.flatMap((program) =>
    (["unix-socket", "https", "exec"] as const).map((way): InteropItem => ({
      name: `anyrole bridge: anyrole credential-process on ${program.name} signs over ${way}`,
      quick: false,
      run: () => lookAtCommand(context, program, way),
    }))
  );
  return [...servers, ...clients, ...commands, {
    name: "anyrole bridge: curl gets a signature that OpenSSL's library verifies",
    quick: false,
    run: () =>
      withBridge(context, context.programs[0]!, "https", "rsa", async ({ place, authorityFile }) => {
        requireProgram("curl", ["--version"], "install curl with your system's packages");
        if (place.kind !== "https") throw new Error("it serves no HTTPS");
        await lookWithCurl(place, authorityFile!);
      }),
  }];
}

interface Bridge {
  readonly place: SignerPlace;
  /** The CA of its certificate, when it serves HTTPS. */
  readonly authorityFile: string | undefined;
}

/** A session whose key a bridge on Node 20 holds, as a command of another runtime asks for it. */
async function lookAtCommand(context: InteropContext, program: Program, way: BridgeWay): Promise<void> {
  const { command, missing } = program;
  if (command === undefined) throw new Missing(missing ?? "the runtime is not on this machine");
  const { certificatePem } = await context.authority.issue("bridge", { keyPem: KEYS["P-256-pkcs8"] });
  const certificate = context.folder.write("bridge-cert.pem", certificatePem);
  await withBridge(context, context.programs[0]!, way, "P-256", async ({ place, authorityFile }) => {
    const key = place.kind === "unix-socket"
      ? [`bridge:${place.path}`]
      : place.kind === "https"
      ? [`bridge:${place.endpoint}`, "--bridge-token-file", place.tokenFile, "--bridge-ca", authorityFile!]
      : place.kind === "exec"
      ? [`exec:${JSON.stringify(place.command)}`]
      : [];
    const words = ["credential-process", ...SESSION_FLAGS, "--endpoint", context.service.endpoint]
      .concat("--certificate", certificate, "--private-key", ...key);
    const started = permitted(command).flatMap((word) => word === "--allow-sys" ? [word, "--allow-run"] : [word]);
    const { code, output, errors } = await runProgram(started as [string, ...string[]], words);
    if (code !== 0) throw new Error(`it ended with ${code}: ${errors}`);
    const { AccessKeyId: id } = JSON.parse(new TextDecoder().decode(output)) as { readonly AccessKeyId?: string };
    if (!id?.startsWith("ASIA")) throw new Error("it printed no credentials");
  });
}

type BridgeWay = "unix-socket" | "https" | "exec";

async function look(runtime: (typeof SIGNER_CLIENTS)[number], { place, authorityFile }: Bridge): Promise<void> {
  if (authorityFile === undefined) return await lookAtSigner(runtime, place);
  // What each runtime calls a further CA; Node 20 reads it when it starts, and so is a program of its own.
  const trust = { NODE_EXTRA_CA_CERTS: authorityFile, DENO_CERT: authorityFile };
  // Node 20 does not run sources: the current Node stands in for it.
  await lookAtSigner(runtime === "node20" ? "node" : runtime, place, trust);
}

async function withBridge(
  context: InteropContext,
  program: Program,
  way: BridgeWay,
  keyName: (typeof KEY_NAMES)[number],
  work: (bridge: Bridge) => Promise<void>,
): Promise<void> {
  if (program.command === undefined) throw new Missing(program.missing ?? "the runtime is not on this machine");
  const { folder } = context;
  const publicKey = KEYS[`${keyName}-public`];
  const key = folder.write(`bridge-${keyName}.pem`, KEYS[`${keyName}-pkcs8`]);
  const command = permitted(program.command);
  const records = `${folder.path}/bridge-records.jsonl`;
  const words = ["bridge", "--key", key, "--any-message", "--rate", "1000", "--audit-file", records];
  if (way === "exec") {
    const [name, ...args] = command;
    const exec = [name, ...args, ...words, "--stdio"] as const;
    return await work({ place: { kind: "exec", command: exec, publicKey }, authorityFile: undefined });
  }
  const socket = `${folder.path}/bridge-${Math.random().toString(36).slice(2)}.sock`;
  const tokenFile = `${folder.path}/bridge-token`;
  const where = way === "unix-socket" ? ["--unix-socket", socket] : ["--port", "0", "--token-file", tokenFile];
  const bridge = spawn(command[0], [...command.slice(1), ...words, ...where], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  try {
    const errors = await untilStarted(bridge);
    const endpoint = /https:\/\/127\.0\.0\.1:\d+/.exec(errors)?.[0];
    const place: SignerPlace = way === "unix-socket"
      ? { kind: "unix-socket", path: socket, publicKey }
      : { kind: "https", endpoint: endpoint!, tokenFile, publicKey };
    await work({ place, authorityFile: way === "https" ? `${tokenFile}-ca.pem` : undefined });
  } finally {
    const code = await ended(bridge);
    if (code !== 0) process.exitCode = 1;
  }
}

/** What Deno needs besides what commands of sessions need: sockets, and files that are written. */
export function permitted(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  const [program, ...args] = command;
  if (!args.some((arg) => arg.startsWith("--allow-net="))) return command;
  return [program, ...args.map((arg) => arg.startsWith("--allow-net=") ? "--allow-net" : arg)].flatMap((arg) =>
    arg === "--allow-net" ? ["--allow-net", "--allow-write", "--allow-sys"] : [arg]
  ) as [string, ...string[]];
}

function untilStarted(bridge: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let errors = "";
    bridge.stderr!.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
      // The lines of the announcement come at one time.
      if (errors.includes("Signing service started on ") && errors.endsWith("\n")) resolve(errors);
    });
    bridge.once("exit", (code) => reject(new Error(`anyrole bridge ended with ${code}: ${errors}`)));
  });
}

async function ended(bridge: ChildProcess): Promise<number | null> {
  if (bridge.exitCode === null && bridge.signalCode === null) {
    const exit = new Promise((resolve) => bridge.once("exit", resolve));
    bridge.kill("SIGTERM");
    await exit;
  }
  return bridge.exitCode;
}

async function lookWithCurl(place: SignerPlace & { readonly kind: "https" }, authorityFile: string): Promise<void> {
  const token = readFileSync(place.tokenFile, "utf8");
  const curl = (path: string, ...more: readonly string[]): string => {
    // The token is no argument that others could see.
    const { status, stdout, stderr } = spawnSync("curl", [
      "--silent",
      "--show-error",
      "--cacert",
      authorityFile,
      "--config",
      "-",
      ...more,
      `${place.endpoint}${path}`,
    ], { encoding: "utf8", input: `header = "Authorization: Bearer ${token}"\n`, timeout: 30_000 });
    if (status !== 0) throw new Error(`curl ended with ${status}: ${stderr}`);
    return stdout;
  };
  const { algorithm, publicKey } = JSON.parse(curl("/v1/key")) as { algorithm: string; publicKey: string };
  const key = createHash("sha256").update(Buffer.from(publicKey, "base64")).digest("hex");
  const message = Buffer.from("message of curl");
  const body = JSON.stringify({ algorithm, key, message: message.toString("base64") });
  const { signature } = JSON.parse(curl("/v1/sign", "--data", body)) as { signature: string };
  const good = verify("sha256", message, createPublicKey(place.publicKey), Buffer.from(signature, "base64"));
  if (!good) throw new Error("the signature does not verify");
}
