/**
 * p11-kit: a token of another process through its server and client module, and the proxy in front of all modules.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { type InteropContext, type InteropItem, Missing } from "./interop.ts";
import { type SoftHsm, softHsm, SOFTHSM_PIN } from "./softhsm.ts";
import {
  credentialsJob,
  requireConformance,
  requireFailure,
  TOKEN_RUNTIMES,
  verifyWithOpenssl,
} from "./token-programs.ts";

const CLIENTS: readonly string[] = [
  "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so",
  "/usr/lib/aarch64-linux-gnu/pkcs11/p11-kit-client.so",
  "/usr/lib64/pkcs11/p11-kit-client.so",
];

/** The items of this file. */
export function p11KitItems(context: InteropContext): readonly InteropItem[] {
  let ready: Promise<SoftHsm> | undefined;
  const item = (name: string, work: (hsm: SoftHsm, client: string) => Promise<void>): InteropItem => ({
    name: `p11-kit: ${name}`,
    quick: false,
    run: async () => {
      const client = CLIENTS.find((path) => existsSync(path));
      if (client === undefined) {
        throw new Missing("p11-kit is not on this machine; install p11-kit and p11-kit-modules");
      }
      await work(await (ready ??= softHsm(context, "p11-kit")), client);
    },
  });
  const pin = SOFTHSM_PIN;
  const certificate = "pkcs11:token=first;object=P-256";
  return [
    item("a token behind p11-kit server gets credentials and signs in every runtime", async (hsm, module) => {
      const { programs } = hsm;
      const server = await serve(hsm);
      try {
        programs.environment["P11_KIT_SERVER_ADDRESS"] = `unix:path=${server.socket}`;
        for (const runtime of TOKEN_RUNTIMES) {
          const job = { ...credentialsJob(context, { certificate }), module, pin };
          const { accessKeyId } = await programs.value(runtime, job);
          if (!/^ASIA/.test(accessKeyId)) throw new Error(accessKeyId);
          const signing = { do: "sign", module, pin, identity: { certificate }, count: 32 };
          verifyWithOpenssl(await programs.value(runtime, signing), 32);
          await requireConformance(programs, runtime, { module, pin, identity: { certificate } });
        }
      } finally {
        await server.stop();
      }
    }),
    item("a server that ends and starts again is a token that was pulled and put back", async (hsm, module) => {
      const { programs } = hsm;
      const server = await serve(hsm);
      programs.environment["P11_KIT_SERVER_ADDRESS"] = `unix:path=${server.socket}`;
      const restarted = join(programs.path, "p11.pid");
      try {
        const away = [
          "sh",
          "-c",
          'kill $(pgrep -P "$0") "$0"; while [ -d "/proc/$0" ]; do :; done; rm -f "$1"',
          server.pid,
          server.socket,
        ];
        const start = '"$@" >/dev/null 2>&1 & echo $! > "$0"; while [ ! -S "$SOCKET" ]; do :; done';
        const back = ["env", `SOCKET=${server.socket}`, "sh", "-c", start, restarted, "p11-kit", ...server.words];
        const job = { do: "reseat", module, pin, identity: { certificate }, away: { run: away }, back: { run: back } };
        const { gone, same, ...signed } = await programs.value("current Node", job);
        if (gone !== "ERR_TOKEN_REMOVED" || !same) throw new Error(`${gone}, ${same}`);
        verifyWithOpenssl(signed, 1);
      } finally {
        await server.stop();
        if (existsSync(restarted)) process.kill(Number(readFileSync(restarted, "utf8")));
      }
    }),
    item("the proxy is the module when none is named", async ({ programs }) => {
      for (const runtime of TOKEN_RUNTIMES) {
        const outcome = await programs.run(runtime, { do: "sign", pin, identity: { certificate }, count: 4 });
        if (outcome.error?.code === "ERR_TOKEN_NO_SLOT") throw new Missing("p11-kit has no module softhsm2 configured");
        if (outcome.error !== undefined) throw new Error(outcome.error.message);
        verifyWithOpenssl(outcome.value, 4);
      }
      const wrong = { do: "sign", key: `${certificate}?pin-value=canary-wrong`, count: 1 };
      requireFailure(await programs.run("current Node", wrong), "ERR_TOKEN_PIN_INCORRECT", "canary-wrong");
    }),
  ];
}

/** Starts a server, and waits until it listens. */
async function serve({ module, programs }: SoftHsm) {
  const socket = join(programs.path, "p11.sock");
  const words = ["server", "-f", "--provider", module, "--name", socket, "pkcs11:token=first"];
  const child = spawn("p11-kit", words, { env: { ...process.env, ...programs.environment }, stdio: "ignore" });
  const ended = once(child, "exit");
  for (let i = 0; !existsSync(socket); i++) {
    if (i === 200) throw new Error("p11-kit server does not listen");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    socket,
    words,
    pid: String(child.pid),
    stop: async () => {
      child.kill();
      await ended;
      rmSync(socket, { force: true });
    },
  };
}
