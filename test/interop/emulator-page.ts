/**
 * The emulator's page in Chromium: what a hostile certificate says is text.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeHost } from "../../runtimes/node/mod.ts";
import { startService, testAuthority, trustingEmulator } from "../support/local-service.ts";
import { runProgram } from "../support/programs.ts";
import type { InteropContext, InteropItem } from "./interop.ts";
import { requireProgram } from "./interop.ts";

const HOSTILE = `<script>document.title = "taken"</script><img src=x onerror="document.title='taken'">`;

/** The item of this file. */
export function emulatorPageItems(context: InteropContext): readonly InteropItem[] {
  return [{
    name: "Chromium: the emulator's page shows a hostile certificate as text",
    quick: false,
    run: async () => {
      requireProgram("chromium", ["--version"], "install chromium with your system's packages");
      const emulator = trustingEmulator(await testAuthority(HOSTILE), Date.now);
      const service = await startService(nodeHost(), emulator);
      try {
        const url = `${service.endpoint}/_emulator/`;
        const page = await chromium(context, url, ["--dump-dom"]);
        if (!page.includes("<title>anyrole emulator</title>")) throw new Error(`another page came:\n${page}`);
        if (/<(?:script|img)/i.test(page)) throw new Error("what a certificate says became markup");
        if (!page.includes("&lt;script\\&gt;")) throw new Error("the certificate's name is not there");
        const path = join(context.folder.path, "page.png");
        await chromium(context, url, [`--screenshot=${path}`, "--window-size=1000,1400"]);
        console.log(`         a picture of ${readFileSync(path).length} octets`);
      } finally {
        await service.close();
      }
    },
  }];
}

/** Runs it to its end; the page comes from this very process, which must not wait for it idly. */
async function chromium({ folder }: InteropContext, url: string, flags: readonly string[]): Promise<string> {
  const profile = `--user-data-dir=${join(folder.path, "chromium")}`;
  const { code, output, errors } = await runProgram(
    ["chromium"],
    ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000", profile, ...flags, url],
  );
  if (code !== 0) throw new Error(`chromium ended with ${code}: ${errors}`);
  return new TextDecoder().decode(output);
}
