/**
 * The keyring of the Linux kernel that this runs on. Whether it signs depends on how it was built; that it is asked, and
 * that its refusal is told, can be seen on each.
 *
 * @module
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { encodeHex } from "../../core/bytes/hex.ts";
import { runProgram } from "../support/programs.ts";
import { testIdentity } from "../support/test-identity.ts";
import { KEYS } from "../vectors/keys/keys.ts";
import { probeCommand } from "./ffi-backends.ts";
import { type InteropContext, type InteropItem, Missing } from "./interop.ts";
import type { KeyringReport } from "./kernel-keyring-probe.ts";

const RUNTIMES = [["node20", "Node 20"], ["node", "current Node"], ["deno", "Deno"], ["bun", "Bun"]] as const;

/** `errno` of add_key(2) where the kernel does not have keys of certificates: ENODEV, ENOSYS, ENOPKG, EBADMSG; or EPERM. */
const NO_SUCH_KEYS: readonly number[] = [19, 38, 65, 74, 1];

/** The items of this file. */
export function kernelKeyringItems(context: InteropContext): readonly InteropItem[] {
  return RUNTIMES.map(([runtime, name]): InteropItem => ({
    name: `Linux keyring: ${name} asks the kernel for a signature, and tells why there is none`,
    quick: false,
    run: async () => {
      if (process.platform !== "linux") throw new Missing("this is not Linux");
      const folder = join(context.folder.path, `keyring-${runtime}`);
      mkdirSync(folder);
      const command = await probeCommand(runtime, folder, { file: "kernel-keyring-probe.ts", name: "probeKeyring" });
      const { certificate } = await testIdentity("keyring", { keyPem: KEYS["rsa-pkcs8"] });
      const { code, output, errors } = await runProgram(command, [encodeHex(certificate.der)]);
      if (code !== 0) throw new Error(`it ended with ${code}: ${errors}`);
      checkReport(JSON.parse(new TextDecoder().decode(output)) as KeyringReport);
    },
  }));
}

function checkReport({ added, outcomes }: KeyringReport): void {
  const { missing, ...held } = outcomes;
  if (added.serial === 0 && NO_SUCH_KEYS.includes(added.errorNumber)) {
    throw new Missing(`this kernel takes no certificates as keys (errno ${added.errorNumber})`);
  }
  // A certificate is a public key: no kernel signs with it.
  const publicAlone = ["ERR_KEYSTORE_KEY", "ERR_KEYSTORE_UNSUPPORTED KEYCTL_PKEY_QUERY: EOPNOTSUPP"];
  const right = missing === "ERR_KEYSTORE_KEY_MISSING KEYCTL_SEARCH: ENOKEY" &&
    publicAlone.includes(held["by description"] ?? "") && publicAlone.includes(held["by serial number"] ?? "") &&
    held["revoked"] === "ERR_KEYSTORE_KEY_REVOKED KEYCTL_PKEY_QUERY: EKEYREVOKED";
  if (!right) throw new Error(JSON.stringify({ added, outcomes }));
}
