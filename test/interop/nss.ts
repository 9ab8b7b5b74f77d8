/**
 * NSS databases: keys that `certutil` made, and keys made by us, through NSS's own PKCS#11 module.
 *
 * @module
 */

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type InteropContext, type InteropItem, Missing } from "./interop.ts";
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

const PIN = "canary-161803";

interface Nss {
  readonly programs: TokenPrograms;
  /** `sql:` and the directory. */
  readonly module: string;
}

async function nssDatabase(context: InteropContext): Promise<Nss> {
  const places = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
  if (!places.some((place) => existsSync(join(place, "libsoftokn3.so")))) {
    throw new Missing("NSS is not on this machine; install libnss3 and libnss3-tools");
  }
  const programs = tokenPrograms(context, "nss");
  const module = `sql:${makeDatabase(programs, "database", PIN)}`;
  const password = context.folder.write("nss-pin", PIN);
  const noise = context.folder.write("nss-noise", crypto.getRandomValues(new Uint8Array(64)));
  for (const [name, ...key] of [["rsa", "rsa", "-g", "2048"], ["P-256", "ec", "-q", "nistp256"]] as const) {
    tool(
      "certutil",
      ["-S", "-d", module, "-n", name!, "-s", `CN=${name}`, "-x", "-t", ",,", "-k", ...key].concat(
        ["-z", noise, "-f", password],
      ),
    );
    // What certutil signed itself is replaced by what the authority issues; the private key has no label.
    const uri = `pkcs11:object=${name}`;
    const job = { module, pin: PIN, identity: { certificate: uri }, count: 1 };
    const { publicKey } = await programs.value("current Node", { ...job, do: "sign" });
    const certificate = Buffer.from(await certify(context, name!, publicKey)).toString("base64");
    const written = { do: "import", module, pin: PIN, uri, certificate, others: "replace" };
    await programs.value("current Node", written);
  }
  return { programs, module };
}

/** Makes a database with this password; the empty one means none. */
function makeDatabase(programs: TokenPrograms, name: string, pin: string): string {
  const directory = join(programs.path, name);
  mkdirSync(directory);
  const password = join(programs.path, `${name}.pin`);
  writeFileSync(password, pin, { mode: 0o600 });
  tool("certutil", ["-N", "-d", `sql:${directory}`, ...(pin === "" ? ["--empty-password"] : ["-f", password])]);
  return directory;
}

/** The items of this file. */
export function nssItems(context: InteropContext): readonly InteropItem[] {
  let ready: Promise<Nss> | undefined;
  const item = (name: string, work: (nss: Nss) => Promise<void>): InteropItem => ({
    name: `NSS: ${name}`,
    quick: false,
    run: async () => await work(await (ready ??= nssDatabase(context))),
  });
  return [
    ...TOKEN_RUNTIMES.map((runtime) =>
      item(`keys of certutil get credentials and sign in ${runtime}`, async ({ programs, module }) => {
        for (const name of ["rsa", "P-256"]) {
          const identity = {
            certificate: `pkcs11:object=${name}`,
            intermediates: context.authority.intermediate.certificatePem,
          };
          const job = { ...credentialsJob(context, identity), module, pin: PIN };
          const { accessKeyId } = await programs.value(runtime, job);
          if (!/^ASIA/.test(accessKeyId)) throw new Error(accessKeyId);
          const signing = { do: "sign", module, pin: PIN, key: `pkcs11:object=${name}`, count: 16 };
          verifyWithOpenssl(await programs.value(runtime, signing), 16);
        }
      })
    ),
    ...TOKEN_RUNTIMES.map((runtime) =>
      item(`the tests of every signer with each key in ${runtime}`, async ({ programs, module }) => {
        for (const name of ["rsa", "P-256"]) {
          await requireConformance(programs, runtime, { module, pin: PIN, key: `pkcs11:object=${name}` });
        }
      })
    ),
    item("a database without a password needs no PIN", async ({ programs }) => {
      const module = `sql:${makeDatabase(programs, "it's open", "")}`;
      const uri = "pkcs11:object=made";
      const job = { do: "generate", module, uri, key: { type: "ec", curve: "P-384" }, subject: "made" };
      const made = await programs.value("Bun", job);
      const signed = await programs.value("Node 20", { do: "sign", module, key: made.uri, count: 3 });
      verifyWithOpenssl(signed, 3);
    }),
    item("a wrong PIN is refused, and printed nowhere", async ({ programs, module }) => {
      const job = { do: "sign", module, key: "pkcs11:object=rsa?pin-value=canary-wrong", count: 1 };
      for (const runtime of TOKEN_RUNTIMES) {
        requireFailure(await programs.run(runtime, job), "ERR_TOKEN_PIN_INCORRECT", "canary-wrong");
      }
    }),
    item("a directory without a database is no module", async ({ programs }) => {
      const outcome = await programs.run("current Node", { do: "list", module: "sql:/nowhere/at/all" });
      requireFailure(outcome, "ERR_HSM_RETURN_VALUE");
    }),
  ];
}
