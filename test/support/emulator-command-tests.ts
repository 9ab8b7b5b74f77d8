/**
 * What `anyrole emulator` must do on a runtime with files and sockets. For Node, Bun and Deno.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { run } from "../../runtimes/cli/mod.ts";
import type { Host } from "../../runtimes/host.ts";
import { assert, type Suite } from "./suite.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Adds the tests. */
export function addEmulatorCommandTests(test: Suite, makeHost: () => Host): void {
  const folder = temporaryFolder();
  test.after(() => folder.remove());

  test("emulator serves HTTPS by its own CA, until it is stopped, and goes on where it was", async () => {
    const flags = ["--tls", "--state", `${folder.path}/state`, "--events", `${folder.path}/events`];
    const first = await start(makeHost(), flags);
    assert.match(first.printed, /^# -----BEGIN CERTIFICATE-----$/m);
    const authority = readFileSync(`${folder.path}/state.ca.pem`, "utf8");
    const ask = async (endpoint: string, path: string, method = "GET", body?: string) => {
      const send = makeHost().httpClient({ serverCertificate: "verify", caBundle: () => authority });
      const response = await send(`${endpoint}${path}`, {
        method,
        headers: {},
        redirect: "manual",
        ...(body === undefined ? {} : { body }),
      });
      return await response.text();
    };
    // By address and by name.
    assert.match(await ask(first.variable("AWS_ENDPOINT_URL"), "/_emulator/clock"), '"offsetSeconds":0');
    const byName = first.variable("AWS_ENDPOINT_URL").replace("127.0.0.1", "localhost");
    await ask(byName, "/_emulator/clock", "PUT", '{"offsetSeconds":60}');
    await ask(byName, "/?Action=GetCallerIdentity&Version=2011-06-15");
    assert.is(await first.stop(), 0);
    assert.match(readFileSync(`${folder.path}/events`, "utf8"), /"eventName":"GetCallerIdentity".*\n$/);

    const second = await start(makeHost(), flags);
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_CA_BUNDLE"]) {
      assert.is(second.variable(name), first.variable(name));
    }
    assert.match(await ask(second.variable("AWS_ENDPOINT_URL"), "/_emulator/clock"), '"offsetSeconds":60');
    const locked = await start(makeHost(), flags);
    assert.is(await locked.ended, 1);
    assert.match(locked.errors(), /\[ERR_STATE_LOCKED\]\n$/);
    assert.is(await second.stop(), 0);
  });

  test("emulator says why it cannot use a state file", async () => {
    const refused = await start(makeHost(), ["--state", folder.write("certificate", "-----BEGIN CERTIFICATE-----\n")]);
    assert.is(await refused.ended, 1);
    assert.match(refused.errors(), /\[ERR_STATE_FORMAT\]\n$/);
  });

  test("emulator says that a port is taken", async () => {
    const first = await start(makeHost(), ["--port", "0"]);
    const { port } = new URL(first.variable("AWS_ENDPOINT_URL"));
    const second = await start(makeHost(), ["--port", port]);
    assert.is(await second.ended, 1);
    const said = `Cannot listen on 127.0.0.1 port ${port}: something else listens there already [ERR_LISTEN_ADDRESS]`;
    assert.match(second.errors(), said);
    assert.is(await first.stop(), 0);
  });
}

interface Started {
  readonly printed: string;
  readonly ended: Promise<number>;
  variable(name: string): string;
  errors(): string;
  stop(): Promise<number>;
}

/** Runs the command in this process, up to what it prints or its end. */
async function start(host: Host, flags: readonly string[]): Promise<Started> {
  let stopped: (signal: string) => void = () => {};
  let errors = "";
  let printed = "";
  let announced: () => void = () => {};
  const announcement = new Promise<void>((resolve) => announced = resolve);
  const ended = run({
    ...host,
    untilStopped: () => new Promise((resolve) => stopped = resolve),
    writeOutput: async (data) => {
      printed += typeof data === "string" ? data : new TextDecoder().decode(data);
      announced();
    },
    writeError: (text) => void (errors += text),
  }, ["emulator", "--port", "0", ...flags]);
  await Promise.race([announcement, ended]);
  return {
    printed,
    ended,
    errors: () => errors,
    variable: (name) => new RegExp(`^export ${name}=(.*)$`, "m").exec(printed)?.[1] ?? "",
    stop: () => {
      stopped("SIGTERM");
      return ended;
    },
  };
}
