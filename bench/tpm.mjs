/**
 * A TPM in software (swtpm) with a P-256 key, for topic `hsm`, and how long it works for `tpm2_sign` of tpm2-tools.
 *
 * `tpm2_sign` is a program, and its start takes longer than what it wants of the TPM. What counts is the TPM's own time: its
 * commands go through a relay, which adds up, command by command, how long the TPM takes to answer. Ours is the whole
 * signature, from the call to the result: connections, the session and its cryptography on both sides, and the signature.
 * Both start a session for each signature; the tool's has no salt, and is flushed by a command. Our salt is made when the
 * signature before it is out, while nobody waits: only a first signature, and one right behind another, waits for its
 * salt, and no round is one of these.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";

/** Programs without which there is no such group. */
const PROGRAMS = ["swtpm", "tpm2_createprimary", "tpm2_create", "tpm2_load", "tpm2_evictcontrol", "tpm2_sign"];

/** Where the key is. */
export const TPM_KEY = "handle:0x81010002";
const KEY_HANDLE = "0x81010002";

/** What is missing on this machine; undefined: nothing. */
export function missingOfTpm() {
  const missing = PROGRAMS.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).error !== undefined);
  return missing === undefined ? undefined : `${missing} is not on this machine; install swtpm and tpm2-tools`;
}

/** Starts the TPM and makes the key, whose use no password guards. */
export async function startTpm(folder) {
  const path = join(folder, "tpm");
  mkdirSync(path);
  const socket = join(path, "socket");
  const ends = ["--server", `type=unixio,path=${socket}`, "--ctrl", `type=unixio,path=${socket}.ctrl`];
  const flags = ["--tpm2", "--tpmstate", `dir=${path}`, "--flags", "not-need-init,startup-clear"];
  const child = spawn("swtpm", ["socket", ...flags, ...ends], { stdio: "ignore" });
  const end = () => child.kill();
  process.once("exit", end);
  try {
    for (let tries = 0; !existsSync(socket); tries++) {
      if (tries === 200 || child.exitCode !== null) throw new Error("swtpm does not start");
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    makeKey(path, socket);
    const relay = await startRelay(socket, join(path, "relay"));
    symlinkSync(`${socket}.ctrl`, join(path, "relay.ctrl"));
    const digest = join(path, "digest");
    writeFileSync(digest, new Uint8Array(32).fill(7));
    const words = ["-c", KEY_HANDLE, "-g", "sha256", "-s", "ecdsa", "-d", digest, "-o", join(path, "signature")];
    return {
      socket,
      /** Runs `tpm2_sign` as often, and answers the milliseconds that the TPM worked for it. */
      toolTime: async (operations) => {
        const before = relay.spent();
        for (let left = operations; left > 0; left--) await run("tpm2_sign", words, relay.path);
        return relay.spent() - before;
      },
      end: () => {
        relay.close();
        end();
        process.removeListener("exit", end);
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

/** A storage key at 0x81000001, as the provisioning guidance has it, and the key below it. */
function makeKey(path, socket) {
  const tool = (program, ...args) => {
    const { status, stderr } = spawnSync(program, args, { env: environment(socket), encoding: "utf8" });
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  };
  const [parent, key, publicPart, privatePart] = ["parent.ctx", "key.ctx", "key.pub", "key.priv"].map((name) =>
    join(path, name)
  );
  const flush = () => tool("tpm2_flushcontext", "-t");
  tool("tpm2_createprimary", "-C", "o", "-G", "ecc", "-c", parent);
  tool("tpm2_evictcontrol", "-C", "o", "-c", parent, "0x81000001");
  flush();
  const attributes = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign";
  tool(
    "tpm2_create",
    "-C",
    "0x81000001",
    "-G",
    "ecc256:ecdsa-sha256:null",
    "-a",
    attributes,
    "-u",
    publicPart,
    "-r",
    privatePart,
  );
  flush();
  tool("tpm2_load", "-C", "0x81000001", "-u", publicPart, "-r", privatePart, "-c", key);
  tool("tpm2_evictcontrol", "-C", "o", "-c", key, KEY_HANDLE);
  flush();
  for (const each of [parent, key, publicPart, privatePart]) rmSync(each);
}

function environment(socket) {
  return { ...process.env, TPM2TOOLS_TCTI: `swtpm:path=${socket}`, TSS2_LOG: "all+NONE" };
}

function run(program, args, socket) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: environment(socket), stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text) => errors += text);
    child.on("error", reject);
    child.on("close", (code) => code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}: ${errors}`)));
  });
}

/** Passes commands on, one client after the other, and adds up the time from each command to its answer. */
async function startRelay(socket, path) {
  let spent = 0;
  const server = createServer((client) => {
    const tpm = connect(socket);
    let sentAt = 0;
    // The size of a command and of a response stands in octets 2 to 5; tools send and get each in whole.
    client.on("data", (command) => {
      sentAt = performance.now();
      tpm.write(command);
    });
    tpm.on("data", (response) => {
      spent += performance.now() - sentAt;
      sentAt = performance.now();
      client.write(response);
    });
    client.on("close", () => tpm.destroy());
    tpm.on("close", () => client.destroy());
    for (const end of [client, tpm]) end.on("error", () => {});
  });
  await new Promise((resolve) => server.listen(path, resolve));
  return { path, spent: () => spent, close: () => server.close() };
}
