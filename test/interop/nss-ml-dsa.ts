/**
 * ML-DSA keys in an NSS database. NSS has them from 3.132 on, which systems of today do not; Debian's unstable
 * distribution does, and its loader runs our runtimes with its libraries.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { type InteropContext, type InteropItem, Missing } from "./interop.ts";
import {
  certify,
  credentialsJob,
  requireConformance,
  TOKEN_RUNTIMES,
  type TokenPrograms,
  tokenPrograms,
  tool,
} from "./token-programs.ts";

const PIN = "canary-141421";

/** Unpacking the system takes minutes. */
const UNPACK_LIMIT_MS = 600_000;

interface Database {
  readonly programs: TokenPrograms;
  readonly module: string;
}

/** A system with NSS 3.132: the one that `ANYROLE_NSS_ROOT` names, or Debian's, unpacked into the folder. */
function nssRoot(context: InteropContext): string {
  const given = process.env["ANYROLE_NSS_ROOT"];
  if (given !== undefined) return given;
  const advice = "name the root of a system with NSS 3.132 in ANYROLE_NSS_ROOT, or run this as root with debootstrap";
  if (process.getuid?.() !== 0) throw new Missing(`NSS here has no ML-DSA; ${advice}`);
  const root = join(context.folder.path, "nss-root");
  const words = ["--variant=minbase", "--include=libnss3,libnss3-tools", "sid", root];
  const { status, error } = spawnSync("debootstrap", words, { stdio: "ignore", timeout: UNPACK_LIMIT_MS });
  if (error !== undefined || status !== 0) {
    throw new Missing(`Debian's unstable distribution is out of reach; ${advice}`);
  }
  return root;
}

async function database(context: InteropContext): Promise<Database> {
  const root = nssRoot(context);
  const loader = join(root, "usr/lib64/ld-linux-x86-64.so.2");
  const libraries = join(root, "usr/lib/x86_64-linux-gnu");
  if (!existsSync(loader)) throw new Missing(`${root} is no system of x86-64`);
  const programs = tokenPrograms(context, "nss-ml-dsa");
  const directory = join(programs.path, "database");
  mkdirSync(directory);
  const password = join(programs.path, "pin");
  writeFileSync(password, PIN, { mode: 0o600 });
  programs.through.push(loader, "--library-path", libraries);
  const [program, ...words] = programs.through;
  tool(program!, [...words, join(root, "usr/bin/certutil"), "-N", "-d", `sql:${directory}`, "-f", password]);
  return { programs, module: `sql:${directory}` };
}

/** The items of this file. */
export function nssMlDsaItems(context: InteropContext): readonly InteropItem[] {
  let ready: Promise<Database> | undefined;
  return (["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"] as const).map((parameterSet) => ({
    name: `NSS: ${parameterSet} keys are made, and get credentials in every runtime`,
    quick: false,
    run: async () => {
      const { programs, module } = await (ready ??= database(context));
      const uri = `pkcs11:object=${parameterSet}`;
      const shared = { module, pin: PIN };
      const made = { ...shared, do: "generate", uri, key: { type: "ml-dsa", parameterSet }, subject: "ml-dsa" };
      const { publicKey } = await programs.value("current Node", made);
      const certificate = Buffer.from(await certify(context, parameterSet, publicKey)).toString("base64");
      await programs.value("current Node", { ...shared, do: "import", uri, certificate });
      const identity = { certificate: uri, intermediates: context.authority.intermediate.certificatePem };
      for (const runtime of TOKEN_RUNTIMES) {
        const { accessKeyId } = await programs.value(runtime, { ...credentialsJob(context, identity), ...shared });
        if (!/^ASIA/.test(accessKeyId)) throw new Error(accessKeyId);
        const signed = await programs.value(runtime, { ...shared, do: "sign", key: uri, count: 4 });
        const verified = await programs.value("current Node", { ...signed, do: "verify" });
        if (!verified) throw new Error(`${runtime}: a signature does not verify`);
        await requireConformance(programs, runtime, { ...shared, key: uri });
      }
    },
  }));
}
