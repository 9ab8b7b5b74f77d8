/**
 * The command line with keys on tokens: SoftHSM and NSS, in every runtime.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { remoteSigner } from "../../core/sign/remote-signer.ts";
import { unixSocketFetch } from "../../hsm-bridge/remote/unix-socket-fetch.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { runProgram } from "../support/programs.ts";
import { type InteropContext, type InteropItem, Missing, requireProgram } from "./interop.ts";
import { type SoftHsm, softHsm, SOFTHSM_PIN } from "./softhsm.ts";
import {
  certificateFile,
  commandLineOf,
  installCommand,
  outputOf,
  readmeScript,
  requireCredentials,
  requireRefusal,
  runCommand,
  sessionFlags,
  shellOf,
} from "./token-command-lines.ts";
import { TOKEN_RUNTIMES, type TokenRuntime, tool, verifyRequest, verifyWithOpenssl } from "./token-programs.ts";

const PIN = SOFTHSM_PIN;
const WRONG_PIN = "canary-wrong-pin";

/** The items of this file. */
export function tokenCommandItems(context: InteropContext): readonly InteropItem[] {
  let ready: Promise<SoftHsm> | undefined;
  const make = async (): Promise<SoftHsm> => {
    const hsm = await softHsm(context, "token-commands");
    installCommand(hsm.programs);
    writeFileSync(join(hsm.programs.path, "pin"), `${PIN}\n`, { mode: 0o600 });
    writeFileSync(join(hsm.programs.path, "wrong-pin"), WRONG_PIN, { mode: 0o600 });
    return hsm;
  };
  const item = (name: string, work: (hsm: SoftHsm) => Promise<void>): InteropItem => ({
    name: `token commands: ${name}`,
    quick: false,
    run: async () => await work(await (ready ??= make())),
  });
  const session = sessionFlags(context);
  const uri = (name: string): string => `pkcs11:token=first;object=${name}`;
  const pinFile = ({ module, programs }: SoftHsm) => [
    ...["--pkcs11-lib", module],
    ...["--pkcs11-pin-file", join(programs.path, "pin")],
  ];
  return [
    ...TOKEN_RUNTIMES.map((runtime) =>
      item(
        `credential-process with the PIN from a file, a descriptor and the environment in ${runtime}`,
        async (hsm) => {
          const { module, programs } = hsm;
          const ways: readonly (readonly [readonly string[], Record<string, string>, Record<number, string>])[] = [
            [["--pkcs11-pin-file", join(programs.path, "pin")], {}, {}],
            [["--pkcs11-pin-file", "-"], {}, { 0: `${PIN}\n` }],
            [["--pkcs11-pin-env", "TOKEN_PIN"], { TOKEN_PIN: PIN }, {}],
            [["--pkcs11-pin-fd", "3"], {}, { 3: PIN }],
          ];
          for (const name of ["rsa", "P-256"]) {
            for (const [flags, environment, inputs] of ways) {
              // Deno opens descriptors by their paths, which those of this test do not have.
              if (runtime === "Deno" && "3" in inputs) continue;
              const words = [
                "credential-process",
                "--certificate",
                uri(name),
                "--pkcs11-lib",
                module,
                ...flags,
                ...session,
              ];
              requireCredentials(await runCommand(programs, runtime, words, environment, inputs), PIN);
            }
          }
          const source = `${uri("rsa")}?pin-source=file:${join(programs.path, "pin")}`;
          const words = ["credential-process", "--certificate", source, "--pkcs11-lib", module, ...session];
          requireCredentials(await runCommand(programs, runtime, words), PIN);
        },
      )
    ),
    ...TOKEN_RUNTIMES.map((runtime) =>
      item(`a wrong PIN ends it with one line in ${runtime}, and is shown nowhere`, async (hsm) => {
        const { module, programs } = hsm;
        const device = ["--certificate", uri("rsa"), "--pkcs11-lib", module];
        const words = [
          "credential-process",
          ...device,
          "--pkcs11-pin-file",
          join(programs.path, "wrong-pin"),
          ...session,
        ];
        const ended = await runCommand(programs, runtime, [...words, "--debug"]);
        requireRefusal(ended, /CKR_PIN_INCORRECT.*\[ERR_TOKEN_PIN_INCORRECT\]/, WRONG_PIN);
        // The right one resets the count.
        await outputOf(programs, runtime, ["token", "list", ...pinFile(hsm), "--login", "--uri", "pkcs11:token=first"]);
        const unasked = await runCommand(programs, runtime, ["credential-process", ...device, ...session]);
        requireRefusal(unasked, /unable to read PKCS#11 user PIN/, PIN);
      })
    ),
    ...TOKEN_RUNTIMES.map((runtime) =>
      item(`sign-string, read-certificate-data and token list in ${runtime}`, async (hsm) => {
        const { module, programs } = hsm;
        const sign = ["sign-string", "--private-key", uri("rsa"), ...pinFile(hsm), "--format", "text"];
        const signatures: string[] = [];
        for (const digest of ["SHA256", "SHA384", "SHA512"]) {
          signatures.push(await outputOf(programs, runtime, [...sign, "--digest", digest]));
        }
        if (signatures.some((hex) => !/^[0-9a-f]{512}$/.test(hex)) || new Set(signatures).size !== 3) {
          throw new Error(`signatures: ${signatures}`);
        }
        // By the certificate, without naming the key.
        const byCertificate = ["sign-string", "--certificate", uri("rsa"), ...pinFile(hsm), "--format", "text"];
        if (await outputOf(programs, runtime, byCertificate) !== signatures[0]) throw new Error("another signature");
        const listed = await outputOf(programs, runtime, [
          ...["read-certificate-data", "--pkcs11-lib", module],
          ...["--cert-selector", "Key=x509Subject,Value=CN=P-256"],
        ]);
        const found =
          /^Matching identities\n1\) Hex Fingerprint: [0-9a-f]{40}\nSubject: CN=P-256\n.*\nURI: (pkcs11:\S+)\n\n$/s
            .exec(listed)?.[1];
        if (found === undefined) throw new Error(listed);
        // What is listed can be pasted.
        const pasted = ["credential-process", "--certificate", found, ...pinFile(hsm), ...session];
        requireCredentials(await runCommand(programs, runtime, pasted), PIN);
        const text = await outputOf(programs, runtime, ["token", "list", "--pkcs11-lib", module]);
        if (!/^Token: first \(.*\n {2}URI: pkcs11:token=first;/m.test(text)) throw new Error(text);
        const json = await outputOf(programs, runtime, ["token", "list", ...pinFile(hsm), "--login", "--json"]);
        const { tokens } = JSON.parse(json);
        const keys = tokens[0].objects.filter(({ type }: { readonly type: string }) => type === "private key");
        if (keys.length < 4 || json.includes(PIN)) throw new Error(json);
        const key = keys.find(({ label }: { readonly label: string }) => label === "rsa").uri;
        const again = ["sign-string", "--private-key", key, ...pinFile(hsm), "--format", "text"];
        if (await outputOf(programs, runtime, again) !== signatures[0]) throw new Error("another signature");
      })
    ),
    item("a selector, and the latest certificate, choose on tokens, and no authority's", async (hsm) => {
      const words = ["credential-process", ...pinFile(hsm), ...session];
      for (
        const choice of [["--cert-selector", "Key=x509Subject,Value=CN=rsa"], ["--use-latest-expiring-certificate"]]
      ) {
        requireCredentials(await runCommand(hsm.programs, "current Node", [...words, ...choice]), PIN);
      }
      const several = await runCommand(hsm.programs, "current Node", words);
      requireRefusal(several, /multiple matching identities/, PIN);
      const none = [
        "read-certificate-data",
        "--pkcs11-lib",
        hsm.module,
        "--cert-selector",
        "Key=x509Subject,Value=CN=x",
      ];
      const output = await outputOf(hsm.programs, "current Node", none);
      if (output !== "No matching identities\n") throw new Error(output);
    }),
    item("a certificate in a file, a key on the token, and the other way round", async (hsm) => {
      const { programs, module } = hsm;
      const { publicKey } = await programs.value("current Node", {
        do: "sign",
        module,
        pin: PIN,
        key: uri("rsa"),
        count: 0,
      });
      const certificate = await certificateFile(context, "in-a-file", publicKey);
      const chain = context.folder.write("token-chain.pem", context.authority.intermediate.certificatePem);
      const words = [
        "--certificate",
        certificate,
        "--intermediates",
        chain,
        "--private-key",
        uri("rsa"),
        ...pinFile(hsm),
      ];
      requireCredentials(await runCommand(programs, "Node 20", ["credential-process", ...words, ...session]), PIN);
      const wrong = ["credential-process", "--certificate", uri("rsa"), "--private-key", certificate, ...session];
      requireRefusal(await runCommand(programs, "Node 20", wrong), /undefined certificate value/, PIN);
      const alone = ["credential-process", "--private-key", uri("rsa"), ...pinFile(hsm), ...session];
      requireRefusal(await runCommand(programs, "Node 20", alone), /unable to find certificate/, PIN);
    }),
    item("update, env and exec", async (hsm) => {
      const { programs } = hsm;
      const words = ["--certificate", uri("P-256"), ...pinFile(hsm), ...session];
      const credentials = join(programs.path, "credentials");
      const environment = { AWS_SHARED_CREDENTIALS_FILE: credentials };
      await outputOf(programs, "current Node", ["update", "--once", ...words], environment);
      if (!/aws_access_key_id\s*=\s*ASIA/.test(readFileSync(credentials, "utf8"))) {
        throw new Error("nothing is written");
      }
      const text = await outputOf(programs, "Node 20", ["env", ...words]);
      if (!text.includes("AWS_ACCESS_KEY_ID")) throw new Error(text);
      const script = "process.stdout.write(process.env.AWS_ACCESS_KEY_ID)";
      const output = await outputOf(programs, "Bun", ["exec", ...words, "--", process.execPath, "-e", script]);
      if (!output.startsWith("ASIA")) throw new Error(output);
    }),
    item("serve, whose PIN is in no process list", async (hsm) => {
      const { programs } = hsm;
      const words = ["serve", "--mode", "imds", "--port", "0", "--json", "--certificate", uri("P-256")];
      await whileRunning(hsm, "current Node", [...words, ...pinFile(hsm), ...session], async (started, child) => {
        const { url } = JSON.parse(started) as { readonly url: string };
        const headers = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };
        const token = await (await fetch(`${url}/latest/api/token`, { method: "PUT", headers })).text();
        const path = "/latest/meta-data/iam/security-credentials/";
        const asked = { headers: { "x-aws-ec2-metadata-token": token } };
        const role = await (await fetch(url + path, asked)).text();
        const { AccessKeyId } = await (await fetch(url + path + role, asked)).json() as {
          readonly AccessKeyId: string;
        };
        if (!AccessKeyId.startsWith("ASIA")) throw new Error(`access key ${AccessKeyId}`);
        const listed = spawnSync("ps", ["-ww", "-o", "args", "-p", String(child.pid)], { encoding: "utf8" }).stdout;
        if (!listed.includes("serve") || listed.includes(PIN)) throw new Error(`the process list: ${listed}`);
      });
      void programs;
    }),
    item("anyrole bridge signs with a key on the token", async (hsm) => {
      const socket = join(hsm.programs.path, "bridge.sock");
      const words = ["bridge", "--key", uri("rsa"), "--any-message", "--unix-socket", socket, ...pinFile(hsm)];
      for (const runtime of TOKEN_RUNTIMES) {
        await whileRunning(hsm, runtime, words, async () => {
          const signer = await remoteSigner({
            endpoint: "http://localhost",
            fetch: unixSocketFetch(socket),
            sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
          });
          const signature = await signer.sign(new TextEncoder().encode("message 0"));
          const publicKey = Buffer.from(signer.publicKey).toString("base64");
          verifyWithOpenssl({ publicKey, signatures: [Buffer.from(signature).toString("base64")] }, 1);
        }, () => existsSync(socket));
      }
    }),
    item("token generate, csr and import-certificate make an identity of nothing", async (hsm) => {
      const { programs } = hsm;
      for (const [runtime, kind] of [["Node 20", "rsa-2048"], ["Deno", "P-256"], ["Bun", "P-384"]] as const) {
        const place = `pkcs11:token=first;object=made-${kind}`;
        const generate = ["token", "generate", "--uri", place, "--key-type", kind, ...pinFile(hsm), "--json"];
        const made = JSON.parse(await outputOf(programs, runtime, generate));
        const subject = ["--subject", "CN=made,O=Example\\, Inc.,C=US", "--dns-name", "made.example"];
        const request = ["token", "csr", "--private-key", made.uri, ...subject, ...pinFile(hsm)];
        const pem = await outputOf(programs, runtime, request);
        verifyRequest(context, Buffer.from(pem.replace(/-----.*-----|\s/g, ""), "base64").toString("base64"));
        const certificate = await certificateFile(context, `made ${kind}`, made.publicKey);
        const words = ["token", "import-certificate", "--private-key", made.uri, "--certificate", certificate];
        const imported = (await outputOf(programs, runtime, [...words, ...pinFile(hsm)])).trim();
        const use = ["credential-process", "--certificate", imported, ...pinFile(hsm), ...session];
        requireCredentials(await runCommand(programs, runtime, use), PIN);
        const again = await runCommand(programs, runtime, generate.slice(0, -1));
        requireRefusal(again, /ERR_TOKEN_OBJECT_EXISTS/, PIN);
      }
    }),
    item("the commands of the README", async (hsm) => {
      const { module, programs } = hsm;
      const words = ["--init-token", "--free", "--label", "edge", "--so-pin", "12345678", "--pin", PIN];
      tool("softhsm2-util", words, programs.environment);
      const shell = await shellOf(programs);
      const [before, after] = [0, 1].map((index) =>
        readmeScript(index).replaceAll("/usr/lib/softhsm/libsofthsm2.so", module)
      );
      shell(before!);
      const request = readFileSync(join(programs.path, "edge-7.csr"), "utf8");
      verifyRequest(context, request.replace(/-----.*-----|\s/g, ""));
      const key = tool("openssl", ["req", "-in", join(programs.path, "edge-7.csr"), "-pubkey", "-noout"]);
      const certificate = await certificateFile(context, "edge-7", key.replace(/-----.*-----|\s/g, ""));
      cpSync(certificate, join(programs.path, "edge-7.pem"));
      const printed = shell(`${before!.split("\n")[0]}\n${after}`);
      if (!/;type=cert\n[^]*Certificate edge-7: CN=edge-7[^]*[0-9a-f]{512}$/.test(printed)) throw new Error(printed);
    }),
    item("the cache is shared by RSA keys, and by others with a secret", async (hsm) => {
      const { programs } = hsm;
      const environment = { ANYROLE_NO_CACHE: "", ANYROLE_CACHE_DIR: join(programs.path, "cache") };
      const get = async (name: string, ...more: readonly string[]): Promise<string> => {
        const words = ["credential-process", "--certificate", uri(name), ...pinFile(hsm), ...session, ...more];
        return JSON.parse(await outputOf(programs, "current Node", words, environment)).AccessKeyId;
      };
      if (await get("rsa") !== await get("rsa")) throw new Error("RSA keys share nothing");
      if (await get("P-256") === await get("P-256")) throw new Error("keys on curves share without a secret");
      const secret = join(programs.path, "secret");
      writeFileSync(secret, "0123456789abcdef", { mode: 0o600 });
      const shared = await get("P-256", "--cache-secret-file", secret);
      if (shared !== await get("P-256", "--cache-secret-file", secret)) throw new Error("a secret shares nothing");
    }),
    item("doctor names the custody, and what is wrong with a token", async (hsm) => {
      const { module, programs } = hsm;
      const words = ["doctor", "--offline", "--certificate", uri("P-256"), ...session];
      const good = await runCommand(programs, "current Node", [...words, ...pinFile(hsm)]);
      if (!good.output.includes("custody") || !good.output.includes("high")) throw new Error(good.output + good.errors);
      if (good.output.includes(PIN)) throw new Error("the PIN is in the report");
      const missing = await runCommand(programs, "current Node", [...words, "--pkcs11-lib", "/nowhere.so"]);
      if (missing.code !== 1 || !missing.output.includes("Failed to load provider library /nowhere.so")) {
        throw new Error(missing.output + missing.errors);
      }
      const wrong = ["--pkcs11-lib", module, "--pkcs11-pin-file", join(programs.path, "wrong-pin")];
      const refused = await runCommand(programs, "current Node", [...words, ...wrong]);
      if (refused.code !== 1 || !/CKR_PIN_INCORRECT/.test(refused.output)) {
        throw new Error(refused.output + refused.errors);
      }
      const low = await runCommand(programs, "current Node", [...words, "--pkcs11-lib", module, "--json"]);
      if (!/token-pin-tries/.test(low.output)) throw new Error(low.output + low.errors);
      await outputOf(programs, "current Node", [
        "token",
        "list",
        ...pinFile(hsm),
        "--login",
        "--uri",
        "pkcs11:token=first",
      ]);
    }),
    item("the PIN is asked for on the terminal, and not shown", async (hsm) => {
      for (const runtime of ["Node 20", "current Node", "Bun"] as const) await typed(context, hsm, runtime);
    }),
    item("without koffi Node says what to install", async ({ module, programs }) => {
      const folder = join(context.folder.path, "without-koffi");
      cpSync(join(repositoryRoot(), "dist/bin"), folder, { recursive: true });
      const [node] = await commandLineOf(programs, "Node 20");
      const command = [node, join(folder, "anyrole.cjs")] as [string, ...string[]];
      const words = ["credential-process", "--certificate", uri("rsa"), "--pkcs11-lib", module, ...session];
      const { code, output, errors } = await runProgram(command, words, programs.environment);
      const ended = { code, output: new TextDecoder().decode(output), errors };
      requireRefusal(ended, /npm install koffi.*\[ERR_HSM_FFI_UNAVAILABLE\]/, PIN);
    }),
    item("NSS: from an empty database to credentials, by a selector", async ({ programs }) => {
      const directory = join(programs.path, "nss-database");
      mkdirSync(directory);
      const module = `sql:${directory}`;
      tool("certutil", ["-N", "-d", module, "-f", join(programs.path, "pin")]);
      const device = ["--pkcs11-lib", module, "--pkcs11-pin-file", join(programs.path, "pin")];
      const chain = context.folder.write("nss-chain.pem", context.authority.intermediate.certificatePem);
      for (const [index, runtime] of TOKEN_RUNTIMES.entries()) {
        const place = `pkcs11:token=NSS%20Certificate%20DB;object=nss-${index}`;
        const made = JSON.parse(
          await outputOf(programs, runtime, ["token", "generate", "--uri", place, ...device, "--json"]),
        );
        const certificate = await certificateFile(context, `nss ${index}`, made.publicKey);
        const words = [
          "token",
          "import-certificate",
          "--private-key",
          made.uri,
          "--certificate",
          certificate,
          ...device,
        ];
        const imported = (await outputOf(programs, runtime, words)).trim();
        const use = ["credential-process", "--certificate", imported, "--intermediates", chain, ...device, ...session];
        requireCredentials(await runCommand(programs, runtime, use), PIN);
        const list = ["read-certificate-data", "--cert-selector", `Key=x509Subject,Value=CN=nss ${index}`, ...device];
        if (!(await outputOf(programs, runtime, list)).includes(`Subject: CN=nss ${index}\n`)) {
          throw new Error("not listed");
        }
      }
    }),
  ];
}

/** Starts a command that goes on, and ends it after the work. */
async function whileRunning(
  { programs }: SoftHsm,
  runtime: TokenRuntime,
  args: readonly string[],
  work: (firstLine: string, child: ChildProcess) => Promise<void>,
  isReady: (output: string) => boolean = (output) => output.includes("\n"),
): Promise<void> {
  const permissions = ["--allow-all"];
  const [program, ...words] = await commandLineOf(programs, runtime, permissions);
  const child = spawn(program, [...words, ...args], {
    env: { ...process.env, ...programs.environment, ANYROLE_NO_CACHE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => output += text);
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors += text);
  const ended = new Promise((resolve) => child.on("close", resolve));
  try {
    for (let tries = 0; !isReady(output); tries++) {
      if (tries === 200 || child.exitCode !== null) throw new Error(`${runtime}: ${args[0]} does not start: ${errors}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await work(output, child);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
  if ((output + errors).includes(PIN)) throw new Error("the PIN is in the output");
}

/** Types the PIN on a terminal that `script` makes, first a wrong one. */
async function typed(context: InteropContext, { module, programs }: SoftHsm, runtime: TokenRuntime): Promise<void> {
  if (process.platform !== "linux") {
    throw new Missing("the terminal is made by script of util-linux, which is on Linux");
  }
  requireProgram("script", ["--version"], "install util-linux (bsdutils) with your system's packages");
  const output = join(programs.path, "typed-output");
  const start = await commandLineOf(programs, runtime);
  const words = ["credential-process", "--certificate", "pkcs11:token=first;object=P-256", "--pkcs11-lib", module];
  const line = [...start, ...words, ...sessionFlags(context)].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--command", `${line} > '${output}'`, "/dev/null"], {
    env: { ...process.env, ...programs.environment, ANYROLE_NO_CACHE: "1" },
    stdio: ["pipe", "pipe", "inherit"],
    timeout: 30_000,
  });
  const answers = [`${WRONG_PIN}\r`, `${PIN}\r`];
  let screen = "";
  let read = 0;
  child.stdin.on("error", () => {});
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    screen += chunk;
    for (let at; (at = screen.indexOf("PIN of token first", read)) >= 0 && screen.indexOf("\n", at) >= 0;) {
      read = screen.indexOf("\n", at);
      const answer = answers.shift();
      if (answer !== undefined) child.stdin.write(answer);
    }
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const text = readFileSync(output, "utf8");
  requireCredentials({ code, output: text, errors: "" }, PIN);
  if (!screen.includes("That PIN is wrong.") || screen.includes(PIN) || screen.includes(WRONG_PIN)) {
    throw new Error(`the terminal: ${screen}`);
  }
}
