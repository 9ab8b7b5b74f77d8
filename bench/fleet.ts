/**
 * Topic `fleet`, the part that needs miniflare: starts a fleet of isolates on a Durable Object again and again, and prints
 * what each start gave, a JSON object a line. For Node 22 and later.
 *
 * @module
 */

import process from "node:process";
import { SESSION_ARNS, testAuthority, trustingEmulator } from "../test/support/local-service.ts";
import { newerWorkerd, startWorker } from "../test/support/miniflare.ts";
import type { FleetResult } from "./fleet-worker.ts";

/** What CreateSession takes of the local service's time, in milliseconds: about what the real one takes. */
const SERVICE_MS = 250;

const [isolates, rounds] = process.argv.slice(2).map(Number) as [number, number];
const authority = await testAuthority();
const client = await authority.issue("fleet");
const emulator = trustingEmulator(authority, Date.now);
let calls = 0;
const worker = await startWorker({
  contents: `export { BareObject, default, SessionObject } from "./bench/fleet-worker.ts";`,
  workerd: newerWorkerd(),
  durableObjects: {
    OBJECTS: { className: "SessionObject", useSQLite: true },
    BARE: { className: "BareObject", useSQLite: true },
  },
  bindings: { CERTIFICATE: client.certificatePem, PRIVATE_KEY: client.keyPem, ARNS: SESSION_ARNS },
  outboundService: async (request: Request) => {
    calls++;
    const { url, method } = request;
    const body = await request.arrayBuffer();
    await new Promise((resolve) => setTimeout(resolve, SERVICE_MS));
    return await emulator.fetch(new Request(url, { method, headers: [...request.headers], body }));
  },
});
try {
  for (let round = 0; round < rounds; round++) {
    calls = 0;
    const { added, ...rest } = await ask<FleetResult>(`isolates=${isolates}&session=start-${round}`);
    const bare = await ask<readonly number[]>(`isolates=${isolates}&bare=`);
    console.log(JSON.stringify({ ...rest, calls, ...quantiles(added), bare: quantiles(bare) }));
  }
} finally {
  await worker.dispose();
}

async function ask<T>(query: string): Promise<T> {
  const answer = await worker.dispatchFetch(`http://fleet/?${query}`);
  if (answer.status !== 200) throw new Error(await answer.text());
  return await answer.json() as T;
}

function quantiles(times: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1]!;
  return { p50: at(0.5), p99: at(0.99) };
}
