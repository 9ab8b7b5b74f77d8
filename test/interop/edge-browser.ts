/**
 * The example of the browser, in Chromium: a key that cannot be read signs for a session, which the page keeps sealed in
 * its cache, and a call that STS accepts.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { buffer } from "node:stream/consumers";
import { encodeBase64 } from "../../core/bytes/base64.ts";
import { encodePkcs8 } from "../../core/crypto/pkcs8-encoding.ts";
import { bundleExample } from "../support/edge-examples.ts";
import { SESSION_ARNS, testAuthority, trustingEmulator } from "../support/local-service.ts";
import type { InteropContext, InteropItem } from "./interop.ts";
import { requireProgram } from "./interop.ts";

/** The item of this file. */
export function edgeBrowserItems({ folder }: InteropContext): readonly InteropItem[] {
  return [{
    name: "Chromium: the example of the browser calls AWS twice, with one session",
    quick: false,
    run: async () => {
      requireProgram("chromium", ["--version"], "install chromium with your system's packages");
      const authority = await testAuthority();
      const client = await authority.issue("browser");
      const emulator = trustingEmulator(authority, Date.now);
      const page = await bundleExample(pageModule({
        certificate: client.certificatePem,
        pkcs8: encodeBase64(encodePkcs8(client.key)),
        arns: SESSION_ARNS,
      }));
      let outcome: (text: string) => void;
      const told = new Promise<string>((resolve) => outcome = resolve);
      const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        if (request.url === "/") {
          response.setHeader("content-type", "text/html");
          return void response.end(`<!doctype html><script type="module" src="/page.js"></script>`);
        }
        if (request.url === "/page.js") {
          response.setHeader("content-type", "text/javascript; charset=utf-8");
          return void response.end(page);
        }
        const body = await buffer(request);
        if (request.url === "/told") return outcome(body.toString()), void response.end();
        const url = request.headers["x-test-url"] as string;
        const headers = JSON.parse(request.headers["x-test-headers"] as string);
        const init = { method: request.method!, headers, body: request.method === "GET" ? null : new Uint8Array(body) };
        const found = await emulator.fetch(new Request(url, init));
        response.writeHead(found.status, Object.fromEntries(found.headers)).end(await found.text());
      };
      const server = createServer((request, response) => {
        answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
        const text = await inChromium(join(folder.path, "edge-browser"), url, told);
        if (!/^(assumed-role\/ExampleRole\/[0-9a-f]+ ){2}$/.test(text)) throw new Error(text);
        const { length } = emulator.decisions();
        if (length !== 1) throw new Error(`${length} sessions were made`);
      } finally {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  }];
}

/** Opens a page, and ends the browser when the page has told what came of it. */
async function inChromium(profile: string, url: string, told: Promise<string>): Promise<string> {
  // A port to debug at keeps it open.
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"];
  const chromium = spawn("chromium", [...flags, `--user-data-dir=${profile}`, url], {
    stdio: "ignore",
    detached: true,
  });
  const ended = once(chromium, "close");
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const silence = new Promise<string>((resolve) => timer = setTimeout(resolve, 40_000, "the page said nothing"));
    return await Promise.race([told, silence, ended.then(() => "chromium ended")]);
  } finally {
    clearTimeout(timer);
    // With its children.
    process.kill(-chromium.pid!, "SIGKILL");
    await ended;
  }
}

/** The page: twice the example, each as if it were loaded anew; what goes to AWS goes to the local service. */
function pageModule(
  { certificate, pkcs8, arns }: { readonly certificate: string; readonly pkcs8: string; readonly arns: object },
): string {
  return `
    import { callerIdentity } from "./browser/page.js";
    const send = globalThis.fetch;
    globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      const headers = { "x-test-url": request.url, "x-test-headers": JSON.stringify([...request.headers]) };
      const body = request.method === "GET" ? undefined : await request.arrayBuffer();
      return await send("/aws", { method: request.method, headers, body });
    };
    const tell = (body) => send("/told", { method: "POST", body });
    try {
      const pkcs8 = Uint8Array.from(atob(${JSON.stringify(pkcs8)}), (c) => c.charCodeAt(0));
      const algorithm = { name: "ECDSA", namedCurve: "P-256" };
      const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
      const secret = crypto.getRandomValues(new Uint8Array(32));
      const options = { certificate: ${JSON.stringify(certificate)}, privateKey, secret, ...${JSON.stringify(arns)} };
      let text = "";
      for (let i = 0; i < 2; i++) {
        const answer = await (await callerIdentity(options)).text();
        text += (/assumed-role.[^<]*/.exec(answer)?.[0] ?? answer) + " ";
      }
      await tell(text);
    } catch (error) {
      await tell(String(error.stack ?? error));
    }
  `;
}
