/**
 * SoftHSM by each FFI backend in each runtime: the low level of the bridge, whose signatures `node:crypto` verifies.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { createPublicKey, type JsonWebKey, type KeyObject, verify } from "node:crypto";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { repositoryRoot } from "../support/capabilities.ts";
import { runProgram, runtimeProgram } from "../support/programs.ts";
import { type BackendReport, SIGNED_DATA } from "./ffi-backend-probe.ts";
import { type InteropContext, type InteropItem, Missing, requireProgram } from "./interop.ts";

/** Where Debian, Fedora and Homebrew put SoftHSM. */
const MODULES = [
  "/usr/lib/softhsm/libsofthsm2.so",
  "/usr/lib64/pkcs11/libsofthsm2.so",
  "/opt/homebrew/lib/softhsm/libsofthsm2.so",
];

const PIN = "123456";

/** Backends by runtime, which is chosen by itself, and whether its calls leave the event loop free. */
const BACKENDS: readonly (readonly [runtime: string, name: string, backend: string, asynchronous: boolean])[] = [
  ["node20", "Node 20", "koffi", true],
  ["node", "current Node", "koffi", true],
  ["node-ffi", "Node 26", "node:ffi", false],
  ["deno", "Deno", "Deno.dlopen", true],
  ["bun", "Bun", "koffi", true],
  ["bun", "Bun", "bun:ffi", false],
];

/** The items of this file. */
export function ffiBackendItems(context: InteropContext): readonly InteropItem[] {
  return BACKENDS.map(([runtime, name, backend, asynchronous]): InteropItem => ({
    name: `SoftHSM: ${backend} in ${name} makes keys, signs in 64 sessions at one time and refuses what is no module`,
    quick: false,
    run: async () => {
      const module = softHsm();
      const folder = join(context.folder.path, `ffi-${runtime}-${backend.replace(/\W/g, "")}`);
      const environment = { SOFTHSM2_CONF: makeToken(folder) };
      const args = [backend, module, folder, PIN];
      const command = await probeCommand(runtime, folder, { file: "ffi-backend-probe.ts", name: "probeBackend" });
      const { code, output, errors } = await runProgram(command, args, environment);
      if (code !== 0) throw new Error(`it ended with ${code}: ${errors}`);
      checkReport(JSON.parse(new TextDecoder().decode(output)) as BackendReport, asynchronous);
    },
  }));
}

function softHsm(): string {
  requireProgram("softhsm2-util", ["--version"], "install softhsm2 with your system's packages");
  const module = MODULES.find((path) => existsSync(path));
  if (module === undefined) throw new Missing("libsofthsm2.so is not where it is looked for");
  return module;
}

/** Makes a token in the folder and answers the path of SoftHSM's configuration. */
function makeToken(folder: string): string {
  mkdirSync(join(folder, "tokens"), { recursive: true });
  writeFileSync(join(folder, "text.so"), "this is no library\n");
  const configuration = join(folder, "softhsm2.conf");
  const lines = [`directories.tokendir = ${join(folder, "tokens")}`, "objectstore.backend = file", "log.level = ERROR"];
  writeFileSync(configuration, lines.join("\n") + "\n");
  const args = ["--init-token", "--free", "--label", "interop", "--so-pin", "12345678", "--pin", PIN];
  const env = { ...process.env, SOFTHSM2_CONF: configuration };
  const { status, stderr } = spawnSync("softhsm2-util", args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`softhsm2-util ended with ${status}: ${stderr}`);
  return configuration;
}

/** A function of a file beside this one, which takes texts and answers what is printed as JSON. */
export interface Probe {
  readonly file: string;
  readonly name: string;
}

/** What runs a probe in a folder; in Deno with the one permission that foreign functions need. */
export async function probeCommand(runtime: string, folder: string, probe: Probe): Promise<[string, ...string[]]> {
  const { program, missing } = runtime === "node-ffi" ? nodeWithForeignFunctions() : await runtimeProgram(runtime);
  if (program === undefined) throw new Missing(missing ?? runtime);
  const { build } = await import("esbuild");
  const outfile = join(folder, "probe.mjs");
  const packages = join(repositoryRoot(), "test", "runtimes", "node_modules");
  // koffi is found as it would be beside an application.
  symlinkSync(packages, join(folder, "node_modules"));
  await build({
    stdin: {
      contents: `import { ${probe.name} } from "./test/interop/${probe.file}";
        const args = globalThis.Deno?.args ?? globalThis.process.argv.slice(2);
        console.log(JSON.stringify(await ${probe.name}(...args)));`,
      resolveDir: repositoryRoot(),
      loader: "js",
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    external: ["node:*", "koffi"],
    logLevel: "error",
  });
  if (runtime === "deno") return [program, "run", "--quiet", "--no-prompt", "--allow-ffi", outfile];
  return runtime === "bun" ? [program, "run", outfile] : [program, outfile];
}

/** A Node that has `node:ffi`: the one that `ANYROLE_NODE_FFI` names, or the one that runs this. */
function nodeWithForeignFunctions(): { readonly program?: string; readonly missing?: string } {
  const program = process.env["ANYROLE_NODE_FFI"] ?? process.execPath;
  const expression = `process.exit(process.getBuiltinModule?.("node:ffi") ? 0 : 1)`;
  const { status } = spawnSync(program, ["-e", expression], { stdio: "ignore" });
  if (status === 0) return { program };
  return { missing: "this Node has no node:ffi; name a Node 26 with ANYROLE_NODE_FFI" };
}

function checkReport(report: BackendReport, asynchronous: boolean): void {
  const { rsa, ec } = report;
  const expected = {
    "/text.so": "ERR_HSM_MODULE_NOT_LOADABLE",
    "": "ERR_HSM_MODULE_NOT_LOADABLE",
    "/missing.so": "ERR_HSM_MODULE_NOT_FOUND",
    "no-such-module.so": "ERR_HSM_MODULE_NOT_FOUND",
    "libm.so.6": "ERR_HSM_NOT_A_MODULE",
  };
  if (JSON.stringify(report.refused) !== JSON.stringify(expected)) {
    throw new Error(`what is no module: ${JSON.stringify(report.refused)}`);
  }
  if (report.wrongPin !== "CKR_PIN_INCORRECT") throw new Error(`a wrong PIN: ${report.wrongPin}`);
  if (asynchronous && report.turns < 2) throw new Error("the event loop stood still while a key was made");
  // A leak of one piece of native memory (16 kB) a call would be four times that.
  if (report.growth > 16_000_000) throw new Error(`the process grew by ${report.growth} octets`);
  const rsaKey = publicKey({ kty: "RSA", n: base64Url(rsa.modulus), e: base64Url(rsa.exponent) });
  // OCTET STRING, its length, 04, and both coordinates.
  const point = /^0441(?:04)(.{64})(.{64})$/.exec(ec.point);
  if (point === null) throw new Error(`the point is ${ec.point}`);
  const ecKey = publicKey({ kty: "EC", crv: "P-256", x: base64Url(point[1]!), y: base64Url(point[2]!) });
  requireValid(rsa.signatures, (signature) => verify("sha256", SIGNED_DATA, rsaKey, signature));
  requireValid(
    ec.signatures,
    (signature) => verify("sha256", SIGNED_DATA, { key: ecKey, dsaEncoding: "ieee-p1363" }, signature),
  );
}

function requireValid(signatures: readonly string[], isValid: (signature: Uint8Array) => boolean): void {
  if (signatures.length !== 64) throw new Error(`${signatures.length} signatures instead of 64`);
  const invalid = signatures.filter((signature) => !isValid(Buffer.from(signature, "hex")));
  if (invalid.length > 0) throw new Error(`${invalid.length} of 64 signatures do not verify`);
}

function publicKey(key: JsonWebKey): KeyObject {
  return createPublicKey({ key, format: "jwk" });
}

function base64Url(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64url");
}
