/**
 * OpenSSL: verifies the signatures that `sign-string` makes.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { createHash, createPublicKey } from "node:crypto";
import { runProgram } from "../support/programs.ts";
import { KEYS } from "../vectors/keys/keys.ts";
import { type InteropContext, type InteropItem, Missing, requireProgram } from "./interop.ts";

const ADVICE = "install openssl with your system's packages";

const TEXT = "AWS Roles Anywhere Credential Helper Signing Test1";

/** The items of this file. */
export function opensslItems(context: InteropContext): readonly InteropItem[] {
  return [
    ...(["rsa", "P-256", "P-384", "P-521"] as const).map((key): InteropItem => ({
      name: `openssl: verifies sign-string with ${key === "rsa" ? "RSA-2048" : key} and SHA-256, SHA-384, SHA-512`,
      quick: false,
      run: async () => {
        requireProgram("openssl", ["version"], ADVICE);
        const publicKey = KEYS[`${key}-public`];
        const path = context.folder.write(`${key}-public.pem`, publicKey);
        const message = context.folder.write(`${key}-message`, signedText(publicKey));
        for (const digest of ["SHA256", "SHA384", "SHA512"]) {
          const signature = await sign(context, KEYS[`${key}-pkcs8`], digest);
          openssl(["dgst", `-${digest.toLowerCase()}`, "-verify", path, "-signature", signature, message]);
        }
      },
    })),
    {
      name: "openssl: verifies sign-string with ML-DSA-65",
      quick: false,
      run: async () => {
        const version = requireProgram("openssl", ["version"], ADVICE);
        const [major, minor] = /(\d+)\.(\d+)/.exec(version)!.slice(1).map(Number);
        if (major! < 3 || (major === 3 && minor! < 5)) {
          throw new Missing(`openssl knows ML-DSA from 3.5 on, this is "${version}"`);
        }
        const key = context.folder.path + "/openssl-ml-dsa.pem";
        const publicKey = context.folder.path + "/openssl-ml-dsa-public.pem";
        openssl(["genpkey", "-algorithm", "ML-DSA-65", "-out", key]);
        openssl(["pkey", "-in", key, "-pubout", "-out", publicKey]);
        const message = context.folder.write("ml-dsa-message", TEXT);
        const signature = await signWith(context, key, "SHA256");
        openssl(["pkeyutl", "-verify", "-pubin", "-inkey", publicKey, "-in", message, "-sigfile", signature]);
      },
    },
    {
      name: "openssl: accepts certificates that core/issue wrote",
      quick: false,
      run: async () => {
        requireProgram("openssl", ["version"], ADVICE);
        const { root, intermediate } = context.authority;
        const rootPath = context.folder.write("openssl-root.pem", root.certificatePem);
        const chain = context.folder.write("openssl-chain.pem", intermediate.certificatePem);
        const files = ["-CAfile", rootPath, "-untrusted", chain, `${context.folder.path}/cert.pem`];
        // -x509_strict is not asked for: it wants key identifiers, which these certificates do without.
        openssl(["verify", ...files]);
      },
    },
  ];
}

function sign(context: InteropContext, keyPem: string, digest: string): Promise<string> {
  return signWith(context, context.folder.write("openssl-key.pem", keyPem), digest);
}

/** Signs with the published command line; answers the path of the signature. */
async function signWith(context: InteropContext, key: string, digest: string): Promise<string> {
  const words = ["sign-string", "--private-key", key, "--format", "bin", "--digest", digest];
  const { code, output, errors } = await runProgram(context.programs[0]!.command!, words);
  if (code !== 0) throw new Error(`sign-string ended with ${code}: ${errors}`);
  return context.folder.write("openssl-signature", output);
}

function openssl(args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync("openssl", [...args], { encoding: "utf8", timeout: 30_000 });
  if (status !== 0) throw new Error(`openssl ${args[0]} ended with ${status}: ${stdout}${stderr}`.trim());
}

/** What `sign-string` signs for a key: the text, and the hash of "IAM RA" with the subjectPublicKey. */
function signedText(publicPem: string): Uint8Array {
  const key = createPublicKey(publicPem);
  const rsa = key.asymmetricKeyType === "rsa";
  const octets = rsa
    ? key.export({ format: "der", type: "pkcs1" })
    : key.export({ format: "der", type: "spki" }).subarray(-POINT_OCTETS[key.asymmetricKeyDetails!.namedCurve!]!);
  return Buffer.concat([Buffer.from(TEXT), createHash("sha256").update("IAM RA").update(octets).digest()]);
}

const POINT_OCTETS: Readonly<Record<string, number>> = { prime256v1: 65, secp384r1: 97, secp521r1: 133 };
