/**
 * OpenSSL: writes PKCS#12 files and names, which the command line must take.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { SESSION_FLAGS } from "../support/local-service.ts";
import { runProgram } from "../support/programs.ts";
import { type InteropContext, type InteropItem, Missing, requireProgram } from "./interop.ts";

const ADVICE = "install openssl with your system's packages";

const PASSWORD = "päss ☂ word";

/** How a file is written: the options of `openssl pkcs12 -export`. */
const SCHEMES: readonly (readonly [name: string, ...options: string[]])[] = [
  ["as it does by itself"],
  ["with AES-128 and SHA-512", "-certpbe", "AES-128-CBC", "-keypbe", "AES-128-CBC", "-macalg", "sha512"],
  ["with Triple-DES and RC2", "-legacy"],
  ["with Triple-DES alone", "-legacy", "-descert"],
  ["without a MAC", "-nomac"],
  ["with certificates in the clear", "-certpbe", "NONE"],
];

/** The items of this file. */
export function pkcs12Items(context: InteropContext): readonly InteropItem[] {
  const { folder } = context;
  const file = (name: string) => `${folder.path}/${name}`;

  async function credentials(program: number, words: readonly string[]): Promise<void> {
    const all = ["credential-process", ...words, ...SESSION_FLAGS, "--endpoint", context.service.endpoint];
    await succeeds(context, program, all);
  }

  return [
    ...SCHEMES.map(([name, ...options], index): InteropItem => ({
      name: `openssl pkcs12: credential-process takes a file written ${name}, with a password and with the empty one`,
      quick: false,
      run: async () => {
        requireProgram("openssl", ["version"], ADVICE);
        for (const password of [PASSWORD, ""]) {
          const path = file(`interop-${index}-${password.length}.p12`);
          const chain = ["-inkey", file("key.pem"), "-in", file("cert.pem"), "-certfile", file("chain.pem")];
          openssl(["pkcs12", "-export", ...chain, ...options, "-passout", `pass:${password}`, "-out", path]);
          const words = ["--certificate", path, ...(password === "" ? [] : ["--pkcs8-password", password])];
          await credentials(0, words);
        }
      },
    })),
    {
      name: "openssl pkcs12: credential-process takes a file on every runtime",
      quick: false,
      run: async () => {
        requireProgram("openssl", ["version"], ADVICE);
        const path = file("interop.p12");
        const parts = ["-inkey", file("key.pem"), "-in", file("cert.pem"), "-certfile", file("chain.pem")];
        openssl(["pkcs12", "-export", ...parts, "-passout", "pass:", "-out", path]);
        for (const [index, { command }] of context.programs.entries()) {
          if (command !== undefined) await credentials(index, ["--certificate", path]);
        }
      },
    },
    {
      name:
        "openssl x509: what it prints of subject, issuer and serial number chooses the certificate on every runtime",
      quick: false,
      run: async () => {
        requireProgram("openssl", ["version"], ADVICE);
        const store = file("store");
        mkdirSync(store, { recursive: true });
        for (const name of ["cert.pem", "key.pem", "chain.pem"]) {
          folder.write(`store/${name}`, readFileSync(file(name)));
        }
        const shown = (field: string, ...options: string[]) =>
          openssl(["x509", "-in", file("cert.pem"), "-noout", `-${field}`, ...options]).trim().replace(/^\w+=/, "");
        const serial = `Key=x509Serial,Value=${shown("serial")}`;
        const selectors = [
          serial,
          ...["RFC2253", "oneline", "compat", "esc_msb,utf8,sep_comma_plus_space"].flatMap((style) => [
            `Key=x509Subject,Value=${shown("subject", "-nameopt", style)}`,
            `${serial} Key=x509Issuer,Value=${shown("issuer", "-nameopt", style)}`,
          ]),
        ];
        for (const [index, { command }] of context.programs.entries()) {
          if (command === undefined) continue;
          for (const selector of index === 0 ? selectors : selectors.slice(0, 2)) {
            const words = ["--cert-directory", store, "--cert-selector", selector];
            const listed = await succeeds(context, index, ["read-certificate-data", ...words]);
            if (!listed.startsWith("Matching identities\n1) ")) throw new Error(`${selector}: ${listed}`);
            if (selector === serial) await credentials(index, words);
          }
        }
      },
    },
  ];
}

/** Runs one of our programs, without the cache that processes share, and answers its output. */
async function succeeds(context: InteropContext, program: number, words: readonly string[]): Promise<string> {
  const { name, command } = context.programs[program]!;
  if (command === undefined) throw new Missing(`${name} is not on this machine`);
  const { code, output, errors } = await runProgram(command, words, { ANYROLE_NO_CACHE: "1" });
  if (code !== 0) throw new Error(`${name}: ${words[0]} ended with ${code}: ${errors}`);
  return new TextDecoder().decode(output);
}

function openssl(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("openssl", [...args], { encoding: "utf8", timeout: 30_000 });
  if (status !== 0) throw new Error(`openssl ${args[0]} ended with ${status}: ${stdout}${stderr}`.trim());
  return stdout;
}
