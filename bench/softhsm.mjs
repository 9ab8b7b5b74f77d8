/**
 * A token of SoftHSM in a temporary folder.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const MODULES = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so"];

/** The user's PIN of tokens. */
export const PIN = "123456";

/** The path of the module; undefined where there is none. */
export function softHsmModule() {
  return MODULES.find((path) => existsSync(path));
}

/** Makes a token with a label. */
export function makeToken(folder, label) {
  const tokens = join(folder, "tokens");
  mkdirSync(tokens, { recursive: true });
  const lines = [`directories.tokendir = ${tokens}`, "objectstore.backend = file", "log.level = ERROR"];
  writeFileSync(join(folder, "softhsm2.conf"), lines.join("\n"));
  const args = ["--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", PIN];
  const { status, stderr } = spawnSync("softhsm2-util", args, { env: tokenEnvironment(folder), encoding: "utf8" });
  if (status !== 0) throw new Error(`softhsm2-util ended with ${status}: ${stderr}`);
}

/** The environment in which SoftHSM finds the tokens of the folder. */
export function tokenEnvironment(folder) {
  return { ...process.env, NODE_NO_WARNINGS: "1", SOFTHSM2_CONF: join(folder, "softhsm2.conf") };
}
