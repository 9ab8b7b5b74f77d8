/**
 * The service of topics that make sessions, of which one serves every runtime of a run.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { startService } from "./startup.mjs";

let running;

/** Where the service is, and who asks: see session.bench.ts. Starts it when it is first asked for. */
export async function sessionTarget() {
  running ??= start();
  const { service } = await running;
  const { trustAnchorArn, profileArn, roleArn } = service;
  return {
    endpoint: service.http,
    certificate: readFileSync(service.certificate, "utf8"),
    privateKey: readFileSync(service.privateKey, "utf8"),
    arns: { trustAnchorArn, profileArn, roleArn },
  };
}

/** Ends it. */
export async function stopSessionService() {
  if (running === undefined) return;
  const { folder, service } = await running;
  service.child.removeAllListeners("exit");
  service.child.stdin.end();
  rmSync(folder, { recursive: true, force: true });
}

async function start() {
  const folder = mkdtempSync(join(tmpdir(), "anyrole-bench-"));
  return { folder, service: await startService(process.execPath, folder) };
}
