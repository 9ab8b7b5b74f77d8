// runtimes: node20
/**
 * `anyrole serve` as a socket unit of systemd starts it: with a socket that listens already.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import process from "node:process";
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { SESSION_FLAGS, startService, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { commandLines } from "../../support/programs.ts";
import { assert, skip, suite } from "../../support/suite.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const test = suite("runtimes/node/serve-activation");

const folder = temporaryFolder();
const authority = await testAuthority();
const client = await authority.issueBelow("activated");
const service = await startService(nodeHost(), trustingEmulator(authority, Date.now));

test.after(async () => {
  await service.close();
  folder.remove();
});

/** Starts the command with a socket of ours as its third descriptor, and answers what it has said up to a line. */
async function activated(
  hostname: string,
  until: RegExp,
): Promise<{ readonly port: number; said: string; stop(): Promise<void> }> {
  if (process.platform !== "linux") skip("systemd is Linux's");
  const command = (await commandLines()).find(({ name }) => name === "Node 20")?.command;
  if (command === undefined) skip("Node 20 is not on this machine");
  const socket = createServer().listen(0, hostname);
  await once(socket, "listening");
  const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle;
  const words = [
    ...command,
    "serve",
    ...SESSION_FLAGS,
    "--endpoint",
    service.endpoint,
    "--certificate",
    folder.write("cert.pem", client.certificatePem + authority.intermediate.certificatePem),
    "--private-key",
    folder.write("key.pem", client.keyPem),
    "--token-file",
    `${folder.path}/token`,
  ];
  // The number of the process is known to itself alone.
  const child = spawn("sh", ["-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh", ...words], {
    stdio: ["ignore", "ignore", "pipe", fd],
    env: { PATH: process.env["PATH"], NO_COLOR: "1" },
  });
  const ended = once(child, "close");
  const started = { port: (socket.address() as AddressInfo).port, said: "" };
  // The command has it now; what this process accepted, nobody would answer.
  socket.close();
  await new Promise<void>((resolve) => {
    void ended.then(() => resolve());
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      started.said += text;
      if (until.test(started.said)) resolve();
    });
  });
  return Object.assign(started, {
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  });
}

test("serve serves the socket that systemd hands over, on whatever port that is", async () => {
  const served = await activated("127.0.0.1", /TOKEN_FILE=.*\n/);
  const { port } = served;
  assert.match(served.said, `Local server started on port: ${port}\n`);
  const response = await fetch(`http://127.0.0.1:${port}/v1/credentials`, {
    headers: { authorization: readFileSync(`${folder.path}/token`, "utf8") },
  });
  assert.match(await response.text(), '"AccessKeyId":"ASIA');
  await served.stop();
});

test("serve refuses a socket of systemd that other machines reach, unless that is meant", async () => {
  const served = await activated("0.0.0.0", /\[ERR_USAGE_MISSING_FLAG\]\n/);
  assert.match(served.said, "if that is meant, add --allow-other-machines");
  await served.stop();
});

test.run();
