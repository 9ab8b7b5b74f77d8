/**
 * tpm2-pkcs11: a PKCS#11 module of another vendor, whose keys lie in a TPM (swtpm behind tpm2-abrmd), and whose PINs the
 * TPM really locks.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { encodePem } from "../../core/pem/pem.ts";
import { type InteropContext, type InteropItem, Missing, requireProgram } from "./interop.ts";
import { startOnSocket, untilAnswered } from "./swtpm.ts";
import {
  certify,
  credentialsJob,
  requireConformance,
  requireFailure,
  TOKEN_RUNTIMES,
  type TokenPrograms,
  tokenPrograms,
  tool,
  verifyWithOpenssl,
} from "./token-programs.ts";

const MODULES: readonly string[] = [
  "/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so",
  "/usr/lib/aarch64-linux-gnu/pkcs11/libtpm2_pkcs11.so",
  "/usr/lib64/pkcs11/libtpm2_pkcs11.so",
];

const ADVICE = "install libtpm2-pkcs11-1, libtpm2-pkcs11-tools, tpm2-abrmd and dbus";

/** The PIN, which nothing may print. */
const PIN = "canary-662607";

/** So many wrong PINs the TPM takes. */
const MAX_TRIES = 3;

const KEYS = { "P-256": "ecc256", "P-384": "ecc384", RSA: "rsa2048" } as const;

interface TpmToken {
  readonly module: string;
  readonly programs: TokenPrograms;
}

/** The items of this file. */
export function tpmTokenItems(context: InteropContext): readonly InteropItem[] {
  let ready: Promise<TpmToken> | undefined;
  const item = (name: string, work: (token: TpmToken) => Promise<void>): InteropItem => ({
    name: `tpm2-pkcs11: ${name}`,
    quick: false,
    run: async () => await work(await (ready ??= tpmToken(context))),
  });
  const uri = (name: string) => `pkcs11:token=tpm;object=${name}`;
  const pin = PIN;
  return [
    ...TOKEN_RUNTIMES.map((runtime) =>
      item(
        `keys in a TPM get credentials and sign in ${runtime}, verified by OpenSSL`,
        async ({ module, programs }) => {
          for (const name of Object.keys(KEYS)) {
            const signed = await programs.value(runtime, { do: "sign", module, pin, key: uri(name), count: 8 });
            verifyWithOpenssl(signed, 8);
            if (signed.requests !== 1) throw new Error(`the PIN was asked for ${signed.requests} times`);
            const certificate = encodePem("CERTIFICATE", await certify(context, name, signed.publicKey));
            const identity = {
              certificate,
              intermediates: context.authority.intermediate.certificatePem,
              privateKey: uri(name),
            };
            const { accessKeyId } = await programs.value(runtime, {
              ...credentialsJob(context, identity),
              module,
              pin,
            });
            if (!/^ASIA/.test(accessKeyId)) throw new Error(accessKeyId);
            await requireConformance(programs, runtime, { module, pin, key: uri(name) });
          }
        },
      )
    ),
    item("wrong PINs lock the token, which is told as such until its TPM forgives", async ({ module, programs }) => {
      const sign = { do: "sign", module, key: uri("P-256"), count: 1 };
      for (let i = 1; i <= MAX_TRIES; i++) {
        const wrong = `canary-wrong-${i}`;
        const runtime = TOKEN_RUNTIMES[i % TOKEN_RUNTIMES.length]!;
        const refused = await programs.run(runtime, { ...sign, key: `${sign.key}?pin-value=${wrong}` });
        requireFailure(refused, "ERR_TOKEN_PIN_INCORRECT", wrong);
      }
      for (const runtime of TOKEN_RUNTIMES) {
        requireFailure(await programs.run(runtime, { ...sign, pin }), "ERR_TOKEN_PIN_LOCKED", pin);
      }
      tool("tpm2_dictionarylockout", ["--clear-lockout"], programs.environment);
      for (const runtime of TOKEN_RUNTIMES) {
        verifyWithOpenssl(await programs.value(runtime, { ...sign, pin }), 1);
      }
    }),
  ];
}

/** Starts a TPM and its resource manager, and makes a token with keys. */
async function tpmToken(context: InteropContext): Promise<TpmToken> {
  const module = MODULES.find((path) => existsSync(path));
  if (module === undefined) throw new Missing(`tpm2-pkcs11 is not on this machine; ${ADVICE}`);
  requireProgram("tpm2-abrmd", ["--version"], ADVICE);
  requireProgram("dbus-daemon", ["--version"], ADVICE);
  const programs = tokenPrograms(context, "tpm2-pkcs11");
  const { socket } = await startOnSocket(join(programs.path, "tpm"));
  const store = join(programs.path, "store");
  mkdirSync(store);
  const address = await resourceManager(socket);
  const tcti = "tabrmd:bus_type=session";
  Object.assign(programs.environment, {
    DBUS_SESSION_BUS_ADDRESS: address,
    TPM2TOOLS_TCTI: tcti,
    TPM2_PKCS11_TCTI: tcti,
    TPM2_PKCS11_STORE: store,
    TSS2_LOG: "all+NONE",
  });
  const run = (program: string, ...words: string[]) => tool(program, words, programs.environment);
  await untilAnswered(async () => run("tpm2_getcap", "properties-fixed"));
  // A try is forgiven after a thousand seconds.
  const limits = ["--max-tries", String(MAX_TRIES), "--recovery-time", "1000", "--lockout-recovery-time", "1000"];
  run("tpm2_dictionarylockout", "--setup-parameters", ...limits);
  run("tpm2_ptool", "init");
  run("tpm2_ptool", "addtoken", "--pid=1", "--label=tpm", "--sopin=12345678", `--userpin=${PIN}`);
  for (const [name, algorithm] of Object.entries(KEYS)) {
    const words = ["--label=tpm", `--userpin=${PIN}`, `--key-label=${name}`, `--algorithm=${algorithm}`];
    run("tpm2_ptool", "addkey", ...words);
  }
  return { module, programs };
}

/** A bus of its own with tpm2-abrmd on it; both end with this process. */
async function resourceManager(socket: string): Promise<string> {
  const bus = ending(spawn("dbus-daemon", ["--session", "--nofork", "--print-address"], {
    stdio: ["ignore", "pipe", "ignore"],
  }));
  const address = await new Promise<string>((resolve, reject) => {
    bus.stdout!.once("data", (line) => resolve(String(line).trim()));
    bus.once("exit", (code) => reject(new Error(`dbus-daemon ended with ${code}`)));
  });
  bus.stdout!.destroy();
  const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
  ending(spawn("tpm2-abrmd", ["--session", `--tcti=swtpm:path=${socket}`, ...asRoot], {
    stdio: "ignore",
    env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: address },
  }));
  return address;
}

function ending(child: ChildProcess): ChildProcess {
  child.unref();
  process.once("exit", () => child.kill());
  return child;
}
