/**
 * OpenSSH's agent as the holder of keys.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { SESSION_FLAGS } from "../support/local-service.ts";
import { type Ended, type Program, runProgram } from "../support/programs.ts";
import { KEYS } from "../vectors/keys/keys.ts";
import { type InteropContext, type InteropItem, Missing } from "./interop.ts";
import { permitted } from "./remote-signer.ts";
import { lookAtSigner, SIGNER_CLIENTS } from "./signer-clients.ts";

const ADVICE = "install openssh-client with your system's packages";

/** The items of this file. */
export function sshAgentItems(context: InteropContext): readonly InteropItem[] {
  const signing = SIGNER_CLIENTS.flatMap((runtime) =>
    (["rsa", "P-256"] as const).map((key): InteropItem => ({
      name: `ssh-agent: signs with ${key === "rsa" ? "RSA-2048" : key} for ${runtime}`,
      quick: false,
      run: () =>
        withAgent(context, ["rsa", "P-256", "P-384"], async (path) => {
          await lookAtSigner(runtime, { kind: "ssh-agent", path, publicKey: KEYS[`${key}-public`] });
        }),
    }))
  );
  const commands = context.programs.map((program): InteropItem => ({
    name: `ssh-agent: anyrole credential-process on ${program.name} signs with its key, and tells that it is locked`,
    quick: false,
    run: () => lookAtCommand(context, program),
  }));
  return [...signing, ...commands, {
    name: "ssh-agent: a key that it lacks, one that cannot serve and an agent that is gone are errors with codes",
    quick: false,
    run: () =>
      withAgent(context, ["P-256", "P-384"], async (path, stop) => {
        const place = { kind: "ssh-agent", path } as const;
        await expectCode("ERR_REMOTE_SIGNER_KEY", { ...place, publicKey: KEYS["rsa-public"] });
        await expectCode("ERR_REMOTE_SIGNER_ALGORITHM", { ...place, publicKey: KEYS["P-384-public"] });
        const good = { ...place, publicKey: KEYS["P-256-public"] };
        await lookAtSigner("node20", good);
        await stop();
        await expectCode("ERR_REMOTE_SIGNER_UNREACHABLE", good);
      }),
  }];
}

/** A session with a key of the agent, none while the agent is locked, and one again. */
async function lookAtCommand(context: InteropContext, program: Program): Promise<void> {
  const { command, missing } = program;
  if (command === undefined) throw new Missing(missing ?? "the runtime is not on this machine");
  const { certificatePem } = await context.authority.issue("agent", { keyPem: KEYS["rsa-pkcs8"] });
  const certificate = context.folder.write("agent-cert.pem", certificatePem);
  await withAgent(context, ["P-256", "rsa"], async (path) => {
    const words = ["credential-process", ...SESSION_FLAGS, "--endpoint", context.service.endpoint]
      .concat("--certificate", certificate, "--private-key", "ssh-agent:");
    const run = () => runProgram(permitted(command), words, { SSH_AUTH_SOCK: path });
    const lock = (flag: "-x" | "-X") => {
      const input = flag === "-x" ? "word\nword\n" : "word\n";
      const env = { ...process.env, SSH_AUTH_SOCK: path, SSH_ASKPASS_REQUIRE: "never", DISPLAY: "" };
      // Without a terminal of its own it reads standard input.
      const { status, stderr } = spawnSync("setsid", ["ssh-add", flag], { env, input, encoding: "utf8" });
      if (status !== 0) throw new Error(`ssh-add ${flag} ended with ${status}: ${stderr}`);
    };
    requireCredentials(await run());
    lock("-x");
    const locked = await run();
    if (locked.code !== 1 || !/is it locked .*\[ERR_REMOTE_SIGNER_KEY\]/s.test(locked.errors)) {
      throw new Error(`of a locked agent it said: ${locked.code} ${locked.errors}`);
    }
    lock("-X");
    requireCredentials(await run());
  });
}

function requireCredentials({ code, output, errors }: Ended): void {
  if (code !== 0) throw new Error(`it ended with ${code}: ${errors}`);
  const { AccessKeyId: id } = JSON.parse(new TextDecoder().decode(output)) as { readonly AccessKeyId?: string };
  if (!id?.startsWith("ASIA")) throw new Error("it printed no credentials");
}

async function expectCode(code: string, place: Parameters<typeof lookAtSigner>[1]): Promise<void> {
  try {
    await lookAtSigner("node20", place);
  } catch (error) {
    if ((error as { readonly code?: string }).code === code) return;
    throw error;
  }
  throw new Error(`it signed, and should have failed with ${code}`);
}

/** Runs an agent of these keys; it is gone when the work is done. */
async function withAgent(
  context: InteropContext,
  keys: readonly ("rsa" | "P-256" | "P-384")[],
  work: (path: string, stop: () => Promise<void>) => Promise<void>,
): Promise<void> {
  if (spawnSync("ssh-agent", ["-h"]).error !== undefined) {
    throw new Missing(`ssh-agent is not on this machine; ${ADVICE}`);
  }
  const path = `${context.folder.path}/agent-${Math.random().toString(36).slice(2)}`;
  // In the foreground, so that it is this child that ends.
  const agent = spawn("ssh-agent", ["-D", "-a", path], { stdio: "ignore" });
  const stop = () => ended(agent);
  try {
    while (!existsSync(path)) {
      if (agent.exitCode !== null) throw new Error(`ssh-agent ended with ${agent.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const key of keys) {
      const file = context.folder.write(`agent-${key}.pem`, KEYS[`${key}-pkcs8`]);
      chmodSync(file, 0o600);
      const { status, stderr } = spawnSync("ssh-add", ["-q", file], {
        env: { ...process.env, SSH_AUTH_SOCK: path },
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(`ssh-add ended with ${status}: ${stderr}`);
    }
    await work(path, stop);
  } finally {
    await stop();
  }
}

async function ended(agent: ChildProcess): Promise<void> {
  if (agent.exitCode !== null || agent.signalCode !== null) return;
  const exit = new Promise((resolve) => agent.once("exit", resolve));
  agent.kill();
  await exit;
}
