/**
 * SoftHSM: keys made on a token, certified by the test authority, and used in every runtime.
 *
 * @module
 */

import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { InteropContext, InteropItem } from "./interop.ts";
import { Missing } from "./interop.ts";
import {
  certify,
  credentialsJob,
  requireConformance,
  requireFailure,
  TOKEN_RUNTIMES,
  type TokenPrograms,
  tokenPrograms,
  tool,
  verifyRequest,
  verifyWithOpenssl,
} from "./token-programs.ts";

/** Where Debian, Fedora and Homebrew put the module. */
const MODULES: readonly string[] = [
  "/usr/lib/softhsm/libsofthsm2.so",
  "/usr/lib64/softhsm/libsofthsm2.so",
  "/usr/lib64/pkcs11/libsofthsm2.so",
  "/usr/local/lib/softhsm/libsofthsm2.so",
  "/opt/homebrew/lib/softhsm/libsofthsm2.so",
];

/** The PIN, which nothing may print. */
export const SOFTHSM_PIN = "canary-271828";

/** A token of SoftHSM with certified keys. */
export interface SoftHsm {
  readonly module: string;
  readonly programs: TokenPrograms;
  /** Folder of the tokens. */
  readonly tokens: string;
}

const KEYS = {
  rsa: { type: "rsa", bits: 2048 },
  "P-256": { type: "ec", curve: "P-256" },
  "P-384": { type: "ec", curve: "P-384" },
  "P-521": { type: "ec", curve: "P-521" },
} as const;

/** Makes a token with keys, certified, in a folder of its own. */
export async function softHsm(context: InteropContext, folder: string = "softhsm"): Promise<SoftHsm> {
  const module = MODULES.find((path) => existsSync(path));
  if (module === undefined) throw new Missing("SoftHSM is not on this machine; install softhsm2 and opensc");
  const programs = tokenPrograms(context, folder);
  const tokens = join(programs.path, "tokens");
  mkdirSync(tokens);
  const conf = join(programs.path, "softhsm2.conf");
  writeFileSync(conf, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  programs.environment["SOFTHSM2_CONF"] = conf;
  const made: SoftHsm = { module, programs, tokens };
  initialise(made, "first");
  for (const [name, key] of Object.entries(KEYS)) {
    const job = {
      module,
      pin: SOFTHSM_PIN,
      do: "generate",
      uri: `pkcs11:token=first;object=${name}`,
      key,
      subject: name,
    };
    const { uri, publicKey, request } = await programs.value("current Node", job);
    verifyRequest(context, request);
    const certificate = Buffer.from(await certify(context, name, publicKey)).toString("base64");
    await programs.value("current Node", { module, pin: SOFTHSM_PIN, do: "import", uri, certificate });
  }
  // The intermediate lies on the token as well, written by another program.
  const chain = context.folder.write("intermediate.der", context.authority.intermediate.certificate.der);
  const words = ["--write-object", chain, "--type", "cert", "--label", "issuer", "--token-label", "first"];
  tool("pkcs11-tool", ["--module", module, "--login", "--pin", "env:PIN", ...words], {
    ...programs.environment,
    PIN: SOFTHSM_PIN,
  });
  return made;
}

function initialise({ programs }: SoftHsm, label: string): void {
  const words = ["--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", SOFTHSM_PIN];
  tool("softhsm2-util", words, programs.environment);
}

/** The items of this file. */
export function softHsmItems(context: InteropContext): readonly InteropItem[] {
  let ready: Promise<SoftHsm> | undefined;
  const item = (name: string, work: (hsm: SoftHsm) => Promise<void>): InteropItem => ({
    name: `SoftHSM: ${name}`,
    quick: false,
    run: async () => await work(await (ready ??= softHsm(context))),
  });
  const certificate = (name: string): string => `pkcs11:token=first;object=${name}`;
  const pin = SOFTHSM_PIN;
  return [
    ...TOKEN_RUNTIMES.flatMap((runtime) =>
      (["rsa", "P-256"] as const).map((name) =>
        item(`credentials with ${name} in ${runtime}, the chain from the token`, async ({ module, programs }) => {
          const job = { ...credentialsJob(context, { certificate: certificate(name) }), module, pin };
          const { accessKeyId, chain } = await programs.value(runtime, job);
          if (!/^ASIA/.test(accessKeyId) || chain !== 1) throw new Error(`${accessKeyId}, ${chain} in the chain`);
        })
      )
    ),
    ...TOKEN_RUNTIMES.map((runtime) =>
      item(`64 signatures at once with each key in ${runtime}, verified by OpenSSL`, async ({ module, programs }) => {
        for (const name of Object.keys(KEYS)) {
          const job = { do: "sign", module, pin, identity: { certificate: certificate(name) }, count: 64 };
          const signed = await programs.value(runtime, job);
          verifyWithOpenssl(signed, 64);
          if (signed.requests !== 1) throw new Error(`the PIN was asked for ${signed.requests} times`);
        }
      })
    ),
    ...TOKEN_RUNTIMES.map((runtime) =>
      item(`the tests of every signer with each key in ${runtime}`, async ({ module, programs }) => {
        for (const name of Object.keys(KEYS)) {
          await requireConformance(programs, runtime, { module, pin, identity: { certificate: certificate(name) } });
        }
      })
    ),
    item("two processes sign at once", async ({ module, programs }) => {
      const job = { do: "sign", module, pin, identity: { certificate: certificate("P-256") }, count: 200 };
      const both = await Promise.all([programs.value("current Node", job), programs.value("Deno", job)]);
      for (const signed of both) verifyWithOpenssl(signed, 200);
    }),
    item("a wrong PIN is refused once, and printed nowhere", async ({ module, programs }) => {
      const wrong = "canary-wrong-pin";
      for (const runtime of TOKEN_RUNTIMES) {
        const job = { do: "sign", module, key: `${certificate("rsa")}?pin-value=${wrong}`, count: 1 };
        requireFailure(await programs.run(runtime, job), "ERR_TOKEN_PIN_INCORRECT", wrong);
      }
      const listed = await programs.value("current Node", { do: "list", module, uri: "pkcs11:token=first" });
      if (listed.tokens[0].tries !== "low") throw new Error(`tries: ${listed.tokens[0].tries}`);
      // A person who answers the same wrong PIN again and again.
      const asked = await programs.run("Node 20", {
        do: "sign",
        module,
        pin: wrong,
        key: certificate("rsa"),
        count: 1,
      });
      requireFailure(asked, "ERR_TOKEN_PIN_INCORRECT", wrong);
      const missing = await programs.run("Bun", { do: "sign", module, key: certificate("rsa"), count: 1 });
      requireFailure(missing, "ERR_TOKEN_PIN_MISSING");
    }),
    item("many wrong PINs lock a token or leave it open, as it says itself", async (hsm) => {
      const { module, programs } = hsm;
      initialise(hsm, "locking");
      const uri = "pkcs11:token=locking;object=key";
      await programs.value("Bun", { module, pin, do: "generate", uri, key: KEYS["P-256"], subject: "locking" });
      const refusals = /^ERR_TOKEN_PIN_(?:INCORRECT|LAST_TRY|LOCKED)$/;
      for (let i = 0; i < 12; i++) {
        const wrong = `canary-wrong-${i}`;
        const job = { do: "sign", module, key: `${uri}?pin-value=${wrong}`, count: 1 };
        const { error, printed } = await programs.run("Bun", job);
        if (!refusals.test(error?.code ?? "")) throw new Error(`a wrong PIN: ${error?.code}`);
        if (printed.includes(wrong)) throw new Error(`the PIN is printed: ${printed}`);
      }
      const { tokens } = await programs.value("Bun", { do: "list", module, uri: "pkcs11:token=locking" });
      const { error } = await programs.run("Bun", { do: "sign", module, pin, key: uri, count: 1 });
      // SoftHSM 2.6 counts, and never locks.
      const expected = tokens[0].tries === "none" ? "ERR_TOKEN_PIN_LOCKED" : undefined;
      if (tokens[0].tries === undefined || error?.code !== expected) {
        throw new Error(`${tokens[0].tries}: ${error?.code}`);
      }
    }),
    item("a token that is pulled and put back signs again", async ({ module, programs, tokens }) => {
      const away = readdirSync(tokens).map((name) => [join(tokens, name), join(programs.path, `away-${name}`)]);
      const back = away.map(([from, to]) => [to, from]);
      for (const runtime of TOKEN_RUNTIMES) {
        const identity = { certificate: certificate("P-256") };
        const job = { do: "reseat", module, pin, identity, away: { rename: away }, back: { rename: back } };
        const { gone, absent, same, ...signed } = await programs.value(runtime, job);
        if (gone !== "ERR_TOKEN_REMOVED" || !same) throw new Error(`${runtime}: ${gone}, ${absent}, ${same}`);
        verifyWithOpenssl(signed, 1);
      }
    }),
    item("a key that asks at each signature gets the PIN once, or that of the login", async ({ module, programs }) => {
      const uri = "pkcs11:token=first;object=always";
      const job = { do: "generate", module, pin, uri, key: KEYS["P-256"], alwaysAuthenticate: true, subject: "always" };
      await programs.value("current Node", job);
      for (const runtime of TOKEN_RUNTIMES) {
        const asked = await programs.value(runtime, { do: "sign", module, pin, key: uri, count: 10 });
        verifyWithOpenssl(asked, 10);
        if (asked.requests !== 2) throw new Error(`${runtime}: asked ${asked.requests} times, for login and context`);
        const reused = await programs.value(runtime, { do: "sign", module, pin, key: uri, count: 2, reusePin: true });
        verifyWithOpenssl(reused, 2);
        if (reused.requests !== 1) throw new Error(`${runtime}: asked ${reused.requests} times, reusing the PIN`);
      }
      const given = { do: "sign", module, key: `${uri}?pin-value=${pin}`, count: 1 };
      requireFailure(await programs.run("Deno", given), "ERR_TOKEN_PIN_MISSING", pin);
    }),
    item("modules that are missing, no library, or no module", async ({ programs }) => {
      for (const runtime of TOKEN_RUNTIMES) {
        const list = (module: string) => programs.run(runtime, { do: "list", module });
        requireFailure(await list("/nowhere/libsofthsm2.so"), "ERR_HSM_MODULE_NOT_FOUND");
        requireFailure(await list(join(programs.path, "softhsm2.conf")), "ERR_HSM_MODULE_NOT_LOADABLE");
        requireFailure(await list("libc.so.6"), "ERR_HSM_NOT_A_MODULE");
      }
    }),
    item("tokens are told apart, and listed with what is on them", async (hsm) => {
      const { module, programs } = hsm;
      initialise(hsm, "second");
      const several = await programs.run("current Node", {
        do: "sign",
        module,
        pin,
        key: "pkcs11:object=rsa",
        count: 1,
      });
      requireFailure(several, "ERR_TOKEN_SEVERAL_SLOTS");
      for (const runtime of TOKEN_RUNTIMES) {
        const job = { do: "list", module, pin, uri: "pkcs11:token=first", login: "log-in" };
        const { tokens } = await programs.value(runtime, job);
        const types = tokens[0].objects.map(({ type }: { type: string }) => type).sort().join();
        const expected = [..."ccccc"].map(() => "certificate").concat([..."kkkk"].map(() => "private key")).join();
        if (tokens.length !== 1 || !types.startsWith(expected)) throw new Error(`${runtime}: ${types}`);
      }
      const uris = await programs.value("current Node", { do: "certificates", module, uri: "pkcs11:object=rsa" });
      if (uris.length !== 1 || !uris[0].includes("token=first;")) throw new Error(String(uris));
      // The module by the name that the URI gives.
      const named = await programs.value("Node 20", { do: "list", uri: "pkcs11:token=second?module-name=softhsm2" });
      if (named.tokens.length !== 1) throw new Error(JSON.stringify(named));
    }),
    item("a renewed certificate replaces the old one under the same URI", async ({ module, programs }) => {
      const uri = certificate("P-384");
      const { publicKey } = await programs.value("current Node", { do: "sign", module, pin, key: uri, count: 1 });
      const renewed = Buffer.from(await certify(context, "renewed", publicKey)).toString("base64");
      const job = { do: "import", module, pin, uri, certificate: renewed };
      requireFailure(await programs.run("Deno", job), "ERR_TOKEN_OBJECT_EXISTS");
      await programs.value("Deno", { ...job, others: "replace" });
      const got = await programs.value("Bun", { ...credentialsJob(context, { certificate: uri }), module, pin });
      if (!/^ASIA/.test(got.accessKeyId)) throw new Error(got.accessKeyId);
    }),
  ];
}
