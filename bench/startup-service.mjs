/**
 * Starts the local service of startup-service.ts, and knows how it is called.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { EXTERNAL } from "../build/bundle.mjs";
import { bundleText } from "../test/run/bundle.mjs";

/** Starts it with the Node at `program`; it writes the files of a client into the folder, and ends when its input does. */
export async function startService(program, folder) {
  const text = `import "./bench/startup-service.ts";`;
  const bundle = await bundleText("startup-service", text, { platform: "node", external: EXTERNAL });
  const child = spawn(program, [bundle, folder], { stdio: ["pipe", "pipe", "inherit"] });
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => reject(new Error(`the local service ended with ${signal ?? code}`)));
    createInterface({ input: child.stdout }).once("line", (line) => resolve({ child, ...JSON.parse(line) }));
  });
}

/** The flags of a command that asks it for credentials at one of its endpoints. */
export function flagsOf({ certificate, privateKey, trustAnchorArn, profileArn, roleArn }, endpoint) {
  const flags = {
    certificate,
    "private-key": privateKey,
    "trust-anchor-arn": trustAnchorArn,
    "profile-arn": profileArn,
    "role-arn": roleArn,
    endpoint,
  };
  return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
}
