/**
 * The conformance suites in workerd: the plan is a binding, and every data folder a disk service.
 *
 * @module
 */

import { runConformance } from "../inside.ts";
import type { ConformancePlan } from "../plan.ts";
import { webCryptoWithPortable } from "../webcrypto-with-portable.ts";

interface Service {
  fetch(url: string): Promise<Response>;
}

interface Bindings {
  readonly plan: { readonly runtime: string; readonly plan: ConformancePlan };
  /** A service a folder, by the folder's path. */
  readonly [path: string]: unknown;
}

export default {
  async test(_controller: unknown, bindings: Bindings): Promise<void> {
    const { runtime, plan } = bindings.plan;
    await runConformance({ ...plan, maxIterations: plan.maxIterations ?? Infinity }, {
      runtime,
      native: webCryptoWithPortable,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      // The clock of a worker stands still while JavaScript runs.
      clock: undefined,
      // Not text(), which warns: the service does not say what the files are.
      readText: async (folder, file) => new TextDecoder().decode(await read(bindings, folder.path, file)),
      readOctets: async (folder, file) => new Uint8Array(await read(bindings, folder.path, file)),
      print: (line) => console.log(line),
      printAside: (line) => console.error(line),
    });
  },
};

async function read(bindings: Bindings, folder: string, file: string): Promise<ArrayBuffer> {
  const response = await (bindings[folder] as Service).fetch(`http://data/${file}`);
  if (!response.ok) throw new Error(`${file}: status ${response.status}`);
  return await response.arrayBuffer();
}
